"""Can the account send, and what stops it?"""

from __future__ import annotations

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.server.resources.catalogue import POLICY

from .prompt import LANGUAGE, Prompt

_STEPS = Text(
    """Check whether this account can send messages, and what stops it.

1. Read get_balance and get_sender. If one is refused, tell me what it says to check in the panel, word for word and in its order.
2. Take the rules in force from the policy that comes with this message ({policy}): sandbox or live, the limits and what is left of them today, who must confirm.
3. Tell me in a few lines: can we send now, from which sender, to how many people at once and today, are commercial messages allowed, and who confirms.
4. List what blocks sending or soon will, and for each who can change it: I in the panel, or this server's operator by the setting that is named.

Send nothing and change nothing; what is changed, I decide.""",
    """Bu hesaptan mesaj gönderilip gönderilemeyeceğini ve neyin engel olduğunu denetle.

1. get_balance ve get_sender oku. Biri reddedilirse panelde denetlenmesi gerekenleri kelimesi kelimesine ve sırasıyla aktar.
2. Geçerli kuralları bu mesajla gelen belgeden al ({policy}): deneme ortamı mı canlı mı, sınırlar ve bugün bunlardan kalan, kimin onay vermesi gerektiği.
3. Birkaç satırda söyle: şu an gönderebilir miyiz, hangi başlıkla, bir seferde ve bugün kaç kişiye, ticari iletiye izin var mı, kim onay veriyor.
4. Gönderimi engelleyen ya da yakında engelleyecek olanları sırala; her birini kimin değiştirebileceğini yaz: panelden ben ya da adı geçen ayarla yönetici.

Hiçbir şey gönderme, hiçbir şeyi değiştirme; neyin değişeceğine ben karar veririm.""",
).format(policy=POLICY)

ACCOUNT_CHECK = Prompt(
    name="account_check",
    title=Text("Check the account", "Hesabı denetle"),
    description=Text(
        "Balance, senders and the rules in force: can we send, and what blocks it.",
        "Bakiye, başlıklar ve geçerli kurallar: gönderebilir miyiz, engel ne.",
    ),
    arguments=(LANGUAGE,),
    needs=("get_balance", "get_sender"),
    write=lambda _values, _now: _STEPS,
    embeds=(POLICY,),
)
