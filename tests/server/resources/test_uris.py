"""The URIs of resources."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.server.resources import uris as addresses


def test_an_order_has_a_uri_and_the_uri_has_the_order() -> None:
    assert addresses.order_uri("312891245") == "iletimerkezi://orders/312891245"
    assert addresses.order_of("iletimerkezi://orders/312891245") == "312891245"


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
        "ILETIMERKEZI://balance",
        "iletimerkezi://balance/",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_is_not_exactly_a_resource_does_not_exist(uri: str) -> None:
    assert addresses.order_of(uri) is None
    assert not addresses.exists(uri)


@pytest.mark.parametrize("uri", [*addresses.FIXED, "iletimerkezi://orders/7"])
def test_what_is_listed_exists(uri: str) -> None:
    assert addresses.exists(uri)
