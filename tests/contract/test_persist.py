# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replaying the files of O(persist) where nothing is gives exactly what the module gives."""

from __future__ import annotations

import contextlib
import json
import subprocess
import typing as t
from pathlib import Path

import pytest
from pyroute2 import netns

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

FOLDER = Path("/etc/ipsec.strongswan")
KINDS = ("guards", "tunnels", "routes")
RANDOM = ("ifindex", "link_index", "address", "permaddr", "link_netnsid")
BASE = (
    "link set dev lo up",
    "link add name eth0 type veth peer name eth1",
    "addr add 192.0.2.1/24 dev eth0",
    "addr add 2001:db8::1/64 dev eth0 nodad",
    "link add name blue type vrf table 10",
    "link set dev blue up",
    "link set dev eth0 up",
    "link set dev eth1 up",
    "route add default via 192.0.2.254",
)
Call = tuple[str, dict[str, t.Any]]
VTI: dict[str, t.Any] = {
    "name": "vti42",
    "local": "192.0.2.1",
    "remote": "192.0.2.2",
    "key": 42,
    "mtu": 1400,
}
MORE_TUNNELS: list[dict[str, t.Any]] = [
    {**VTI, "addresses": ["10.99.0.1/30", "fd99::1/64", "10.98.0.1 peer 10.98.0.2/32"]},
    {
        "name": "vti.43",
        "local": "192.0.2.1",
        "remote": "192.0.2.3",
        "ikey": "0xffffffff",
        "okey": 44,
        "dev": "eth0",
        "fwmark": "0x10",
        "disable_policy": True,
        "forwarding": True,
        "rp_filter": 2,
        "group": 7,
        "description": "Oslo's \u00f8, 50 % done",
    },
    {"name": "down", "local": "192.0.2.1", "remote": "any", "key": 45, "up": False},
    {"name": "a", "local": "2001:db8::1", "remote": "2001:db8::2", "key": 46, "mtu": 1300},
    {"name": "any6", "local": "2001:db8::1", "remote": "any", "key": 47},
    {"name": "xfrm7", "if_id": 7, "dev": "eth0", "master": "blue", "addresses": ["fd07::1/64"]},
    {"name": "xfrm8", "if_id": "0xfffffffe"},
    {"name": "any7", "external": True, "kind": "xfrm"},
]
FD04 = [
    {"dev": "vti42", "gateway": "fd99::4"},
    {"dev": "xfrm8", "gateway": "fe80::9", "weight": 2},
]
ROUTES: list[dict[str, t.Any]] = [
    {"dst": "10.2.0.0/24", "dev": "vti42", "src": "10.99.0.1", "mtu": 1300, "advmss": 1200},
    {"dst": "10.3.0.0/24", "gateway": "10.99.0.2", "tos": "0x10", "metric": 5, "table": 77},
    {"dst": "10.4.0.0/24", "dev": "vti42", "gateway": "10.97.0.1", "onlink": True},
    {"dst": "10.5.0.0/24", "type": "blackhole", "metric": 4294967294},
    {"dst": "10.6.0.0/24", "dev": "any7", "encap": {"if_id": 9}},
    {"dst": "10.7.0.0/24", "nexthops": [{"dev": "vti42", "weight": 3}, {"dev": "vti.43"}]},
    {"dst": "10.10.0.0/24", "nexthops": [{"dev": "any7", "encap": {"if_id": 9}}, {"dev": "vti42"}]},
    {"dst": "10.8.0.0/24", "gateway": "fd99::2", "dev": "vti42"},
    {"dst": "10.9.0.0/24", "dev": "vti42", "scope": "global"},
    {"dst": "fd02::/64", "dev": "vti42", "mtu": 1300},
    {"dst": "fd03::/64", "gateway": "fd99::2", "dev": "vti42", "metric": 7},
    {"dst": "fd04::/64", "nexthops": FD04},
    {"dst": "fd05::/64", "type": "prohibit"},
    {"dst": "fd06::/64", "type": "throw", "table": 77},
]
GUARDED: list[dict[str, t.Any]] = [
    {"dst": "10.2.0.0/24", "dev": "vti42"},
    {"dst": "fd02::/64", "dev": "vti42"},
    {"dst": "0.0.0.0/0", "dev": "vti42", "underlay_exception": True},
    {"dst": "::/0", "dev": "vti42"},
]
CASES: dict[str, list[Call]] = {
    "one": [("vti_tunnel", VTI)],
    "tunnels": [("vti_tunnel", {"tunnels": MORE_TUNNELS})],
    "routes": [
        ("vti_tunnel", {"tunnels": MORE_TUNNELS}),
        ("vti_route", {"routes": ROUTES}),
    ],
    "guards": [
        ("vti_tunnel", {"tunnels": MORE_TUNNELS}),
        ("vti_route", {"routes": GUARDED, "guard": True}),
    ],
}


def base() -> None:
    """Bring a namespace to where the module and the replay start from."""
    for link in ("eth0", "blue"):
        subprocess.run(["ip", "link", "del", "dev", link], check=False, capture_output=True)
    shell.ip_batch(*BASE)


@contextlib.contextmanager
def another(name: str) -> t.Iterator[None]:
    """Work in an empty namespace of that name."""
    shell.run(f"ip netns add {name}")
    netns.pushns(name)
    try:
        base()
        yield
    finally:
        netns.popns()
        shell.run(f"ip netns del {name}")


@pytest.fixture
def owner(namespace: str) -> t.Iterator[str]:
    """Return an owner whose files are this test's alone."""
    base()
    yield namespace
    for kind in KINDS:
        (FOLDER / f"{namespace}.{kind}").unlink(missing_ok=True)


def replay(owner: str) -> None:
    """Do what the head of each file says."""
    for kind in KINDS:
        file = FOLDER / f"{owner}.{kind}"
        if not file.exists():
            continue
        head = file.read_text().split("\n\n")[0].splitlines()
        commands = [line[4:] for line in head if line.startswith("#   ")]
        assert commands
        for command in commands:
            done = subprocess.run(
                ["sh", "-c", command], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (command, done.stderr, file.read_text())
            assert done.stderr == ""


def everything() -> dict[str, t.Any]:
    """Return what a namespace holds, without what differs between any two of them."""
    links = shell.ip_json("-d link show")
    addresses = shell.ip_json("addr show")
    found: dict[str, t.Any] = {
        "links": {one["ifname"]: without(one, *RANDOM) for one in links},
        "addresses": {
            one["ifname"]: [
                without(part, "stable-privacy")
                for part in one["addr_info"]
                if part["scope"] != "link"
            ]
            for one in addresses
        },
        "sysctls": {
            f"{family} {one['ifname']} {key}": sysctl(f"{family}/conf/{one['ifname']}/{key}")
            for one in links
            for family, keys in (
                ("ipv4", ("disable_policy", "forwarding", "rp_filter", "disable_xfrm")),
                ("ipv6", ("disable_policy", "forwarding")),
            )
            for key in keys
        },
    }
    for family in ("-4", "-6"):
        routes = shell.ip_json(f"{family} -N -d route show table all")
        for route in routes:  # their order says nothing, and a file may need another one
            route.get("nexthops", []).sort(key=str)
        found[f"routes {family}"] = sorted(
            json.dumps(one, sort_keys=True) for one in routes if not one["dst"].startswith("fe80")
        )
        found[f"rules {family}"] = shell.ip_json(f"{family} -N rule show")
    return found


def sysctl(key: str) -> str | None:
    """Return a sysctl; a device may have none for IPv6."""
    path = Path(f"/proc/sys/net/{key}")
    return path.read_text() if path.exists() else None


def without(one: dict[str, t.Any], *keys: str) -> dict[str, t.Any]:
    return {key: value for key, value in one.items() if key not in keys}


@pytest.mark.parametrize("case", CASES)
def test_a_replay_gives_what_the_module_gives(case: str, owner: str) -> None:
    for module, options in CASES[case]:
        changed(module, owner=owner, persist=True, **options)
    wanted = everything()
    with another(f"{owner}-b"):
        replay(owner)
        found = everything()
        for part in wanted:
            assert found[part] == wanted[part]
        for module, options in CASES[case]:
            unchanged(module, owner=owner, persist=True, **options)


def files(owner: str) -> dict[str, str]:
    """Return an owner's files by kind."""
    paths = {kind: FOLDER / f"{owner}.{kind}" for kind in KINDS}
    return {kind: path.read_text() for kind, path in paths.items() if path.exists()}


def test_a_call_without_persist_leaves_the_file(owner: str) -> None:
    changed("vti_tunnel", owner=owner, persist=True, **VTI)
    before = files(owner)
    changed("vti_tunnel", owner=owner, **{**VTI, "mtu": 1300})
    assert files(owner) == before
    result = changed("vti_tunnel", owner=owner, persist=True, **{**VTI, "mtu": 1300})
    assert [(one["object"], one["action"]) for one in result["actions"]] == [
        (f"file {FOLDER}/{owner}.tunnels", "change")
    ]
    assert "mtu 1300" in files(owner)["tunnels"]


def test_the_file_of_what_is_there_already(owner: str) -> None:
    changed("vti_tunnel", owner=owner, **VTI)
    result = run_module("vti_tunnel", check=True, owner=owner, persist=True, **VTI)
    assert [one["object"] for one in result["actions"]] == [f"file {FOLDER}/{owner}.tunnels"]
    assert "link add name vti42" in result["diff"][0]["after"]
    assert files(owner) == {}
    changed("vti_tunnel", owner=owner, persist=True, **VTI)
    path = FOLDER / f"{owner}.tunnels"
    assert (path.stat().st_mode & 0o777, path.owner()) == (0o644, "root")
    assert FOLDER.stat().st_mode & 0o777 == 0o755
    path.unlink()
    result = changed("vti_tunnel", owner=owner, persist=True, **VTI)
    assert result["actions"][0]["action"] == "create"


def test_absent_and_purge_take_out_of_the_files(owner: str) -> None:
    changed("vti_tunnel", owner=owner, persist=True, tunnels=MORE_TUNNELS)
    changed("vti_route", owner=owner, persist=True, routes=GUARDED, guard=True)
    assert set(files(owner)) == set(KINDS)
    changed("vti_route", owner=owner, persist=True, dst="::/0", state="absent")
    assert "#-6 rule" not in files(owner)["guards"]
    assert "rule add" in files(owner)["guards"]
    changed("vti_route", owner=owner, persist=True, purge=True, routes=[])
    assert set(files(owner)) == {"tunnels"}
    changed("vti_tunnel", owner=owner, persist=True, name="xfrm8", state="absent")
    assert "xfrm8" not in files(owner)["tunnels"]
    changed("vti_tunnel", owner=owner, persist=True, purge=True, tunnels=[VTI])
    assert files(owner)["tunnels"].count("link add") == 1
    changed("vti_tunnel", owner=owner, persist=True, purge=True, tunnels=[])
    assert files(owner) == {}


def test_a_namespace_is_refused(owner: str) -> None:
    for options in ({"netns": owner}, {"target_netns": owner}):
        tunnel = {"name": "xfrm7", "if_id": 7, **options}
        message = refused("vti_tunnel", owner=owner, persist=True, **tunnel)
        assert "does not survive a restart" in message
    route = {"dst": "10.2.0.0/24", "dev": "eth0", "netns": owner}
    message = refused("vti_route", owner=owner, persist=True, **route)
    assert "does not survive a restart" in message
    assert files(owner) == {}


def test_a_foreign_file_is_refused(owner: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{owner}.tunnels"
    path.write_text("link add name x type dummy\n")
    message = refused("vti_tunnel", owner=owner, persist=True, **VTI)
    assert str(path) in message
    assert "adopt: true" in message
    assert path.read_text() == "link add name x type dummy\n"
    changed("vti_tunnel", owner=owner, persist=True, adopt=True, **VTI)
    assert "dummy" not in path.read_text()
