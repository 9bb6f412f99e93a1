# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change of a connection interrupts: the forecast against what happens to SAs and pings."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.live_connection import (
    KEEPS_IKE,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.versions import (
    parse_version,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair, wait_until
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_conn"
START = {"start_action": "start"}
TRAP = {"start_action": "trap"}
GCM = {"esp_proposals": ["aes256gcm16"]}


@dataclass(frozen=True)
class Row:
    """A change of a connection, and what it interrupts."""

    level: str
    reason: str
    before: Options = field(default_factory=dict)
    child: Options = field(default_factory=dict)
    connection: Options = field(default_factory=dict)
    in_force: bool = False
    ends: bool = True
    """Whether SAs end; otherwise they live on beside a second one, and a packet may be lost."""


ROWS = {
    "child": Row("none", "children.net.updown changes", child={"updown": "/bin/true"}),
    "proposals of a child": Row("none", "children.net.esp_proposals changes", child=GCM),
    "proposals of a trapped child": Row("none", "children.net.esp_proposals", TRAP, GCM),
    "marks of a trapped child": Row(
        *("none", "children.net.mark_in and children.net.mark_out change"),
        *(TRAP, {"mark_in": "42", "mark_out": "42"}),
    ),
    "a trap more": Row("none", "children.net.start_action changes", child=TRAP),
    "a trap less": Row("none", "children.net.start_action changes", TRAP, {"start_action": "none"}),
    "to be started": Row(
        "child", "charon starts a second SA of children.net", child=START, ends=False
    ),
    "proposals of a started child": Row(
        "start", "children.net.esp_proposals changes", START, GCM, in_force=True
    ),
    "a trapped and started child": Row(
        *("start", "children.net.esp_proposals changes"),
        *({"start_action": "trap|start"}, GCM),
        in_force=True,
    ),
    "started no longer": Row(
        *("ike", "children.net.start_action changes", START, {"start_action": "none"}),
        in_force=True,
    ),
    "IKE": Row("none", "dpd_delay changes", connection={"dpd_delay": "50s"}),
    "IKE of a trapped child": Row("none", "dpd_delay", TRAP, {}, {"dpd_delay": "50s"}),
    "IKE of a started child": Row(
        "ike", "dpd_delay changes", START, {}, {"dpd_delay": "50s"}, in_force=True
    ),
    "what charon does not notice": Row(
        "ike", "dpd_timeout changes", START, {}, {"dpd_timeout": "50s"}, in_force=True
    ),
    "two of them": Row(
        *("none", "dpd_delay and unique change"),
        connection={"dpd_delay": "50s", "unique": "replace"},
    ),
}


def ids(pair: Pair) -> list[tuple[set[str], set[str]]]:
    """Return the SAs of both hosts: those of IKE, and children."""
    return [
        (
            {one["initiator-spi"] for one in host.sas() if one["state"] == "ESTABLISHED"},
            {one["spi-in"] for one in host.children() if one["state"] == "INSTALLED"},
        )
        for host in pair.hosts
    ]


def happened(
    before: list[tuple[set[str], set[str]]], after: list[tuple[set[str], set[str]]]
) -> str:
    """Return what ended, in the forecast's words."""
    pairs = list(zip(before, after, strict=True))
    if any(old[0] - new[0] for old, new in pairs):
        return "ike"
    return "child" if any(old[1] - new[1] for old, new in pairs) else "none"


def expected(row: Row, pair: Pair) -> str:
    """Return the level of a row: older versions end the IKE SA together with its only child."""
    if row.level != "start":
        return row.level
    with pair.node.client() as vici:
        version = parse_version(charon.daemon_version(vici)) or ()
    return "child" if version >= KEEPS_IKE else "ike"


def settle(pair: Pair, row: Row) -> None:
    """Wait until the peer has followed what the node does."""
    starts = {**row.before, **row.child}.get("start_action", "")
    if not row.ends:
        wait_until(
            lambda: all(len(host.children()) == 2 for host in pair.hosts), "there is no second SA"
        )
    elif "start" in starts:
        for host in pair.hosts:
            wait_until(host.is_up, f"{host.name}: the child does not come up again")
    elif row.level != "none":
        wait_until(lambda: not pair.peer.is_up(), "the peer keeps the child")


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_forecast(pair: Pair, row: Row) -> None:
    pair.establish(row.before)
    options = pair.connection(pair.node, {**row.before, **row.child}, **row.connection)
    before = ids(pair)
    level = expected(row, pair)
    promised = run_module(MODULE, check=True, **options)
    assert promised["connections"][0]["disruption"] == level
    assert ids(pair) == before
    if level != "none":
        message = refused(MODULE, **options, allow_disruption="none")
        assert f"(disruption {level})" in message
        assert row.reason in message
        result = run_module(MODULE, **options)
    else:
        with pair.ping() as ping:
            result = run_module(MODULE, **options, allow_disruption="none")
            ping.wait_for_a_reply()
        assert ping.lost == 0
    assert result["actions"] == promised["actions"]
    assert result["connections"] == promised["connections"]
    assert row.reason in result["connections"][0]["disruption_reason"]
    assert f"; disruption {level}: " in result["actions"][0]["reason"]
    assert result["connections"][0]["in_force"] == row.in_force
    settle(pair, row)
    assert happened(before, ids(pair)) == (level if row.ends else "none")
    assert unchanged(MODULE, **options)["connections"][0]["in_force"] == row.in_force


def test_no_sa_nothing_to_interrupt(pair: Pair) -> None:
    pair.load()
    options = pair.connection(pair.node, START, dpd_delay="50s")
    (told,) = changed(MODULE, **options, allow_disruption="none")["connections"]
    assert (told["disruption"], told["disruption_reason"]) == ("none", "no SA is up")
