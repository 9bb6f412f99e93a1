# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vti_info: what it shows of devices, policies and SAs that were made by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module

KEY = "5a6b7c8d" * 5
AEAD = f"aead rfc4106(gcm(aes)) 0x{KEY} 128"
CBC = f"auth-trunc hmac(sha256) 0x{KEY} 128 enc cbc(aes) 0x{KEY[:32]}"
VTI = "link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 key 42"
NOBODY = 65534


def report(**options: t.Any) -> list[dict[str, t.Any]]:
    """Return the devices that the module reports; no key of an SA may be in what it prints."""
    result = run_module("vti_info", **options)
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is False
    text = json.dumps(result).lower()
    for part in ("5a6b7c8d", str(0x5A6B7C8D), repr(bytes.fromhex(KEY))[2:10].lower()):
        assert part not in text
    tunnels: list[dict[str, t.Any]] = result["tunnels"]
    return tunnels


def one(name: str) -> dict[str, t.Any]:
    (found,) = report(names=[name])
    return found


def state(source: str, destination: str, spi: int, rest: str = "", keys: str = AEAD) -> str:
    return (
        f"xfrm state add src {source} dst {destination} proto esp spi {spi} reqid 9 mode tunnel"
        f" {rest} {keys}"
    )


def policy(direction: str, source: str, destination: str, rest: str = "") -> str:
    return (
        f"xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir {direction} {rest}"
        f" tmpl src {source} dst {destination} proto esp reqid 9 mode tunnel"
    )


def policies(rest: str, near: str = "192.0.2.1", far: str = "192.0.2.2") -> list[str]:
    return [
        policy("out", near, far, rest),
        policy("in", far, near, rest),
        policy("fwd", far, near, rest),
    ]


def test_nothing_is_there() -> None:
    assert report() == []
    assert report(names=["vti42", "eth0", "lo"]) == []


def test_a_vti_with_all_that_it_has() -> None:
    shell.ip_batch(
        "link add blue type vrf table 10",
        f"{VTI} dev eth0 fwmark 0x7",
        'link set vti42 mtu 1400 alias "ipsec.strongswan:site-a to the branch" group 5',
        "link set vti42 master blue",
        "link set blue up",
        "link set vti42 up",
        "addr add 10.99.0.1/30 dev vti42",
        "addr add 10.98.0.1 peer 10.98.0.2/32 dev vti42",
        "addr add fd99::1/64 dev vti42 nodad",
        "route add 10.2.0.0/24 dev vti42 table 77 metric 5 mtu 1300",
        "route add fd02::/64 dev vti42 table 77",
        "route add 10.3.0.0/24 via 192.0.2.9",
    )
    shell.run("sysctl -q net/ipv4/conf/vti42/disable_policy=1 net/ipv4/conf/all/rp_filter=2")
    shell.run("sysctl -q net/ipv4/conf/vti42/rp_filter=1 net/ipv6/conf/vti42/forwarding=1")
    shell.run("sysctl -q net/ipv4/conf/vti42/forwarding=0")
    found = one("vti42")
    assert found["problems"] == [
        "no IPsec policy has mark 42",
        "no SA is installed, so what is routed here is dropped",
    ]
    index = shell.link("vti42")["ifindex"]
    wanted = {
        "kind": "vti",
        "index": index,
        "local": "192.0.2.1",
        "remote": "192.0.2.2",
        "ikey": 42,
        "okey": 42,
        "fwmark": 7,
        "if_id": None,
        "external": None,
        "dev": "eth0",
        "mtu": 1400,
        "up": True,
        "lower_up": True,
        "operstate": "unknown",
        "master": "blue",
        "group": 5,
        "owner": "site-a",
        "description": "to the branch",
        "addresses": ["10.98.0.1 peer 10.98.0.2/32", "10.99.0.1/30", "fd99::1/64"],
        "policies": [],
        "states": [],
        "sa": "none",
    }
    assert {name: found[name] for name in wanted} == wanted
    assert found["sysctls"] == {
        "ipv4": {
            "disable_policy": True,
            "disable_xfrm": False,
            "forwarding": False,
            "rp_filter": 1,
            "rp_filter_effective": 2,
        },
        "ipv6": {"disable_policy": False, "forwarding": True},
    }
    assert set(found["counters"]) == {
        f"{way}_{what}"
        for way in ("rx", "tx")
        for what in ("packets", "bytes", "errors", "dropped")
    }
    routes = {route["dst"]: route for route in found["routes"]}
    assert {"10.2.0.0/24", "fd02::/64", "10.99.0.0/30"} <= set(routes)
    assert "10.3.0.0/24" not in routes
    assert routes["10.2.0.0/24"] == {
        "dst": "10.2.0.0/24",
        "type": "unicast",
        "table": 77,
        "tos": 0,
        "metric": 5,
        "protocol": 3,
        "src": "",
        "scope": "link",
        "mtu": 1300,
        "advmss": 0,
        "nexthops": [{"dev": "vti42", "gateway": "", "weight": 1, "onlink": False, "encap": None}],
    }


def test_counters_count() -> None:
    shell.ip_batch(VTI, "link set vti42 up", "route add 10.2.0.0/24 dev vti42")
    subprocess.run(["ping", "-c", "1", "-W", "1", "10.2.0.1"], check=False, capture_output=True)
    assert one("vti42")["counters"]["tx_errors"] == 1  # no SA


def test_policies_and_sas_of_a_vti() -> None:
    shell.ip_batch(
        VTI,
        "link set vti42 up",
        *policies("mark 42"),
        state("192.0.2.1", "192.0.2.2", 0x1001, "mark 42"),
        # As charon leaves it: the mark is on the policies, not on the inbound SA.
        state("192.0.2.2", "192.0.2.1", 0x1002, "output-mark 5 mask 0xf", CBC),
        "link add vti43 type vti local 192.0.2.1 remote 192.0.2.3 key 43",
        *policies("mark 43", far="192.0.2.3"),
        state("192.0.2.1", "192.0.2.3", 0x1003, "mark 43"),
    )
    found = one("vti42")
    assert (found["sa"], found["problems"]) == ("installed", [])
    assert [one["direction"] for one in found["policies"]].count("fwd") == 1
    assert {one["mark"] for one in found["policies"]} == {"0x2a/0xffffffff"}
    states = {one["direction"]: one for one in found["states"]}
    assert set(states) == {"in", "out"}
    assert states["out"]["spi"] == "0x00001001"
    assert states["out"]["algorithms"] == ["rfc4106(gcm(aes))"]
    assert states["out"]["mark"] == "0x2a/0xffffffff"
    assert states["in"]["spi"] == "0x00001002"
    assert states["in"]["algorithms"] == ["hmac(sha256)", "cbc(aes)"]
    assert (states["in"]["mark"], states["in"]["output_mark"]) == (None, "0x5/0xf")
    other = one("vti43")
    assert other["sa"] == "out_only"
    assert "the device is down" in other["problems"]
    assert "an SA is installed for outbound traffic only" in other["problems"]


def test_different_keys_and_masks() -> None:
    shell.ip_batch(
        "link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 ikey 0x2a17 okey 7",
        "link set vti42 up",
        policy("out", "192.0.2.1", "192.0.2.2", "mark 7"),
        policy("in", "192.0.2.2", "192.0.2.1", "mark 0x2a00 mask 0xff00"),
        state("192.0.2.1", "192.0.2.2", 0x1001, "mark 7"),
        state("192.0.2.2", "192.0.2.1", 0x1002, "mark 0x2a00 mask 0xff00"),
        state("192.0.2.2", "192.0.2.1", 0x1003, "mark 7"),
    )
    found = one("vti42")
    assert (found["sa"], found["problems"]) == ("installed", [])
    assert sorted(one["spi"] for one in found["states"]) == ["0x00001001", "0x00001002"]


def test_an_sa_with_another_mark() -> None:
    shell.ip_batch(
        VTI,
        "link set vti42 up",
        *policies("mark 43"),
        state("192.0.2.1", "192.0.2.2", 0x1001, "mark 43"),
    )
    found = one("vti42")
    assert (found["sa"], found["states"]) == ("none", [])
    assert (
        "an SA between its endpoints has mark 43/0xffffffff, and the device has ikey 42, okey 42"
        in found["problems"]
    )


def test_an_sa_whose_endpoint_moved() -> None:
    shell.ip_batch(
        VTI,
        "link set vti42 up",
        *policies("mark 42", far="192.0.2.77"),
        state("192.0.2.1", "192.0.2.77", 0x1001, "mark 42"),
        state("192.0.2.77", "192.0.2.1", 0x1002),
    )
    found = one("vti42")
    assert found["sa"] == "installed"
    assert [problem.split(", and")[0] for problem in found["problems"]] == [
        "an SA runs from 192.0.2.1 to 192.0.2.77",
        "an SA runs from 192.0.2.77 to 192.0.2.1",
    ]
    shell.ip_batch("link del vti42", "link add vti42 type vti local 192.0.2.1 key 42")
    shell.ip_batch("link set vti42 up")
    assert one("vti42")["problems"] == []


def test_a_vti6() -> None:
    shell.ip_batch(
        "link add vti6 type vti6 local 2001:db8::1 remote 2001:db8::2 key 42",
        "link set vti6 up",
        *policies("mark 42", "2001:db8::1", "2001:db8::2"),
        state("2001:db8::1", "2001:db8::2", 0x1001, "mark 42"),
        state("2001:db8::2", "2001:db8::1", 0x1002),
    )
    found = one("vti6")
    assert (found["kind"], found["local"]) == ("vti6", "2001:db8::1")
    assert (found["sa"], found["problems"]) == ("installed", [])


def test_xfrm_devices_share_no_sa() -> None:
    shell.ip_batch(
        "link add xfrm7 type xfrm if_id 7 dev eth0",
        "link add xfrm8 type xfrm if_id 8",
        "link add any type xfrm external",
        "link set xfrm7 up",
        "link set xfrm8 up",
        "link set any up",
        "route add 10.2.0.0/24 dev any encap xfrm if_id 9",
        *policies("if_id 7"),
        *policies("if_id 9", far="192.0.2.9"),
        state("192.0.2.1", "192.0.2.2", 0x1001, "if_id 7"),
        state("192.0.2.2", "192.0.2.1", 0x1002, "if_id 7"),
        state("192.0.2.1", "192.0.2.9", 0x1003, "if_id 9"),
    )
    found = {device["name"]: device for device in report()}
    assert (found["xfrm7"]["sa"], found["xfrm7"]["problems"]) == ("installed", [])
    assert (found["xfrm7"]["if_id"], found["xfrm7"]["dev"]) == (7, "eth0")
    assert found["xfrm7"]["ikey"] is None
    assert found["xfrm8"]["sa"] == "none"
    assert "no IPsec policy has if_id 8" in found["xfrm8"]["problems"]
    assert (found["any"]["external"], found["any"]["if_id"]) == (True, None)
    assert {one["if_id"] for one in found["any"]["policies"]} == {9}
    assert found["any"]["sa"] == "out_only"
    (hop,) = found["any"]["routes"][0]["nexthops"]
    assert hop["encap"]["if_id"] == 9


def test_an_external_device_without_encap() -> None:
    shell.ip_batch("link add any type xfrm external", "link set any up")
    assert any("no route with encap xfrm" in problem for problem in one("any")["problems"])


def test_the_direction_of_an_sa_without_policies() -> None:
    shell.ip_batch(
        "link add xfrm7 type xfrm if_id 7",
        "link set xfrm7 up",
        state("203.0.113.5", "192.0.2.1", 0x1001, "if_id 7"),
    )
    assert one("xfrm7")["sa"] == "in_only"


def test_what_can_be_wrong_with_the_device() -> None:
    shell.ip_batch(f"{VTI} dev eth0", "link set eth0 down")
    shell.run("sysctl -q net/ipv4/conf/vti42/disable_xfrm=1")
    assert one("vti42")["problems"][:3] == [
        "the device is down",
        "its underlay device eth0 is down",
        "disable_xfrm is on, so no packet finds its SA",
    ]


def test_an_sa_that_is_asked_for() -> None:
    shell.ip_batch(
        VTI,
        "link set vti42 up",
        "addr add 10.99.0.1/30 dev vti42",
        "route add 10.2.0.0/24 dev vti42",
        *policies("mark 42"),
    )
    subprocess.run(["ping", "-c", "1", "-W", "1", "10.2.0.1"], check=False, capture_output=True)
    found = one("vti42")
    assert found["sa"] == "none"
    larval = [state for state in found["states"] if state["larval"]]
    waiting = "the kernel has asked for an SA and waits for charon to make it"
    assert (waiting in found["problems"]) is bool(larval)


def test_names_owner_and_fallbacks() -> None:
    shell.ip_batch(
        VTI,
        "link set vti42 alias ipsec.strongswan:site-a",
        "link add vti43 type vti local 192.0.2.1 remote 192.0.2.3 key 43",
        "link add hook type vti local 192.0.2.1 remote 192.0.2.4 key 44",
        "link set hook alias ipsec.strongswan:updown",
    )
    assert [device["name"] for device in report()] == ["hook", "vti42", "vti43"]
    assert [device["name"] for device in report(owner="site-a")] == ["vti42"]
    assert [device["name"] for device in report(owner="updown")] == ["hook"]
    assert [device["name"] for device in report(names=["vti43", "none"])] == ["vti43"]
    assert [device["name"] for device in report(names=["ip_vti0"])] == ["ip_vti0"]
    assert report(names=[]) == []


def test_many_devices_with_their_routes() -> None:
    for number in range(1, 21):
        shell.ip_batch(
            f"link add vti{number} type vti local 192.0.2.1 remote 198.51.100.{number} key 9",
            f"link set vti{number} up",
            f"route add 10.{number}.0.0/16 dev vti{number}",
        )
    found = report()
    assert len(found) == 20
    assert [device["routes"][0]["dst"] for device in found] == [
        f"10.{device['name'][3:]}.0.0/16" for device in found
    ]


def test_another_namespace(namespace: str) -> None:
    shell.run(f"ip netns add {namespace}-b")
    try:
        shell.ip_batch(
            "link add xfrm7 type xfrm if_id 7 dev eth0",
            f"link set xfrm7 netns {namespace}-b",
        )
        assert report() == []
        (found,) = report(netns=f"{namespace}-b")
        assert (found["policies"], found["states"], found["sa"]) == (None, None, "unknown")
        assert found["problems"][-1].startswith("it was made in another network namespace")
    finally:
        shell.run(f"ip netns del {namespace}-b")


def test_check_mode_reports_too() -> None:
    shell.ip_batch(VTI)
    result = run_module("vti_info", check=True)
    assert [device["name"] for device in result["tunnels"]] == ["vti42"]


def test_without_privilege() -> None:
    shell.ip_batch(
        VTI,
        "link set vti42 up",
        "addr add 10.99.0.1/30 dev vti42",
        *policies("mark 42"),
        state("192.0.2.1", "192.0.2.2", 0x1001, "mark 42"),
    )
    program = (
        "import json\n"
        "from ansible_collections.ipsec.strongswan.tests.support.modules import run_module\n"
        "print(json.dumps(run_module('vti_info')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        env={**os.environ, "HOME": "/tmp"},
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert not result.get("failed"), result
    (found,) = result["tunnels"]
    assert (found["local"], found["addresses"]) == ("192.0.2.1", ["10.99.0.1/30"])
    assert found["routes"][0]["dst"] == "10.99.0.0/30"
    assert (found["policies"], found["states"], found["sa"]) == (None, None, "unknown")
    (warning,) = result["warnings"]
    assert "CAP_NET_ADMIN" in warning
