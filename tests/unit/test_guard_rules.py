# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of guards, the marks in their metrics, and lookups by rules and tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import rule as wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import (
    GUARD_TABLE,
    RULE_FIRST,
    RULE_LAST,
    guard_metric,
    is_guard_metric,
    rules_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Link,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import Rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lookup import Lookup, Way
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.loop import (
    Covered,
    check_loops,
    may_loop,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.rule import (
    AddRule,
    DeleteRule,
    plan_rules,
)

PROTOCOL = 157
MAIN = [Rule(version, 0, 255) for version in (4, 6)] + [
    Rule(version, 32766, 254) for version in (4, 6)
]
DEFAULT4 = list(rules_of(4, "0.0.0.0/0", PROTOCOL))
TEN = list(rules_of(4, "10.0.0.0/8", PROTOCOL))


@pytest.mark.parametrize("owner", ["default", "a", "site-7.example", "x" * 64])
def test_the_metric_names_the_owner(owner: str) -> None:
    metric = guard_metric(owner)
    assert is_guard_metric(metric)
    assert metric < 2**32 - 1
    assert metric != guard_metric(owner + "2")


@pytest.mark.parametrize(
    ("version", "dst", "first"),
    [
        (4, "0.0.0.0/0", 32064),
        (4, "10.0.0.0/8", 32048),
        (4, "10.2.0.1/32", RULE_FIRST),
        (6, "::/0", RULE_LAST - 1),
        (6, "fd02::/64", 32128),
        (6, "fd02::1/128", RULE_FIRST),
    ],
)
def test_longer_prefixes_come_first(version: int, dst: str, first: int) -> None:
    more_specific, guarded = rules_of(version, dst, PROTOCOL)
    assert (more_specific.priority, guarded.priority) == (first, first + 1)
    assert (more_specific.table, guarded.table) == (254, GUARD_TABLE)
    assert more_specific.suppress == int(dst.split("/")[1])


def test_rules_are_added_once() -> None:
    default = {(4, "0.0.0.0/0")}
    added, removed = plan_rules(default, default, MAIN, PROTOCOL)
    assert [step for change in added for step in change.steps] == [AddRule(r) for r in DEFAULT4]
    assert not removed
    assert plan_rules(default, set(), MAIN, PROTOCOL) == ((), ())
    there = [*MAIN, *(replace(rule, protocol=201) for rule in DEFAULT4)]
    assert plan_rules(default, default, there, PROTOCOL) == ((), ())


def test_rules_are_removed_in_reverse() -> None:
    found = [*TEN, *DEFAULT4, *MAIN]
    _added, removed = plan_rules(set(), {(4, "0.0.0.0/0")}, found, PROTOCOL)
    assert [step for change in removed for step in change.steps] == [
        DeleteRule(rule) for rule in reversed(DEFAULT4)
    ]
    assert len(plan_rules(set(), set(), found, PROTOCOL, purge=True)[1]) == 4
    assert plan_rules({(4, "0.0.0.0/0"), (4, "10.0.0.0/8")}, set(), found, PROTOCOL)[1] == ()


def test_foreign_rules_stay() -> None:
    foreign = [
        replace(TEN[0], protocol=0),
        replace(TEN[0], priority=100),
        replace(TEN[1], table=100),
        replace(TEN[1], src="10.1.0.0/16"),
        replace(TEN[1], narrow=True),
    ]
    assert plan_rules(set(), set(), foreign, PROTOCOL, purge=True) == ((), ())


def vti(remote: str, local: str = "192.0.2.1", fwmark: int = 0) -> VtiData:
    """Return the attributes of a VTI."""
    return VtiData(local, remote, 1, 1, fwmark=fwmark)


LINKS = {
    "eth0": Link(1, "eth0", up=True),
    "vti1": Link(2, "vti1", up=True, data=vti("203.0.113.5")),
    "vti2": Link(3, "vti2", up=True, data=vti("198.51.100.7")),
    "vti6": Link(4, "vti6", up=True, data=vti("2001:db8:5::5", "2001:db8::1")),
    "marked": Link(5, "marked", up=True, data=vti("203.0.113.6", fwmark=9)),
    "any": Link(6, "any", up=True, data=vti("0.0.0.0")),
    "xfrm1": Link(7, "xfrm1", up=True, data=XfrmData(if_id=7)),
}
HOST = Way(4, 254, "0.0.0.0/0", 100, "unicast", ("eth0",))
HOST6 = Way(6, 254, "::/0", 1024, "unicast", ("eth0",))


def way(dst: str, dev: str, table: int = 254, metric: int = 0, kind: str = "unicast") -> Way:
    """Return a route."""
    return Way(6 if ":" in dst else 4, table, dst, metric, kind, (dev,) if dev else ())


LOOKUPS = [
    ("the longest prefix", [HOST, way("10.0.0.0/8", "a"), way("10.2.0.0/16", "b")], [], "b"),
    ("the lowest metric", [way("10.0.0.0/8", "a", metric=9), way("10.0.0.0/8", "b")], [], "b"),
    ("another table first", [HOST, way("0.0.0.0/0", "a", 9)], [Rule(4, 9, 9)], "a"),
    ("suppressed", [HOST, way("0.0.0.0/0", "a", 9)], [Rule(4, 9, 9, suppress=0)], "eth0"),
    ("thrown", [HOST, way("0.0.0.0/0", "", 9, kind="throw")], [Rule(4, 9, 9)], "eth0"),
    (
        "another source",
        [HOST, way("10.2.0.0/16", "a", 9)],
        [Rule(4, 9, 9, src="1.0.0.0/8")],
        "eth0",
    ),
    ("this source", [HOST, way("10.2.0.0/16", "a", 9)], [Rule(4, 9, 9, src="192.0.2.1/32")], "a"),
    ("a mark", [HOST, way("10.2.0.0/16", "a", 9)], [Rule(4, 9, 9, mark=1, mask=1)], "eth0"),
    ("an interface", [HOST, way("10.2.0.0/16", "a", 9)], [Rule(4, 9, 9, narrow=True)], "eth0"),
]


@pytest.mark.parametrize(
    ("name", "ways", "rules", "device"), LOOKUPS, ids=lambda one: str(one)[:20]
)
def test_lookup(name: str, ways: list[Way], rules: list[Rule], device: str) -> None:
    found = Lookup([*MAIN, *rules], ways).way("192.0.2.1", "10.2.0.1")
    assert found is not None, name
    assert found.devices == (device,)


def test_lookup_of_nothing() -> None:
    assert Lookup(MAIN, [HOST]).way("2001:db8::1", "2001:db8::2") is None
    unreachable = Rule(4, 9, 0, action=7)
    assert Lookup([*MAIN, unreachable], [HOST]).way("192.0.2.1", "10.2.0.1") is None


LOOPS = [
    ("the default", way("0.0.0.0/0", "vti1"), [], []),
    ("IPv6", way("::/0", "vti6"), [HOST6], []),
    ("the peer's network", way("203.0.113.0/24", "vti1"), [HOST], []),
    ("the peer alone", way("203.0.113.5/32", "vti1"), [HOST], []),
    ("by another tunnel", way("198.51.100.0/24", "vti1"), [HOST, way("203.0.113.0/24", "vti2")], []),
    ("by a rule", way("0.0.0.0/0", "vti1", 9), [HOST], [Rule(4, 9, 9)]),
    ("guarded", way("0.0.0.0/0", "vti1", GUARD_TABLE), [HOST], DEFAULT4),
]  # fmt: skip
NO_LOOPS = [
    ("elsewhere", way("10.2.0.0/16", "vti1"), [HOST], []),
    ("worse metric", way("0.0.0.0/0", "vti1", metric=200), [HOST], []),
    ("a more specific route", way("0.0.0.0/0", "vti1"), [way("203.0.113.5/32", "eth0")], []),
    ("an unused table", way("0.0.0.0/0", "vti1", 9), [HOST], []),
    ("a table for a network", way("0.0.0.0/0", "vti1", 9), [HOST], [Rule(4, 9, 9, src="10.1.0.0/16")]),
    ("a tunnel in a tunnel", way("198.51.100.0/24", "vti1"), [HOST], []),
    ("a mark of its own", way("203.0.113.6/32", "marked"), [HOST], []),
    ("an unknown peer", way("0.0.0.0/0", "any"), [way("192.0.2.0/24", "eth0")], []),
    ("an unknown peer of XFRM", way("0.0.0.0/0", "xfrm1"), [], []),
    (
        "guarded, with the exception",
        way("0.0.0.0/0", "vti1", GUARD_TABLE),
        [HOST, way("203.0.113.5/32", "", GUARD_TABLE, guard_metric("default"), "throw")],
        DEFAULT4,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "route", "others", "rules"), LOOPS, ids=lambda one: str(one)[:20])
def test_loop(name: str, route: Way, others: list[Way], rules: list[Rule]) -> None:
    with pytest.raises(ConflictError, match=r"route X: it covers .*underlay_exception: true"):
        check_loops({route: "route X"}, Lookup([*MAIN, *rules], [route, *others]), LINKS)
    assert may_loop([route.dst], LINKS.values()), name


@pytest.mark.parametrize(("name", "route", "others", "rules"), NO_LOOPS, ids=lambda o: str(o)[:20])
def test_no_loop(name: str, route: Way, others: list[Way], rules: list[Rule]) -> None:
    check_loops({route: name}, Lookup([*MAIN, *rules], [route, *others]), LINKS)


def test_a_loop_of_others_is_not_ours_to_refuse() -> None:
    theirs, ours = way("203.0.113.5/32", "vti1"), way("0.0.0.0/0", "vti1", metric=200)
    check_loops({ours: "ours"}, Lookup(MAIN, [theirs, ours, HOST]), LINKS)


def test_covered() -> None:
    covered = Covered(["10.0.0.0/8", "fd02::/64"])
    assert "10.2.3.4" in covered
    assert "fd02::1" in covered
    assert "11.0.0.1" not in covered
    assert "fd03::1" not in covered


WIRE = [*DEFAULT4, *TEN, *rules_of(6, "::/0", 201), *rules_of(6, "fd02::/64", 201)]


@pytest.mark.parametrize("rule", WIRE, ids=lambda rule: rule.object)
def test_a_rule_survives_the_wire(rule: Rule) -> None:
    packed = wire.add(rule)
    assert wire.decode(rule.version, packed, 16, len(packed)) == rule
