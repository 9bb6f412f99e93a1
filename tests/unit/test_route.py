# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes: what a user may write, and what is planned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    Route,
    check_protocol,
    check_routes,
    parse_route,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route import (
    AddRoute,
    DeleteRoute,
    Routes,
    RouteStep,
    plan_routes,
)

ENTRY: dict[str, Any] = {"dst": "10.2.0.0/24", "dev": "vti1", "table": "main", "state": "present"}
PROTOCOL = 157
LINKS = {
    "vti1": Link(1, "vti1", up=True, alias="ipsec.strongswan:default"),
    "vti2": Link(2, "vti2", up=True, alias="ipsec.strongswan:b"),
    "eth0": Link(3, "eth0", up=True),
    "off": Link(4, "off"),
}
ROUTE4 = parse_route(ENTRY)
ROUTE6 = parse_route({**ENTRY, "dst": "fd02::/64"})

IDENTITIES = [
    ({}, (4, 254, "10.2.0.0/24", 0)),
    ({"dst": "10.2.0.1"}, (4, 254, "10.2.0.1/32", 0)),
    ({"dst": "FD02:0::/64"}, (6, 254, "fd02::/64", 1024)),
    ({"dst": "fd02::/64", "metric": 0}, (6, 254, "fd02::/64", 1024)),
    ({"table": "0x10", "metric": 5}, (4, 16, "10.2.0.0/24", 5)),
    ({"table": "default"}, (4, 253, "10.2.0.0/24", 0)),
]


@pytest.mark.parametrize(("options", "identity"), IDENTITIES)
def test_identity(options: dict[str, Any], identity: tuple[int, int, str, int]) -> None:
    assert parse_route({**ENTRY, **options}).identity == identity


WRONG = [
    ({"dst": "10.2.0.1/24"}, "host bits"),
    ({"dst": "default"}, "0.0.0.0/0 or ::/0"),
    ({"dev": None}, "dev ''"),
    ({"dev": "a" * 16}, "1 to 15 bytes"),
    ({"table": "4294967296"}, "table '4294967296'"),
    ({"metric": 2**32}, "0 to 4294967295"),
    ({"src": "nonsense"}, "IPv4 address"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_wrong(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match="route") as caught:
        parse_route({**ENTRY, **options})
    assert words in str(caught.value)


@pytest.mark.parametrize("number", [-1, 0, 4, 256])
def test_wrong_protocol(number: int) -> None:
    with pytest.raises(InputError, match=f"protocol {number}"):
        check_protocol(number)


def test_same_identity_twice() -> None:
    with pytest.raises(InputError, match="in the list twice"):
        check_routes([ROUTE4, replace(ROUTE4, dev="vti2")])


def found(route: Route, dev: str = "vti1", protocol: int = PROTOCOL, **more: Any) -> FoundRoute:
    """Return a route of the kernel in the place of a wanted one."""
    return FoundRoute(route.identity, protocol, dev, LINKS[dev].index, **more)


OURS4, OURS6 = found(ROUTE4), found(ROUTE6)
ABSENT4 = replace(ROUTE4, present=False)
TABLE: list[tuple[str, Route, list[FoundRoute], list[RouteStep]]] = [
    ("create", ROUTE4, [], [AddRoute(ROUTE4, 1, PROTOCOL, False)]),
    ("unchanged", ROUTE4, [OURS4], []),
    (
        "another device, IPv4",
        replace(ROUTE4, dev="eth0"),
        [OURS4],
        [AddRoute(replace(ROUTE4, dev="eth0"), 3, PROTOCOL, True)],
    ),
    (
        "another device, IPv6",
        replace(ROUTE6, dev="eth0"),
        [OURS6],
        [DeleteRoute(OURS6), AddRoute(replace(ROUTE6, dev="eth0"), 3, PROTOCOL, False)],
    ),
    (
        "a foreign IPv6 route stays",
        ROUTE6,
        [found(ROUTE6, "eth0", 3)],
        [AddRoute(ROUTE6, 1, PROTOCOL, False)],
    ),
    (
        "adopt what is as wanted",
        ROUTE4,
        [found(ROUTE4, protocol=3)],
        [AddRoute(ROUTE4, 1, PROTOCOL, True)],
    ),
    ("absent", ABSENT4, [OURS4], [DeleteRoute(OURS4)]),
    ("absent already", ABSENT4, [], []),
]


@pytest.mark.parametrize(
    ("route", "there", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_steps(route: Route, there: list[FoundRoute], expected: list[RouteStep]) -> None:
    plan = plan_routes([route], Routes(LINKS, tuple(there)), Policy(), PROTOCOL)
    assert [step for change in plan.changes for step in change.steps] == expected


def test_purge_takes_only_this_owners_routes() -> None:
    def other(dst: str, dev: str, protocol: int = PROTOCOL) -> FoundRoute:
        return found(parse_route({**ENTRY, "dst": dst}), dev, protocol)

    ours = other("10.3.0.0/24", "vti1")
    there = (
        OURS4,
        ours,
        other("10.4.0.0/24", "vti2"),
        other("10.5.0.0/24", "vti1", 4),
        other("10.6.0.0/24", "eth0"),
    )
    plan = plan_routes([ROUTE4], Routes(LINKS, there), Policy(purge=True), PROTOCOL)
    removed = [
        step.found.identity[2]
        for change in plan.changes
        for step in change.steps
        if isinstance(step, DeleteRoute)
    ]
    assert removed == ["10.3.0.0/24", "10.6.0.0/24"]  # eth0 has no mark: owner default


CONFLICTS = [
    ("no device", replace(ROUTE4, dev="none"), [], "dev 'none' does not exist"),
    ("device down", replace(ROUTE4, dev="off"), [], "dev 'off' is down"),
    ("foreign", ROUTE4, [found(ROUTE4, "eth0", 4)], "adopt: true"),
    ("foreign with a gateway", ROUTE4, [found(ROUTE4, "vti1", 4, gateway="10.0.0.1")], "gateway"),
    ("other owner", replace(ROUTE4, dev="eth0"), [found(ROUTE4, "vti2")], "owner 'b'"),
    ("absent, but foreign", ABSENT4, [found(ROUTE4, "eth0", 4)], "it is not ours"),
]


@pytest.mark.parametrize(
    ("route", "there", "words"), [row[1:] for row in CONFLICTS], ids=[row[0] for row in CONFLICTS]
)
def test_conflicts(route: Route, there: list[FoundRoute], words: str) -> None:
    with pytest.raises(ConflictError) as caught:
        plan_routes([route], Routes(LINKS, tuple(there)), Policy(), PROTOCOL)
    assert words in str(caught.value)


def test_check_mode_assumes_the_device() -> None:
    policy = Policy(check_mode=True)
    plan = plan_routes([replace(ROUTE4, dev="none")], Routes({}, ()), policy, PROTOCOL)
    assert len(plan.changes) == 1
    assert "none" in plan.warnings[0]
