"""From an idea to a report: all the steps of one message to many people."""

from __future__ import annotations

from datetime import datetime

from iletimerkezi_mcp.language import Text

from .prompt import LANGUAGE, SENDER, Prompt, PromptArgument, Values, check_free_text

_IDEA = Text("Help me send an SMS. What I have in mind: “{idea}”", "SMS göndermek istiyorum, yardım et. Konu: “{idea}”")
_RECIPIENTS = Text("It goes to: “{recipients}”", "Alıcılar: “{recipients}”")
_SENDER = Text("Sender: {sender}", "Başlık: {sender}")

_STEPS = Text(
    """
Go step by step, and wait wherever it says that I decide.

1. Text. Suggest one or two short texts in the recipients' language that fit one part if they can. I decide on one, word for word.
2. Kind. A text that promotes goods, services or our name is commercial, even if it also informs; a notice about something the person already has with us is transactional. Tell me which you take it for, and why. I decide, for it is a legal statement. For a commercial one ask me whether the recipients are consumers (BIREYSEL) or merchants (TACIR); İYS is then asked for every one of them. Never call it transactional to get past a refusal.
3. Recipients, sender, time. Take numbers only from me. If I named no sender, show me what get_sender lists. Ask whether it goes out now or at a time in Istanbul. I decide.
4. Preview. Read get_balance, then call send_sms. It sends nothing without my yes: either I am asked in a form, or you get a preview and a code. Show me that preview word for word and end your turn. I decide.
5. Sending. Only after my yes, call send_sms again with the same arguments and the code. Tell me the order number. Accepted is not delivered; if the outcome is unknown, do not repeat it, look in get_reports.
6. Report. Some minutes later read get_report and tell me what was delivered, undelivered and still waiting. Send nothing again unless I say so.""",
    """
Adım adım ilerle; kararı bana bıraktığım her yerde dur ve bekle.

1. Metin. Alıcıların dilinde, olabiliyorsa tek boya sığan bir iki kısa metin öner. Hangisinin, hangi sözcüklerle gideceğine ben karar veririm.
2. Tür. Bir ürünü, hizmeti ya da adımızı öne çıkaran metin, bilgi de verse ticaridir (commercial); kişinin bizde zaten olan bir işiyle ilgili bildirim bilgilendirmedir (transactional). Hangisi olduğunu düşündüğünü ve nedenini söyle. Bu hukuki bir beyandır; kararı ben veririm. Ticariyse alıcıların tüketici mi (BIREYSEL) tacir mi (TACIR) olduğunu sor; o zaman her alıcının İYS izni sorgulanır. Bir reddi aşmak için asla transactional deme.
3. Alıcılar, başlık, zaman. Numaraları yalnızca benden al. Başlık vermediysem get_sender listesini göster. Hemen mi, yoksa İstanbul saatiyle belli bir zamanda mı gideceğini sor. Kararı ben veririm.
4. Önizleme. get_balance oku, sonra send_sms çağır. Onayım olmadan hiçbir şey gitmez: ya bana bir formda sorulur ya da sana önizleme ve kod gelir. Önizlemeyi kelimesi kelimesine göster ve sıranı bitir. Kararı ben veririm.
5. Gönderim. Ancak onayımdan sonra send_sms aracını aynı parametreler ve kodla yeniden çağır. Sipariş numarasını söyle. Kabul edilmesi, iletildiği anlamına gelmez; sonuç bilinmiyorsa yineleme, get_reports listesine bak.
6. Rapor. Birkaç dakika sonra get_report oku; iletilen, iletilemeyen ve bekleyen sayılarını söyle. Ben söylemeden hiçbir şeyi yeniden gönderme.""",
)


def _write(values: Values, _: datetime) -> Text:
    lines = [_IDEA.format(idea=values["idea"])]
    if "recipients" in values:
        lines.append(_RECIPIENTS.format(recipients=values["recipients"]))
    if "sender" in values:
        lines.append(_SENDER.format(sender=values["sender"]))
    return Text.join("\n", [*lines, _STEPS])


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
    write=_write,
)
