"""Whether the account can send, and what stands in the way."""

from __future__ import annotations

from datetime import datetime

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.server.resources.uris import POLICY

from .prompt import LANGUAGE, Given, Prompt

_STEPS = Text(
    f"""Check whether this account can send messages, and what stands in the way.

1. Read get_balance and get_sender. If one is refused, tell me what it says to check in the panel, word for word and in its order.
2. Take the rules in force from the policy that comes with this message ({POLICY}): sandbox or live, the limits and what is left of them today, who must say yes.
3. Tell me in a few lines: can we send now, from which sender, to how many people at once and today, are commercial messages allowed, and who confirms.
4. List what blocks sending or soon will, and for each who can change it: I in the panel, or whoever runs this server, by the setting that is named.

Send nothing and change nothing; what is changed, I decide.""",
    f"""Bu hesaptan mesaj gönderilip gönderilemeyeceğini ve neyin engel olduğunu denetle.

1. get_balance ve get_sender oku. Biri reddedilirse panelde bakılması söylenenleri, kelimesi kelimesine ve sırasıyla aktar.
2. Geçerli kuralları bu mesajla gelen belgeden al ({POLICY}): deneme ortamı mı canlı mı, sınırlar ve bugün bunlardan kalan, kimin onaylayacağı.
3. Birkaç satırda söyle: şu an gönderebilir miyiz, hangi başlıkla, bir seferde ve bugün kaç kişiye, ticari iletiye izin var mı, kim onaylıyor.
4. Gönderimi engelleyen ya da yakında engelleyecek olanları sırala; her birini kimin değiştirebileceğini yaz: panelden ben, ya da bu sunucuyu işleten kişi, adı geçen ayarla.

Hiçbir şey gönderme, hiçbir şeyi değiştirme; neyin değişeceğine ben karar veririm.""",
)


def _write(_: Given, __: datetime) -> Text:
    return _STEPS


ACCOUNT_CHECK = Prompt(
    name="account_check",
    title=Text("Check the account", "Hesabı denetle"),
    description=Text(
        "Balance, senders and the rules in force: can we send, and what blocks it.",
        "Bakiye, başlıklar ve geçerli kurallar: gönderebilir miyiz, ne engelliyor.",
    ),
    arguments=(LANGUAGE,),
    needs=("get_balance", "get_sender"),
    write=_write,
    shows=(POLICY,),
)
