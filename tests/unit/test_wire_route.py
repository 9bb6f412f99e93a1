# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes as messages: what is packed for a route is what a dump says of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import route as wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import each
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Answer
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.route_answer import (
    route as decode,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route_parse import parse_route

INDEXES = {"vti1": 7, "vti2": 300, "ipsec0": 8, "eth0": 2}
NAMES = {index: name for name, index in INDEXES.items()}
HEADER = 16

V4, V6 = {"dst": "10.2.0.0/24"}, {"dst": "fd02::/64"}
HOPS4 = [{"dev": "vti1", "weight": 256}, {"dev": "vti2", "gateway": "10.99.0.2", "onlink": True}]
HOPS6 = [{"gateway": "fd99::1", "dev": "vti1"}, {"gateway": "fd98::1", "dev": "vti2", "weight": 9}]
ROUTES: list[dict[str, Any]] = [
    {**V4, "dev": "vti1"},
    {**V6, "dev": "vti1"},
    {"dst": "0.0.0.0/0", "dev": "vti1"},
    {"dst": "::/0", "dev": "vti1", "metric": 5},
    {**V4, "dev": "vti1", "table": "4294967295", "metric": 4294967295, "tos": "252"},
    {**V6, "dev": "vti1", "table": "255"},
    {**V4, "dev": "vti1", "scope": "host", "src": "10.1.0.1", "mtu": 1300, "advmss": 1200},
    {**V6, "dev": "vti1", "src": "fd01::1", "mtu": 1300, "advmss": 1200},
    {**V4, "dev": "vti1", "gateway": "10.99.0.2", "onlink": True},
    {**V4, "dev": "vti1", "gateway": "fd99::2"},
    {**V6, "dev": "vti1", "gateway": "fd99::2", "onlink": True},
    {**V4, "nexthops": HOPS4},
    {**V6, "nexthops": HOPS6},
    {**V4, "dev": "ipsec0", "encap": {"if_id": "42"}},
    {**V6, "dev": "ipsec0", "encap": {"if_id": "42", "dev": "eth0"}},
    {**V4, "nexthops": [{"dev": "vti1"}, {"dev": "ipsec0", "encap": {"if_id": "1"}}]},
    *({**V4, "type": name} for name in ("blackhole", "unreachable", "prohibit", "throw")),
    *({**V6, "type": name} for name in ("blackhole", "unreachable", "prohibit", "throw")),
]


@pytest.mark.parametrize("mark", [0, 4294967295])
@pytest.mark.parametrize("options", ROUTES, ids=str)
def test_what_is_added_is_what_is_read(options: dict[str, Any], mark: int) -> None:
    entry = {"table": "main", "type": "unicast", "state": "present", **options}
    route = parse_route(entry).route
    data = wire.add(route, 157, mark, 0, INDEXES.__getitem__)
    assert decode(answer(data), NAMES) == FoundRoute(route, 157, mark)


def answer(data: bytes) -> Answer:
    """Return a request as if a dump had given it."""
    return (wire.RTM_NEWROUTE, data, HEADER, len(data))


def test_known_bytes() -> None:
    """As C(ip route add) sends it, besides the order of attributes."""
    entry = {
        "table": "100",
        "type": "unicast",
        "state": "present",
        **V4,
        "dev": "vti2",
        "metric": 5,
    }
    data = wire.add(parse_route(entry).route, 157, 0, 0x600, INDEXES.__getitem__)
    assert data[4:8].hex() == "18000106"  # RTM_NEWROUTE; request, excl, create
    assert data[16:28].hex() == "02180000649dfd0100000000"
    attributes = {kind: data[start:end].hex() for kind, start, end in each(data, 28, len(data))}
    assert attributes == {1: "0a020000", 4: "2c010000", 6: "05000000", 15: "64000000"}


def test_a_deletion_names_what_tells_routes_apart() -> None:
    entry = {
        "table": "main",
        "type": "unicast",
        "state": "present",
        **V4,
        "dev": "vti1",
        "mtu": 1300,
    }
    data = wire.delete(parse_route(entry).route, 3, INDEXES.__getitem__)
    assert data[16:28].hex() == "02180000fe03ff0100000000"  # any scope
    assert {kind for kind, _start, _end in each(data, 28, len(data))} == {1, 4, 15}


def test_a_deletion_of_an_ipv6_route_to_nowhere_names_loopback() -> None:
    entry = {"table": "main", "type": "throw", "state": "present", **V6}
    data = wire.delete(parse_route(entry).route, 3, INDEXES.__getitem__)
    attributes = {kind: data[start:end].hex() for kind, start, end in each(data, 28, len(data))}
    assert attributes[wire.RTA_OIF] == "01000000"


@pytest.mark.parametrize("flags", [0x200])
def test_cached_routes_are_passed_over(flags: int) -> None:
    body = wire.RTMSG.pack(2, 0, 0, 0, 254, 3, 0, 1, flags)
    assert decode((wire.RTM_NEWROUTE, body, 0, len(body)), NAMES) is None


def test_a_device_without_a_name_here() -> None:
    entry = {"table": "main", "type": "unicast", "state": "present", **V4, "dev": "vti1"}
    data = wire.add(parse_route(entry).route, 157, 0, 0, INDEXES.__getitem__)
    found = decode(answer(data), {})
    assert found is not None
    assert found.route.devices == ("if7",)
