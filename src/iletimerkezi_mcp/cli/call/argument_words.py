"""The tools' arguments as the help of ``call`` explains them to a person; the schemas explain them to a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from iletimerkezi_mcp.language import Text

ARGUMENTS: Final[Mapping[str, Text]] = {
    "recipients": Text(
        "Up to 50,000 mobile numbers, in any usual spelling.", "En çok 50.000 cep numarası; alışılmış her yazılış olur."
    ),
    "text": Text(
        "The message word for word, at most 7 parts (about 1,000 characters). The carrier adds B186 itself.",
        "Mesaj, kelimesi kelimesine; en çok 7 boy (yaklaşık 1.000 karakter). B186'yı operatör ekler.",
    ),
    "message_type": Text(
        "A legal statement about the content (Law 6563). transactional only informs about something the person already has "
        "with the company: an order, delivery, payment, appointment, code. commercial promotes goods, services or the "
        "firm's name, even by one word in a notice.",
        "İçerik hakkında hukuki bir beyandır (6563 sayılı Kanun). transactional yalnızca kişinin şirketle mevcut bir işi "
        "hakkında bilgi verir: sipariş, teslimat, ödeme, randevu, kod. commercial (ticari) mal, hizmet ya da firma adını "
        "tanıtır; bilgilendirme içindeki tek bir tanıtım sözü de yeter.",
    ),
    "iys_list": Text(
        "With commercial only, and required there: BIREYSEL consumers, TACIR merchants.",
        "Yalnızca commercial ile, orada zorunlu: BIREYSEL tüketiciler, TACIR tacirler.",
    ),
    "sender": Text(
        "An approved sender, exactly as get_sender lists it; if left out, that of the settings.",
        "Onaylı bir başlık, get_sender nasıl listeliyorsa öyle; verilmezse ayarlardaki.",
    ),
    "send_at": Text(
        "When to send, to the minute, in Istanbul time, e.g. 2026-12-25T10:00; if left out, now.",
        "Gönderim zamanı, dakikasına kadar, İstanbul saatiyle, ör. 2026-12-25T10:00; verilmezse hemen.",
    ),
    "label": Text(
        "Your own name for it, at most 60 characters; it stays on this machine.",
        "Gönderime verdiğiniz ad, en çok 60 karakter; bu makinede kalır.",
    ),
    "skip_recent": Text(
        "true leaves out those who have this text already, or may have it.",
        "true, bu metni almış ya da almış olabilecek kişileri çıkarır.",
    ),
    "dry_run": Text("true shows the preview only: no question, no code.", "true yalnızca önizler: soru da kod da yok."),
    "confirm": Text(
        "The code of the preview that you have read; valid for ten minutes, once, for exactly that.",
        "Okuduğunuz önizlemenin kodu; on dakika, bir kez ve yalnızca o işlem için geçerlidir.",
    ),
    "file": Text(
        "The list's name in the folder; open_list without it shows what lies there.",
        "Listenin klasördeki adı; open_list ad verilmezse klasördekileri gösterir.",
    ),
    "sheet": Text("The sheet of a workbook, if it has several.", "Birden çok sayfa varsa sayfanın adı."),
    "number_column": Text(
        "The name or letter of the column with the numbers, if several hold some.",
        "Birden çok sütunda numara varsa numara sütununun adı ya da harfi.",
    ),
    "include_hidden": Text(
        "true also reads hidden (filtered) rows and hidden columns.",
        "true, gizli (filtrelenmiş) satırları ve gizli sütunları da okur.",
    ),
    "campaign": Text("The campaign's name, e.g. k-3f9a2c.", "Kampanyanın adı, ör. k-3f9a2c."),
    "test": Text(
        "true: the first and the longest text go to your own number only.",
        "true: ilk ve en uzun metin yalnızca kendi numaranıza gider.",
    ),
    "order_id": Text("The order's number.", "Gönderim no."),
    "page": Text("The page, from 1.", "Sayfa, 1'den başlar."),
    "page_size": Text("Rows a page, 1 to 1000.", "Sayfadaki satır sayısı, 1-1000."),
    "show": Text(
        "Which recipients to list; none: the counters only.", "Listelenecek alıcılar; none: yalnızca sayaçlar."
    ),
    "month": Text(
        "All orders of a month in place of recipients, e.g. 2026-11.",
        "Alıcılar yerine bir ayın bütün gönderimleri, ör. 2026-11.",
    ),
    "columns": Text(
        "The columns of the list beside each number: those that its text used, or all.",
        "Listeden her numaranın yanına yazılacak sütunlar: metnin kullandıkları (used) ya da hepsi (all).",
    ),
    "format": Text(
        "xlsx or csv; if left out, as save_as ends, else xlsx.",
        "xlsx ya da csv; verilmezse save_as'ın bittiği gibi, yoksa xlsx.",
    ),
    "save_as": Text("The new file's name in the folder.", "Yeni dosyanın klasördeki adı."),
    "recipient": Text(
        "A number, e.g. 05321234567; an e-mail for EPOSTA.", "Numara, ör. 05321234567; EPOSTA'da e-posta."
    ),
    "start": Text(
        "The first day, e.g. 2026-11-14; if left out, ten days to the last.",
        "İlk gün, ör. 2026-11-14; verilmezse son güne kadar on gün.",
    ),
    "end": Text(
        "The last day, at most ten days with the first; if left out, today.",
        "Son gün, ilkiyle en çok on gün; verilmezse bugün.",
    ),
    "added_from": Text("Added since that day or time, e.g. 2026-11-01.", "Bu gün ya da saatten sonra eklenenler."),
    "added_to": Text("Added until that day or time.", "Bu gün ya da saate kadar eklenenler."),
    "number": Text("A mobile number, e.g. 05321234567.", "Cep numarası, ör. 05321234567."),
    "brand_code": Text(
        "The İYS brand code; if left out, that of the settings.", "İYS marka kodu; verilmezse ayarlardaki."
    ),
    "consents": Text(
        "Up to 5,000 records; a wrong one fails them all. Each has:",
        "En çok 5.000 kayıt; biri yanlışsa hiçbiri bildirilmez. Her birinde:",
    ),
    "recipient_type": Text("BIREYSEL consumer, TACIR merchant.", "BIREYSEL tüketici, TACIR tacir."),
    "channel": Text("MESAJ SMS, ARAMA calls, EPOSTA e-mail.", "MESAJ SMS, ARAMA arama, EPOSTA e-posta."),
    "status": Text("ONAY consents, RET refuses.", "ONAY izin verdi, RET reddetti."),
    "source": Text("Where it was given, from the record.", "Nerede verildiği, kayıttaki gibi."),
    "consent_date": Text(
        "When it was given, from the record, e.g. 2026-11-20T10:30:00.",
        "Ne zaman verildiği, kayıttaki gibi, ör. 2026-11-20T10:30:00.",
    ),
}
"""By the argument's name, which means the same in every tool."""
