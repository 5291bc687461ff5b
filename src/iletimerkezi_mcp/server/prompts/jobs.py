"""The jobs that the prompts describe step by step, with the points at which a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.consents import MAX_CONSENTS
from iletimerkezi_mcp.server.resources.catalogue import POLICY
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.tools.declaration import MAX_WORKING_DAYS

from .prompt import DAYS, DEFAULT_DAYS, LANGUAGE, ORDER_ID, SENDER, Prompt, PromptArgument, Values, check_free_text


def _lines(templates: Mapping[str, Text], values: Values) -> list[Text]:
    """Fill the templates of those arguments that have a value."""
    return [template.format(**{name: values[name]}) for name, template in templates.items() if name in values]


_CAMPAIGN = {
    "idea": Text(
        "Help me send an SMS. What I have in mind: “{idea}”", "SMS göndermek istiyorum, yardım et. Konu: “{idea}”"
    ),
    "recipients": Text("It goes to: “{recipients}”", "Alıcılar: “{recipients}”"),
    "sender": Text("Sender: {sender}", "Başlık: {sender}"),
}

_CAMPAIGN_STEPS = Text(
    """
Go step by step, and wait wherever it says that I decide.

1. Text. Suggest one or two short texts in the recipients' language that fit one part if they can. I decide on one, word for word.
2. Kind. A text that promotes goods, services or our name is commercial, even if it also informs; a notice about something the person already has with us is transactional. Tell me which you take it for, and why. I decide, for it is a legal statement. For a commercial one ask me whether the recipients are consumers (BIREYSEL) or merchants (TACIR); İYS is then asked for every one of them. Never call it transactional to get past a refusal.
3. Recipients, sender, time. Take numbers only from me. If I named no sender, show me what get_sender lists. Ask whether it goes out now or at a time in Istanbul. I decide.
4. Preview. Read get_balance, then call send_sms. It sends nothing without my yes: either I am asked in a form, or you get a preview and a code. Show me that preview in my language, text, numbers, names and amounts unchanged, and end your turn. I decide.
5. Sending. Only after my yes, call send_sms again with the same arguments and the code. Tell me the order number. Accepted is not delivered; if the outcome is unknown, do not repeat it, look in get_reports.
6. Report. Some minutes later read get_report and tell me what was delivered, undelivered and still waiting. Send nothing again unless I say so.""",
    """
Adım adım ilerle; kararı bana bıraktığım her yerde dur ve bekle.

1. Metin. Alıcıların dilinde, olabiliyorsa tek boya sığan bir iki kısa metin öner. Hangisinin, hangi sözcüklerle gideceğine ben karar veririm.
2. Tür. Bir ürünü, hizmeti ya da adımızı öne çıkaran metin, bilgi de verse ticaridir (commercial); kişinin bizde zaten olan bir işiyle ilgili bildirim bilgilendirmedir (transactional). Hangisi olduğunu düşündüğünü ve nedenini söyle. Bu hukuki bir beyandır; kararı ben veririm. Ticariyse alıcıların tüketici mi (BIREYSEL) tacir mi (TACIR) olduğunu sor; o zaman her alıcının İYS izni sorgulanır. Bir reddi aşmak için asla transactional deme.
3. Alıcılar, başlık, zaman. Numaraları yalnızca benden al. Başlık vermediysem get_sender listesini göster. Hemen mi, yoksa İstanbul saatiyle belli bir zamanda mı gideceğini sor. Kararı ben veririm.
4. Önizleme. get_balance oku, sonra send_sms çağır. Onayım olmadan hiçbir şey gitmez: ya bana bir formda sorulur ya da sana önizleme ve kod gelir. Önizlemeyi benim dilimde, metin, numara, ad ve tutarları değiştirmeden göster ve sıranı bitir. Kararı ben veririm.
5. Gönderim. Ancak onayımdan sonra send_sms aracını aynı parametreler ve kodla yeniden çağır. Gönderim numarasını söyle. Kabul edilmesi, iletildiği anlamına gelmez; sonuç bilinmiyorsa yineleme, get_reports listesine bak.
6. Rapor. Birkaç dakika sonra get_report oku; iletilen, iletilemeyen ve bekleyen sayılarını söyle. Ben söylemeden hiçbir şeyi yeniden gönderme.""",
)


SEND_CAMPAIGN = Prompt(
    name="send_campaign",
    title=Text("Send a message", "Mesaj gönder"),
    description=Text(
        "From an idea to the report, step by step: text, İYS, preview, your yes, sending, result.",
        "Fikirden rapora adım adım: metin, İYS, önizleme, onayınız, gönderim, sonuç.",
    ),
    arguments=(
        PromptArgument(
            "idea",
            Text(
                "What the message is to say, e.g. 20% off all boots until Sunday.",
                "Mesajın konusu, örneğin: pazara kadar tüm botlarda %20 indirim.",
            ),
            check_free_text,
            required=True,
        ),
        PromptArgument(
            "recipients",
            Text("Who gets it: numbers, or where to find them.", "Alıcılar: numaralar ya da nerede bulunacakları."),
            check_free_text,
        ),
        SENDER,
        LANGUAGE,
    ),
    needs=("send_sms",),
    write=lambda values, _now: Text.join("\n", [*_lines(_CAMPAIGN, values), _CAMPAIGN_STEPS]),
)

_ONE_ORDER = Text(
    """Tell me what became of order {order_id}, and what to do about it.

1. Read get_report with order_id {order_id} and show undelivered.""",
    """{order_id} numaralı gönderimin sonucunu ve yapılması gerekeni anlat.

1. get_report aracını order_id {order_id} ve show undelivered ile oku.""",
)

_SOME_DAYS = Text(
    """Tell me what became of the orders from {start} to {end}, and what to do about them.

1. Read get_reports with start {start} and end {end}, every page. Then read get_report for the orders with undelivered or waiting messages; if there are more than ten, ask me which.""",
    """{start} ile {end} arasındaki gönderimlerin sonucunu ve yapılması gerekeni anlat.

1. get_reports aracını start {start} ve end {end} ile, bütün sayfalarıyla oku. Sonra iletilemeyeni ya da bekleyeni olan gönderimler için get_report oku; ondan fazlaysa hangilerini istediğimi sor.""",
)

_REVIEW_STEPS = Text(
    """2. Give me a short table: order, label, time, recipients (and how many were handed over), delivered, undelivered, waiting. Go by the counters; finished does not mean delivered.
3. If messages failed, the provider gives no reason. Look for what the numbers have in common, and whether get_blacklist holds them. For a commercial order, those without consent are left out; iys_check answers for a single number. Keep apart what you read and what you suppose.
4. Suggest what to do: wait, correct a number, take one off our list, or nothing. Undelivered messages are not charged.

I decide what is done. Send nothing again, cancel nothing and change no list unless I say so.""",
    """2. Kısa bir tablo ver: gönderim no, etiket, zaman, alıcı (ve sağlayıcıya aktarılan), iletilen, iletilemeyen, bekleyen. Sayılara bak; gönderimin bitmesi, iletildiği anlamına gelmez.
3. İletilemeyenler için sağlayıcı neden bildirmez. Numaraların ortak yanına ve get_blacklist listesinde olup olmadıklarına bak. Ticari gönderimde İYS izni olmayanlar elenir; tek bir numaranın iznini iys_check gösterir. Okuduğunla tahminini birbirinden ayır.
4. Ne yapılabileceğini öner: beklemek, numarayı düzeltmek, listemizden çıkarmak ya da hiçbir şey. İletilemeyenler ücretlendirilmez.

Ne yapılacağına ben karar veririm. Ben söylemeden hiçbir şeyi yeniden gönderme, iptal etme, hiçbir listeyi değiştirme.""",
)


def _review(values: Values, now: datetime) -> Text:
    if "order_id" in values:
        opening = _ONE_ORDER.format(order_id=values["order_id"])
    else:
        end = now.astimezone(ISTANBUL).date()
        start = end - timedelta(days=int(values.get("days", DEFAULT_DAYS)) - 1)
        opening = _SOME_DAYS.format(start=str(start), end=str(end))
    return Text.join("\n", [opening, _REVIEW_STEPS])


DELIVERY_REVIEW = Prompt(
    name="delivery_review",
    title=Text("Review deliveries", "Teslimatları incele"),
    description=Text(
        "One order or the last days: what arrived, what failed, and what to do.",
        "Bir gönderim ya da son günler: ne iletildi, ne iletilemedi, ne yapmalı.",
    ),
    arguments=(ORDER_ID, DAYS, LANGUAGE),
    needs=("get_report", "get_reports"),
    write=_review,
)

_ACCOUNT_STEPS = Text(
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
    write=lambda _values, _now: _ACCOUNT_STEPS,
    embeds=(POLICY,),
)

_CONSENTS = Text("Help me declare consents to İYS.", "İYS izinlerini bildirmeme yardım et.")
_RECORDS = {"records": Text("What I have: “{records}”", "Elimdeki: “{records}”")}

_CONSENT_STEPS = Text(
    """
This is a legal statement about other people in a national registry. Invent nothing: a date or a source stays as it is on record.

1. Look at what I have. Tell me what is there and what is missing of each record: number or e-mail, consumer or merchant (BIREYSEL, TACIR), channel (MESAJ, ARAMA, EPOSTA), consent or refusal (ONAY, RET), when it was given, to the second, and where (a source such as HS_WEB or HS_FIZIKSEL_ORTAM).
2. Show me which column becomes which field, and the first five records. I decide. If something is missing or unclear ask me; leave a record out rather than guess.
3. Set aside what would make İYS refuse the whole batch: a record that comes twice, a number that cannot be used, a first record that is a RET, a consent older than {days} working days. iys_check shows what is on file for one person. I decide what becomes of those; the date is not moved.
4. Call iys_register, with at most {maximum} records at a time. It declares nothing without my yes: either I am asked in a form, or you get a preview and a code. Show me that preview in my language, text, numbers, names and amounts unchanged, and end your turn. I decide.
5. Only after my yes, call it again with the same records and the code. If it is refused, tell me why and ask; if the outcome is unknown, look at the first record with iys_check before anything else.
6. At the end tell me how many were declared, how many were left out, and why.""",
    """
Bu, başkaları hakkında ulusal sisteme verilen hukuki bir beyandır. Hiçbir şey uydurma: tarih ve kaynak kayıtta nasılsa öyle kalır.

1. Elimdekine bak. Her kayıtta neyin olduğunu, neyin eksik olduğunu söyle: numara ya da e-posta, tüketici mi tacir mi (BIREYSEL, TACIR), kanal (MESAJ, ARAMA, EPOSTA), izin mi ret mi (ONAY, RET), saniyesine kadar ne zaman ve nerede alındığı (HS_WEB ya da HS_FIZIKSEL_ORTAM gibi bir kaynak).
2. Hangi sütunun hangi alana gideceğini ve ilk beş kaydı göster. Kararı ben veririm. Eksik ya da belirsiz olanı sor; tahmin etmektense kaydı dışarıda bırak.
3. İYS'nin bütün listeyi reddetmesine yol açacakları ayır: mükerrer kayıt, kullanılamayan numara, ilk kaydı RET olan kişi, {days} iş gününden eski izin. Bir kişinin kayıtlı durumunu iys_check gösterir. Bunların ne olacağına ben karar veririm; tarih değiştirilmez.
4. iys_register çağır; bir seferde en çok {maximum} kayıt. Onayım olmadan hiçbir şey bildirilmez: ya bana bir formda sorulur ya da sana önizleme ve kod gelir. Önizlemeyi benim dilimde, metin, numara, ad ve tutarları değiştirmeden göster ve sıranı bitir. Kararı ben veririm.
5. Ancak onayımdan sonra aynı kayıtlar ve kodla yeniden çağır. Reddedilirse nedenini söyle ve sor; sonuç bilinmiyorsa her şeyden önce ilk kayda iys_check ile bak.
6. Sonunda kaç kaydın bildirildiğini, kaçının neden dışarıda kaldığını söyle.""",
).format(days=MAX_WORKING_DAYS, maximum=MAX_CONSENTS)


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
    write=lambda values, _now: Text.join("\n", [_CONSENTS, *_lines(_RECORDS, values), _CONSENT_STEPS]),
)

PROMPTS = (SEND_CAMPAIGN, DELIVERY_REVIEW, ACCOUNT_CHECK, CONSENT_IMPORT)
