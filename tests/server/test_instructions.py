"""The instructions that a model reads before its first call."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.server.instructions import MAX_BYTES, instructions
from iletimerkezi_mcp.server.resources.catalogue import STATUS_CODES
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.alphabet import CharacterMode, render
from tests.calls import ADD_BLACKLIST, GET_BALANCE, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted

EN = "Splitting a list or spreading it over hours is no way around; the operator decides."
TR = "Liste bölünerek ya da yayılarak aşılmaz; karar yöneticinindir."

STRICT = Settings(
    max_recipients=100_000_000,
    max_list_recipients=100_000_000,
    max_credits_per_day=900_000_000,
    max_consents_per_day=900_000_000,
    allow_commercial=False,
    allowed_recipients=("+90533*",) * 50_000,
    allowed_senders=("FIRMAADI", "DEMO FIRMA"),
    mask_numbers=True,
    type_count_from=10_000,
)


@pytest.mark.parametrize(
    ("settings", "first", "limits"),
    [
        (
            Settings(),
            "LIVE: messages reach people and cost credits.",
            (
                "Limits of the operator, who set this up: at most 1,000 recipients an hour in all; 10,000 "
                "credits a day; 1,000 consents declared a day; codes confirm at most 99 recipients and 99 "
                f"consents an hour; from 100 on the user types the number in a form or on a card. {EN}"
            ),
        ),
        (
            Settings(language="tr"),
            "CANLI: mesajlar insanlara ulaşır ve kredi harcar.",
            (
                "Yöneticinin (sunucuyu kuranın) sınırları: saatte toplam 1.000 alıcı; günde 10.000 kredi; "
                "günde 1.000 İYS izni bildirimi; kodla saatte en çok 99 alıcı ve 99 izin; 100 ve "
                f"üzerinde kişi sayıyı formda ya da kartta yazar. {TR}"
            ),
        ),
        (
            Settings(sandbox=True, confirm="code", max_credits_per_day=0),
            "SANDBOX: the provider is simulated. No message is real, nothing costs anything. Say so to the user once.",
            (
                "Limits of the operator, who set this up: at most 1,000 recipients an hour in all; 1,000 "
                f"consents declared a day; codes for any size. {EN}"
            ),
        ),
        (
            Settings(sandbox=True, confirm="human", language="tr", max_credits_per_day=0),
            (
                "DENEME ORTAMI: sağlayıcı simülasyondur. Mesajlar gerçek değildir, ücret yok. Kullanıcıya bir kez "
                "söyleyin."
            ),
            (
                "Yöneticinin (sunucuyu kuranın) sınırları: saatte toplam 1.000 alıcı; günde 1.000 İYS izni "
                f"bildirimi; yalnızca bir kişinin kendi onayı geçerlidir, formda ya da kartta. {TR}"
            ),
        ),
        (
            STRICT,
            "LIVE: messages reach people and cost credits.",
            (
                "Limits of the operator, who set this up: at most 100,000,000 recipients an hour in all; "
                "900,000,000 credits a day; 900,000,000 consents declared a day; no commercial messages; only "
                "50,000 allowed recipients or prefixes; only 2 allowed senders; numbers are masked; codes confirm at "
                "most 9,999 recipients and 9,999 consents an hour; from 10,000 on the user types the number in a form or on a card. "
                f"{EN}"
            ),
        ),
    ],
)
def test_the_mode_comes_first_and_the_limits_last(settings: Settings, first: str, limits: str) -> None:
    lines = instructions(settings).splitlines()
    assert (lines[0], lines[-1], len(lines)) == (first, limits, 4)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            Settings(),
            (
                "No default sender: name one (get_sender). Character mode unknown until the operator sets "
                "ILETIMERKEZI_CHARSET as in the panel: Turkish letters may arrive plain (ş as s); previews show both."
            ),
        ),
        (
            Settings(sender="FIRMAADI", character_mode=CharacterMode.ENGLISH),
            "Default sender: FIRMAADI. English character mode: Turkish letters such as ş, ğ and ı arrive as s, g and i.",
        ),
        (
            Settings(sender="FIRMAADI", character_mode=CharacterMode.TURKISH, language="tr"),
            "Varsayılan başlık: FIRMAADI. Türkçe karakter modu: Türkçe harfler yazıldığı gibi ulaşır.",
        ),
        (
            Settings(character_mode=CharacterMode.UNICODE, language="tr"),
            "Varsayılan başlık yok: get_sender'dan seçin. Unicode karakter modu: bütün harfler yazıldığı gibi ulaşır.",
        ),
    ],
)
def test_the_default_sender_and_what_becomes_of_turkish_letters_are_told(settings: Settings, line: str) -> None:
    assert instructions(settings).splitlines()[2] == line


@pytest.mark.parametrize("mode", CharacterMode)
def test_what_is_told_of_turkish_letters_is_what_arrives(mode: CharacterMode) -> None:
    arrives = render("şğı", mode).text
    assert arrives == ("sgi" if mode is CharacterMode.ENGLISH else "şğı")


def test_a_server_that_sends_nothing_speaks_of_no_sender() -> None:
    assert "sender" not in instructions(Settings(sender="FIRMAADI", tools=(ADD_BLACKLIST,))).lower()


def test_a_server_for_reading_only_speaks_of_no_changes_and_no_limits() -> None:
    assert instructions(Settings(read_only=True)).splitlines() == [
        "LIVE: a real account, for reading only.",
        "Reads one company's SMS account at iletiMerkezi (Turkey); nothing can be changed here.",
    ]


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (Settings(), "send_sms, cancel_order, add_blacklist, delete_blacklist, iys_register"),
        (Settings(tools=(GET_BALANCE, SEND_SMS)), SEND_SMS),
    ],
)
def test_the_changing_tools_that_are_offered_are_named(settings: Settings, names: str) -> None:
    assert f"These do nothing without a yes: {names}. The host" in instructions(settings)


def test_a_server_whose_tools_only_read_is_for_reading_only() -> None:
    assert instructions(Settings(tools=(GET_BALANCE,))) == instructions(Settings(read_only=True))


@pytest.mark.parametrize(
    ("confirm", "page", "clause"),
    [
        ("human", True, "only a person's own yes counts, in a form, on a card or on a page"),
        ("form,page", False, "only a person's own yes counts, in a form"),
        ("page", False, "nothing can be confirmed here"),
        ("page,code", False, "codes confirm at most 99 recipients and 99 consents an hour"),
        (
            "page,code",
            True,
            "codes confirm at most 99 recipients and 99 consents an hour; from 100 on the user types the number on a page",
        ),
    ],
)
def test_the_ways_that_are_on_are_told(confirm: str, page: bool, clause: str) -> None:
    assert f"1,000 consents declared a day; {clause}. Splitting" in instructions(Settings(confirm=confirm, page=page))


def test_the_longest_is_short_enough(tmp_path: Path) -> None:
    languages: tuple[Language, ...] = ("en", "tr")
    modes: tuple[str, ...] = ("auto", "human", "code")
    for language, confirm, page, sandbox, character_mode, sender in itertools.product(
        languages, modes, (False, True), (False, True), (None, *CharacterMode), (None, "ELEVENSIGNS")
    ):
        settings = replace(STRICT, files_dir=tmp_path, language=language, confirm=confirm, page=page, sandbox=sandbox)
        text = instructions(replace(settings, character_mode=character_mode, sender=sender))
        assert len(text.encode()) <= MAX_BYTES


@pytest.mark.parametrize("mode", ERAS)
async def test_a_preview_may_be_translated_and_the_codes_have_their_resource(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        english = host.client.instructions or ""
    async with hosted(replace(LIVE, language="tr"), mode=mode) as host:
        turkish = host.client.instructions or ""
    assert (
        "Show a preview in the user's language, text, numbers, names and amounts unchanged, and call again" in english
    )
    assert "Önizlemeyi kullanıcının dilinde gösterin; metin, numara, ad ve tutarlar değişmesin." in turkish
    assert "or the answer is waiting (card, page) or a preview and a code" in english
    assert "yanıt waiting (kart, sayfa) veya önizleme ve koddur" in turkish
    assert f"Status codes: resource {STATUS_CODES}." in english
    assert f"Durum kodları: {STATUS_CODES}." in turkish
