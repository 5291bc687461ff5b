"""The instructions that a model reads before its first call."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.server.instructions import MAX_BYTES, instructions
from iletimerkezi_mcp.settings import ConfirmMode, Settings
from iletimerkezi_mcp.sms.alphabet import CharacterMode, render
from tests.calls import ADD_BLACKLIST, GET_BALANCE, SEND_SMS

EN = "Splitting a list or spreading it over hours is no way around them; the operator decides."
TR = "Listeyi bölmek ya da saatlere yaymak bunları aşmanın yolu değildir; kararı yönetici verir."

STRICT = Settings(
    max_recipients=100_000_000,
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
                "Limits set by the operator: at most 1,000 recipients within an hour, all texts together; at most 10,000 "
                "credits a day; at most 1,000 consents declared a day; within an hour codes alone confirm fewer than 100 "
                f"recipients, and fewer than 100 consents; from there a form is needed. {EN}"
            ),
        ),
        (
            Settings(language="tr"),
            "CANLI: mesajlar insanlara ulaşır ve kredi harcar.",
            (
                "Yöneticinin sınırları: bütün metinler birlikte bir saatte en çok 1.000 alıcı; günde en çok 10.000 kredi; "
                "günde en çok 1.000 İYS izni bildirimi; bir saatte kodla toplam 100 alıcıdan ve 100 İYS izninden azı "
                f"onaylanır; fazlası için form gerekir. {TR}"
            ),
        ),
        (
            Settings(sandbox=True, confirm="code", max_credits_per_day=0),
            "SANDBOX: the provider is simulated. No message is real, nothing costs anything. Say so to the user.",
            (
                "Limits set by the operator: at most 1,000 recipients within an hour, all texts together; at most 1,000 "
                f"consents declared a day; codes for any size. {EN}"
            ),
        ),
        (
            Settings(sandbox=True, confirm="human", language="tr", max_credits_per_day=0),
            (
                "DENEME ORTAMI: sağlayıcı bir simülasyondur. Hiçbir mesaj gerçek değildir, hiçbir şey ücretlendirilmez. "
                "Kullanıcıya söyleyin."
            ),
            (
                "Yöneticinin sınırları: bütün metinler birlikte bir saatte en çok 1.000 alıcı; günde en çok 1.000 İYS izni "
                f"bildirimi; yalnızca bir kişinin formdaki onayı geçerlidir. {TR}"
            ),
        ),
        (
            STRICT,
            "LIVE: messages reach people and cost credits.",
            (
                "Limits set by the operator: at most 100,000,000 recipients within an hour, all texts together; at most "
                "900,000,000 credits a day; at most 900,000,000 consents declared a day; no commercial messages; only "
                "50,000 allowed recipients or prefixes; only 2 allowed senders; numbers are masked; within an hour codes "
                "alone confirm fewer than 10,000 recipients, and fewer than 10,000 consents; from there a form is needed. "
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
                "No default sender: name one (get_sender). The account's character mode is unknown: Turkish letters may arrive "
                "as plain ones (ş as s); previews show both."
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
            "Varsayılan başlık yok: başlık verin (get_sender). Unicode karakter modu: bütün harfler yazıldığı gibi ulaşır.",
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
    assert f"Without a yes, nothing is done by {names}: either" in instructions(settings)


def test_a_server_whose_tools_only_read_is_for_reading_only() -> None:
    assert instructions(Settings(tools=(GET_BALANCE,))) == instructions(Settings(read_only=True))


def test_the_longest_is_short_enough() -> None:
    languages: tuple[Language, ...] = ("en", "tr")
    modes: tuple[ConfirmMode, ...] = ("auto", "human", "code")
    for language, confirm, sandbox, character_mode, sender in itertools.product(
        languages, modes, (False, True), (None, *CharacterMode), (None, "ELEVENSIGNS")
    ):
        settings = replace(STRICT, language=language, confirm=confirm, sandbox=sandbox)
        text = instructions(replace(settings, character_mode=character_mode, sender=sender))
        assert len(text.encode()) <= MAX_BYTES
