from __future__ import annotations

from typing import get_args

from iletimerkezi_mcp.provider.operations import CHANGES, PATHS, Operation


def test_every_operation_has_a_path_of_its_own() -> None:
    assert set(PATHS) == set(get_args(Operation))
    assert len(set(PATHS.values())) == len(PATHS) == 11


def test_the_paths_are_those_of_the_contract() -> None:
    assert PATHS["send_sms"] == "/v1/send-sms/json"
    assert PATHS["iys_register"] == "/v1/consent/create/json"
    assert PATHS["iys_check"] == "/v1/consent/show/json"
    assert all(path.startswith("/v1/") and path.endswith("/json") for path in PATHS.values())


def test_what_changes_something_is_known() -> None:
    assert {"send_sms", "cancel_order", "add_blacklist", "delete_blacklist", "iys_register"} == CHANGES
