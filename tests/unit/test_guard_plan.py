# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes with guards: what is planned, in which order; a plan applied leaves nothing to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import (
    GUARD_TABLE,
    check_guards,
    guard_metric,
    rules_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Link,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    NextHop,
    Route,
    RouteIdentity,
    RouteOptions,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import Rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard_order import GuardedStep
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guarded import (
    plan_guarded,
    tables_to_read,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import (
    AddRoute,
    DeleteRoute,
    Routes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.rule import (
    AddRule,
    DeleteRule,
)

PROTOCOL = 157
METRIC = guard_metric("default")
MINE, THEIRS = "ipsec.strongswan:default", "ipsec.strongswan:b"
LINKS = {
    "eth0": Link(1, "eth0", up=True),
    "vti1": Link(2, "vti1", up=True, alias=MINE, data=VtiData("192.0.2.1", "203.0.113.5", 1, 1)),
    "vti2": Link(3, "vti2", up=True, alias=MINE, data=VtiData("192.0.2.1", "203.0.113.6", 2, 2)),
    "vti6": Link(
        4, "vti6", up=True, alias=MINE, data=VtiData("2001:db8::1", "2001:db8:5::5", 6, 6)
    ),
    "b": Link(5, "b", up=True, alias=THEIRS, data=VtiData("192.0.2.1", "203.0.113.7", 7, 7)),
}
RULES = tuple(Rule(version, 0, 255) for version in (4, 6)) + tuple(
    Rule(version, 32766, 254) for version in (4, 6)
)


def route(dst: str, dev: str, metric: int = 0, table: int = 254) -> Route:
    """Return a unicast route."""
    version = 6 if ":" in dst else 4
    identity = RouteIdentity(version, table, dst, 0, metric or (1024 if version == 6 else 0))
    return Route(
        identity, hops=(NextHop(dev),), options=RouteOptions(scope="link" if version == 4 else "")
    )


def wanted(
    dst: str, dev: str = "vti1", metric: int = 0, table: int = 254, **more: Any
) -> WantedRoute:
    """Return a wanted route."""
    return WantedRoute(route(dst, dev, metric, table), **more)


def foreign(dst: str, dev: str = "eth0", metric: int = 100) -> FoundRoute:
    """Return a route that somebody else has made."""
    return FoundRoute(route(dst, dev, metric), protocol=16)


HOST = (foreign("0.0.0.0/0"), foreign("::/0"))


def steps_of(desired: list[WantedRoute], kernel: Routes, **policy: Any) -> list[GuardedStep]:
    """Return the steps of a plan."""
    plan = plan_guarded(desired, kernel, Policy(**policy), PROTOCOL)
    return [step for change in plan.changes for step in change.steps]


def apply(kernel: Routes, steps: list[GuardedStep]) -> Routes:
    """Do in memory what the kernel would do."""
    routes, rules = list(kernel.routes), list(kernel.rules)
    for step in steps:
        if isinstance(step, AddRoute):
            if step.mode == "replace":
                routes = [one for one in routes if one.route.identity != step.route.identity]
            routes.append(FoundRoute(step.route, step.protocol, step.mark))
        elif isinstance(step, DeleteRoute):
            routes = [one for one in routes if one.route != step.route]
        elif isinstance(step, AddRule):
            rules.append(step.rule)
        else:
            rules.remove(step.rule)
    return replace(kernel, routes=tuple(routes), rules=tuple(rules))


def shown(steps: list[GuardedStep]) -> list[str]:
    """Return steps in short."""
    words = []
    for step in steps:
        sign = "+" if isinstance(step, (AddRoute, AddRule)) else "-"
        if isinstance(step, (AddRule, DeleteRule)):
            words.append(f"{sign}rule {step.rule.priority}")
            continue
        _version, table, dst, _tos, _metric = step.route.identity
        way = step.route.devices[0] if step.route.devices else step.route.type
        words.append(f"{sign}{table} {dst} {way}")
    return words


HOST_AT_ZERO = (foreign("0.0.0.0/0", metric=0), foreign("::/0", metric=1024))
EMPTY = Routes(LINKS, HOST, RULES)
FROM_NOTHING = [
    ("plain", [wanted("10.2.0.0/24", guard=True)], ["+254 10.2.0.0/24 unreachable", "+254 10.2.0.0/24 vti1"]),
    ("plain, IPv6", [wanted("fd02::/64", guard=True)], ["+254 fd02::/64 unreachable", "+254 fd02::/64 vti1"]),
    (
        "default",
        [wanted("0.0.0.0/0", guard=True, underlay_exception=True)],
        ["+15700 203.0.113.5/32 throw", "+15700 0.0.0.0/0 unreachable", "+rule 32064", "+rule 32065", "+15700 0.0.0.0/0 vti1"],
    ),
    (
        "default, IPv6",
        [wanted("::/0", "vti6", guard=True, underlay_exception=True)],
        ["+15700 2001:db8:5::5/128 throw", "+15700 ::/0 unreachable", "+rule 32256", "+rule 32257", "+15700 ::/0 vti6"],
    ),
    (
        "IPv6 by an IPv4 underlay",
        [wanted("::/0", guard=True, underlay_exception=True)],
        ["+15700 ::/0 unreachable", "+rule 32256", "+rule 32257", "+15700 ::/0 vti1"],
    ),
    (
        "exception alone",
        [wanted("203.0.113.0/24", underlay_exception=True)],
        ["+15700 203.0.113.5/32 throw", "+rule 32016", "+rule 32017", "+15700 203.0.113.0/24 vti1"],
    ),
    ("exception not needed", [wanted("10.2.0.0/24", underlay_exception=True)], ["+254 10.2.0.0/24 vti1"]),
    (
        "another table",
        [wanted("0.0.0.0/0", table=9, guard=True, underlay_exception=True)],
        ["+9 203.0.113.5/32 throw", "+9 0.0.0.0/0 unreachable", "+9 0.0.0.0/0 vti1"],
    ),
    (
        "two ways to one destination",
        [wanted("10.2.0.0/24", guard=True), wanted("10.2.0.0/24", "vti2", 9, guard=True)],
        ["+254 10.2.0.0/24 unreachable", "+254 10.2.0.0/24 vti1", "+254 10.2.0.0/24 vti2"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "desired", "expected"), FROM_NOTHING, ids=lambda one: str(one)[:24]
)
def test_from_nothing_and_back(name: str, desired: list[WantedRoute], expected: list[str]) -> None:
    steps = steps_of(desired, EMPTY)
    assert shown(steps) == expected, name
    there = apply(EMPTY, steps)
    assert shown(steps_of(desired, there)) == []
    absent = [WantedRoute(replace(one.route, hops=()), present=False) for one in desired]
    down = steps_of(absent, there)
    assert apply(there, down) == EMPTY
    # In reverse: the route first, what guards it last.
    assert shown(down)[0].endswith(("vti1", "vti2", "vti6"))
    off = [one.rsplit(" ", 1)[1] for one in shown(down) if "rule" not in one]
    assert off == sorted(off, key=lambda way: ("vti" not in way, way == "throw"))
    assert apply(there, steps_of([], there, purge=True)) == EMPTY


@pytest.mark.parametrize(("dst", "dev"), [("0.0.0.0/0", "vti1"), ("::/0", "vti6")])
def test_the_host_s_default_route_at_the_same_metric(dst: str, dev: str) -> None:
    kernel = replace(EMPTY, routes=HOST_AT_ZERO)
    desired = [wanted(dst, dev, guard=True, underlay_exception=True)]
    there = apply(kernel, steps_of(desired, kernel))
    assert steps_of(desired, there) == []
    absent = [WantedRoute(replace(desired[0].route, hops=()), present=False)]
    gone = apply(there, steps_of(absent, there))
    assert gone == kernel
    assert steps_of(absent, gone) == []
    if "." in dst:
        assert shown(steps_of(absent, gone, adopt=True)) == ["-254 0.0.0.0/0 eth0"]


def test_a_foreign_route_moves_the_guard_and_no_packet_is_lost() -> None:
    desired = [wanted("10.2.0.0/24", metric=10, guard=True)]
    there = apply(EMPTY, steps_of(desired, EMPTY))
    crowded = replace(there, routes=(*there.routes, foreign("10.2.0.0/24")))
    moved = steps_of(desired, crowded)
    assert shown(moved) == [
        "+15700 10.2.0.0/24 unreachable",
        "+15700 10.2.0.0/24 vti1",
        "+rule 32016",
        "+rule 32017",
        "-254 10.2.0.0/24 vti1",
        "-254 10.2.0.0/24 unreachable",
    ]
    after = apply(crowded, moved)
    assert shown(steps_of(desired, after)) == []
    alone = replace(
        after, routes=tuple(one for one in after.routes if one.protocol != 16 or one in HOST)
    )
    back = steps_of(desired, alone)
    assert shown(back) == [
        "+254 10.2.0.0/24 unreachable",
        "+254 10.2.0.0/24 vti1",
        "-rule 32017",
        "-rule 32016",
        "-15700 10.2.0.0/24 vti1",
        "-15700 10.2.0.0/24 unreachable",
    ]
    assert apply(alone, back) == replace(there, routes=apply(alone, back).routes)


NO_COMPETITION = [
    FoundRoute(replace(route("10.2.0.0/24", "vti2", 20)), PROTOCOL),
    FoundRoute(Route(RouteIdentity(4, 254, "10.2.0.0/24", 0, 50), "blackhole"), 16),
    foreign("10.2.0.0/16"),
    foreign("10.2.0.0/25"),
]
COMPETITION = [
    foreign("10.2.0.0/24"),
    FoundRoute(route("10.2.0.0/24", "eth0", 20), PROTOCOL),
    FoundRoute(
        replace(route("10.2.0.0/24", "eth0", 20), hops=(NextHop(gateway="192.0.2.254"),)), 16
    ),
]


@pytest.mark.parametrize("other", NO_COMPETITION, ids=str)
def test_no_competitor(other: FoundRoute) -> None:
    kernel = replace(EMPTY, routes=(*HOST, other))
    assert "+254 10.2.0.0/24 vti1" in shown(steps_of([wanted("10.2.0.0/24", guard=True)], kernel))


def test_a_foreign_route_in_the_same_place() -> None:
    desired = [wanted("10.2.0.0/24", guard=True)]
    kernel = replace(EMPTY, routes=(*HOST, foreign("10.2.0.0/24", metric=0)))
    steps = steps_of(desired, kernel)
    assert "+15700 10.2.0.0/24 vti1" in shown(steps)
    there = apply(kernel, steps)
    assert steps_of(desired, there) == []
    absent = [WantedRoute(replace(desired[0].route, hops=()), present=False)]
    assert apply(there, steps_of(absent, there)) == kernel
    assert "+254 10.2.0.0/24 vti1" in shown(steps_of(desired, kernel, adopt=True))
    by_hand = replace(EMPTY, routes=(*HOST, foreign("10.2.0.0/24", "vti1", metric=0)))
    assert "+254 10.2.0.0/24 vti1" in shown(steps_of(desired, by_hand))


@pytest.mark.parametrize("other", COMPETITION, ids=str)
def test_competitor(other: FoundRoute) -> None:
    kernel = replace(EMPTY, routes=(*HOST, other))
    assert "+15700 10.2.0.0/24 vti1" in shown(steps_of([wanted("10.2.0.0/24", guard=True)], kernel))


def test_a_competitor_in_a_table_of_the_users_own() -> None:
    other = FoundRoute(route("10.2.0.0/24", "eth0", 100, table=9), 16)
    kernel = replace(EMPTY, routes=(*HOST, other))
    assert steps_of([wanted("10.2.0.0/24", table=9)], kernel)
    with pytest.raises(ConflictError, match=r"10\.2\.0\.0/24 table 9 .*guard cannot hold"):
        steps_of([wanted("10.2.0.0/24", table=9, guard=True)], kernel)


def test_a_listed_way_around_the_tunnel_competes() -> None:
    desired = [wanted("10.2.0.0/24", guard=True), wanted("10.2.0.0/24", "eth0", 50)]
    steps = steps_of(desired, EMPTY)
    assert "+15700 10.2.0.0/24 vti1" in shown(steps)
    assert "+254 10.2.0.0/24 eth0" in shown(steps)
    assert steps_of(desired, apply(EMPTY, steps)) == []


def test_the_guard_stays_when_the_device_is_gone() -> None:
    there = apply(
        EMPTY, steps_of([wanted("0.0.0.0/0", guard=True, underlay_exception=True)], EMPTY)
    )
    without = replace(
        there,
        links={name: link for name, link in LINKS.items() if name != "vti1"},
        routes=tuple(one for one in there.routes if "vti1" not in one.route.devices),
    )
    assert steps_of([wanted("10.9.0.0/24", "vti2")], without) != []
    assert not [
        one for one in shown(steps_of([wanted("10.9.0.0/24", "vti2")], without)) if "-" in one
    ]
    gone = steps_of([WantedRoute(replace(route("0.0.0.0/0", ""), hops=()), present=False)], without)
    assert shown(gone) == [
        "-rule 32065",
        "-rule 32064",
        "-15700 0.0.0.0/0 unreachable",
        "-15700 203.0.113.5/32 throw",
    ]
    assert steps_of([], without, purge=True, owner="b") == []
    assert len(steps_of([], without, purge=True)) == 4


def test_two_owners_guard_one_destination() -> None:
    mine = [wanted("0.0.0.0/0", metric=10, guard=True, underlay_exception=True)]
    theirs = [wanted("0.0.0.0/0", "b", 20, guard=True, underlay_exception=True)]
    one = apply(EMPTY, steps_of(mine, EMPTY))
    both = apply(one, steps_of(theirs, one, owner="b"))
    assert steps_of(mine, both) == []
    assert steps_of(theirs, both, owner="b") == []
    rest = apply(both, steps_of([], both, purge=True, owner="b"))
    assert set(rest.routes) == set(one.routes)
    assert rest.rules == one.rules


def test_guard_off() -> None:
    there = apply(
        EMPTY, steps_of([wanted("0.0.0.0/0", guard=True, underlay_exception=True)], EMPTY)
    )
    steps = steps_of([wanted("0.0.0.0/0", underlay_exception=True)], there)
    assert shown(steps) == ["-15700 0.0.0.0/0 unreachable"]
    plain = apply(EMPTY, steps_of([wanted("10.2.0.0/24", guard=True)], EMPTY))
    assert shown(steps_of([wanted("10.2.0.0/24")], plain)) == ["-254 10.2.0.0/24 unreachable"]


def test_a_guard_serves_the_routes_that_are_left() -> None:
    desired = [wanted("10.2.0.0/24", guard=True), wanted("10.2.0.0/24", "vti2", 9)]
    there = apply(EMPTY, steps_of(desired, EMPTY))
    first = [WantedRoute(route("10.2.0.0/24", "vti1"), present=False)]
    assert shown(steps_of(first, there)) == ["-254 10.2.0.0/24 vti1"]
    assert shown(steps_of([desired[1]], there)) == []


def test_loop() -> None:
    with pytest.raises(ConflictError, match=r"203\.0\.113\.5, the remote of vti1"):
        steps_of([wanted("0.0.0.0/0", guard=True)], EMPTY)
    with pytest.raises(ConflictError, match=r"203\.0\.113\.5, the remote of vti1"):
        steps_of([wanted("203.0.113.0/24")], EMPTY)
    host_route = replace(EMPTY, routes=(*HOST, foreign("203.0.113.5/32")))
    assert steps_of([wanted("0.0.0.0/0", guard=True)], host_route)
    fixed = [wanted("203.0.113.0/24"), wanted("203.0.113.5/32", "eth0")]
    assert steps_of(fixed, EMPTY)


@pytest.mark.parametrize(
    ("dst", "dev", "warns"),
    [
        ("0.0.0.0/0", "xfrm7", True),
        ("::/0", "any", True),
        ("10.2.0.0/24", "xfrm7", False),
        ("0.0.0.0/0", "vti1", False),
        ("0.0.0.0/0", "eth0", False),
    ],
)
def test_an_unknown_peer_cannot_be_excepted(dst: str, dev: str, warns: bool) -> None:
    links = {
        **LINKS,
        "xfrm7": Link(7, "xfrm7", up=True, alias=MINE, data=XfrmData(if_id=7)),
        "any": Link(8, "any", up=True, alias=MINE, data=VtiData("192.0.2.1", "0.0.0.0", 8, 8)),
    }
    desired = [wanted(dst, dev, guard=True, underlay_exception=True)]
    plan = plan_guarded(desired, replace(EMPTY, links=links), Policy(), PROTOCOL)
    assert [dev in warning for warning in plan.warnings] == [True] * warns


def test_a_new_remote_moves_the_exception() -> None:
    desired = [wanted("0.0.0.0/0", guard=True, underlay_exception=True)]
    there = apply(EMPTY, steps_of(desired, EMPTY))
    data = VtiData("192.0.2.1", "203.0.113.9", 1, 1)
    changed = replace(there, links={**LINKS, "vti1": replace(LINKS["vti1"], data=data)})
    assert shown(steps_of(desired, changed)) == [
        "+15700 203.0.113.9/32 throw",
        "-15700 203.0.113.5/32 throw",
    ]


def test_tables_to_read() -> None:
    def tables(kernel: Routes, *desired: WantedRoute) -> set[tuple[int, int]]:
        return set(tables_to_read(list(desired), kernel, Policy(), PROTOCOL))

    desired = [wanted("10.2.0.0/24"), wanted("fd02::/64", "vti6")]
    there = apply(EMPTY, steps_of(desired, EMPTY))
    assert tables(there, *desired) == set()
    assert tables(there, wanted("10.2.0.0/24", guard=True)) == {(4, 254)}
    loops = wanted("203.0.113.0/24")
    assert tables(there, loops) == {(4, 254)}
    ruled = replace(there, rules=(*RULES, Rule(4, 9, 9), *rules_of(4, "0.0.0.0/0", PROTOCOL)))
    assert tables(ruled, loops) == {(4, 254), (4, 9), (4, GUARD_TABLE)}


WRONG = [
    (wanted("10.2.0.0/24", table=GUARD_TABLE), "table 15700 is that of guards"),
    (wanted("10.2.0.0/24", metric=METRIC, guard=True), "metrics from 4278190080 on"),
    (
        WantedRoute(Route(RouteIdentity(4, 254, "10.2.0.0/24", 16, 0)), guard=True),
        "tos 16",
    ),
]


@pytest.mark.parametrize(("one", "words"), WRONG)
def test_wrong(one: WantedRoute, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_guards([one])


def test_a_throw_route_of_the_users_own_may_stand_in_the_guards_table() -> None:
    identity = RouteIdentity(4, GUARD_TABLE, "203.0.113.77/32", 0, 0)
    check_guards([WantedRoute(Route(identity, "throw"))])
