"""The crawler goes to public http(s) addresses and nowhere else, whatever a feed, a redirect or a name says."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address

from spiders.crawl import CrawlOptions
from spiders.guard import AddressRefusedError, GuardedResolver, check_peer, check_url, is_public
from spiders.sample_press import SamplePress
from tests.spiders.conftest import Crawler, FakeNames, quick


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.0.192", "198.18.0.1", "168.63.129.16",  # noqa: S104
        "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::1",
    ],
)  # fmt: skip
def test_private_and_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "113.160.1.1", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_ipv4_hidden_in_ipv6_is_judged_as_ipv4(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    assert is_public(mapped) == is_public(nat64) == is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://bao-mau.example/a", "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)", "http://",
        "http://localhost/", "http://LOCALHOST:80/", "http://a.localhost/", "http://may-in.local/",
        "http://metadata.google.internal/", "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
        "http://ai:mat-khau@bao-mau.example/", "http://bao-mau.example:99999/", "http://[bad/",
        "http://bao-mau.example/" + "x" * 5_000,
    ],
)  # fmt: skip
def test_an_address_that_can_be_refused_by_sight_is_refused(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        check_url(url)


@given(st.text())
def test_any_text_is_either_passed_or_refused(text: str) -> None:
    try:
        check_url(text)
    except AddressRefusedError:
        return
    assert text.lower().startswith(("http:", "https:"))


def test_only_the_named_host_and_port_is_an_exception() -> None:
    allowed = frozenset({"127.0.0.1:8765"})
    check_url("http://127.0.0.1:8765/x", allowed)
    for url in ("http://127.0.0.1:8766/x", "http://127.0.0.1/x", "http://127.0.0.2:8765/x"):
        with pytest.raises(AddressRefusedError):
            check_url(url, allowed)


def test_an_answer_from_a_private_address_is_refused_after_all() -> None:
    with pytest.raises(AddressRefusedError):
        check_peer("http://bao-mau.example/", ipaddress.ip_address("10.0.0.7"))
    check_peer("http://bao-mau.example/", ipaddress.ip_address("113.160.1.1"))


class Receiver:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.complete = 0

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: IPv4Address) -> None:  # noqa: N802
        self.found.append(f"{address.host}:{address.port}")

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete += 1


def resolved(guard: GuardedResolver, name: str, port: int = 80) -> list[str]:
    receiver = Receiver()
    guard.resolveHostName(receiver, name, port)
    assert receiver.complete == 1
    return receiver.found


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    guard = GuardedResolver(FakeNames({"bao.example": "113.160.1.1", "lua.example": "113.160.1.1 127.0.0.1"}))
    assert resolved(guard, "bao.example") == ["113.160.1.1:80"]
    assert resolved(guard, "lua.example") == []
    assert guard.refused == {"lua.example": "127.0.0.1"}


def test_an_answer_is_remembered_but_checked_each_time_it_is_used() -> None:
    names = {"bao.example": "127.0.0.1"}
    guard = GuardedResolver(FakeNames(names))
    with guard.allowing(frozenset({"bao.example:80"})):
        assert resolved(guard, "bao.example") == ["127.0.0.1:80"]
        assert resolved(guard, "bao.example", 8080) == []
    names.clear()
    assert resolved(guard, "bao.example") == []
    assert guard.refused == {"bao.example": "127.0.0.1"}


def test_a_literal_address_is_checked_without_asking_the_name_service() -> None:
    guard = GuardedResolver(inner=None)
    assert resolved(guard, "10.0.0.1") == []
    assert resolved(guard, "113.160.1.1", 443) == ["113.160.1.1:443"]


def test_a_name_that_resolves_to_this_machine_is_never_connected_to(
    crawler: Crawler, press: SamplePress, names: dict[str, str]
) -> None:
    names["lua.example"] = "127.0.0.1"
    port = press.base.rpartition(":")[2]
    outcome = crawler.page(f"http://lua.example:{port}/loi/trang/1/bai-400123.html", quick(frozenset()))
    assert outcome.health == "refused"
    assert "lua.example resolves to 127.0.0.1" in (outcome.error or "")
    assert press.asked == []


def test_a_redirect_to_a_name_that_resolves_to_this_machine_is_refused(
    crawler: Crawler, press: SamplePress, names: dict[str, str]
) -> None:
    port = press.base.rpartition(":")[2]
    names["bao.example"] = names["lua.example"] = "127.0.0.1"
    options = quick(frozenset({f"bao.example:{port}"}))
    good = crawler.page(f"http://bao.example:{port}/loi/trang/1/bai-400123.html", options)
    press.redirects["/sang"] = f"http://lua.example:{port}/loi/trang/2/bai-400124.html"
    bad = crawler.page(f"http://bao.example:{port}/sang", options)
    assert (good.health, bad.health) == ("ok", "refused")
    assert "lua.example" in (bad.error or "")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "017700000001", "127.1", "localhost."])
def test_odd_spellings_of_this_machine_are_refused(
    crawler: Crawler, press: SamplePress, options: CrawlOptions, host: str
) -> None:
    port = press.base.rpartition(":")[2]
    outcome = crawler.page(f"http://{host}:{port}/loi/trang/1/bai-400123.html", options)
    assert outcome.health in {"refused", "failed"}
    assert press.asked == []
