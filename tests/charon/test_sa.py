# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongswan_sa with real SAs: up, down, and a change brought into force while a ping runs."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.charon.pair import Host, Pair, wait_until
from ansible_collections.ipsec.strongswan.tests.support import examples
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_sa"
CBC = {"esp_proposals": ["aes128-sha256"]}
GCM = {"esp_proposals": ["aes256gcm16"]}


def sa(pair: Pair, state: str, child: str = "net", **options: t.Any) -> Options:
    """Return the options for the SA of the pair's connection, as the node has it."""
    named = {"child": child} if child else {}
    return {"connection": "pair", "state": state, **named, **pair.node.options, **options}


def change(pair: Pair, child: Options, **options: t.Any) -> Options:
    """Change the connection on both hosts; return the options of the node."""
    for host in reversed(pair.hosts):
        own = child if host is pair.node else {**child, "start_action": "none"}
        changed("strongswan_conn", **pair.connection(host, own, **options))
    return pair.connection(pair.node, child, **options)


def installed(pair: Pair) -> list[list[tuple[str, str]]]:
    """Return the children of each host that are installed: SPIs and what encrypts."""
    return [
        [(one["spi-in"], one["encr-alg"]) for one in host.children() if one["state"] == "INSTALLED"]
        for host in pair.hosts
    ]


def ikes(pair: Pair) -> list[str]:
    """Return the SPIs of the node's IKE SAs."""
    return [one["initiator-spi"] for one in pair.node.sas() if one["state"] == "ESTABLISHED"]


def secret(pair: Pair, host: Host, text: str) -> Options:
    """Return options of strongswan_secret for the secret that both hosts have."""
    return {
        "name": "pair",
        "secret": text,
        "ids": [pair.node.name, pair.peer.name],
        **host.options,
    }


@pytest.mark.parametrize("child", ["net", ""], ids=["child", "connection"])
def test_up_and_down(pair: Pair, child: str) -> None:
    pair.load()
    result = changed(MODULE, **sa(pair, "up", child))
    (action,) = result["actions"]
    assert (action["action"], action["reason"]) == ("initiate", "no SA of net is up")
    assert result["diff"][0]["before"] == "net: down\n"
    assert result["diff"][0]["after"] == "net: up\n"
    assert [one["state"] for one in result["sas"][0]["children"]] == ["INSTALLED"]
    assert all(host.is_up() for host in pair.hosts)
    result = changed(MODULE, **sa(pair, "down", child))
    assert result["actions"][0]["action"] == "terminate"
    assert not pair.node.is_up()
    wait_until(lambda: not pair.peer.is_up(), "the peer keeps its SA")
    assert (ikes(pair) == []) == (child == "")


def test_check_mode(pair: Pair) -> None:
    pair.load()
    assert run_module(MODULE, check=True, **sa(pair, "up"))["changed"]
    assert pair.node.sas() == []


def test_list(pair: Pair) -> None:
    children = [
        {"name": name, "local_ts": [pair.node.network], "remote_ts": [network]}
        for name, network in (("one", pair.peer.network), ("two", f"{pair.peer.inner}/32"))
    ]
    pair.load()
    mirrored = [
        {**one, "local_ts": one["remote_ts"], "remote_ts": one["local_ts"]} for one in children
    ]
    for host, own in ((pair.node, children), (pair.peer, mirrored)):
        changed("strongswan_conn", **{**pair.connection(host), "children": own})
    entries = [{"connection": "pair", "child": name} for name in ("one", "two")]
    changed(MODULE, sas=entries, **pair.node.options)
    assert {one["name"] for one in pair.node.children()} == {"one", "two"}
    changed(MODULE, sas=entries[:1], state="down", **pair.node.options)
    assert {one["name"] for one in pair.node.children() if one["state"] == "INSTALLED"} == {"two"}
    changed(MODULE, connection="pair", **pair.node.options)
    assert len([one for one in pair.node.children() if one["state"] == "INSTALLED"]) == 2


def test_a_child_comes_into_force(pair: Pair) -> None:
    pair.establish(CBC)
    options = change(pair, GCM)
    assert not unchanged("strongswan_conn", **options)["connections"][0]["in_force"]
    before = ikes(pair)
    with pair.ping() as ping:
        result = changed(MODULE, **sa(pair, "reestablished"))
    assert "it does not have the present esp_proposals" in result["actions"][0]["reason"]
    for children in installed(pair):
        assert [encrypts for _spi, encrypts in children] == ["AES_GCM_16"]
    assert ikes(pair) == before
    assert ping.lost <= 1
    assert unchanged("strongswan_conn", **options)["connections"][0]["in_force"]


def test_what_no_sa_shows_comes_into_force(pair: Pair) -> None:
    pair.establish()
    options = change(pair, {"updown": "/bin/true"})
    changed(MODULE, **sa(pair, "reestablished", ""))
    assert unchanged("strongswan_conn", **options)["connections"][0]["in_force"]
    assert len(installed(pair)[0]) == 1


@pytest.mark.parametrize("unique", ["never", "no", "replace"])
def test_ike_comes_into_force(pair: Pair, unique: str) -> None:
    pair.establish(unique=unique)
    options = change(pair, {}, unique=unique, dpd_delay="50s")
    before = ikes(pair)
    with pair.ping() as ping:
        result = changed(MODULE, **sa(pair, "reestablished", ""))
    assert "dpd_delay changed while it was up" in result["actions"][0]["reason"]
    assert len(ikes(pair)) == 1
    assert ikes(pair) != before
    assert [len(children) for children in installed(pair)] == [1, 1]
    assert ping.lost <= 1
    assert unchanged("strongswan_conn", **options)["connections"][0]["in_force"]


def test_what_charon_does_not_compare(pair: Pair) -> None:
    pair.establish()
    options = change(pair, {}, dpd_timeout="50s")
    before = ikes(pair)
    changed(MODULE, **sa(pair, "reestablished", ""))
    assert ikes(pair) != before
    assert unchanged("strongswan_conn", **options)["connections"][0]["in_force"]


def test_charon_says_that_it_is_in_force(pair: Pair) -> None:
    """After a renewal by hand nobody knows, and charon's own comparison decides."""
    pair.establish()
    options = change(pair, {"updown": "/bin/true"})
    pair.node.swanctl("--terminate --child net")
    pair.node.swanctl("--initiate --child net")
    assert not unchanged("strongswan_conn", **options)["connections"][0]["in_force"]
    before = installed(pair)
    with pair.ping() as ping:
        changed(MODULE, **sa(pair, "reestablished"))
    assert ping.lost == 0
    assert installed(pair) == before
    assert unchanged("strongswan_conn", **options)["connections"][0]["in_force"]


def test_force(pair: Pair) -> None:
    pair.establish()
    unchanged(MODULE, **sa(pair, "reestablished"))
    for child in ("net", ""):
        before, ike = installed(pair), ikes(pair)
        result = run_module(MODULE, **sa(pair, "reestablished", child, force=True))
        assert result["actions"][0]["reason"] == "force is true"
        assert not set(before[0]) & set(installed(pair)[0])
        assert (ikes(pair) == ike) == bool(child)
        assert pair.peer.is_up()


def test_force_uses_the_secret_that_both_have_now(pair: Pair) -> None:
    pair.establish()
    for host in pair.hosts:
        changed("strongswan_secret", **secret(pair, host, "another one that both hosts have"))
    before = ikes(pair)
    result = run_module(MODULE, **sa(pair, "reestablished", "", force=True))
    assert [one["action"] for one in result["actions"]] == ["reestablish"]
    assert not set(before) & set(ikes(pair))
    assert pair.node.is_up()
    assert pair.peer.is_up()


def test_force_with_another_secret_has_the_log_of_charon(pair: Pair) -> None:
    pair.establish()
    changed("strongswan_secret", **secret(pair, pair.node, "one that the peer does not have"))
    message = refused(MODULE, **sa(pair, "reestablished", "", force=True))
    assert "AUTHENTICATION_FAILED" in message


def test_reestablished_brings_up(pair: Pair) -> None:
    pair.load()
    changed(MODULE, **sa(pair, "reestablished"))
    assert pair.node.is_up()


def test_failure_has_the_log_of_charon(pair: Pair) -> None:
    pair.load(CBC)
    changed("strongswan_conn", **pair.connection(pair.node, GCM))
    message = refused(MODULE, **sa(pair, "up"))
    assert "SA of connection pair, child net" in message
    assert "establishing CHILD_SA 'net' failed" in message
    assert "NO_PROPOSAL_CHOSEN" in message


def test_failure_leaves_the_former_sa(pair: Pair) -> None:
    pair.establish(CBC)
    changed("strongswan_conn", **pair.connection(pair.node, GCM))  # the peer has not changed
    with pair.ping() as ping:
        assert "NO_PROPOSAL_CHOSEN" in refused(MODULE, **sa(pair, "reestablished"))
    assert ping.lost == 0
    assert [encrypts for _spi, encrypts in installed(pair)[0]] == ["AES_CBC"]


def test_no_answer(pair: Pair) -> None:
    pair.load(remote_port=4, local_port=4500)  # beside local port 500, 6.0.1 sends to 4500 instead
    message = refused(MODULE, **sa(pair, "up", timeout=1))
    assert "not established after 1000ms" in message
    assert "IKE_SA_INIT" in message


def test_not_loaded(pair: Pair) -> None:
    message = refused(MODULE, **sa(pair, "up"))
    assert "charon holds no such connection; load it with strongswan_conn first" in message
    (warning,) = run_module(MODULE, check=True, **sa(pair, "up"))["warnings"]
    assert "Check mode assumes that it will be loaded" in warning
    pair.load()
    message = refused(MODULE, **sa(pair, "up", "nosuch"))
    assert "charon's connection has no such child" in message
    unchanged(MODULE, connection="nosuch", state="down", **pair.node.options)


def test_force_needs_reestablished(pair: Pair) -> None:
    assert "force goes with state reestablished" in refused(MODULE, **sa(pair, "up", force=True))


EXAMPLES = examples.stored(Path(__file__).resolve().parents[2])[MODULE]
NETWORKS = {"sun-net": ("24", "24"), "branch1": ("24", "32"), "branch2": ("32", "32")}


def children(host: Host, other: Host) -> dict[str, Options]:
    """Return the children that the examples name, as a host has them; the node's prefix is first."""
    return {
        name: {
            "name": name,
            **{
                option: [end.network if prefix == "24" else f"{end.inner}/32"]
                for option, end in (("local_ts", host), ("remote_ts", other))
                for prefix in [prefixes[0] if end.name == "node" else prefixes[1]]
            },
        }
        for name, prefixes in NETWORKS.items()
    }


def test_examples(pair: Pair) -> None:
    pair.load()
    (theirs, mine) = (children(pair.peer, pair.node), children(pair.node, pair.peer))
    peer = {**pair.connection(pair.peer), "children": list(theirs.values())}
    changed("strongswan_conn", **peer)
    connections = [  # different ones, so that each has an IKE SA of its own
        {"name": name, "dpd_delay": delay, "children": [mine[child]]}
        for name, delay, child in (
            ("sun", "50s", "sun-net"),
            ("branch1", "51s", "branch1"),
            ("branch2", "52s", "branch2"),
        )
    ]
    common = pair.connection(pair.node)
    shared = {name: common[name] for name in ("local_addrs", "remote_addrs", "local", "remote")}
    entries = [{**shared, **one} for one in connections]
    changed("strongswan_conn", connections=entries, purge=True, **pair.node.options)
    for task in EXAMPLES:
        _name, options = examples.call(task)
        options = {**options, **pair.node.options}
        if options.get("force"):
            assert run_module(MODULE, **options)["changed"], task["name"]
        else:
            changed(MODULE, **options)
