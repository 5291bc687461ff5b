"""From a person's list or forms to records in the consent registry."""

from __future__ import annotations

from datetime import datetime

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.consents import MAX_CONSENTS
from iletimerkezi_mcp.tools.consents import MAX_WORKING_DAYS

from .prompt import LANGUAGE, Prompt, PromptArgument, Values, check_free_text

_OPENING = Text("Help me declare consents to İYS.", "İYS izinlerini bildirmeme yardım et.")
_RECORDS = Text("What I have: “{records}”", "Elimdeki: “{records}”")

_STEPS = Text(
    """
This is a legal statement about other people in a national registry. Invent nothing: a date or a source stays as it is on record.

1. Look at what I have. Tell me what is there and what is missing of each record: number or e-mail, consumer or merchant (BIREYSEL, TACIR), channel (MESAJ, ARAMA, EPOSTA), consent or refusal (ONAY, RET), when it was given, to the second, and where (a source such as HS_WEB or HS_FIZIKSEL_ORTAM).
2. Show me which column becomes which field, and the first five records. I decide. If something is missing or unclear ask me; leave a record out rather than guess.
3. Set aside what would make İYS refuse the whole batch: a record that comes twice, a number that cannot be used, a first record that is a RET, a consent older than {days} working days. iys_check shows what is on file for one person. I decide what becomes of those; the date is not moved.
4. Call iys_register, with at most {most} records at a time. It declares nothing without my yes: either I am asked in a form, or you get a preview and a code. Show me that preview word for word and end your turn. I decide.
5. Only after my yes, call it again with the same records and the code. If it is refused, tell me why and ask; if the outcome is unknown, look at the first record with iys_check before anything else.
6. At the end tell me how many were declared, how many were left out, and why.""",
    """
Bu, başkaları hakkında ulusal sisteme verilen hukuki bir beyandır. Hiçbir şey uydurma: tarih ve kaynak kayıtta nasılsa öyle kalır.

1. Elimdekine bak. Her kayıtta neyin olduğunu, neyin eksik olduğunu söyle: numara ya da e-posta, tüketici mi tacir mi (BIREYSEL, TACIR), kanal (MESAJ, ARAMA, EPOSTA), izin mi ret mi (ONAY, RET), saniyesine kadar ne zaman ve nerede alındığı (HS_WEB ya da HS_FIZIKSEL_ORTAM gibi bir kaynak).
2. Hangi sütunun hangi alana gideceğini ve ilk beş kaydı göster. Kararı ben veririm. Eksik ya da belirsiz olanı sor; tahmin etmektense kaydı dışarıda bırak.
3. İYS'nin bütün listeyi reddetmesine yol açacakları ayır: mükerrer kayıt, kullanılamayan numara, ilk kaydı RET olan kişi, {days} iş gününden eski izin. Bir kişinin kayıtlı durumunu iys_check gösterir. Bunların ne olacağına ben karar veririm; tarih değiştirilmez.
4. iys_register çağır; bir seferde en çok {most} kayıt. Onayım olmadan hiçbir şey bildirilmez: ya bana bir formda sorulur ya da sana önizleme ve kod gelir. Önizlemeyi kelimesi kelimesine göster ve sıranı bitir. Kararı ben veririm.
5. Ancak onayımdan sonra aynı kayıtlar ve kodla yeniden çağır. Reddedilirse nedenini söyle ve sor; sonuç bilinmiyorsa her şeyden önce ilk kayda iys_check ile bak.
6. Sonunda kaç kaydın bildirildiğini, kaçının neden dışarıda kaldığını söyle.""",
).format(days=MAX_WORKING_DAYS, most=MAX_CONSENTS)


def _write(values: Values, _: datetime) -> Text:
    lines = [_OPENING]
    if "records" in values:
        lines.append(_RECORDS.format(records=values["records"]))
    return Text.join("\n", [*lines, _STEPS])


CONSENT_IMPORT = Prompt(
    name="consent_import",
    title=Text("Declare consents", "İYS izinlerini bildir"),
    description=Text(
        "From your list or forms to İYS records: checked, previewed, declared after your yes.",
        "Elinizdeki liste ya da formlardan İYS kayıtlarına: denetlenir, önizlenir, onayınızla bildirilir.",
    ),
    arguments=(
        PromptArgument(
            "records",
            Text(
                "What you have and where it is, e.g. an Excel list of the shop's forms.",
                "Elinizdeki kayıtlar ve nerede oldukları, örneğin: mağaza formlarının Excel listesi.",
            ),
            check_free_text,
        ),
        LANGUAGE,
    ),
    needs=("iys_register",),
    write=_write,
)
