"""What one value on the command line stands for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.cli.call import values
from iletimerkezi_mcp.cli.call.errors import WordsError
from iletimerkezi_mcp.cli.call.values import reader
from iletimerkezi_mcp.tools.catalogue import all_tools

TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
RECORDS: dict[str, Any] = {"type": "array", "items": {"type": "object"}}


def test_every_argument_of_every_tool_has_a_reader() -> None:
    for spec in all_tools().specs:
        for schema in spec.input_schema["properties"].values():
            assert callable(reader(schema))


@pytest.mark.parametrize(
    ("schema", "given", "read"),
    [
        (TEXT, "Merhaba", "Merhaba"),
        (TEXT, "", ""),
        (TEXT, "@@firma", "@firma"),
        (TEXT, "[1]", "[1]"),
        (WHOLE, "12", 12),
        (WHOLE, "-1", -1),
        (TEXTS, "+905321234567", ["+905321234567"]),
        (TEXTS, ' ["a", 5]', ["a", 5]),
        (RECORDS, '{"a": 1}', [{"a": 1}]),
        (RECORDS, '[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
    ],
)
def test_a_value_is_read_as_its_argument_wants_it(schema: dict[str, Any], given: str, read: object) -> None:
    assert reader(schema)("--x", given) == read


@pytest.mark.parametrize(
    ("schema", "content", "read"),
    [
        (TEXT, "Sayın müşterimiz,\nmerhaba\n", "Sayın müşterimiz,\nmerhaba"),
        (TEXT, "\ufeffbir\r\niki\r\n", "bir\niki"),
        (TEXT, "@firma", "@firma"),
        (TEXTS, "0532 123 45 67\n\n  0533 111 22 33\n", ["0532 123 45 67", "0533 111 22 33"]),
        (TEXTS, '["a",\n"b"]', ["a", "b"]),
        (RECORDS, '{"a": 1}\n', [{"a": 1}]),
    ],
)
def test_a_file_stands_for_what_it_holds(schema: dict[str, Any], content: str, read: object, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content.encode())
    assert reader(schema)("--x", f"@{file}") == read


@pytest.mark.parametrize("given", ["", "x", "1.5", "1e3", "9" * 19, "@1", "٣"])
def test_what_is_no_whole_number_is_refused_by_the_flags_name(given: str) -> None:
    with pytest.raises(WordsError) as refused:
        reader(WHOLE)("--page", given)
    assert refused.value.reason.en == "--page must be a whole number."


@pytest.mark.parametrize(
    ("given", "where"),
    [("[1", " (line 1, column 3)"), ("CANARY", " (line 1, column 1)"), ("[" * 100_000, "")],
)
def test_what_is_no_json_is_told_with_its_place_and_not_repeated(given: str, where: str) -> None:
    with pytest.raises(WordsError) as refused:
        reader(RECORDS)("--consents", given)
    said = refused.value.reason.en
    assert said == f"--consents must be JSON, or @ and the name of a file that holds it{where}."


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "LARGEST_FILE", 10)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_text("x" * 11, encoding="utf-8")
    (tmp_path / "fits").write_text("x" * 10, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert reader(TEXT)("--text", "@fits") == "x" * 10
    for name, why in (
        ("missing", "No such file or directory"),
        ("binary", "it is not UTF-8"),
        ("large", "it is too large"),
        ("nul\0", "ValueError"),
    ):
        with pytest.raises(WordsError) as refused:
            reader(TEXT)("--text", f"@{name}")
        said = refused.value.reason.en
        assert said.startswith(f"--text: the file {name[:3]}")
        assert said.endswith(f"cannot be read ({why}); a text that begins with @ is written @@.")
        assert "\0" not in said
