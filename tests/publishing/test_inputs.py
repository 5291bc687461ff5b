"""The forms and manifests agree with the settings."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.settings import NETWORK, SETTINGS, load_settings
from publishing.inputs import INPUTS, Input


def test_every_setting_has_an_input_in_the_order_of_the_table() -> None:
    assert [entry.setting for entry in INPUTS.values()] == list(SETTINGS)
    assert set(INPUTS) >= NETWORK


def test_setting_every_default_changes_nothing() -> None:
    told = {
        entry.setting.variable: str(entry.default).lower() if entry.kind == "boolean" else str(entry.default)
        for entry in INPUTS.values()
        if entry.default is not None
    }
    assert len(told) > 10
    assert load_settings(told) == load_settings({})


@pytest.mark.parametrize(
    "entry", [entry for entry in INPUTS.values() if entry.choices], ids=lambda entry: entry.setting.field
)
def test_every_choice_is_taken_and_anything_else_is_not(entry: Input) -> None:
    taken = {entry.setting.parse(choice) for choice in entry.choices}
    assert len(taken) == len(entry.choices)
    with pytest.raises(ValueError, match="must be"):
        entry.setting.parse("another")


def test_the_kinds_are_those_of_the_settings() -> None:
    kinds = {field: entry.kind for field, entry in INPUTS.items()}
    assert {field for field, kind in kinds.items() if kind == "boolean"} == {
        "abroad",
        "sandbox",
        "read_only",
        "allow_commercial",
        "mask_numbers",
        "show_cells",
        "no_auth",
        "stateless",
    }
    assert {field for field, kind in kinds.items() if kind == "number"} == {
        "sandbox_credits",
        "type_count_from",
        "max_recipients",
        "max_consents_per_day",
        "max_list_recipients",
        "texts_per_order",
        "http_port",
        "grace",
    }
    assert (kinds["audit_log"], kinds["do_not_contact"], kinds["state_dir"]) == ("file", "file", "folder")
    assert kinds["files_dir"] == "folder"
    assert INPUTS["max_credits_per_day"].kind == "string"
