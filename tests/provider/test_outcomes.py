"""The one table of outcomes."""

from __future__ import annotations

from typing import get_args

from iletimerkezi_mcp.provider.outcomes import OUTCOMES, Outcome, ReadOutcome, SeriesOutcome


def test_every_outcome_has_its_row() -> None:
    assert set(OUTCOMES) == set(get_args(Outcome)) == {*get_args(ReadOutcome), *get_args(SeriesOutcome)}
    assert all(facts.meaning.en and facts.meaning.tr for facts in OUTCOMES.values())


def test_only_what_may_have_been_done_is_uncertain_and_it_has_an_exit_code_of_its_own() -> None:
    assert [outcome for outcome, facts in OUTCOMES.items() if facts.changed == "maybe"] == ["unknown"]
    assert [outcome for outcome, facts in OUTCOMES.items() if facts.changed == "yes"] == ["done"]
    assert [outcome for outcome, facts in OUTCOMES.items() if facts.changed == "partly"] == ["under_way", "stopped"]
    assert [outcome for outcome, facts in OUTCOMES.items() if facts.exit_code == 4] == ["unknown"]
    assert [outcome for outcome, facts in OUTCOMES.items() if facts.exit_code == 5] == ["under_way", "stopped"]
    assert {outcome for outcome, facts in OUTCOMES.items() if not facts.is_error} == {
        "ok",
        "preview",
        "waiting",
        "dry_run",
        "done",
        "under_way",
        "declined",
    }
