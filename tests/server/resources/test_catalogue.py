"""The resources as hosts list them."""

from __future__ import annotations

from dataclasses import replace

import mcp.types as mcp_types
import pytest

from iletimerkezi_mcp.server.resources import catalogue
from iletimerkezi_mcp.settings import Settings
from tests.calls import GET_REPORT
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.server.resources.reads import read


@pytest.mark.parametrize("mode", ERAS)
async def test_every_resource_is_listed_titled_described_and_can_be_read(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        resources = (await host.client.list_resources()).resources
        templates = (await host.client.list_resource_templates()).resource_templates
        for resource in resources:
            assert await read(host, resource.uri)
    assert [resource.uri for resource in resources] == list(catalogue.FIXED)
    entries: list[mcp_types.Resource | mcp_types.ResourceTemplate] = [*resources, *templates]
    assert all(entry.title and entry.description and entry.mime_type == "application/json" for entry in entries)
    assert [template.uri_template for template in templates] == [
        "iletimerkezi://orders/{order_id}",
        "iletimerkezi://status-codes/{code}",
    ]


async def test_titles_are_in_the_operators_language() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        resources = (await host.client.list_resources()).resources
        templates = (await host.client.list_resource_templates()).resource_templates
    assert [entry.title for entry in [*resources, *templates]] == [
        "Bakiye",
        "Onaylı başlıklar",
        "Geçerli kurallar",
        "Durum kodları",
        "Mesaj sınırları",
        "SMS gönderimi",
        "Tek durum kodu",
    ]


async def test_lists_are_private_and_may_be_kept_for_an_hour() -> None:
    async with hosted() as host:
        resources = await host.client.list_resources()
        templates = await host.client.list_resource_templates()
    assert (resources.ttl_ms, resources.cache_scope) == (3_600_000, "private")
    assert (templates.ttl_ms, templates.cache_scope) == (3_600_000, "private")


@pytest.mark.parametrize("settings", [replace(LIVE, read_only=True), replace(LIVE, tools=(GET_REPORT,))])
async def test_what_is_offered_as_a_tool_does_not_change_what_can_be_read(settings: Settings) -> None:
    async with hosted(settings) as host:
        assert len((await host.client.list_resources()).resources) == len(catalogue.FIXED)
        assert (await read(host, catalogue.BALANCE))["sms"] == 100_000
        assert (await read(host, catalogue.POLICY))["read_only"] == settings.read_only


def test_the_error_for_a_long_uri_repeats_its_beginning_only() -> None:
    error = catalogue.not_found("x" * 1_000, "tr").error
    assert error == mcp_types.ErrorData(
        code=-32602,
        message="Böyle bir kaynak yok. Olanlar: " + ", ".join([*catalogue.FIXED, *catalogue.TEMPLATES]) + ".",
        data={"uri": "x" * 200, "resources": list(catalogue.FIXED), "templates": list(catalogue.TEMPLATES)},
    )


def test_an_order_has_a_uri_and_the_uri_has_the_order() -> None:
    assert catalogue.order_uri("312891245") == "iletimerkezi://orders/312891245"
    assert catalogue.order_of("iletimerkezi://orders/312891245") == "312891245"


@pytest.mark.parametrize(
    "uri",
    [
        "iletimerkezi://orders/",
        "iletimerkezi://orders/12a",
        "iletimerkezi://orders/1/2",
        "iletimerkezi://orders/1?x=1",
        "iletimerkezi://orders/1\n",
        "iletimerkezi://orders/١٢",
        "iletimerkezi://orders/" + "1" * 21,
        "iletimerkezi://status-codes/45",
        "iletimerkezi://status-codes/4500",
        "iletimerkezi://status-codes/045",
        "ILETIMERKEZI://balance",
        "iletimerkezi://balance/",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_is_not_exactly_a_resource_does_not_exist(uri: str) -> None:
    assert catalogue.order_of(uri) is None
    assert not catalogue.exists(uri)


@pytest.mark.parametrize("uri", [*catalogue.FIXED, "iletimerkezi://orders/7", "iletimerkezi://status-codes/450"])
def test_what_is_listed_exists(uri: str) -> None:
    assert catalogue.exists(uri)
