# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What strongswan_info reports is what swanctl, strongSwan's own client, shows."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair
from ansible_collections.ipsec.strongswan.tests.charon.test_connection import CERTIFICATE
from ansible_collections.ipsec.strongswan.tests.charon.test_examples import FILES
from ansible_collections.ipsec.strongswan.tests.support import examples, shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    run_module,
)

Facts = dict[str, t.Any]

SECRET = "not to be seen in any report"
NOBODY = 65534
LOADED_ONLY = "secret pair: charon holds it, no file has it: a restart of charon ends it"
"""So does the pair of hosts have its secret."""
HERE: Facts = {"directory": str(daemon.FOLDER), "socket": str(daemon.SOCKET)}


def info(*parts: str, **options: t.Any) -> Facts:
    """Return a report of these parts, or of all."""
    subset = {"gather_subset": ["!all", "!min", *parts]} if parts else {}
    result = run_module("strongswan_info", **{**HERE, **subset, **options})
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is False
    return result


def named(facts: list[Facts], name: str) -> Facts:
    """Return the one of this name."""
    (one,) = [one for one in facts if one["name"] == name]
    return one


def problems(facts: Facts) -> list[str]:
    """Return the problems that are about an object of ours, or a file."""
    return [f"{one['kind']} {one['name']}: {one['problem']}" for one in facts["problems"]]


def test_the_daemon() -> None:
    facts = info("daemon", "stats", "plugins", "algorithms")
    assert facts["running"] is True
    assert f"strongSwan swanctl {facts['daemon']['version']}" in shell.run("swanctl --version")
    assert facts["daemon"]["name"] == "charon-systemd"
    assert {"vici", "kernel-netlink"} <= set(facts["plugins"])
    assert "AES_CBC" in [one["name"] for one in facts["algorithms"] if one["type"] == "encryption"]
    assert 0 <= facts["stats"]["uptime_seconds"] < 24 * 3600
    assert facts["stats"]["ike_sas"] == {"total": 0, "half_open": 0}


def test_all_parts_of_a_daemon_that_holds_nothing() -> None:
    facts = info()
    for part in ("connections", "ike_sas", "policies", "pools", "authorities", "secrets"):
        assert facts[part] == []
    assert problems(facts) == []
    assert facts["warnings"] == []


def test_what_our_modules_made_is_without_problems(sun: Facts) -> None:
    changed("strongswan_conn", **sun, owner="site")
    changed("strongswan_secret", name="sun", secret=SECRET, ids=["moon", "sun"])
    changed("strongswan_pool", name="rw", addrs="10.3.0.0/28")
    facts = info()
    one = named(facts["connections"], "sun")
    assert (one["loaded"], one["vici"], one["owner"]) == (True, True, "site")
    assert (one["file"], one["line"]) == (str(daemon.FOLDER / "connection-sun.conf"), 3)
    assert one["file_settings"]["children"][0]["mark_in"] == "42"
    assert one["daemon_settings"]["local_addrs"] == ["192.0.2.1"]
    assert (one["differences"], one["problems"], one["established"]) == ([], [], False)
    secret = named(facts["secrets"], "sun")
    assert (secret["type"], secret["loaded"], secret["ids"]) == ("ike", True, ["moon", "sun"])
    pool = named(facts["pools"], "rw")
    assert (pool["loaded"], pool["size"], pool["leases"]) == (True, 14, [])
    assert problems(facts) == []
    assert SECRET not in json.dumps(facts)


@pytest.mark.usefixtures("_files")
def test_no_example_of_a_connection_differs_from_what_charon_holds() -> None:
    for task in examples.stored(Path(__file__).resolve().parents[2])["strongswan_conn"]:
        name, options = examples.call(task)
        if name == "strongswan_conn" and options.get("state", "present") == "present":
            run_module("strongswan_conn", **{**options, **HERE})
    facts = info("connections")
    assert len(facts["connections"]) > 2
    assert {one["name"]: one["differences"] for one in facts["connections"]} == {
        one["name"]: [] for one in facts["connections"]
    }


@pytest.fixture
def _files() -> t.Iterator[None]:
    for name, text in FILES.items():
        (daemon.SWANCTL / name).write_text(text)
    yield
    for name in FILES:
        (daemon.SWANCTL / name).unlink()


def test_names_and_owner_narrow_it(sun: Facts) -> None:
    changed("strongswan_conn", **sun, owner="site")
    other = {**sun, "name": "other", "children": [{"name": "other-net"}]}
    changed("strongswan_conn", **other)
    for options in ({"names": ["sun", "none"]}, {"owner": "site"}):
        facts = info("connections", "ike_sas", "policies", "counters", **options)
        assert [one["name"] for one in facts["connections"]] == ["sun"]
        assert problems(facts) == []


def test_an_unknown_part() -> None:
    result = run_module("strongswan_info", **HERE, gather_subset=["certs"])
    assert "gather_subset 'certs': expected one of all, min, daemon" in result["msg"]


def test_a_file_that_was_changed_by_hand(sun: Facts) -> None:
    changed("strongswan_conn", **sun, rekey_time="4h")
    path = daemon.FOLDER / "connection-sun.conf"
    path.write_text(path.read_text().replace("4h", "2h"))
    facts = info("connections")
    text = "rekey_time is 14400 in the daemon, 7200 in the file"
    assert named(facts["connections"], "sun")["differences"] == [text]
    assert problems(facts) == [f"connection sun: charon holds another one than the file: {text}"]


def test_a_file_that_is_not_loaded_and_one_that_is_gone(sun: Facts) -> None:
    changed("strongswan_conn", **sun)
    (daemon.FOLDER / "connection-sun.conf").unlink()
    daemon.write("foreign.conf", "connections {\n  moon {\n  }\n}\n")
    facts = info("connections")
    assert [(one["name"], one["file"], one["line"]) for one in facts["problems"]] == [
        ("moon", str(daemon.FOLDER / "foreign.conf"), 2),
        ("sun", None, None),
    ]
    assert [one["loaded"] for one in facts["connections"]] == [False, True]


def test_a_file_that_cannot_be_parsed(sun: Facts) -> None:
    changed("strongswan_conn", **sun)
    path = daemon.write("foreign.conf", "connections {\n  moon {\n")
    facts = info("connections")
    assert [(one["kind"], one["file"]) for one in facts["problems"]] == [("file", str(path))]
    assert "swanctl loads none of its files" in facts["problems"][0]["problem"]


def test_secrets_that_others_may_read() -> None:
    text = f'secrets {{\n  ike-a {{\n    secret = "{SECRET}"\n  }}\n}}\n'
    path = daemon.write("foreign.conf", text, mode=0o644)
    daemon.load_files()
    facts = info("secrets")
    assert problems(facts) == [f"file {path}: it holds secrets, and others may read it: mode 0644"]
    assert SECRET not in json.dumps(facts)


def test_certificates() -> None:
    path = daemon.SWANCTL / "x509/info.pem"
    path.write_text(CERTIFICATE)
    try:
        daemon.load_files()
        (one,) = [one for one in info("certificates")["certificates"] if one["type"] == "X509"]
        shown = shell.run("swanctl --list-certs --type x509 --utc")
    finally:
        path.unlink()
    assert f'subject:  "{one["subject"]}"' in shown
    assert f'issuer:   "{one["issuer"]}"' in shown
    assert f"serial:    {one['serial']}" in shown
    assert one["key_id"] == shown.split("subjkey:")[1].split()[0].replace(":", "")
    end = datetime.datetime.fromisoformat(one["not_after"])
    assert f"not after  {end:%b %d %H:%M:%S UTC %Y}" in shown
    left = end - datetime.datetime.now(datetime.UTC)
    assert one["days_left"] in {left.days, left.days + 1}
    assert one["has_private_key"] is False


def test_a_certificate_that_ends_soon() -> None:
    path = daemon.SWANCTL / "x509/info.pem"
    path.write_text(CERTIFICATE)
    try:
        daemon.load_files()
        facts = info("certificates", certificate_days=100000)
    finally:
        path.unlink()
    assert [one["kind"] for one in facts["problems"]] == ["certificate"]


def test_a_daemon_that_does_not_run(sun: Facts) -> None:
    changed("strongswan_conn", **sun)
    daemon.stop()
    try:
        facts = info()
        checked = run_module("strongswan_info", check=True, **HERE)
    finally:
        daemon.start()
    assert (facts["running"], facts["daemon"], facts["ike_sas"]) == (False, None, [])
    assert named(facts["connections"], "sun")["loaded"] is False
    assert [one["problem"] for one in facts["problems"]] == ["charon is not running"]
    assert "systemctl start strongswan" in facts["warnings"][0]
    assert checked["problems"] == facts["problems"]
    assert info("connections")["problems"] == []


def test_a_user_who_may_read_nothing(sun: Facts) -> None:
    changed("strongswan_conn", **sun)
    with as_nobody():
        facts = info()
    assert (facts["running"], facts["ike_sas"], facts["certificates"]) == (None, None, None)
    assert (facts["connections"], facts["problems"]) == ([], [])
    assert len(facts["warnings"]) == 2
    assert all("run as root (become: true)" in text for text in facts["warnings"])


@contextlib.contextmanager
def as_nobody() -> t.Iterator[None]:
    """Be another user for a while."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def test_sas_of_both_ends(pair: Pair) -> None:
    changed("strongswan_pool", name="rw", addrs="10.3.0.0/28", **pair.peer.options)
    pair.load({"rekey_time": "30m"}, rekey_time="3h")
    for host, option in ((pair.node, {"vips": ["0.0.0.0"]}), (pair.peer, {"pools": ["rw"]})):
        connection = pair.connection(host, {"rekey_time": "30m"}, rekey_time="3h", **option)
        changed("strongswan_conn", **connection)
    pair.node.swanctl("--initiate --child net --timeout 20")
    with pair.ping():
        pass
    ours, theirs = (info(**host.options) for host in pair.hosts)
    (mine,), (its,) = ours["ike_sas"], theirs["ike_sas"]
    assert (mine["name"], mine["state"], mine["version"]) == ("pair", "ESTABLISHED", 2)
    assert (mine["initiator"], its["initiator"]) == (True, False)
    assert (mine["local_host"], mine["remote_host"]) == (pair.node.address, pair.peer.address)
    assert (mine["local_id"], mine["remote_id"]) == (pair.node.name, pair.peer.name)
    assert mine["initiator_spi"] == its["initiator_spi"]
    assert mine["local_vips"] == its["remote_vips"] == ["10.3.0.1"]
    assert 0 <= mine["age_seconds"] < 60
    assert 9000 < mine["rekey_seconds"] <= 3 * 3600
    (child,), (other,) = mine["children"], its["children"]
    assert (child["name"], child["state"], child["mode"]) == ("net", "INSTALLED", "tunnel")
    assert (child["spi_in"], child["spi_out"]) == (other["spi_out"], other["spi_in"])
    assert (child["local_ts"], child["remote_ts"]) == ([pair.node.network], [pair.peer.network])
    assert child["packets_in"] > 0
    assert child["bytes_out"] > 0
    assert child["idle_in_seconds"] < 60
    assert child["rekey_seconds"] < child["expire_seconds"]
    assert named(ours["connections"], "pair")["established"] is True
    assert named(theirs["pools"], "rw")["leases"] == [
        {"address": "10.3.0.1", "identity": pair.node.name, "online": True}
    ]
    assert named(theirs["pools"], "rw")["online"] == 1
    assert problems(ours) == problems(theirs) == [LOADED_ONLY]
    if ours["counters"] is not None:  # the plugin counters is a package of its own
        assert named(ours["counters"], "pair")["ike_init_out_req"] >= 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"mark_in": "42", "mark_out": "42/0xff"}, ("0x2a/0xffffffff", "0x2a/0xff", None, None)),
        ({"if_id_in": "7", "if_id_out": "255"}, (None, None, 7, 255)),
    ],
)
def test_marks_and_if_ids_of_an_sa(pair: Pair, options: Facts, expected: tuple[t.Any, ...]) -> None:
    pair.establish(options)
    (ike,) = info("ike_sas", **pair.node.options)["ike_sas"]
    (child,) = ike["children"]
    assert tuple(child[f"{name}_{way}"] for name in ("mark", "if_id") for way in ("in", "out")) == (
        expected
    )


def test_a_child_that_should_be_up_and_is_not(pair: Pair) -> None:
    pair.establish({"start_action": "start"})
    here = pair.node.options
    assert problems(info(**here)) == [LOADED_ONLY]
    pair.node.swanctl("--terminate --ike pair --timeout 20")
    assert problems(info("connections", **here)) == []
    assert problems(info("connections", "ike_sas", **here)) == [
        "connection pair: child net: start_action is start, no SA of it is installed"
    ]


def test_a_trap_that_should_be_installed_and_is_not(pair: Pair) -> None:
    pair.load({"start_action": "trap"})
    here = pair.node.options
    facts = info("connections", "policies", **here)
    assert [(one["connection"], one["child"], one["kind"]) for one in facts["policies"]] == [
        ("pair", "net", "trap")
    ]
    assert problems(facts) == []
    pair.node.swanctl("--uninstall --child net")
    assert problems(info("connections", "policies", **here)) == [
        "connection pair: child net: start_action is trap, its trap is not installed"
    ]
