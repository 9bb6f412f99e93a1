# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a change is in force, as the module tells, and as the SAs show."""

from __future__ import annotations

import time
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import CLOCK
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair, prepare, wait_until
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_conn"
CBC = {"esp_proposals": ["aes128-sha256"]}
GCM = {"esp_proposals": ["aes256gcm16"]}
BOTH = {"esp_proposals": ["aes128-sha256", "aes256gcm16"]}


def told(options: Options) -> tuple[bool, str]:
    """Return what a run without a change tells, and why; strongswan_info tells the same."""
    (one,) = unchanged(MODULE, **options)["connections"]
    where = {name: options[name] for name in ("directory", "socket")}
    subset = ["!all", "!min", "connections", "ike_sas"]
    report = run_module("strongswan_info", **where, gather_subset=subset)
    (reported,) = [each for each in report["connections"] if each["name"] == one["name"]]
    assert reported["in_force"] == one["in_force"]
    assert reported["in_force_reason"] == one["in_force_reason"]
    return one["in_force"], one["in_force_reason"]


def algorithm(pair: Pair) -> set[str]:
    """Return what the SAs of the node encrypt with."""
    return {one["encr-alg"] for one in pair.node.children() if one["state"] == "INSTALLED"}


def both(pair: Pair, child: Options, **options: t.Any) -> Options:
    """Change both hosts; return the options of the node."""
    for host in pair.hosts:
        changed(MODULE, **pair.connection(host, child, **options))
    return pair.connection(pair.node, child, **options)


def by_hand(pair: Pair) -> None:
    """End and initiate the SA by swanctl."""
    pair.node.swanctl("--terminate --ike pair")
    wait_until(lambda: not pair.peer.is_up(), "the peer keeps its SA")
    pair.node.swanctl("--initiate --child net")


def test_what_an_sa_shows_decides(pair: Pair) -> None:
    pair.establish(CBC)
    assert told(pair.connection(pair.node, CBC)) == (True, "")
    options = both(pair, GCM)
    in_force, reason = told(options)
    assert not in_force
    assert "it does not have the present esp_proposals" in reason
    assert algorithm(pair) == {"AES_CBC"}
    by_hand(pair)
    assert algorithm(pair) == {"AES_GCM_16"}
    assert told(options) == (True, "")


# Each renews the SAs in another way: the command of swanctl, and what must not be there afterwards.
RENEWALS = {
    "child": ("--rekey --child net", "children"),
    "IKE": ("--rekey --ike pair", "ike"),
    "reauthentication": ("--rekey --ike pair --reauth", "children"),
}


def spis(pair: Pair, kind: str) -> set[str]:
    """Return the SPIs of the node's SAs that are up: of IKE, or of children."""
    if kind == "ike":
        return {one["initiator-spi"] for one in pair.node.sas() if one["state"] == "ESTABLISHED"}
    return {one["spi-in"] for one in pair.node.children() if one["state"] == "INSTALLED"}


@pytest.mark.parametrize("renewal", RENEWALS)
def test_a_renewed_sa_keeps_the_former_configuration(pair: Pair, renewal: str) -> None:
    pair.establish(BOTH)
    assert algorithm(pair) == {"AES_CBC"}
    options = pair.connection(pair.node, GCM, dpd_delay="50s")
    changed(MODULE, **options)
    arguments, kind = RENEWALS[renewal]
    before = spis(pair, kind)
    pair.node.swanctl(arguments)
    wait_until(lambda: bool(spis(pair, kind) - before) and pair.node.is_up(), "it is not renewed")
    assert algorithm(pair) == {"AES_CBC"}
    in_force, reason = told(options)
    assert not in_force
    assert "dpd_delay changed while it was up" in reason
    assert "it does not have the present esp_proposals" in reason


def test_what_no_sa_shows(pair: Pair) -> None:
    pair.establish(CBC)
    updown = {**CBC, "updown": "/bin/true"}
    options = pair.connection(pair.node, updown)
    changed(MODULE, **options)
    assert "net #" in told(options)[1]
    assert "updown changed while it was up" in told(options)[1]
    pair.node.swanctl("--rekey --child net")
    assert not told(options)[0]


def test_taken_back(pair: Pair) -> None:
    """An SA that is older than a change cannot have it."""
    pair.establish()
    options = pair.connection(pair.node)
    time.sleep(2 * CLOCK)
    changed(MODULE, **pair.connection(pair.node, {"updown": "/bin/true"}))
    assert changed(MODULE, **options)["connections"][0]["in_force"]
    assert told(options) == (True, "")
    pair.node.swanctl("--rekey --child net")
    wait_until(lambda: len(pair.node.children()) > 1, "the child is not rekeyed")
    assert told(options) == (True, "")  # seen to have the present one, it can get no other


def test_seen_without_an_sa(pair: Pair) -> None:
    pair.establish()
    options = pair.connection(pair.node, {"updown": "/bin/true"})
    changed(MODULE, **options)
    assert not told(options)[0]
    pair.node.swanctl("--terminate --ike pair")
    assert told(options) == (True, "")
    pair.node.swanctl("--initiate --child net")
    assert told(options) == (True, "")


def test_a_restart_brings_the_present_one(pair: Pair) -> None:
    pair.establish()
    options = pair.connection(pair.node, {"updown": "/bin/true"})
    changed(MODULE, **options)
    assert not told(options)[0]
    daemon.restart()
    prepare(pair)
    with pair.node.client() as vici:
        charon.load_secret(vici, "pair", pair.secret)
    pair.node.swanctl("--initiate --child net --timeout 20")
    assert told(options) == (True, "")


def test_from_no_file(pair: Pair) -> None:
    """What charon holds is not known: it may end all, and its SA may have any configuration."""
    pair.establish()
    (pair.node.directory / "connection-pair.conf").unlink()
    options = pair.connection(pair.node)
    assert "not known what charon holds" in refused(MODULE, **options, allow_disruption="child")
    (one,) = run_module(MODULE, **options)["connections"]
    assert one["disruption"] == "ike"
    assert not one["in_force"]


def test_removed_and_made_again(pair: Pair) -> None:
    pair.establish()
    changed(MODULE, name="pair", state="absent", **pair.node.options, allow_disruption="none")
    assert pair.node.is_up()
    options = pair.connection(pair.node, {"updown": "/bin/true"})
    (one,) = changed(MODULE, **options, allow_disruption="none")["connections"]
    assert not one["in_force"]
    assert "updown changed" in told(options)[1]


def test_a_child_that_is_gone(pair: Pair) -> None:
    pair.establish()
    options = pair.connection(pair.node, {"name": "other"})
    (one,) = changed(MODULE, **options)["connections"]
    assert "CHILD SA net #" in one["in_force_reason"]
    assert "the connection has no such child" in one["in_force_reason"]
    changed("strongswan_sa", connection="pair", state="reestablished", **pair.node.options)
    names = {one["name"] for one in pair.node.children() if one["state"] == "INSTALLED"}
    assert names == {"other"}


def test_two_connections_in_one_ike_sa(pair: Pair) -> None:
    """charon makes a child in the IKE SA of another connection that has the same settings."""
    networks = [("net", pair.node.network), ("more", f"{pair.node.inner}/32")]
    theirs = [
        {"name": name, "local_ts": [pair.peer.network], "remote_ts": [network]}
        for name, network in networks
    ]
    mine = {
        name: {"name": name, "local_ts": [network], "remote_ts": [pair.peer.network]}
        for name, network in networks
    }
    pair.load()
    changed(MODULE, **{**pair.connection(pair.peer), "children": theirs})
    second = {**pair.connection(pair.node), "name": "second", "children": [mine["more"]]}
    changed(MODULE, **second)
    for child in ("net", "more"):
        pair.node.swanctl(f"--initiate --child {child}")
    (ike,) = pair.node.sas()
    assert {one["name"] for one in ike["child-sas"].values()} == {"net", "more"}
    for options in (pair.connection(pair.node), second):
        assert told(options) == (True, "")
    second["children"] = [{**mine["more"], "updown": "/bin/true"}]
    (one,) = changed(MODULE, **second, allow_disruption="none")["connections"]
    assert not one["in_force"]
    assert "CHILD SA more #" in told(second)[1]
    assert told(pair.connection(pair.node)) == (True, "")
    changed("strongswan_sa", connection="second", state="reestablished", **pair.node.options)
    assert told(second) == (True, "")
    names = sorted(one["name"] for one in pair.node.children() if one["state"] == "INSTALLED")
    assert names == ["more", "net"]
    changed("strongswan_sa", connection="second", state="down", **pair.node.options)
    assert pair.node.is_up()
