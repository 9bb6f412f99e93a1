# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forecasts of what a change interrupts; tests/charon proves them against charon."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import ChildSa, IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection_difference import (
    difference,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.disruption import (
    Forecast,
    check_disruption,
    forecast,
    live,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

Options = dict[str, t.Any]
START = {"start_action": "start"}
TRAP = {"start_action": "trap"}


def connection(children: dict[str, Options], **options: t.Any) -> Section:
    """Return a connection with these children."""
    listed = [{"name": name, **own} for name, own in children.items()]
    entry = {"name": "gw", "state": "present", "children": listed, **options}
    return parse_connection(entry).section


def ike(*children: str, state: str = "ESTABLISHED", uniqueid: int = 1) -> IkeSa:
    """Return an IKE SA with children; a name that ends with C(!) is one that is about to end."""
    return IkeSa(
        name="gw",
        uniqueid=uniqueid,
        version=2,
        state=state,
        children=tuple(
            ChildSa(
                *(name.strip("!"), number, 1),
                *("DELETING" if name.endswith("!") else "INSTALLED", "TUNNEL"),
            )
            for number, name in enumerate(children, start=1)
        ),
    )


@dataclass(frozen=True)
class Row:
    """A change, and what it interrupts with version 5.9 and with 6.0."""

    before: Section
    after: Section | None
    sas: tuple[IkeSa, ...]
    level: str
    newer: str
    reason: str


A: dict[str, Options] = {"a": {}}
ROWS = {
    "no SA": Row(connection(A), None, (), "none", "none", "no SA is up"),
    "an SA that ends": Row(
        connection({"a": START}), None, (ike("a", state="DELETING"),), "none", "none", "no SA"
    ),
    "unloaded": Row(connection(A), None, (ike("a"),), "none", "none", "leaves SAs alone"),
    "unloaded, started": Row(
        connection({"a": START}), None, (ike("a"),), "ike", "ike", "the connection is unloaded"
    ),
    "unloaded, one of two started": Row(
        connection({"a": START, "b": {}}), None, (ike("a", "b"),), "child", "child", "children.a"
    ),
    "unloaded, the other ends already": Row(
        connection({"a": START, "b": {}}), None, (ike("a", "b!"),), "ike", "ike", "children.a"
    ),
    "IKE": Row(
        *(connection({"a": START}), connection({"a": START}, dpd_delay="1m"), (ike("a"),)),
        *("ike", "ike", "dpd_delay changes, and charon ends the SAs of children.a"),
    ),
    "IKE, being initiated": Row(
        connection({"a": START}),
        connection({"a": START}, dpd_delay="1m"),
        (ike(state="CONNECTING"),),
        *("none", "none", "dpd_delay"),
    ),
    "IKE, trapped": Row(
        *(connection({"a": TRAP}), connection({"a": TRAP}, dpd_delay="1m"), (ike("a"),)),
        *("none", "none", "dpd_delay changes, and charon leaves SAs alone"),
    ),
    "child": Row(
        *(connection({"a": START}), connection({"a": {**START, "updown": "x"}}), (ike("a"),)),
        *("ike", "child", "children.a.updown changes"),
    ),
    "child of two": Row(
        connection({"a": START, "b": {**START, "inactivity": "1h"}}),
        connection({"a": {**START, "updown": "x"}, "b": {**START, "inactivity": "1h"}}),
        (ike("a", "b"),),
        *("child", "child", "children.a.updown changes"),
    ),
    "started no longer": Row(
        *(connection({"a": START}), connection({"a": {}}), (ike("a"),)),
        *("ike", "ike", "children.a.start_action changes"),
    ),
    "to be started": Row(
        *(connection({"a": {}}), connection({"a": START}), (ike("a"),)),
        *("child", "child", "children.a.start_action changes"),
    ),
    "to be started, its SA ends already": Row(
        *(connection({"a": {}}), connection({"a": START}), (ike("a!"),)),
        *("none", "none", "children.a.start_action changes"),
    ),
    "to be started, another one is up": Row(
        connection({"a": {}, "b": {"updown": "x"}}),
        connection({"a": START, "b": {"updown": "x"}}),
        (ike("b"),),
        *("none", "none", "children.a.start_action changes"),
    ),
    "to be started, with a change of IKE": Row(
        connection({"a": {}}),
        connection({"a": START}, dpd_delay="1m"),
        (ike("a"),),
        *("child", "child", "charon starts a second SA of children.a"),
    ),
    "child taken out": Row(
        *(connection({"a": START, "b": {}}), connection({"b": {}}), (ike("a", "b"),)),
        *("child", "child", "children.a is taken out"),
    ),
    "child more": Row(
        *(connection({"a": START}), connection({"a": START, "b": {"updown": "x"}}), (ike("a"),)),
        *("none", "none", "children.b is new, and charon takes no child out"),
    ),
    "another notation": Row(
        connection({"a": {**START, "rekey_time": "1h"}}),
        connection({"a": {**START, "rekey_time": "3600"}}),
        *((ike("a"),), "none", "none", "nothing that charon compares"),
    ),
    "another name of a child": Row(
        *(connection({"a": START}), connection({"b": START}), (ike("a"),)),
        *("none", "none", "nothing that charon compares"),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_forecast(row: Row) -> None:
    for level, keeps in ((row.level, False), (row.newer, True)):
        told = forecast(row.before, row.after, row.sas, keeps_ike=keeps)
        assert (told.level, row.reason in told.reason) == (level, True), told.reason


def test_survivors() -> None:
    before = connection({"a": START, "b": {}})
    told = forecast(before, None, [ike("a", "b"), ike("a", uniqueid=2)], keeps_ike=True)
    assert told.level == "ike"
    assert [(one.uniqueid, [child.name for child in one.children]) for one in told.survivors] == [
        (1, ["b"])
    ]


def test_nobody_knows_what_charon_holds() -> None:
    told = forecast(None, connection(A), [ike("a")], keeps_ike=True)
    assert (told.level, told.survivors) == ("ike", (ike("a"),))


def test_live() -> None:
    assert live([ike("a", "b!"), ike("c", state="DELETING")]) == (ike("a"),)


def test_what_charon_does_not_notice() -> None:
    before = connection(A)
    assert difference(before, connection(A, dpd_timeout="1m")).unnoticed
    assert not difference(before, connection(A, dpd_timeout="1m", dpd_delay="1m")).unnoticed
    assert not difference(before, before).unnoticed


ALLOWED = [("none", {"a", "b"}), ("child", {"b"})]


@pytest.mark.parametrize(("allowed", "named"), ALLOWED)
def test_more_than_is_allowed(allowed: str, named: set[str]) -> None:
    forecasts = {
        "connection a": Forecast("child", "x changes"),
        "connection b": Forecast("ike", "y changes"),
        "connection c": Forecast("none", "z changes"),
    }
    check_disruption(forecasts, "ike")
    with pytest.raises(ConflictError) as error:
        check_disruption(forecasts, allowed)
    for name in "abc":
        assert (f"connection {name}" in str(error.value)) == (name in named)
    assert f"allow_disruption is {allowed}" in str(error.value)
    assert "give allow_disruption: ike" in str(error.value)


def test_many_are_not_all_shown() -> None:
    forecasts = {f"connection {number}": Forecast("child", "x") for number in range(1000)}
    with pytest.raises(ConflictError, match="and 995 more"):
        check_disruption(forecasts, "none")
