"""The jobs of :mod:`.jobs` where lists are read from files, too: the same steps, and what is different with a file."""

from __future__ import annotations

from dataclasses import replace

from iletimerkezi_mcp.language import Text

from .jobs import CONSENT_IMPORT, SEND_CAMPAIGN
from .prompt import Prompt

_CAMPAIGN = Text(
    """If the recipients are in a file, open_list shows what lies in the folder and, with a file's name, its columns, counts and refused rows; ask me what it cannot decide. Cells stay with me: never ask me to paste rows. A column goes into the text as {Column name}. In steps 4 and 5 call send_list; offer test true first, which sends it to the operator's own number. Show me what is left out, too, and tell me the campaign's name. If it goes on in the background or stopped, read get_campaigns and tell me what is left; continue or cancel (cancel_campaign) only if I say so. In step 6 read get_campaigns; save_report writes who got it and who did not into a file.""",
    """Alıcılar bir dosyadaysa open_list klasörde ne olduğunu, dosyanın adıyla çağrılınca sütunlarını, sayıları ve reddedilen satırları gösterir; karar veremediğini bana sor. Hücreler bende kalır: satır yapıştırmamı isteme. Bir sütun metne {Sütun Adı} olarak girer. 4. ve 5. adımda send_list çağır; önce, yöneticinin kendi numarasına gönderen test true öner. Dışarıda kalanları da göster, kampanyanın adını söyle. Arka planda sürüyorsa ya da durduysa get_campaigns oku, kalanı söyle; ben söylemeden sürdürme, iptal etme (cancel_campaign). 6. adımda get_campaigns oku; kime ulaştığını, kime ulaşmadığını save_report dosyaya yazar.""",
)
_CONSENTS = Text(
    """If the records are in a file, this replaces steps 1 to 3: open_list shows what lies in the folder and, with a file's name, its columns and counts. Cells stay with me: never ask me to paste rows. The file needs a column for the number or e-mail, the status, the source and the date; one call is for one recipient type and one channel, which I decide. In steps 4 and 5 call register_list, for all rows at once: its preview names dates without a time first, which column became which field, and the rows that are refused. İYS refuses a batch for one bad record, so the server looks for it in smaller ones. Tell me which rows were refused. If rows are of unknown outcome, ask me for one of them and look with iys_check before anything else.""",
    """Kayıtlar bir dosyadaysa 1–3. adımların yerine: open_list klasörde ne olduğunu, dosyanın adıyla çağrılınca sütunlarını ve sayıları gösterir. Hücreler bende kalır: satır yapıştırmamı isteme. Dosyada numara ya da e-posta, durum, kaynak ve tarih için birer sütun gerekir; bir çağrı tek bir alıcı türüne ve tek bir kanala aittir, bunlara ben karar veririm. 4. ve 5. adımda bütün satırlar için bir kez register_list çağır: önizlemesi önce saati olmayan tarihleri, sonra hangi sütunun hangi alan olduğunu ve reddedilen satırları söyler. İYS tek bir hatalı kayıt için listenin tamamını reddeder; sunucu onu daha küçük listelerle arar. Hangi satırların reddedildiğini söyle. Sonucu bilinmeyen satırlar varsa her şeyden önce birini bana sor ve iys_check ile bak.""",
)


def _with_file(prompt: Prompt, difference: Text, *needs: str) -> Prompt:
    return replace(
        prompt,
        needs=(*prompt.needs, *needs),
        write=lambda values, now: Text.join("\n\n", [prompt.write(values, now), difference]),
    )


CAMPAIGN_FROM_LIST = _with_file(SEND_CAMPAIGN, _CAMPAIGN, "open_list", "send_list", "get_campaigns")

LIST_PROMPTS = (CAMPAIGN_FROM_LIST, _with_file(CONSENT_IMPORT, _CONSENTS, "open_list", "register_list"))
"""Offered in place of the prompts of the same names, where their tools are."""
