# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes of several owners, of others, and of one call, on a real kernel."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

V4, V6 = "10.2.0.0/24", "fd02::/64"
FAMILIES = [(V4, "-4"), (V6, "-6")]


@pytest.fixture(autouse=True)
def tunnels() -> None:
    """Make two tunnels, as vti_tunnel would."""
    shell.ip_batch(
        *(
            line
            for number in (1, 2)
            for line in (
                f"link add vti{number} type vti local 192.0.2.1 remote 192.0.2.{number + 1} key 7",
                f"link set vti{number} alias ipsec.strongswan:default up",
                f"addr add 10.99.{number}.1/24 dev vti{number}",
                f"addr add fd99:{number}::1/64 dev vti{number}",
            )
        ),
        "addr add 2001:db8::1/64 dev eth0 nodad",
    )


def shown(family: str, selector: str = "proto 157") -> set[str]:
    """Return destinations."""
    return {one["dst"] for one in shell.ip_json(f"-N {family} route show {selector}")}


@pytest.mark.parametrize(("dst", "family"), FAMILIES)
def test_owners_without_a_device(dst: str, family: str) -> None:
    """Routes to nowhere, and through devices of nobody, stay with their owners."""
    other = "10.3.0.0/24" if family == "-4" else "fd03::/64"
    gateway = "192.0.2.254" if family == "-4" else "2001:db8::fe"
    third = "10.4.0.0/24" if family == "-4" else "fd04::/64"
    changed("vti_route", dst=dst, type="unreachable", owner="a")
    changed("vti_route", dst=other, dev="eth0", gateway=gateway, owner="a")
    changed("vti_route", dst=third, gateway=gateway)
    unchanged("vti_route", routes=[], purge=True, owner="b")
    message = refused("vti_route", dst=other, state="absent", owner="b")
    assert "belongs to owner 'number " in message
    changed("vti_route", dst=other, dev="eth0", owner="a")
    changed("vti_route", routes=[], purge=True)
    assert shown(family) == {dst, other}
    changed("vti_route", dst=dst, type="unreachable", owner="b")  # as wanted: taken over
    changed("vti_route", routes=[], purge=True, owner="a")
    assert shown(family) == {dst}
    changed("vti_route", routes=[], purge=True, owner="b")
    assert shown(family) == set()


def listens(pid: int) -> bool:
    """Return whether a process has joined a group of netlink's, by the kernel's list of sockets."""
    rows = Path(f"/proc/{pid}/net/netlink").read_text().splitlines()[1:]
    return any(int(row[3], 16) for row in map(str.split, rows) if row[2] == f"{pid}")


@pytest.mark.parametrize(("dst", "family"), FAMILIES)
def test_a_change_loses_no_moment(dst: str, family: str) -> None:
    """The monitor of ip(8) sees each new route before an old one goes."""
    steps: list[dict[str, t.Any]] = [
        {"dev": "vti1"},
        {"dev": "vti2"},
        {"type": "unreachable"},
        {"dev": "vti1", "mtu": 1400},
    ]
    with shell.beside("ip", family, "monitor", "route", stdout=subprocess.PIPE) as monitor:
        while not listens(monitor.pid):
            time.sleep(0.01)
        for step in steps:
            changed("vti_route", dst=dst, **step)
        shell.run(f"ip {family} route add blackhole default metric 77")
        seen = []
        for line in monitor.stdout or ():
            if "metric 77" in line:
                break
            seen.append(line.strip())
    ours = [line for line in seen if dst in line]
    assert len(ours) == len(steps), ours
    assert not [line for line in ours if line.startswith("Deleted")]


def test_what_stands_beside_ipv6_routes_is_left_alone() -> None:
    shell.ip_batch(
        f"route add {V6} dev eth0",
        f"route add {V6} dev eth1 metric 5",
        f"route add {V6} via 2001:db8::7 table 9",
    )
    before = shell.run("ip -6 -N route show table all proto 3")
    changed("vti_route", dst=V6, dev="vti1")
    changed("vti_route", dst=V6, dev="vti2")
    changed("vti_route", dst=V6, dev="vti2", mtu=1300)
    changed("vti_route", dst=V6, dev="vti2", gateway="fd99:2::2")
    changed("vti_route", dst=V6, gateway="fd99:1::2")
    changed("vti_route", dst=V6, type="blackhole")
    changed("vti_route", dst=V6, state="absent")
    assert shell.run("ip -6 -N route show table all proto 3") == before


def test_a_foreign_route_that_would_balance_with_ours() -> None:
    shell.run(f"ip -6 route add {V6} via 2001:db8::7")
    message = refused("vti_route", dst=V6, gateway="fd99:1::2")
    assert "adopt: true" in message
    changed("vti_route", dst=V6, gateway="fd99:1::2", adopt=True)
    (route,) = shell.ip_json(f"-6 route show {V6}")
    assert route["gateway"] == "fd99:1::2"


@pytest.mark.parametrize(("dst", "family"), FAMILIES)
def test_a_killed_run_left_two_next_hops(dst: str, family: str) -> None:
    command = "append" if family == "-6" else "add"
    metric = "" if family == "-6" else "metric 7"
    shell.run(f"ip {family} route add {dst} dev vti1 proto 157")
    shell.run(f"ip {family} route {command} {dst} dev vti2 proto 157 {metric}")
    changed("vti_route", routes=[{"dst": dst, "dev": "vti2"}], purge=True)
    (route,) = shell.ip_json(f"{family} route show {dst}")
    assert route["dev"] == "vti2"


def test_one_call_holds_what_its_gateways_need() -> None:
    """The list names the gateway's route last; both go in one call, in both directions."""
    routes: list[dict[str, t.Any]] = [
        {"dst": "10.2.0.0/24", "gateway": "10.88.0.1", "dev": "vti1"},
        {"dst": "fd02::/64", "gateway": "fd88::1"},
        {"dst": "10.0.0.0/8", "type": "unreachable", "metric": 7},
        {"dst": "10.88.0.0/24", "dev": "vti1"},
        {"dst": "fd88::/64", "dev": "vti1"},
    ]
    result = changed("vti_route", routes=routes)
    assert [action["object"].split()[1] for action in result["actions"]] == [
        "10.0.0.0/8",
        "10.88.0.0/24",
        "fd88::/64",
        "10.2.0.0/24",
        "fd02::/64",
    ]
    changed("vti_route", routes=[{**one, "state": "absent"} for one in routes])
    assert shown("-4") | shown("-6") == set()


def test_a_failure_half_way_reports_and_converges() -> None:
    routes: list[dict[str, t.Any]] = [
        {"dst": "10.2.0.0/24", "dev": "vti1"},
        {"dst": "10.3.0.0/24", "dev": "vti1", "src": "10.77.0.1"},
        {"dst": "10.4.0.0/24", "dev": "vti1"},
        {"dst": "10.5.0.0/24", "gateway": "10.99.1.2"},
    ]
    result = run_module("vti_route", routes=routes)
    assert result["failed"]
    assert result["changed"]
    assert "route 10.3.0.0/24" in result["msg"]
    assert "src 10.77.0.1 must be an address of this host" in result["msg"]
    assert "already changed before the failure: route 10.2.0.0/24" in result["msg"]
    assert shown("-4") == {"10.2.0.0/24", "10.4.0.0/24"}
    del routes[1]["src"]
    result = changed("vti_route", routes=routes)
    assert [action["object"].split()[1] for action in result["actions"]] == [
        "10.3.0.0/24",
        "10.5.0.0/24",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"type": "blackhole", "dev": "vti1"}, "type blackhole goes nowhere"),
        ({"gateway": "10.99.1.2", "onlink": True}, "onlink: expected gateway and dev"),
        ({"nexthops": [{"dev": "vti1"}, {"dev": "vti9"}]}, "dev 'vti9' does not exist"),
        ({"nexthops": [{"dev": "vti1"}, {"dev": "vti1"}]}, "names vti1 twice"),
        ({"dev": "vti1", "mtu": 67}, "mtu 67: expected 68 to 65520"),
        ({"dev": "vti1", "encap": {"if_id": "1"}}, "expected an external XFRM interface"),
    ],
    ids=str,
)
def test_one_wrong_entry_stops_the_whole_list(wrong: dict[str, t.Any], said: str) -> None:
    message = refused(
        "vti_route", routes=[{"dst": "10.9.0.0/24", "dev": "vti2"}, {"dst": V4, **wrong}]
    )
    assert f"route {V4}" in message
    assert said in message
    assert shown("-4") == set()


def test_a_gateway_out_of_reach() -> None:
    message = refused("vti_route", dst=V4, gateway="10.77.0.1", dev="vti1")
    assert "each gateway must be an address in a network of its device" in message
    message = refused("vti_route", dst=V6, gateway="fd77::1")
    assert "each gateway must be" in message


TABLES = ["RTM_GETLINK", "RTM_GETROUTE", "RTM_GETRULE"]
DUMPS = re.compile(r"nlmsg_type=(\w+), nlmsg_flags=NLM_F_REQUEST\|(?:NLM_F_DUMP|0x300)")
COUNT = """
import json, sys
from ansible_collections.ipsec.strongswan.tests.support.modules import unchanged
unchanged("vti_route", **json.loads(sys.argv[1]))
"""


@pytest.mark.parametrize("count", [1, 30])
def test_dumps_do_not_grow(count: int) -> None:
    """A run without a change reads the links, the routes of our number, and the rules."""
    routes = [{"dst": f"10.3.{number}.0/24"} for number in range(count)]
    options = {"dev": "vti1", "routes": routes}
    changed("vti_route", **options)
    command = ["strace", "-f", "-qq", "-e", "trace=sendto,sendmsg", "-e", "signal=none"]
    done = subprocess.run(
        [*command, sys.executable, "-c", COUNT, json.dumps(options)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert DUMPS.findall(done.stderr) == TABLES, done.stderr
