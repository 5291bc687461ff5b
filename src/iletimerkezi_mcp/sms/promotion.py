"""Promotional wording: the words that make a notice a commercial message in the eyes of the law.

Law 6563 and its regulation exempt notices about something the person already has (order, delivery,
debt, membership) from consent, but only as long as nothing in them is promoted; greetings count as
promotion (contract, section 10.6). This is a list of words, not a lawyer. A word that is everyday
language in notices ("ücretsiz arayın", "son ödeme günü", "%20 KDV") does not count, and
words that are spaced out or misspelt are not found.
"""

from __future__ import annotations

import re
from functools import cache

from .normalize import LOOK_ALIKE, fold, normalize

# All lists are in the spelling of fold(). A space means any blank space, "~" any suffix,
# with or without an apostrophe; the rest is regular expression.
_PROMOTIONAL = (
    # Campaigns, prices, presents
    r"kampanya~|indirim~|iskonto~|promo~|firsat~|kupon~|hediye~|armagan~|bedava~|avantaj~|ucuz~",
    r"ayricalik(?:li|lar)~|cekilis~|lansman~|yari fiyat~|para ?puan~",
    r"(?:efsane|muhtesem|sahane|kara) (?:cuma|gunler|kasim)~",
    r"\d+ ?al(?:ana)? ?\d+ ?ode~|\d+ ?alana ?\d+~|(?:size|sana) ozel(?= ?!)|pesin fiyatina|sezon sonu~|on satis~",
    r"(?:ozel|super|cazip|sok|essiz|harika|muhtesem|uygun|kacirilmayacak) (?:fiyat|teklif)~",
    r"(?:tl|₺|fiyat|oran|taksit)~ baslayan|(?:tl|₺)~ varan|yeni (?:sezon|koleksiyon)~",
    r"on onayli (?:kredi|limit|kart)~|(?:deneme|hos ?geldin|yatirim|cevrim) bonus~|kazanma sans~",
    r"(?:puan|para|bonus|odul|tl|₺|gb)~ kazan(?! ?daire)~",
    r"ucretsiz (?:kargo|teslimat|gonderim|deneme|deneyin|seans|ders|danismanlik|kesif|kontrol|check-?up)~",
    r"surpriz (?:odul|hediye)~|surpriz~ (?:seni|sizi)|(?:katil|oyna) kazan|(?:tl|kargo|alisveris)~ bizden",
    r"(?:kargo|teslimat|ilk ay|ilk seans|\d+ ay|\d\. ?urun)~ ucretsiz~",
    # Calls to buy
    r"son (?:firsat|saatler|sans)~|kacmaz|stoklarla sinirli~|stoklar tukenmeden|sinirli (?:sure|sayida|stok)~",
    r"hemen (?:al|basvur|satin al|incele|kesfet|alisveris|siparis ver)(?:in|iniz)?|kesfet|kesfedin(?:iz)?",
    r"alisverise (?:basla|devam)~|satis(?:a cikti|a sunuldu|larimiz basladi)|sepette~|sepetine ekle~",
    r"sepetin(?:iz)?(?:de|deki|i|e)~ (?:\w+ ){0,3}(?:kal|unut|tamamla|bekli|urun)~",
    r"sepetin(?:iz)? (?:seni|sizi) (?:bekli|ozle)~|(?:arkadas|dost)~ (?:\w+ )?(?:davet et|getir|oner)~",
    r"erken rezervasyon~|buyuk acilis~|acilisimiz~|yeni urun~ (?:geldi|cikti|raflarda)|fiyat~ dustu~",
    r"stoklara (?:geri )?(?:geldi|girdi)|(?:magaza|restoran|showroom|stand)~ (?:\w+ ){0,3}(?:bekliyoruz|bekleriz)",
    # Greetings
    r"(?:bayram|kandil|yil|yas|ramazan|gun)~ (?:\w+ ){0,3}(?:kutlar|kutluyor|kutlu|mubarek|tebrik|getirsin)~",
    r"(?:iyi|mutlu|hayirli|nice) (?:mutlu )?(?:bayram|yil|sene|noel|ramazan|kandil|cuma)l[ae]r~",
    r"iyi ki dogdun~|(?:anneler|babalar|sevgililer|kadinlar|ogretmenler) gunu~ (?:ozel|icin|yaklas)~",
    # Surveys
    r"anket~|degerlendirin(?:iz)?|degerlendirir misin~|puanlayin(?:iz)?|yorumlayin(?:iz)?",
    r"bizi tavsiye~|(?:gorus|yorum|fikir)~ bizim icin",
    # English
    r"discount~|coupons?|campaigns?|gifts?|offers?|shop now|buy now",
    r"(?:black friday|cyber monday)~|sale(?= ?!| now| ends| starts| is on| up to)",
    r"(?:on|summer|winter|spring|autumn|flash|mega|big|final|seasonal|holiday|weekend|private) sale",
    r"free (?:shipping|delivery|trial|gift|sample|month|consultation|coffee|dessert|item)s?|for free|free(?= ?!)",
    r"buy (?:\d+|one|two) get (?:\d+|one|two)~|save (?:up to )?[$€£₺%]? ?\d+|limited(?: |-)time",
    r"hurry(?: up|(?= ?!))|2 for 1|claim your|last chance",
    r"new (?:arrivals|collection|season)|in your (?:cart|basket)|(?:invite|refer) a friend",
    r"happy (?:birthday|new year|holidays|easter|eid|bayram|mother's day|father's day|valentine's day)",
    r"merry christmas|season's greetings|survey|rate (?:us|our|your)|(?:leave|write) (?:us )?a review",
)

# Pressing and inviting words, promotional unless they speak of one of the matters below.
_PRESSING = (
    r"kacirma(?:yin|yiniz|yalim)?|(?:(?:bugun|yarin) )?son (?:\d+ )?gun(?:ler)?|don't miss(?: out)?",
    r"davetlisin(?:iz)?|davetimizdir|davet edi(?:yoruz|yorum|yor)",
)
_MATTERS = (
    r"(?:ode|borc|fatura|basvuru|kayit|kaydin|teslim|iade|vergi|beyan|randevu|sinav|yenile|police|vade|taksit|prim)~",
    r"(?:aidat|itiraz|sozlesme|muayene|tahsilat|evrak|belge|ucus|toplanti|ders|sefer|otobus|kurye|durusma|genel kurul)~",
    r"(?:gorusme|mulakat|egitim|mezuniyet|arabulucu)~",
    r"appointments?|payments?|flights?|exams?|delivery|due|meetings?|bill",
)

# Everyday language that only looks like promotion, and names; struck out before the search.
_INNOCENT = (
    r"(?:https?://|www\.)[^\s/]+|[\w.+-]{1,64}@[\w.-]+|(?:[\w-]{1,60}\.){1,4}(?:com|net|org|co|tr|io|to|shop|store)",
    r"(?:sayin|merhaba|sn\.?|sevgili) (?:hediye|armagan)|(?:hediye|armagan) (?:hanim|bey)~",
    r"ilk firsat~|firsat~ (?:bul|esitli|oldu)~|avantaj ?kart~|kura cekilis~|hediye (?:paketi|notu|mesaji)~",
    r"iade~ (?:\w+ ){0,4}ucretsiz~|ucretsiz (?:deneme )?(?:sure|donem)~|free trial (?:ends|expires|period|has)",
    r"(?:job|employment) offers?|offer letter|(?:can|could|to|we|will|would|may|not) offer|your promotion to",
)

_PERCENT = (r"%\s?\d{1,3}(?:[.,]\d+)?|\d{1,3}(?:[.,]\d+)?\s?%|yuzde \d{1,3}",)

# A figure alone may be tax or a battery. It is promotional near promotional words or near one of the first of
# these, and never right beside one of the second.
_PERCENT_FOR = (
    r"off|varan|bizden|hesapli|(?:size|sana) ozel|daha (?:ucuz|az|uygun)|urunlerde",
    r"(?:tum|butun|secili) (?:\w+ )?(?:urun|sezon|koleksiyon|reyon|model)~|alisveris~|magaza~|sezon~|bonus~|everything|all items|storewide",
)
_PERCENT_AGAINST = (
    r"(?:kdv|otv|oiv|vergi|stopaj|faiz|komisyon|gecikme|temerrut|oran|pesinat|kapora|doluluk|kota|sarj|batarya)~",
    r"(?:kullan|tamamlan|hisse|artis|enflasyon)~|(?:nem|pil|zam)(?:i|mi)?|vat|tax|interest|commission|battery|quota|used|full|complete",
)

_NEAR, _BESIDE = 60, 20


@cache
def _pattern(fragments: tuple[str, ...]) -> re.Pattern[str]:
    spelt = "|".join(fragments).replace(" ?", r"\s?").replace(" ", r"\s+").replace("~", r"\w*(?:'\w+)?")
    # A word may begin right behind a digit: %50İNDİRİM.
    return re.compile(rf"(?:(?<![\w%])|(?<=[0-9])(?=[^\W\d]))(?:{spelt})(?!\w)")


def promotional_words(text: str) -> tuple[str, ...]:
    """Return the promotional words and phrases of `text`, as written there, each once, in order of appearance.

    Turkish and English, in any mix of capitals, dotted and dotless i, with or without Turkish marks.
    """
    plain = normalize(text)
    folded = _pattern(_INNOCENT).sub(lambda match: "\0" * len(match[0]), fold(plain).translate(LOOK_ALIKE))
    # _İNDİRİM_ is emphasis; in an address an underscore is a letter.
    folded = folded.replace("_", " ")
    spans = _spans(_PROMOTIONAL, folded)
    percents = [
        (start, end)
        for start, end in _spans(_PERCENT, folded)
        if not _close(_PERCENT_AGAINST, folded, start, end, _BESIDE)
        and (
            _close(_PERCENT_FOR, folded, start, end, _NEAR)
            or any(begins < end + _NEAR and ends > start - _NEAR for begins, ends in spans)
        )
    ]
    pressing = [
        (start, end) for start, end in _spans(_PRESSING, folded) if not _close(_MATTERS, folded, start, end, _NEAR)
    ]
    words: dict[str, str] = {}
    for start, end in sorted(spans + percents + pressing):
        word = " ".join(plain[start:end].split())
        words.setdefault(fold(word), word)
    return tuple(words.values())


def _spans(fragments: tuple[str, ...], folded: str) -> list[tuple[int, int]]:
    return [match.span() for match in _pattern(fragments).finditer(folded)]


def _close(fragments: tuple[str, ...], folded: str, start: int, end: int, distance: int) -> bool:
    """Return True if one of `fragments` is within `distance` characters of the span."""
    return _pattern(fragments).search(folded, max(start - distance, 0), end + distance) is not None
