# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a host is told, each fault in a line; a host that is well has none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.health import (
    Health,
    Pinged,
    read_ping,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_wanted import (
    Wanted,
    read_wanted,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    Route,
    RouteIdentity,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import Mark, XfrmPolicy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.health import (
    find_faults,
    summary,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.preflight import FIELDS

NO_SA = "no SA is installed, so what is routed here is dropped"


def device(rx: int = 0, tx: int = 0, **facts: Any) -> dict[str, Any]:
    return {
        "name": "vti42",
        "ikey": 42,
        "okey": 42,
        "if_id": None,
        "external": None,
        "sa": "installed",
        "problems": [],
        "counters": {"rx_packets": rx, "tx_packets": tx},
        **facts,
    }


def charon(*problems: str, **facts: Any) -> dict[str, Any]:
    told = [
        {"kind": "connection", "name": "sun", "file": "/f", "line": 3, "problem": p}
        for p in problems
    ]
    return {"problems": told, "connections": [{"name": "sun"}], **facts}


def wanted_of(**options: Any) -> Wanted:
    defaults = {field.name: field.default for field in FIELDS}
    sound = {
        "tunnels": [{"name": "vti42", "local": "192.0.2.1", "remote": "192.0.2.2", "key": 42}],
        "connections": [{"name": "sun", "children": [{"name": "net", "mark_out": 42}]}],
    }
    wanted, refused = read_wanted({**defaults, **sound, **options})
    assert refused == []
    return wanted


WELL = Health(
    charon=charon(),
    before=[device()],
    after=[device(4, 4)],
    pinged=[Pinged("vti42", "10.2.0.1", 4, 4)],
    policies=[XfrmPolicy("out", "0.0.0.0/0", "0.0.0.0/0", mark=Mark(42, 0xFFFFFFFF))],
)
ROUTE = FoundRoute(Route(RouteIdentity(4, 220, "10.9.0.0/24", 0, 0)), 4)
DRIFT = {"object": "route 10.9.0.0/24", "action": "remove", "reason": "it is not wanted"}
MARKED = XfrmPolicy("out", "10.1.0.0/16", "10.9.0.0/16", mark=Mark(9, 0xFFFFFFFF))

FAULTS: dict[str, tuple[Health, dict[str, Any], str, str, str]] = {
    "charon": (
        replace(WELL, charon=charon("an SA lives with the former file")),
        {},
        "charon",
        "error",
        "connection sun (file /f, line 3): an SA lives with the former file",
    ),
    "connection missing": (
        replace(WELL, charon=charon(connections=[])),
        {},
        "charon",
        "error",
        "connection sun: no file and no daemon has it",
    ),
    "connection of ours in no list": (
        replace(WELL, charon=charon(connections=[{"name": "old"}, {"name": "sun"}])),
        {"purge": True},
        "orphans",
        "error",
        "connection old: it is of owner default, and in no list",
    ),
    "the same without purge": (
        replace(WELL, charon=charon(connections=[{"name": "old"}, {"name": "sun"}])),
        {},
        "orphans",
        "warning",
        "connection old",
    ),
    "no SA": (
        replace(WELL, after=[device(4, 4, problems=[NO_SA])]),
        {},
        "sas",
        "error",
        "tunnel vti42: no SA is installed",
    ),
    "no SA, not pinged": (
        replace(WELL, pinged=[], after=[device(problems=[NO_SA])]),
        {},
        "sas",
        "warning",
        "tunnel vti42: no SA is installed",
    ),
    "device down": (
        replace(WELL, pinged=[], after=[device(problems=["the device is down"])]),
        {},
        "devices",
        "error",
        "tunnel vti42: the device is down",
    ),
    "no answer": (
        replace(WELL, pinged=[Pinged("vti42", "10.2.0.1", 4, 0)]),
        {},
        "pings",
        "error",
        "none of 4 pings to 10.2.0.1 was answered",
    ),
    "no route": (
        replace(WELL, pinged=[Pinged("vti42", "10.2.0.1", 0, 0)]),
        {},
        "pings",
        "error",
        "no ping to 10.2.0.1 could be sent",
    ),
    "sent around the device": (
        replace(WELL, after=[device(4, 0)]),
        {},
        "counters",
        "error",
        "the device has sent nothing",
    ),
    "answered around the device": (
        replace(WELL, after=[device(0, 4)]),
        {},
        "counters",
        "error",
        "no tunnel device has received anything",
    ),
    "drift": (
        replace(WELL, drift=[{**DRIFT, "action": "change"}]),
        {},
        "drift",
        "error",
        "a run of the role would change it (it is not wanted); run the role",
    ),
    "orphan": (replace(WELL, drift=[DRIFT]), {"purge": True}, "orphans", "error", "remove it"),
    "orphan without purge": (replace(WELL, drift=[DRIFT]), {}, "orphans", "warning", "in no list"),
    "policy without a device": (
        replace(WELL, policies=[MARKED]),
        {},
        "orphans",
        "warning",
        "mark 9: no device has this mark",
    ),
    "policy of ours without a device": (
        replace(WELL, policies=[XfrmPolicy("out", "0.0.0.0/0", "0.0.0.0/0", if_id=7)]),
        {
            "tunnels": [],
            "connections": [{"name": "sun", "if_id_out": 7, "children": [{"name": "n"}]}],
        },
        "orphans",
        "error",
        "if_id 7: no device has this if_id, so what it is for leaves in the clear",
    ),
    "table 220": (
        replace(WELL, charon_routes=[ROUTE]),
        {},
        "table_220",
        "error",
        "route 10.9.0.0/24 in table 220",
    ),
}


def test_a_host_that_is_well_has_no_fault() -> None:
    assert find_faults(wanted_of(), WELL) == []
    assert summary([], WELL) == "healthy: 1 devices, 1 with SAs, 1 pinged through"
    assert find_faults(wanted_of(), replace(WELL, charon={}, policies=None)) == []
    external = replace(WELL, after=[device(4, 4, external=True)], policies=[MARKED])
    assert find_faults(wanted_of(), external) == []
    with_routes = replace(WELL, charon_routes=[ROUTE])
    assert find_faults(wanted_of(install_routes=True), with_routes) == []


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_is_told(case: str) -> None:
    health, options, check, severity, words = FAULTS[case]
    (found,) = find_faults(wanted_of(**options), health)
    assert (found.check, found.severity) == (check, severity)
    head, line = summary([found], health).splitlines()
    assert head.startswith("not healthy: 1 error" if severity == "error" else "healthy: ")
    assert line.startswith(f"{severity}: ")
    assert words in line


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("4 packets transmitted, 3 received, 25% packet loss, time 900ms\n", (4, 3)),
        ("4 packets transmitted, 0 received, +4 errors, 100% packet loss\n", (4, 0)),
        ("4 packets transmitted, 4 packets received, 0% packet loss\n", (4, 4)),
        ("", (0, 0)),
    ],
)
def test_pings_are_counted(output: str, expected: tuple[int, int]) -> None:
    pinged = read_ping("vti42", "10.2.0.1", output)
    assert (pinged.sent, pinged.received) == expected
