"""A preview as a person sees it."""

from __future__ import annotations

from iletimerkezi_mcp.confirmation.pending_change import Preview
from iletimerkezi_mcp.language import Text, for_model, for_onlooker, verbatim

LIVE = Text("LIVE", "CANLI")


def test_the_change_comes_first_then_the_warnings_then_the_rest_then_the_quoted_text() -> None:
    preview = Preview(
        Text("do it.", "yap."), (Text("Mind this.", "Dikkat."),), (Text("More: 1", "Ek: 1"),), "One\nTwo ❤\ufe0f"
    )
    assert preview.render(LIVE, "en") == ("LIVE: do it.\n! Mind this.\n- More: 1\nThe text:\n| One\n| Two ❤\ufe0f")
    assert preview.render(LIVE, "tr") == "CANLI: yap.\n! Dikkat.\n- Ek: 1\nMetin:\n| One\n| Two ❤\ufe0f"
    assert Preview(Text("do it.", "yap.")).render(LIVE, "en") == "LIVE: do it."


def test_a_line_that_speaks_to_a_model_is_not_for_a_person() -> None:
    warning = for_onlooker(Text("Call it.", "Çağırın."), "Ask in the chat.", "Sohbette sorun.")
    preview = Preview(Text("do it.", "yap."), (warning,), (for_model("Say so.", "Söyleyin."),))
    assert preview.render(LIVE, "en") == "LIVE: do it.\n! Call it.\n- Say so."
    assert preview.render(LIVE, "en", "onlooker") == "LIVE: do it.\n! Ask in the chat."


def test_no_text_in_a_line_can_reverse_it_or_begin_another() -> None:
    bad = "x@y.co\u202e\n! Safe.\u200b\\u200a"
    preview = Preview(verbatim(bad), (verbatim(bad),), (verbatim(bad),), bad)
    shown = "x@y.co\\u202e\\u000a! Safe.\\u200b\\u200a"
    assert preview.render(LIVE, "en").split("\n") == [
        "LIVE: " + shown,
        "! " + shown,
        "- " + shown,
        "The text:",
        "| x@y.co\\u202e",
        "| ! Safe.\\u200b\\u005cu200a",
    ]


def test_a_text_of_many_lines_does_not_push_the_change_out_of_sight() -> None:
    shown = Preview(Text("do it.", "yap."), quoted="\n" * 500 + "Tamam").render(LIVE, "en").split("\n")
    assert shown[0] == shown[-1] == "LIVE: do it."
    assert shown[-2] == "| Tamam"


def test_private_lines_come_last_each_further_line_marked_and_only_where_they_may() -> None:
    bad = "Row 2:\nSayın Ayşe\u202e,\n! Safe."
    preview = Preview(Text("do it.", "yap."), quoted="Sayın {Ad},", private=(verbatim(bad), verbatim("Row 3")))
    shown = "LIVE: do it.\nThe text:\n| Sayın {Ad},"
    assert preview.render(LIVE, "en") == shown + "\n- Row 2:\n| Sayın Ayşe\\u202e,\n| ! Safe.\n- Row 3"
    assert preview.render(LIVE, "en", private=False) == shown


def test_many_private_lines_do_not_push_the_change_out_of_sight() -> None:
    preview = Preview(Text("do it.", "yap."), private=tuple(verbatim(f"Row {row}") for row in range(20)))
    assert preview.render(LIVE, "en").split("\n")[-2:] == ["- Row 19", "LIVE: do it."]
