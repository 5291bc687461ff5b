"""The limits as the instructions and the policy resource tell them to a host, and as they then are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.server.resources.catalogue import POLICY
from tests.calls import IYS_REGISTER, SEND_SMS
from tests.confirmation.scenes import Person, declaration, send
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.server.resources.reads import read

LIMITED = replace(LIVE, max_recipients=5, max_consents_per_day=6, type_count_from=4)


@pytest.mark.parametrize("mode", ERAS)
async def test_codes_confirm_as_many_as_the_host_is_told(mode: Mode) -> None:
    async with hosted(LIMITED, mode=mode) as host:
        told = host.client.instructions or ""
        assert "codes confirm at most 3 recipients and 3 consents an hour; from 4 on" in told
        document = await read(host, POLICY)
        assert "codes confirm at most 3 recipients and 3 consents an hour" in document["confirmation"]["summary"]
        assert "Splitting a list or spreading it over hours is no way around" in told
        assert "neither to be split nor to be spread over hours" in document["limits"]["max_recipients"]["means"]
        for words in (told, document["limits"]["max_recipients"]["means"]):
            assert "the operator decides" in words
        assert (await host.confirm(SEND_SMS, send(0, 3)))["outcome"] == "done"
        assert (await host.call(SEND_SMS, send(1, 1)))["outcome"] == "nothing_done"
        assert (await host.confirm(IYS_REGISTER, declaration(0, 3)))["outcome"] == "done"
        assert (await host.call(IYS_REGISTER, declaration(1, 1)))["outcome"] == "nothing_done"


@pytest.mark.parametrize("mode", ERAS)
async def test_all_texts_of_an_hour_and_the_consents_of_a_day_are_limited_as_the_host_is_told(mode: Mode) -> None:
    person = Person()
    async with hosted(LIMITED, mode=mode, elicitation_callback=person) as host:
        told = host.client.instructions or ""
        assert "at most 5 recipients an hour in all" in told
        assert "6 consents declared a day" in told
        limits = (await read(host, POLICY))["limits"]
        assert "all texts within a rolling hour, counted when they are confirmed" in limits["max_recipients"]["means"]
        assert [limits[name]["value"] for name in ("max_recipients", "max_consents_per_day")] == [5, 6]
        for place, (count, outcome) in enumerate([(3, "done"), (2, "done"), (1, "nothing_done")]):
            assert (await host.call(SEND_SMS, send(place, count)))["outcome"] == outcome
        for place, (count, outcome) in enumerate([(5, "done"), (1, "done"), (1, "nothing_done")]):
            assert (await host.call(IYS_REGISTER, declaration(place, count)))["outcome"] == outcome
        host.clock.advance(hours=1)
        assert (await host.call(SEND_SMS, send(2, 1)))["outcome"] == "done"
        assert (await host.call(IYS_REGISTER, declaration(2, 1)))["outcome"] == "nothing_done"
    assert person.numbers == [None, "2", "5", None, None]


WORDS: dict[Language, str] = {
    "en": "whenever the hour's sum reaches another 4",
    "tr": "son bir saatin toplamı her 4 arttığında",
}


@pytest.mark.parametrize("confirm", ["auto", "human"])
@pytest.mark.parametrize("language", ["en", "tr"])
async def test_the_policy_says_when_a_person_types_the_number(language: Language, confirm: str) -> None:
    async with hosted(replace(LIMITED, language=language, confirm=confirm)) as host:
        assert WORDS[language] in (await read(host, POLICY))["confirmation"]["summary"]
