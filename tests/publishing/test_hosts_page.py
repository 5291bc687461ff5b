"""The documents show a launch line that works on that day: of a checkout before the release, of the index after it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from functools import partial

import pytest

from iletimerkezi_mcp.cli.config.hosts import HOSTS
from iletimerkezi_mcp.language import Language
from publishing.documents import install
from publishing.hosts_page import hosts_page

LANGUAGES: tuple[Language, ...] = ("en", "tr")
MADE = [partial(make, language) for make in (hosts_page, install) for language in LANGUAGES]


@pytest.mark.parametrize("make", MADE)
def test_until_the_release_nothing_names_the_index(make: Callable[..., str]) -> None:
    before, after = make(released=False), make(released=True)
    assert re.search(r"uvx( --)? iletimerkezi-mcp|one click|tek tıkla", before) is None
    assert "manifests/clients" not in before
    assert ".venv/bin/iletimerkezi-mcp" in before
    assert "uvx iletimerkezi-mcp" in after
    assert "/.venv/" not in after


@pytest.mark.parametrize("released", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_host_has_blocks_that_it_can_read(language: Language, released: bool) -> None:
    page = hosts_page(language, released=released)
    documents = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    documents += [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]
    named = [name for document in documents for key in document.keys() - {"inputs"} for name in document[key]]
    assert named.count("iletimerkezi") == len(HOSTS)
    assert named.count("iletimerkezi-remote") == len([host for host in HOSTS if host.url_key])
    for host in HOSTS:
        assert f"\n### {host.title}\n" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_in_the_same_place_on_two_systems_is_named_once(language: Language) -> None:
    lines = re.findall(r"^(?:File|Dosya): .*$", hosts_page(language), re.MULTILINE)
    assert len(lines) == len(HOSTS)
    for line in lines:
        places = re.findall(r"`([^`]+)`", line)
        assert len(places) == len(set(places)), line
