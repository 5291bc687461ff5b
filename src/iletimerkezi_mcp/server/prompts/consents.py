"""From what a person has, a list or a stack of forms, to records in the consent registry."""

from __future__ import annotations

from datetime import datetime

from iletimerkezi_mcp.language import Text, count, verbatim
from iletimerkezi_mcp.provider.consents import MAX_CONSENTS
from iletimerkezi_mcp.tools.consents import MAX_WORKING_DAYS

from .prompt import LANGUAGE, Argument, Given, Prompt, quoted, words


def _write(given: Given, _: datetime) -> Text:
    told = [Text("Help me declare consents to İYS.", "Onayları İYS'ye bildirmeme yardım et.")]
    if "records" in given:
        told.append(Text("What I have: ", "Elimdeki: ") + quoted(given["records"]))
    told += [verbatim(""), _STEPS]
    return Text.join("\n", told)


_STEPS = (
    Text(
        f"""This is a legal statement about other people in a national registry. Invent nothing: a date or a source stays as it is on record.

1. Look at what I have. Tell me what is there and what is missing of each record: number or e-mail, consumer or merchant (BIREYSEL, TACIR), channel (MESAJ, ARAMA, EPOSTA), consent or refusal (ONAY, RET), when it was given, to the second, and where (a source such as HS_WEB or HS_FIZIKSEL_ORTAM).
2. Show me which column becomes which field, and the first five records. I decide. Where something is missing or unclear ask me; leave a record out rather than guess.
3. Set aside what would make İYS refuse the whole batch: a record that comes twice, a number that cannot be used, a first record that is a RET, a consent older than {MAX_WORKING_DAYS} working days. iys_check shows what is on file for one person. I decide what becomes of those; the date is not moved.
4. Call iys_register, with at most """,
        f"""Bu, başkaları hakkında ulusal sisteme verilen hukuki bir beyandır. Hiçbir şey uydurma: tarih ve kaynak kayıtta nasılsa öyle kalır.

1. Elimdekine bak. Her kayıtta neyin olduğunu, neyin eksik olduğunu söyle: numara ya da e-posta, tüketici mi tacir mi (BIREYSEL, TACIR), kanal (MESAJ, ARAMA, EPOSTA), onay mı ret mi (ONAY, RET), saniyesine kadar ne zaman ve nerede verildiği (HS_WEB ya da HS_FIZIKSEL_ORTAM gibi bir kaynak).
2. Hangi sütunun hangi alana gideceğini ve ilk beş kaydı göster. Kararı ben veririm. Eksik ya da belirsiz olanı sor; tahmin etmektense kaydı dışarıda bırak.
3. İYS'nin bütün listeyi reddetmesine yol açacakları ayır: iki kez geçen kayıt, kullanılamayan numara, ilk kaydı RET olan kişi, {MAX_WORKING_DAYS} iş gününden eski onay. Bir kişinin kayıtlı durumunu iys_check gösterir. Bunların ne olacağına ben karar veririm; tarih değiştirilmez.
4. iys_register çağır; bir seferde en çok """,
    )
    + count(MAX_CONSENTS)
    + Text(
        """ records at a time. It declares nothing without my yes: either I am asked in a form, or you get a preview and a code. Show me that preview word for word and end your turn. I decide.
5. Only after my yes, call it again with the same records and the code. If it is refused, tell me why and ask; if the outcome is unknown, look at the first record with iys_check before anything else.
6. At the end tell me how many were declared, how many were left out, and why.""",
        """ kayıt. Onayım olmadan hiçbir şey bildirilmez: ya bana bir formda sorulur ya da sana önizleme ve kod gelir. Önizlemeyi kelimesi kelimesine göster ve sıranı bitir. Kararı ben veririm.
5. Ancak onayımdan sonra aynı kayıtlar ve kodla yeniden çağır. Reddedilirse nedenini söyle ve sor; sonuç bilinmiyorsa her şeyden önce ilk kayda iys_check ile bak.
6. Sonunda kaç kaydın bildirildiğini, kaçının neden dışarıda kaldığını söyle.""",
    )
)

CONSENT_IMPORT = Prompt(
    name="consent_import",
    title=Text("Declare consents", "Onayları bildir"),
    description=Text(
        "From what you have, a list or forms, to İYS records: checked, previewed, declared after your yes.",
        "Elinizdeki liste ya da formlardan İYS kayıtlarına: denetlenir, önizlenir, onayınızla bildirilir.",
    ),
    arguments=(
        Argument(
            "records",
            Text(
                "What you have and where, e.g. an Excel list of the shop's forms.",
                "Elinizde ne olduğu ve nerede durduğu, örneğin: mağaza formlarının Excel listesi.",
            ),
            words,
        ),
        LANGUAGE,
    ),
    needs=("iys_register",),
    write=_write,
)
