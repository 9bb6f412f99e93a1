# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes: what is planned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link, XfrmData
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    NextHop,
    Route,
    WantedRoute,
    owner_number,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route_parse import parse_route
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route import (
    plan_routes,
    tables_to_read,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import (
    APPEND,
    REPLACE,
    AddRoute,
    DeleteRoute,
    Routes,
    RouteStep,
)

PROTOCOL = 157
LINKS = {
    "vti1": Link(1, "vti1", up=True, alias="ipsec.strongswan:default"),
    "vti2": Link(2, "vti2", up=True, alias="ipsec.strongswan:b"),
    "eth0": Link(3, "eth0", up=True),
    "off": Link(4, "off"),
    "ext": Link(5, "ext", up=True, data=XfrmData(external=True)),
}


def wanted(dst: str = "10.2.0.0/24", **options: Any) -> WantedRoute:
    """Return a wanted route, through vti1 if nothing else is said."""
    entry = {"dst": dst, "table": "main", "type": "unicast", "state": "present", **options}
    if not set(options) & {"dev", "gateway", "nexthops"} and entry["type"] == "unicast":
        entry["dev"] = "vti1"
    return parse_route(entry)


def w6(**options: Any) -> WantedRoute:
    """Return a wanted IPv6 route."""
    return wanted("fd02::/64", **options)


def found(one: WantedRoute, protocol: int = PROTOCOL, mark: int = 0) -> FoundRoute:
    """Return the route of the kernel that is as wanted."""
    return FoundRoute(one.route, protocol, mark)


def add(one: WantedRoute, mode: str = "add", mark: int = 0) -> AddRoute:
    return AddRoute(one.route, PROTOCOL, mark, mode)


def delete(one: WantedRoute, protocol: int = PROTOCOL) -> DeleteRoute:
    return DeleteRoute(one.route, protocol)


def planned(
    one: WantedRoute, there: list[FoundRoute], policy: Policy | None = None
) -> list[RouteStep]:
    """Return the steps of a plan."""
    plan = plan_routes([one], Routes(LINKS, tuple(there)), policy or Policy(), PROTOCOL)
    return [step for change in plan.changes for step in change.steps]


R4, R6 = wanted(), w6()
DEFAULT = owner_number("default")
BLACKHOLE4, BLACKHOLE6 = wanted(type="blackhole"), w6(type="blackhole")
GATEWAY6 = w6(gateway="fd99::2", dev="vti1")
MULTI6 = w6(nexthops=[{"gateway": "fd99::2", "dev": "vti1"}, {"gateway": "fd98::2", "dev": "eth0"}])
BARE = wanted(gateway="10.99.0.2")
RESOLVED = wanted(gateway="10.99.0.2", dev="eth0")

TABLE: list[tuple[str, WantedRoute, list[FoundRoute], list[RouteStep]]] = [
    ("create", R4, [], [add(R4)]),
    ("unchanged", R4, [found(R4)], []),
    ("another device, IPv4", wanted(dev="eth0"), [found(R4)], [add(wanted(dev="eth0"), REPLACE)]),
    ("another device, IPv6", w6(dev="eth0"), [found(R6)], [add(w6(dev="eth0"), REPLACE)]),
    ("a foreign IPv6 route stays", R6, [found(w6(dev="eth0"), 3)], [add(R6, APPEND)]),
    (
        "ours behind a foreign IPv6 route: no replace, no gap",
        R6,
        [found(w6(dev="eth0"), 3), found(w6(dev="off"))],
        [add(R6, APPEND), delete(w6(dev="off"))],
    ),
    (
        "same device behind a foreign IPv6 route: the kernel takes no second one",
        R6,
        [found(w6(dev="eth0"), 3), found(w6(mtu=1300))],
        [delete(w6(mtu=1300)), add(R6, APPEND)],
    ),
    (
        "gateway behind a foreign device route: replace hits the gateway",
        GATEWAY6,
        [found(w6(dev="eth0"), 3), found(w6(gateway="fd99::3"))],
        [add(GATEWAY6, REPLACE)],
    ),
    ("two next hops for one", MULTI6, [found(GATEWAY6)], [add(MULTI6, REPLACE)]),
    (
        "several of ours become one",
        w6(mtu=1400),
        [found(R6), found(w6(dev="eth0"))],
        [delete(w6(dev="eth0")), add(w6(mtu=1400), REPLACE)],
    ),
    (
        "a killed run left the old next hop",
        R6,
        [found(w6(dev="eth0")), found(R6)],
        [delete(w6(dev="eth0"))],
    ),
    ("adopt what is as wanted", R4, [found(R4, 3)], [add(R4, REPLACE)]),
    ("adopt what is as wanted, IPv6", R6, [found(R6, 3)], [add(R6, REPLACE)]),
    ("a type instead of another", BLACKHOLE4, [found(R4)], [add(BLACKHOLE4, REPLACE, DEFAULT)]),
    ("nowhere, unchanged", BLACKHOLE6, [found(BLACKHOLE6, mark=DEFAULT)], []),
    ("a way instead of nowhere", R6, [found(BLACKHOLE6, mark=DEFAULT)], [add(R6, REPLACE)]),
    ("a gateway's device is the kernel's choice", BARE, [found(RESOLVED, mark=DEFAULT)], []),
    ("a foreign copy behind ours stays", R4, [found(R4), found(wanted(dev="eth0"), 3)], []),
    ("attribute", wanted(mtu=1400), [found(R4)], [add(wanted(mtu=1400), REPLACE)]),
    ("absent", wanted(state="absent"), [found(R4)], [delete(R4)]),
    ("absent already", wanted(state="absent"), [], []),
    ("absent, of the named device", w6(state="absent", dev="eth0"), [found(R6)], []),
    ("absent, foreign next hop", w6(state="absent", dev=None), [found(w6(dev="eth0"), 3)], []),
    (
        "absent, several of ours",
        w6(state="absent", dev=None),
        [found(R6), found(w6(dev="eth0"))],
        [delete(R6), delete(w6(dev="eth0"))],
    ),
]


@pytest.mark.parametrize(
    ("one", "there", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_steps(one: WantedRoute, there: list[FoundRoute], expected: list[RouteStep]) -> None:
    assert planned(one, there) == expected


OWNERS: list[tuple[str, str, WantedRoute, int]] = [
    ("the device tells", "default", wanted(dev="vti2"), 0),
    ("the device tells, whoever asks", "c", R4, 0),
    ("nobody's device", "default", wanted(dev="eth0"), 0),
    ("nobody's device, another owner", "c", wanted(dev="eth0"), owner_number("c")),
    ("no device", "default", BLACKHOLE6, DEFAULT),
    ("no device, another owner", "c", BLACKHOLE4, owner_number("c")),
    ("a device that is not known yet", "default", BARE, DEFAULT),
    ("one of two tells", "c", MULTI6, 0),
]


@pytest.mark.parametrize(
    ("owner", "one", "mark"), [row[1:] for row in OWNERS], ids=[row[0] for row in OWNERS]
)
def test_marks(owner: str, one: WantedRoute, mark: int) -> None:
    (step,) = planned(one, [], Policy(owner=owner))
    assert step == add(one, mark=mark)


def test_another_owners_route_is_taken_over_if_it_is_as_wanted() -> None:
    there = [found(BLACKHOLE4, mark=owner_number("c"))]
    plan = plan_routes([BLACKHOLE4], Routes(LINKS, tuple(there)), Policy(owner="b"), PROTOCOL)
    (change,) = plan.changes
    assert change.steps == (add(BLACKHOLE4, REPLACE, owner_number("b")),)
    assert change.actions[0].reason.startswith("owner is number")


def test_order() -> None:
    """What a gateway is reached by comes first and goes last; nothing goes before all is there."""
    gateway, device, nowhere = (
        wanted("10.1.0.0/24", gateway="10.99.0.2", dev="vti1"),
        wanted("10.2.0.0/24"),
        wanted("10.3.0.0/24", type="unreachable"),
    )
    old = [
        wanted("10.4.0.0/24", type="unreachable"),
        wanted("10.5.0.0/24"),
        wanted("10.6.0.0/24", gateway="10.99.0.2", dev="vti1"),
    ]
    there = tuple(found(one, mark=0 if one.route.hops else DEFAULT) for one in old)
    plan = plan_routes(
        [gateway, device, nowhere], Routes(LINKS, there), Policy(purge=True), PROTOCOL
    )
    names = [change.object.split()[1][3] for change in plan.changes]
    assert names == ["3", "2", "1", "6", "5", "4"]


def test_purge_takes_only_this_owners_routes() -> None:
    there = (
        found(R4),
        found(wanted("10.3.0.0/24")),
        found(wanted("10.4.0.0/24", dev="vti2")),
        found(wanted("10.5.0.0/24"), 4),
        found(wanted("10.6.0.0/24", dev="eth0")),
        found(wanted("10.7.0.0/24", dev="eth0"), mark=owner_number("c")),
        found(wanted("10.8.0.0/24", type="throw"), mark=owner_number("c")),
        found(wanted("10.9.0.0/24", type="throw"), mark=DEFAULT),
    )
    assert purged(there, "default", [R4]) == ["10.3.0.0/24", "10.6.0.0/24", "10.9.0.0/24"]
    assert purged(there, "c", []) == ["10.7.0.0/24", "10.8.0.0/24"]
    assert purged(there, "b", []) == ["10.4.0.0/24"]


def purged(there: tuple[FoundRoute, ...], owner: str, kept: list[WantedRoute]) -> list[str]:
    """Return the destinations that a purge removes."""
    plan = plan_routes(kept, Routes(LINKS, there), Policy(owner=owner, purge=True), PROTOCOL)
    steps = [step for change in plan.changes for step in change.steps]
    assert all(isinstance(step, DeleteRoute) for step in steps)
    return [step.route.identity.dst for step in steps]


CONFLICTS: list[tuple[str, WantedRoute, list[FoundRoute], str]] = [
    ("no device", wanted(dev="none"), [], "dev 'none' does not exist"),
    ("device down", wanted(dev="off"), [], "dev 'off' is down"),
    ("foreign", R4, [found(wanted(dev="eth0"), 4)], "adopt: true"),
    ("foreign with a gateway", R4, [found(wanted(gateway="10.0.0.1"), 4)], "gateway is 10.0.0.1"),
    ("foreign type", R4, [found(BLACKHOLE4, 4)], "type is blackhole"),
    ("other owner", wanted(dev="eth0"), [found(wanted(dev="vti2"))], "owner 'b'"),
    ("other owner, no device", R4, [found(BLACKHOLE4, mark=owner_number("b"))], "owner 'b'"),
    ("absent, but foreign", wanted(state="absent"), [found(R4, 4)], "it is not ours"),
    ("absent, other owner", wanted(state="absent"), [found(wanted(dev="vti2"))], "owner 'b'"),
    (
        "a foreign route would balance with ours",
        GATEWAY6,
        [found(w6(gateway="fd97::1"), 4)],
        "adopt",
    ),
    ("encap without an external device", wanted(dev="vti1", encap={"if_id": "1"}), [], "external"),
]


@pytest.mark.parametrize(
    ("one", "there", "words"), [row[1:] for row in CONFLICTS], ids=[row[0] for row in CONFLICTS]
)
def test_conflicts(one: WantedRoute, there: list[FoundRoute], words: str) -> None:
    with pytest.raises(ConflictError) as caught:
        planned(one, there)
    assert words in str(caught.value)
    assert one.route.object in str(caught.value)


def test_adopt_takes_a_foreign_route() -> None:
    there = [found(wanted(dev="eth0"), 4)]
    assert planned(R4, there, Policy(adopt=True)) == [add(R4, REPLACE)]
    assert planned(wanted(state="absent"), there, Policy(adopt=True)) == [
        delete(wanted(dev="eth0"), 4)
    ]


def test_an_external_device_without_encap() -> None:
    plan = plan_routes([wanted(dev="ext")], Routes(LINKS), Policy(), PROTOCOL)
    assert "give the route an encap" in plan.warnings[0]


def test_a_foreign_ipv6_route_before_ours() -> None:
    there = (found(w6(dev="eth0"), 3),)
    plan = plan_routes([R6], Routes(LINKS, there), Policy(), PROTOCOL)
    assert "is before it (eth0), and takes the traffic" in plan.warnings[0]
    kernel = Routes(LINKS, (*there, found(R6)))
    assert plan_routes([R6], kernel, Policy(), PROTOCOL).warnings == ()


def test_check_mode_assumes_the_device() -> None:
    policy = Policy(check_mode=True)
    plan = plan_routes([wanted(dev="none")], Routes({}), policy, PROTOCOL)
    assert len(plan.changes) == 1
    assert "none" in plan.warnings[0]


TABLES: list[tuple[str, WantedRoute, list[FoundRoute], set[tuple[int, int]]]] = [
    ("as it is", R4, [found(R4)], set()),
    ("new", wanted(table="7"), [], {(4, 7)}),
    ("changed", R6, [found(w6(dev="eth0"))], {(6, 254)}),
    ("another owner's", BLACKHOLE4, [found(BLACKHOLE4, mark=1)], {(4, 254)}),
    ("absent", wanted(state="absent"), [], {(4, 254)}),
]


@pytest.mark.parametrize(
    ("one", "there", "expected"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES]
)
def test_tables_to_read(
    one: WantedRoute, there: list[FoundRoute], expected: set[tuple[int, int]]
) -> None:
    kernel = Routes(LINKS, tuple(there))
    assert tables_to_read([one], kernel, Policy(), PROTOCOL) == expected


def test_a_next_hop_in_other_words() -> None:
    """The kernel's order of next hops is not the user's."""
    one = wanted(nexthops=[{"dev": "vti1"}, {"dev": "eth0", "weight": 2}])
    assert one.route.hops == (NextHop("eth0", weight=2), NextHop("vti1"))
    other = replace(one.route, hops=(NextHop("eth0"), NextHop("vti1")))
    reason = (
        plan_routes([one], Routes(LINKS, (FoundRoute(other, PROTOCOL),)), Policy(), PROTOCOL)
        .changes[0]
        .actions[0]
        .reason
    )
    assert reason == (
        "nexthops is dev eth0 weight 1, dev vti1 weight 1,"
        " wanted dev eth0 weight 2, dev vti1 weight 1"
    )


def test_object_names_are_those_of_the_route() -> None:
    route: Route = R4.route
    assert route.object == "route 10.2.0.0/24 table main metric 0"
