# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each attribute of a route: create, change, no change, remove; check mode and diff; both families.

The helper M(changed) does check mode, the run and a second run; ip(8) is the witness.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import changed, run_module

Options = dict[str, t.Any]
Seen = dict[str, t.Any]

V4, V6 = "10.2.0.0/24", "fd02::/64"


@pytest.fixture(autouse=True)
def tunnels() -> None:
    """Make two tunnels with networks, as vti_tunnel would."""
    shell.ip_batch(
        *(
            line
            for number in (1, 2)
            for line in (
                f"link add vti{number} type vti local 192.0.2.1 remote 192.0.2.{number + 1} key 7",
                f"link set vti{number} alias ipsec.strongswan:default up",
                f"addr add 10.99.{number}.1/24 dev vti{number}",
                f"addr add fd99:{number}::1/64 dev vti{number}",
            )
        )
    )


def shown(dst: str, table: str = "main") -> list[Seen]:
    """Return the routes to a destination; numbers and names as ip(8) has them."""
    family = "-6" if ":" in dst else "-4"
    return shell.ip_json(f"-N -d {family} route show table {table} exact {dst}")


DEV: Options = {"dev": "vti1"}
VIA4: Options = {"dev": "vti1", "gateway": "10.99.1.2"}
VIA6: Options = {"dev": "vti1", "gateway": "fd99:1::2"}
UNICAST, BLACKHOLE, UNREACHABLE, PROHIBIT, THROW = "1", "6", "7", "8", "9"

LIVES: list[tuple[str, str, Options, Seen, Options, Seen]] = [
    ("dev", V4, DEV, {"dev": "vti1", "scope": "253"}, {"dev": "vti2"}, {"dev": "vti2"}),
    ("dev", V6, DEV, {"dev": "vti1"}, {"dev": "vti2"}, {"dev": "vti2"}),
    (
        "gateway",
        V4,
        {"gateway": "10.99.1.2"},
        {"gateway": "10.99.1.2", "dev": "vti1", "scope": "0"},
        {"gateway": "10.99.2.2"},
        {"gateway": "10.99.2.2", "dev": "vti2"},
    ),
    (
        "gateway",
        V6,
        {"gateway": "fd99:1::2"},
        {"gateway": "fd99:1::2", "dev": "vti1"},
        {"gateway": "fd99:2::2", "dev": "vti2"},
        {"gateway": "fd99:2::2", "dev": "vti2"},
    ),
    (
        "IPv6 gateway",
        V4,
        VIA6,
        {"via": {"family": "inet6", "host": "fd99:1::2"}, "dev": "vti1"},
        VIA4,
        {"gateway": "10.99.1.2"},
    ),
    (
        "onlink",
        V4,
        {"dev": "vti1", "gateway": "10.77.0.1", "onlink": True},
        {"gateway": "10.77.0.1", "flags": ["onlink"]},
        VIA4,
        {"gateway": "10.99.1.2", "flags": []},
    ),
    (
        "onlink",
        V6,
        {"dev": "vti1", "gateway": "fd77::1", "onlink": True},
        {"gateway": "fd77::1", "flags": ["onlink"]},
        VIA6,
        {"gateway": "fd99:1::2", "flags": []},
    ),
    ("src", V4, {**DEV, "src": "10.99.1.1"}, {"prefsrc": "10.99.1.1"}, DEV, {"prefsrc": None}),
    (
        "src",
        V6,
        DEV,
        {"prefsrc": None},
        {**DEV, "src": "fd99:1::1"},
        {"prefsrc": "fd99:1::1"},
    ),
    ("scope", V4, {**DEV, "scope": "host"}, {"scope": "254"}, DEV, {"scope": "253"}),
    (
        "mtu and advmss",
        V4,
        {**DEV, "mtu": 1300},
        {"metrics": [{"mtu": 1300}]},
        {**DEV, "advmss": 1200},
        {"metrics": [{"advmss": 1200}]},
    ),
    (
        "mtu and advmss",
        V6,
        {**DEV, "mtu": 1300, "advmss": 1200},
        {"metrics": [{"mtu": 1300, "advmss": 1200}]},
        {**DEV, "mtu": 1400},
        {"metrics": [{"mtu": 1400}]},
    ),
    *(
        (name, dst, {"type": name}, {"type": number}, DEV, {"type": UNICAST, "dev": "vti1"})
        for name, number in (("blackhole", BLACKHOLE), ("unreachable", UNREACHABLE))
        for dst in (V4, V6)
    ),
    *(
        (
            "types",
            dst,
            {"type": "prohibit", "table": "77"},
            {"type": PROHIBIT},
            {"type": "throw", "table": "77"},
            {"type": THROW},
        )
        for dst in (V4, V6)
    ),
]


@pytest.mark.parametrize(
    ("dst", "made", "then", "other", "finally_"),
    [row[1:] for row in LIVES],
    ids=[f"{row[0]}-IPv{6 if ':' in row[1] else 4}" for row in LIVES],
)
def test_life(dst: str, made: Options, then: Seen, other: Options, finally_: Seen) -> None:
    table = made.get("table", "main")
    changed("vti_route", dst=dst, **made)
    (route,) = shown(dst, table)
    assert {key: route.get(key) for key in then} == then
    assert route["protocol"] == "157"
    result = changed("vti_route", dst=dst, **other)
    assert [action["action"] for action in result["actions"]] == ["change"]
    (route,) = shown(dst, table)
    assert {key: route.get(key) for key in finally_} == finally_
    changed("vti_route", dst=dst, table=table, state="absent")
    assert shown(dst, table) == []


def test_tos_is_part_of_the_identity() -> None:
    changed("vti_route", dst=V4, dev="vti1", tos="0x10")
    changed("vti_route", dst=V4, dev="vti2")
    assert {(one.get("tos"), one["dev"]) for one in shown(V4)} == {("0x10", "vti1"), (None, "vti2")}
    changed("vti_route", dst=V4, tos="16", state="absent")
    assert [one["dev"] for one in shown(V4)] == ["vti2"]


Hop = tuple[str, t.Optional[str], int]

MULTIPATH: list[tuple[str, list[Options], set[Hop], list[Options], set[Hop]]] = [
    (
        V4,
        [{"dev": "vti2", "gateway": "10.99.2.2", "weight": 3}, {"dev": "vti1"}],
        {("vti2", "10.99.2.2", 3), ("vti1", None, 1)},
        [{"dev": "vti2"}, {"gateway": "10.99.1.2", "weight": 256}],
        {("vti2", None, 1), ("vti1", "10.99.1.2", 256)},
    ),
    (
        V6,
        [{"gateway": "fd99:2::2", "weight": 3, "dev": "vti2"}, {"gateway": "fd99:1::2"}],
        {("vti2", "fd99:2::2", 3), ("vti1", "fd99:1::2", 1)},
        [{"gateway": "fd99:2::2"}, {"gateway": "fd77::1", "dev": "vti1", "onlink": True}],
        {("vti2", "fd99:2::2", 1), ("vti1", "fd77::1", 1)},
    ),
]


def hops(dst: str) -> set[Hop]:
    """Return the next hops of the one route to a destination."""
    (route,) = shown(dst)
    return {(one["dev"], one.get("gateway"), one["weight"]) for one in route["nexthops"]}


@pytest.mark.parametrize(("dst", "made", "then", "other", "finally_"), MULTIPATH)
def test_multipath(
    dst: str, made: list[Options], then: set[Hop], other: list[Options], finally_: set[Hop]
) -> None:
    changed("vti_route", dst=dst, nexthops=made)
    assert hops(dst) == then
    changed("vti_route", dst=dst, nexthops=other)
    assert hops(dst) == finally_
    changed("vti_route", dst=dst, dev="vti1")
    (route,) = shown(dst)
    assert route["dev"] == "vti1"
    changed("vti_route", dst=dst, nexthops=made)
    changed("vti_route", dst=dst, state="absent")
    assert shown(dst) == []


@pytest.mark.parametrize("dst", [V4, V6])
def test_encap(dst: str) -> None:
    shell.run("ip link add ipsec0 type xfrm external")
    shell.run("ip link set ipsec0 up")
    warned = run_module("vti_route", check=True, dst=dst, dev="ipsec0")
    assert "give the route an encap" in warned["warnings"][0]
    changed("vti_route", dst=dst, dev="ipsec0", encap={"if_id": "42"})
    assert "encap xfrm if_id 42 dev ipsec0" in text(dst)
    changed("vti_route", dst=dst, dev="ipsec0", encap={"if_id": "43", "dev": "eth0"})
    assert "encap xfrm if_id 43 link_dev eth0 dev ipsec0" in text(dst)
    message = run_module("vti_route", dst=dst, dev="vti1", encap={"if_id": "42"})["msg"]
    assert "expected an external XFRM interface" in message
    changed("vti_route", dst=dst, dev="vti1")
    changed("vti_route", dst=dst, dev="ipsec0", encap={"if_id": "42"})
    changed("vti_route", dst=dst, state="absent")
    assert text(dst) == ""


def text(dst: str) -> str:
    """Return the route to a destination in words: C(ip -j) leaves out what an encap holds."""
    family = "-6" if ":" in dst else "-4"
    return shell.run(f"ip {family} route show {dst}")
