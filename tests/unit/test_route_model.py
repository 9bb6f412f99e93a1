# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes: what a user may write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    Encap,
    NextHop,
    RouteOptions,
    owner_number,
    route_name,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route_parse import (
    check_protocol,
    check_routes,
    parse_route,
)

ENTRY: dict[str, Any] = {
    "dst": "10.2.0.0/24",
    "dev": "vti1",
    "table": "main",
    "type": "unicast",
    "state": "present",
}
V6 = {"dst": "fd02::/64"}
NODEV: dict[str, Any] = {"dev": None}

IDENTITIES = [
    ({}, (4, 254, "10.2.0.0/24", 0, 0)),
    ({"dst": "10.2.0.1"}, (4, 254, "10.2.0.1/32", 0, 0)),
    ({"dst": "FD02:0::/64"}, (6, 254, "fd02::/64", 0, 1024)),
    ({"dst": "fd02::/64", "metric": 0}, (6, 254, "fd02::/64", 0, 1024)),
    ({"table": "0x10", "metric": 5}, (4, 16, "10.2.0.0/24", 0, 5)),
    ({"table": "default"}, (4, 253, "10.2.0.0/24", 0, 0)),
    ({"tos": "0x10"}, (4, 254, "10.2.0.0/24", 16, 0)),
    ({"tos": "184"}, (4, 254, "10.2.0.0/24", 184, 0)),
    ({"tos": "0", **V6}, (6, 254, "fd02::/64", 0, 1024)),
]


@pytest.mark.parametrize(("options", "identity"), IDENTITIES)
def test_identity(options: dict[str, Any], identity: tuple[int, int, str, int, int]) -> None:
    assert parse_route({**ENTRY, **options}).route.identity == identity


HOPS: list[tuple[dict[str, Any], tuple[NextHop, ...]]] = [
    ({}, (NextHop("vti1"),)),
    ({"gateway": "10.99.0.2"}, (NextHop("vti1", "10.99.0.2"),)),
    ({**NODEV, "gateway": "10.99.0.2"}, (NextHop("", "10.99.0.2"),)),
    ({"gateway": "fd99:0::2"}, (NextHop("vti1", "fd99::2"),)),
    ({"gateway": "10.0.0.1", "onlink": True}, (NextHop("vti1", "10.0.0.1", 1, True),)),
    ({"encap": {"if_id": "0x2a"}}, (NextHop("vti1", encap=Encap(42)),)),
    ({"encap": {"if_id": 42, "dev": "eth0"}}, (NextHop("vti1", encap=Encap(42, "eth0")),)),
    (
        {**NODEV, "nexthops": [{"dev": "b", "weight": 3}, {"dev": "a"}]},
        (NextHop("a"), NextHop("b", weight=3)),
    ),
    (
        {**NODEV, **V6, "nexthops": [{"gateway": "fd99::3"}, {"gateway": "fd99::2", "dev": "a"}]},
        (NextHop("a", "fd99::2"), NextHop("", "fd99::3")),
    ),
    ({**NODEV, "type": "blackhole"}, ()),
    ({"dev": "", "type": "throw", "nexthops": []}, ()),
]


@pytest.mark.parametrize(("options", "hops"), HOPS)
def test_hops(options: dict[str, Any], hops: tuple[NextHop, ...]) -> None:
    assert parse_route({**ENTRY, **options}).route.hops == hops


TWO = [{"dev": "a"}, {"dev": "b"}]
OPTIONS: list[tuple[dict[str, Any], RouteOptions]] = [
    ({}, RouteOptions(scope="link")),
    ({"gateway": "10.99.0.2"}, RouteOptions(scope="global")),
    ({"scope": "host"}, RouteOptions(scope="host")),
    ({**NODEV, "nexthops": TWO}, RouteOptions(scope="global")),
    ({**NODEV, "type": "prohibit"}, RouteOptions(scope="global")),
    ({**NODEV, "type": "prohibit", **V6}, RouteOptions()),
    (V6, RouteOptions()),
    (
        {"src": "10.1.0.1", "mtu": 1300, "advmss": 1200},
        RouteOptions("10.1.0.1", "link", 1300, 1200),
    ),
    ({"src": "FD01::0:1", "mtu": 1280, **V6}, RouteOptions("fd01::1", "", 1280)),
]


@pytest.mark.parametrize(("options", "expected"), OPTIONS)
def test_options(options: dict[str, Any], expected: RouteOptions) -> None:
    assert parse_route({**ENTRY, **options}).route.options == expected


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"dst": "10.2.0.1/24"}, "host bits"),
    ({"dst": "default"}, "0.0.0.0/0 or ::/0"),
    (NODEV, "dev ''"),
    ({"dev": "a" * 16}, "1 to 15 bytes"),
    ({"table": "4294967296"}, "table '4294967296'"),
    ({"metric": 2**32}, "0 to 4294967295"),
    ({"src": "nonsense"}, "IPv4 address"),
    ({"src": "fd01::1"}, "IPv4 address"),
    ({"tos": "3"}, "multiple of 4"),
    ({"tos": "256"}, "from 0 to 252"),
    ({"tos": "16", **V6}, "IPv4 routes only"),
    ({"scope": "link", **V6}, "IPv6 routes have none"),
    ({"mtu": 67}, "mtu 67: expected 68 to 65520"),
    ({"mtu": 1279, **V6}, "mtu 1279: expected 1280 to 65520"),
    ({"advmss": 65496}, "advmss 65496"),
    ({"gateway": "x"}, "gateway 'x': expected an IP address"),
    ({"gateway": "10.0.0.1", **V6}, "expected an IPv6 address for an IPv6 route"),
    ({"gateway": "0.0.0.0"}, "address of one router"),
    ({**NODEV, **V6, "gateway": "fe80::1"}, "link-local: expected dev"),
    ({"onlink": True}, "onlink: expected gateway and dev"),
    ({**NODEV, "gateway": "10.0.0.1", "onlink": True}, "onlink: expected gateway and dev"),
    ({"encap": {"if_id": "0"}}, "encap if_id '0'"),
    ({"encap": {"if_id": "x"}}, "encap if_id 'x'"),
    ({**NODEV, "gateway": "10.0.0.1", "encap": {"if_id": "1"}}, "encap: expected dev"),
    ({"type": "blackhole"}, "dev or gateway cannot be given"),
    ({**NODEV, "type": "throw", "gateway": "10.0.0.1"}, "dev or gateway cannot be given"),
    ({**NODEV, "type": "throw", "nexthops": TWO}, "nexthops cannot be given"),
    ({**NODEV, "type": "throw", "mtu": 1300, "src": "10.0.0.1"}, "src and mtu cannot be given"),
    ({**NODEV, "type": "unreachable", "guard": True}, "guard cannot be given"),
    ({"nexthops": TWO}, "dev beside nexthops"),
    ({**NODEV, "nexthops": TWO[:1]}, "nexthops has one entry"),
    ({**NODEV, "nexthops": [TWO[0], TWO[0]]}, "names a twice"),
    ({**NODEV, "nexthops": [TWO[0], {"weight": 2}]}, "nexthop 2: dev '' and no gateway"),
    ({**NODEV, "nexthops": [TWO[0], {"dev": "b", "weight": 257}]}, "nexthop 2: weight 257"),
    ({**NODEV, "nexthops": [TWO[0], {"dev": "b", "weight": 0}]}, "nexthop 2: weight 0"),
    ({**NODEV, "nexthops": TWO, **V6}, "nexthop 1: gateway is missing"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_wrong(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match="route") as caught:
        parse_route({**ENTRY, **options})
    assert words in str(caught.value)


def test_what_is_absent_needs_its_identity_only() -> None:
    wanted = parse_route({**ENTRY, **NODEV, "state": "absent", "guard": True})
    assert not wanted.present
    assert wanted.guard
    assert wanted.route.hops == ()


@pytest.mark.parametrize("number", [-1, 0, 4, 256])
def test_wrong_protocol(number: int) -> None:
    with pytest.raises(InputError, match=f"protocol {number}"):
        check_protocol(number)


def test_same_identity_twice() -> None:
    wanted = parse_route(ENTRY)
    other = replace(wanted, route=replace(wanted.route, hops=(NextHop("vti2"),)))
    with pytest.raises(InputError, match="in the list twice"):
        check_routes([wanted, other])


def test_names() -> None:
    identity = parse_route({**ENTRY, "tos": "16", "metric": 7}).route.identity
    assert route_name(identity) == "route 10.2.0.0/24 table main tos 0x10 metric 7"


def test_the_number_of_an_owner_never_changes() -> None:
    """It is in the kernels of hosts that run: another number would lose their routes."""
    assert owner_number("default") == NUMBERS["default"]
    assert owner_number("site-b") == NUMBERS["site-b"]


NUMBERS = {"default": 933818049, "site-b": 419111126}
