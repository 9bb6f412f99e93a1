# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the way of a run is named: each problem by itself, and several at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.networkd import (
    read_networkd,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.processes import (
    read_processes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Link,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import (
    CHECKS,
    HostFacts,
    Networkd,
    Problem,
    Process,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_child import (
    PlannedChild,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_wanted import (
    Wanted,
    read_wanted,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import Rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    Mark,
    Template,
    XfrmPolicy,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.preflight import (
    find_problems,
    summary,
    tolerated,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.preflight import FIELDS

OURS = "ipsec.strongswan:default"
TUNNEL: dict[str, Any] = {
    "name": "vti42",
    "local": "192.0.2.1",
    "remote": "192.0.2.2",
    "key": "42",
    "addresses": ["10.99.0.1/30"],
}
SECOND: dict[str, Any] = {**TUNNEL, "name": "vti43", "remote": "192.0.2.3", "addresses": []}
XFRM: dict[str, Any] = {"name": "xfrm7", "if_id": 7}
ROUTE: dict[str, Any] = {"dst": "10.2.0.0/24", "dev": "vti42"}
GUARDED: dict[str, Any] = {**ROUTE, "guard": "yes"}
CONNECTION: dict[str, Any] = {
    "name": "sun",
    "local_addrs": ["192.0.2.1"],
    "remote_addrs": ["192.0.2.2"],
    "children": [{"name": "net", "mark_in": 42, "mark_out": 42, "remote_ts": ["10.2.0.0/16"]}],
}
SOUND: dict[str, Any] = {
    "tunnels": [TUNNEL],
    "routes": [ROUTE],
    "connections": [CONNECTION],
    "networks": ["10.1.0.0/24"],
}
HOST = HostFacts(
    links={"eth0": Link(2, "eth0", up=True), "lo": Link(1, "lo", up=True)},
    addresses={"eth0": ("192.0.2.1/24", "2001:db8::1/64"), "lo": ("127.0.0.1/8", "::1/128")},
    kinds={"vti": True, "vti6": True, "xfrm": True},
    rp_filter={"all": 0, "default": 2},
    forwarding={4: True, 6: True},
)


def child(name: str, **settings: Any) -> PlannedChild:
    return PlannedChild("old", name, "/etc/swanctl/conf.d/old.conf", **settings)


def policy(mark: int, source: str = "192.0.2.1", destination: str = "192.0.2.9") -> XfrmPolicy:
    templates = (Template(source, destination, "esp", "tunnel", 9),)
    marked = Mark(mark, 0xFFFFFFFF) if mark else Mark()
    return XfrmPolicy("out", "0.0.0.0/0", "10.9.0.0/16", mark=marked, templates=templates)


def vti(name: str, remote: str, key: int = 42, alias: str = "", up: bool = True) -> Link:
    return Link(9, name, "vti", up=up, alias=alias, data=VtiData("192.0.2.1", remote, key, key))


def beside(link: Link) -> HostFacts:
    return replace(HOST, links={**HOST.links, link.name: link})


def wanted_of(**options: Any) -> tuple[Wanted, list[Problem]]:
    """Return what options say, with the module's own defaults for the others."""
    defaults = {field.name: field.default for field in FIELDS}
    return read_wanted({**defaults, **SOUND, **options})


def problems(
    facts: HostFacts = HOST, files: tuple[PlannedChild, ...] = (), **options: Any
) -> list[Problem]:
    wanted, refused = wanted_of(**options)
    return [*refused, *find_problems(wanted, facts, files)]


def test_a_sound_host_has_none() -> None:
    assert problems() == []
    assert problems(tunnels=[XFRM], routes=[{"dst": "10.2.0.0/24", "dev": "xfrm7"}]) == []


def test_a_host_that_is_as_wanted_has_none() -> None:
    there = replace(beside(vti("vti42", "192.0.2.2", alias=OURS)), policies=(policy(42),))
    assert problems(replace(there, addresses={**HOST.addresses, "vti42": ("10.99.0.1/30",)})) == []


OLD = child("old-net", remote_ts=("10.9.0.0/16",))
ERRORS: dict[str, tuple[HostFacts, tuple[PlannedChild, ...], dict[str, Any], str, str]] = {
    "no vti": (replace(HOST, kinds={"vti": False}), (), {}, "kernel", "its module ip_vti"),
    "no ipsec": (replace(HOST, ipsec=False), (), {}, "kernel", "CONFIG_XFRM_USER"),
    "libreswan": (
        replace(HOST, processes=(Process("pluto", 7, "ipsec.service"),)),
        (),
        {},
        "daemons",
        "process 7 (pluto): Libreswan runs on this host, by unit ipsec.service",
    ),
    "starter": (
        replace(HOST, processes=(Process("charon", 7, "strongswan-starter.service"),)),
        (),
        {},
        "daemons",
        "strongSwan by starter",
    ),
    "charon by hand": (
        replace(HOST, processes=(Process("charon-systemd", 7),)),
        (),
        {},
        "daemons",
        "no unit of systemd",
    ),
    "package": (
        HOST,
        (),
        {"packages": ["strongswan-starter"]},
        "packages",
        "has the package strongswan-starter",
    ),
    "name taken": (
        beside(Link(9, "vti42", "dummy", up=True)),
        (),
        {},
        "adoption",
        "of kind dummy",
    ),
    "another's device": (
        beside(vti("vti42", "192.0.2.9", key=7)),
        (),
        {},
        "adoption",
        "not made by this collection",
    ),
    "endpoints held": (
        beside(vti("vti9", "192.0.2.2", key=7)),
        (),
        {},
        "endpoints",
        "held by device vti9",
    ),
    "policy-based between the endpoints": (
        replace(HOST, policies=(policy(0, destination="192.0.2.2"),)),
        (),
        {},
        "endpoints",
        "a VTI between them takes its packets",
    ),
    "mark of another device": (
        beside(vti("vti9", "192.0.2.9")),
        (),
        {},
        "marks",
        "key 42 is that of device vti9",
    ),
    "mark of another policy": (
        replace(HOST, policies=(policy(42),)),
        (),
        {},
        "marks",
        "an IPsec policy between 192.0.2.1 and 192.0.2.9",
    ),
    "mark twice": (HOST, (), {"tunnels": [TUNNEL, SECOND]}, "marks", "key 42 is that of vti43"),
    "wildcard beside a policy-based one": (
        HOST,
        (replace(OLD, local_addrs=("192.0.2.1",)),),
        {"tunnels": [{**TUNNEL, "remote": "any"}]},
        "wildcards",
        "takes all ESP to 192.0.2.1",
    ),
    "wildcard beside an XFRM interface": (
        beside(vti("vtiany", "0.0.0.0", key=9)),
        (child("net", selected=True, if_id_out=7),),
        {},
        "wildcards",
        "device vtiany",
    ),
    "fallback device up": (
        beside(Link(3, "ip_vti0", "vti", up=True, data=VtiData("0.0.0.0", "0.0.0.0", 0, 0))),
        (OLD,),
        {},
        "wildcards",
        "the kernel's own",
    ),
    "virtual address without charon's routes": (
        HOST,
        (replace(OLD, dynamic=True),),
        {},
        "policy_based",
        "child old-net (file /etc/swanctl/conf.d/old.conf)",
    ),
    "same network on both sides": (
        replace(HOST, addresses={"eth1": ("10.2.0.1/24",)}),
        (),
        {},
        "networks",
        "own device eth1",
    ),
    "inner address on another device": (
        replace(HOST, addresses={"eth1": ("10.99.0.9/24",)}),
        (),
        {},
        "networks",
        "10.99.0.1/30 overlaps 10.99.0.9/24",
    ),
    "networkd takes the guards": (
        replace(HOST, networkd=Networkd(used=True, foreign_rules=False)),
        (),
        {"routes": [GUARDED]},
        "networkd",
        "expected ManageForeignRoutes=no; write",
    ),
    "strict filter, two ways": (
        replace(HOST, rp_filter={"all": 0, "default": 1}),
        (),
        {
            "tunnels": [TUNNEL, {**SECOND, "key": "43"}],
            "routes": [ROUTE, {**ROUTE, "dev": "vti43", "metric": 9}],
        },
        "rp_filter",
        "10.2.0.0/24 is reached by other devices",
    ),
    "no filter is asked for, and all is strict": (
        replace(HOST, rp_filter={"all": 1}),
        (),
        {"tunnels": [{**TUNNEL, "rp_filter": "0"}]},
        "rp_filter",
        "rp_filter 0 is without effect",
    ),
    "no forwarding": (
        replace(HOST, forwarding={4: False, 6: True}),
        (),
        {},
        "forwarding",
        "net.ipv4.ip_forward: it is 0, and networks are behind this host (10.1.0.0/24)",
    ),
    "wrong entry": (HOST, (), {"tunnels": [{**TUNNEL, "key": "0"}]}, "input", "tunnel vti42"),
    "wrong network": (HOST, (), {"networks": ["10.1/"]}, "input", "'10.1/' is no network"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_each_error_is_named(case: str) -> None:
    facts, files, options, check, words = ERRORS[case]
    found = [one for one in problems(facts, files, **options) if one.severity == "error"]
    assert {one.check for one in found} == {check}
    assert words in summary(found)


DOUBTS: dict[str, tuple[HostFacts, tuple[PlannedChild, ...], dict[str, Any], str]] = {
    "rule with the mark": (
        replace(HOST, rules=(Rule(4, 100, 254, mark=0x2, mask=0xF),)),
        (),
        {"tunnels": [{**TUNNEL, "key": "0x12"}], "connections": []},
        "marks",
    ),
    "policy-based without charon's routes": (HOST, (OLD,), {}, "policy_based"),
    "part of a network": (
        replace(HOST, addresses={"eth1": ("10.2.0.1/16",)}),
        (),
        {},
        "networks",
    ),
    "networkd without guards": (replace(HOST, networkd=Networkd(used=True)), (), {}, "networkd"),
    "no forwarding, nobody said": (
        replace(HOST, forwarding={4: False, 6: False}),
        (),
        {"networks": None},
        "forwarding",
    ),
}


@pytest.mark.parametrize("case", DOUBTS)
def test_what_is_doubtful_is_a_warning(case: str) -> None:
    facts, files, options, check = DOUBTS[case]
    found = problems(facts, files, **options)
    assert [(one.check, one.severity) for one in found] == [(check, "warning")]
    assert summary(found) == ""


FINE: dict[str, tuple[HostFacts, tuple[PlannedChild, ...], dict[str, Any]]] = {
    "our daemon": (
        replace(HOST, processes=(Process("charon-systemd", 7, "strongswan.service"),)),
        (),
        {},
    ),
    "adopted": (beside(vti("vti42", "192.0.2.9", key=7)), (), {"adopt": True}),
    "purged": (beside(vti("vti9", "192.0.2.2", alias=OURS)), (), {"purge": True}),
    "removed": (
        beside(vti("vti9", "192.0.2.2", alias=OURS)),
        (),
        {"tunnels": [TUNNEL, {"name": "vti9", "state": "absent"}]},
    ),
    "one mark, selectors apart": (
        HOST,
        (),
        {
            "tunnels": [TUNNEL, SECOND],
            "connections": [
                CONNECTION,
                {
                    "name": "venus",
                    "children": [{"name": "v", "mark_out": 42, "remote_ts": ["10.3.0.0/16"]}],
                },
            ],
        },
    ),
    "policies of ours while endpoints move": (
        replace(beside(vti("vti42", "192.0.2.9", alias=OURS)), policies=(policy(42),)),
        (),
        {},
    ),
    "replaced connection": (HOST, (replace(OLD, connection="sun", dynamic=True),), {}),
    "charon's routes are on": (HOST, (replace(OLD, dynamic=True),), {"install_routes": True}),
    "wildcard on another address": (
        HOST,
        (replace(OLD, local_addrs=("192.0.2.7",)),),
        {"tunnels": [{**TUNNEL, "remote": "any"}], "install_routes": True},
    ),
    "device in a VRF": (
        replace(
            HOST,
            links={**HOST.links, "eth1": Link(9, "eth1", master="blue")},
            addresses={"eth1": ("10.2.0.1/24",)},
        ),
        (),
        {},
    ),
    "networkd leaves it alone": (
        replace(HOST, networkd=Networkd(True, False, False)),
        (),
        {"routes": [GUARDED]},
    ),
    "loose filter": (
        replace(HOST, rp_filter={"all": 1, "default": 1}),
        (),
        {"tunnels": [{**TUNNEL, "rp_filter": 2}]},
    ),
    "nothing behind": (replace(HOST, forwarding={4: False}), (), {"networks": []}),
    "ipsec.conf with a mark": (
        HOST,
        (),
        {"connections": [], "ipsec_conf_connections": [{"name": "gw", "mark": 2}]},
    ),
}


@pytest.mark.parametrize("case", FINE)
def test_what_is_right_is_no_problem(case: str) -> None:
    facts, files, options = FINE[case]
    assert problems(facts, files, **options) == []


def test_an_ipsec_conf_connection_with_a_virtual_address_needs_a_mark() -> None:
    entry = {"name": "gw", "leftsourceip": ["%config"], "left": "%defaultroute"}
    (found,) = problems(connections=[], ipsec_conf_connections=[entry])
    assert (found.check, found.severity) == ("policy_based", "error")


def test_all_are_named_at_once() -> None:
    facts = replace(
        beside(vti("vti9", "192.0.2.2")),
        kinds={"vti": False},
        processes=(Process("pluto", 7, "ipsec.service"),),
        forwarding={4: False},
    )
    found = problems(facts, packages=["strongswan-starter"])
    lines = summary(found).splitlines()
    assert lines[0] == "6 problems stand in the way, and nothing was changed:"
    assert {one.check for one in found} == {
        "kernel",
        "packages",
        "daemons",
        "endpoints",
        "marks",
        "forwarding",
    }
    assert [line.partition(".")[0] for line in lines[1:]] == list("123456")
    assert all(one.check in CHECKS and one.object and one.remedy for one in found)


def test_what_is_tolerated_is_a_warning() -> None:
    found = problems(replace(HOST, forwarding={4: False}))
    assert summary(found).startswith("1 problem stands")
    assert summary(tolerated(found, ["forwarding"])) == ""
    with pytest.raises(InputError, match="tolerate 'forward'"):
        tolerated(found, ["forward"])


NETWORKD = {
    "nothing": ({}, (False, True, True)),
    "enabled": ({"etc/systemd/networkd.conf": "[Network]\n#ManageForeignRoutes=no\n"}, None),
    "left alone": (
        {
            "etc/systemd/networkd.conf.d/a.conf": "[Network]\nManageForeignRoutes=no\n",
            "usr/lib/systemd/networkd.conf.d/a.conf": "[Network]\nManageForeignRoutes=yes\n",
            "run/systemd/networkd.conf.d/b.conf": (
                "[Other]\nManageForeignRoutes=yes\n[Network]\n"
                "ManageForeignRoutingPolicyRules = false\n"
            ),
        },
        (False, False, False),
    ),
    "last one wins": (
        {
            "usr/lib/systemd/networkd.conf.d/a.conf": "[Network]\nManageForeignRoutes=no\n",
            "etc/systemd/networkd.conf.d/z.conf": "[Network]\nManageForeignRoutes=yes\n",
        },
        (False, True, True),
    ),
}


@pytest.mark.parametrize("case", NETWORKD)
def test_networkd_is_read_from_its_files(case: str, tmp_path: Path) -> None:
    files, expected = NETWORKD[case]
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if case == "enabled":
        unit = tmp_path / "etc/systemd/system/multi-user.target.wants/systemd-networkd.service"
        unit.parent.mkdir(parents=True)
        unit.symlink_to("/usr/lib/systemd/system/systemd-networkd.service")
        expected = (True, True, True)
    assert read_networkd(str(tmp_path)) == Networkd(*(expected or ()))


def test_processes_are_found_with_their_units(tmp_path: Path) -> None:
    cgroups = {
        "7": "0::/system.slice/docker-1.scope/system.slice/strongswan.service\n",
        "8": "0::/user.slice/session-1.scope\n",
        "9": "",
    }
    for pid, name in (("7", "charon-systemd"), ("8", "pluto"), ("9", "bash")):
        (tmp_path / pid).mkdir()
        (tmp_path / pid / "comm").write_text(f"{name[:15]}\n")
        (tmp_path / pid / "cgroup").write_text(cgroups[pid])
    found = sorted(read_processes(["charon-systemd", "pluto"], str(tmp_path)), key=lambda p: p.pid)
    assert found == [Process("charon-systemd", 7, "strongswan.service"), Process("pluto", 8, "")]
