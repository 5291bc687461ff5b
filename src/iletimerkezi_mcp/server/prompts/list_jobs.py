"""The jobs of :mod:`.jobs` as they go where lists are read from files, too: the same prompts, other steps."""

from __future__ import annotations

from dataclasses import replace

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.tools.declaration import MAX_WORKING_DAYS

from .jobs import CAMPAIGN, CONSENT_IMPORT, CONSENTS, RECORDS, SEND_CAMPAIGN, lines

_CAMPAIGN_STEPS = Text(
    """
Go step by step, and wait wherever it says that I decide.

1. List. If the recipients are in a file, open_list shows what lies in the folder and, with its name, its columns, counts and refused rows. Cells stay with me: never ask me to paste rows. If it cannot decide something ask me. For a few numbers that I type, send_sms does the same steps.
2. Text. Suggest one or two short texts in the recipients' language; a column goes in as {Column name}. I decide on one, word for word.
3. Kind. A text that promotes goods, services or our name is commercial, even if it also informs; a notice about something the person already has with us is transactional. Tell me which, and why. I decide, for it is a legal statement. For a commercial one ask me if the recipients are consumers (BIREYSEL) or merchants (TACIR). Never call it transactional to get past a refusal.
4. Sender, time. If I named no sender, show me what get_sender lists. Ask if it goes out now or at a time in Istanbul. Offer send_list with test true, which sends it to the operator's own number first.
5. Preview. Call send_list. It sends nothing without my yes: either I am asked in a form, or you get a preview and a code. Show me that preview in my language, numbers and names unchanged, and what is left out; then end your turn. I decide.
6. Sending. Only after my yes, call send_list again with the same arguments and the code. Tell me the campaign's name and orders. If it goes on in the background or stopped, read get_campaigns and tell me what is left; continue or cancel (cancel_campaign) only if I say so.
7. Report. Later read get_campaigns and tell me what was delivered; save_report writes who got it and who did not into a file. Send nothing again unless I say so.""",
    """
Adım adım ilerle; kararı bana bıraktığım her yerde dur ve bekle.

1. Liste. Alıcılar bir dosyadaysa open_list klasörde ne olduğunu, adıyla çağrılınca sütunlarını, sayıları ve reddedilen satırları gösterir. Hücreler bende kalır: satır yapıştırmamı isteme. Karar veremediği bir şey varsa bana sor. Yazdığım birkaç numara için aynı adımları send_sms yapar.
2. Metin. Alıcıların dilinde bir iki kısa metin öner; sütunlar {Sütun Adı} olarak girer. Hangisinin, hangi sözcüklerle gideceğine ben karar veririm.
3. Tür. Bir ürünü, hizmeti ya da adımızı öne çıkaran metin, bilgi de verse ticaridir (commercial); kişinin bizde zaten olan bir işiyle ilgili bildirim bilgilendirmedir (transactional). Hangisi olduğunu ve nedenini söyle. Bu hukuki bir beyandır; kararı ben veririm. Ticariyse alıcıların tüketici mi (BIREYSEL) tacir mi (TACIR) olduğunu sor. Bir reddi aşmak için asla transactional deme.
4. Başlık, zaman. Başlık vermediysem get_sender listesini göster. Hemen mi, yoksa İstanbul saatiyle belli bir zamanda mı gideceğini sor. Önce yöneticinin kendi numarasına gönderen test true ile send_list öner.
5. Önizleme. send_list çağır. Onayım olmadan hiçbir şey gitmez: ya bana bir formda sorulur ya da sana önizleme ve kod gelir. Önizlemeyi benim dilimde, numara ve adları değiştirmeden, dışarıda kalanlarla birlikte göster ve sıranı bitir. Kararı ben veririm.
6. Gönderim. Ancak onayımdan sonra send_list aracını aynı parametreler ve kodla yeniden çağır. Kampanyanın adını ve gönderimleri söyle. Arka planda sürüyorsa ya da durduysa get_campaigns oku, kalanı söyle; ben söylemeden sürdürme, iptal etme (cancel_campaign).
7. Rapor. Sonra get_campaigns oku, kaçının iletildiğini söyle; kime ulaştığını, kime ulaşmadığını save_report dosyaya yazar. Ben söylemeden hiçbir şeyi yeniden gönderme.""",
)

CAMPAIGN_FROM_LIST = replace(
    SEND_CAMPAIGN,
    needs=("send_sms", "open_list", "send_list", "get_campaigns"),
    write=lambda values, _now: Text.join("\n", [*lines(CAMPAIGN, values), _CAMPAIGN_STEPS]),
)

_CONSENT_STEPS = Text(
    """
This is a legal statement about other people in a national registry. Invent nothing: a date or a source stays as it is on record.

1. List. open_list shows what lies in the folder and, with a file's name, its columns and counts. Cells stay with me: never ask me to paste rows. The file needs a column for the number or e-mail, the status (ONAY, RET), the source (such as HS_WEB or HS_FIZIKSEL_ORTAM) and the date, best to the second. Tell me what is missing. A few records that I type go through iys_register instead.
2. Ask me if the list is of consumers or merchants (BIREYSEL, TACIR), and for which channel (MESAJ, ARAMA, EPOSTA). I decide; one call is for one of each.
3. Call register_list. It declares nothing without my yes: either I am asked in a form, or you get a preview and a code. Show me that preview in my language, amounts unchanged: dates without a time first, then which column became which field, what is refused and why, and consents older than {days} working days. End your turn. I decide; the date is not moved.
4. Only after my yes, call it again with the same arguments and the code. İYS refuses a batch for one bad record, so the server looks for it in smaller ones. Tell me which rows were refused. If rows are of unknown outcome, ask me for one of them and look with iys_check before anything else.
5. At the end tell me how many were declared, how many were left out, and why.""",
    """
Bu, başkaları hakkında ulusal sisteme verilen hukuki bir beyandır. Hiçbir şey uydurma: tarih ve kaynak kayıtta nasılsa öyle kalır.

1. Liste. open_list klasörde ne olduğunu, dosyanın adıyla çağrılınca sütunlarını ve sayıları gösterir. Hücreler bende kalır: satır yapıştırmamı isteme. Dosyada numara ya da e-posta, durum (ONAY, RET), kaynak (HS_WEB ya da HS_FIZIKSEL_ORTAM gibi) ve mümkünse saniyesine kadar tarih için birer sütun gerekir. Eksik olanı söyle. Yazdığım birkaç kayıt için bunun yerine iys_register çağır.
2. Listenin tüketicilere mi tacirlere mi (BIREYSEL, TACIR) ait olduğunu ve kanalını (MESAJ, ARAMA, EPOSTA) sor. Kararı ben veririm; bir çağrı her birinden tekine aittir.
3. register_list çağır. Onayım olmadan hiçbir şey bildirilmez: ya bana bir formda sorulur ya da sana önizleme ve kod gelir. Önizlemeyi benim dilimde, sayıları değiştirmeden göster: önce saati olmayan tarihler, sonra hangi sütunun hangi alan olduğu, nelerin neden reddedildiği ve {days} iş gününden eski izinler. Sıranı bitir. Buna ben karar veririm; tarih değiştirilmez.
4. Ancak onayımdan sonra aynı parametreler ve kodla yeniden çağır. İYS tek bir hatalı kayıt için listenin tamamını reddeder; sunucu onu daha küçük listelerle arar. Hangi satırların reddedildiğini söyle. Sonucu bilinmeyen satırlar varsa her şeyden önce birini bana sor ve iys_check ile bak.
5. Sonunda kaç kaydın bildirildiğini, kaçının neden dışarıda kaldığını söyle.""",
).format(days=MAX_WORKING_DAYS)

CONSENTS_FROM_LIST = replace(
    CONSENT_IMPORT,
    needs=("iys_register", "open_list", "register_list"),
    write=lambda values, _now: Text.join("\n", [CONSENTS, *lines(RECORDS, values), _CONSENT_STEPS]),
)

LIST_PROMPTS = (CAMPAIGN_FROM_LIST, CONSENTS_FROM_LIST)
"""Offered in place of the prompts of the same names, where their tools are."""
