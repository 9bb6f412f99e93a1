# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vti_tunnel on a real kernel: create, change each attribute, remove; ip(8) is the witness."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]


def actions(result: Options) -> list[str]:
    """Return what was done."""
    return [one["action"] for one in result["actions"]]


def policy(name: str) -> list[str]:
    """Return disable_policy of both families."""
    return [
        Path(f"/proc/sys/net/{family}/conf/{name}/disable_policy").read_text().strip()
        for family in ("ipv4", "ipv6")
    ]


def test_create(vti: Options) -> None:
    addresses = ["10.99.0.0/31", "fd99::/127"]
    result = changed("vti_tunnel", **vti, mtu=1400, addresses=addresses, dev="eth0")
    assert actions(result) == ["create"]
    link = shell.link("vti42")
    assert link["linkinfo"]["info_kind"] == "vti"
    data = link["linkinfo"]["info_data"]
    assert (data["local"], data["remote"]) == ("192.0.2.1", "192.0.2.2")
    assert (data["ikey"], data["okey"]) == ("0.0.0.42", "0.0.0.42")
    assert link["link"] == "eth0"
    assert link["mtu"] == 1400
    assert "UP" in link["flags"]
    assert link["ifalias"] == "ipsec.strongswan:default"
    assert shell.addresses("vti42") == addresses
    assert policy("vti42") == ["1", "1"]
    assert result["diff"][0]["before"] == ""
    assert "mtu: 1400" in result["diff"][0]["after"]


def test_create_with_the_least(vti: Options) -> None:
    changed("vti_tunnel", **vti)
    assert shell.addresses("vti42") == []


def test_check_mode_makes_nothing(vti: Options) -> None:
    assert run_module("vti_tunnel", check=True, **vti)["changed"]
    assert "vti42" not in shell.run("ip link")


CHANGES = [
    ("local", {"local": "192.0.2.9"}, {"local": "192.0.2.9"}),
    ("remote", {"remote": "192.0.2.8"}, {"remote": "192.0.2.8"}),
    ("key", {"key": "0x2b"}, {"ikey": "0.0.0.43", "okey": "0.0.0.43"}),
    ("ikey", {"key": None, "ikey": "7", "okey": "42"}, {"ikey": "0.0.0.7", "okey": "0.0.0.42"}),
    ("okey", {"key": None, "ikey": "42", "okey": "4294967295"}, {"okey": "255.255.255.255"}),
]


@pytest.mark.parametrize(("option", "new", "data"), CHANGES, ids=[row[0] for row in CHANGES])
def test_change_the_tunnel_in_place(vti: Options, option: str, new: Options, data: Options) -> None:
    settings = {"mtu": 1400, "addresses": ["10.99.0.1/30", "fd99::1/64"]}
    changed("vti_tunnel", **vti, **settings)
    shell.run("ip route add 10.2.0.0/24 dev vti42")
    before = shell.link("vti42")
    result = changed("vti_tunnel", **{**vti, **new}, **settings)
    assert set(actions(result)) == {"change"}
    assert option in result["actions"][0]["reason"]
    after = shell.link("vti42")
    assert data.items() <= after["linkinfo"]["info_data"].items()
    kept = (
        {"local", "remote", "ikey", "okey"}
        - set(data)
        - ({"ikey", "okey"} if option == "key" else set())
    )
    for name in kept:
        assert after["linkinfo"]["info_data"][name] == before["linkinfo"]["info_data"][name]
    assert after["ifindex"] == before["ifindex"]
    assert after["mtu"] == 1400
    assert after["ifalias"] == "ipsec.strongswan:default"
    assert shell.addresses("vti42") == ["10.99.0.1/30", "fd99::1/64"]
    assert [route["dst"] for route in shell.routes("dev vti42 proto boot")] == ["10.2.0.0/24"]


def test_change_dev_keeps_the_mtu(vti: Options) -> None:
    changed("vti_tunnel", **vti, mtu=1380)
    changed("vti_tunnel", **vti, mtu=1380, dev="eth0")
    assert (shell.link("vti42")["link"], shell.link("vti42")["mtu"]) == ("eth0", 1380)
    changed("vti_tunnel", **vti, dev="eth1")
    assert (shell.link("vti42")["link"], shell.link("vti42")["mtu"]) == ("eth1", 1380)
    changed("vti_tunnel", **vti)
    assert shell.link("vti42")["mtu"] == 1380


def test_change_mtu(vti: Options) -> None:
    changed("vti_tunnel", **vti, mtu=1400)
    index = shell.link("vti42")["ifindex"]
    result = changed("vti_tunnel", **vti, mtu=1300)
    assert result["actions"] == [
        {"object": "tunnel vti42", "action": "change", "reason": "mtu is 1400, wanted 1300"}
    ]
    assert (shell.link("vti42")["mtu"], shell.link("vti42")["ifindex"]) == (1300, index)
    unchanged("vti_tunnel", **vti)  # left out: stays as it is


def test_change_up(vti: Options) -> None:
    addresses = ["10.99.0.1/30", "fd99::1/64"]
    changed("vti_tunnel", **vti, addresses=addresses)
    changed("vti_tunnel", **vti, addresses=addresses, up=False)
    assert "UP" not in shell.link("vti42")["flags"]
    assert shell.addresses("vti42") == addresses
    changed("vti_tunnel", **vti, addresses=addresses, up=True)
    assert "UP" in shell.link("vti42")["flags"]
    assert shell.addresses("vti42") == addresses


def test_change_disable_policy(vti: Options) -> None:
    changed("vti_tunnel", **vti, disable_policy=False)
    assert policy("vti42") == ["0", "0"]
    changed("vti_tunnel", **vti)
    assert policy("vti42") == ["1", "1"]
    shell.run("sysctl -qw net.ipv6.conf.vti42.disable_policy=0")
    changed("vti_tunnel", **vti)
    assert policy("vti42") == ["1", "1"]


def test_change_addresses(vti: Options) -> None:
    changed("vti_tunnel", **vti, addresses=["10.99.0.1/30", "fd99::1/64"])
    changed("vti_tunnel", **vti, addresses=["10.99.0.5/30", "fd99::1/64"])
    assert shell.addresses("vti42") == ["10.99.0.5/30", "fd99::1/64"]
    changed("vti_tunnel", **vti, addresses=["10.99.0.9/30"], addresses_exclusive=False)
    assert shell.addresses("vti42") == ["10.99.0.5/30", "10.99.0.9/30", "fd99::1/64"]
    unchanged("vti_tunnel", **vti)
    changed("vti_tunnel", **vti, addresses=[])
    assert shell.addresses("vti42") == []


def test_recreate_a_wildcard(vti: Options) -> None:
    shell.run("ip link add vti42 type vti local 192.0.2.1 remote any key 42")
    shell.run("ip addr add 10.99.0.1/30 dev vti42")
    message = run_module("vti_tunnel", **vti, adopt=True, recreate="never")["msg"]
    assert "recreate is 'never'" in message
    result = changed("vti_tunnel", **vti, adopt=True)
    assert actions(result) == ["recreate"]
    assert shell.link("vti42")["linkinfo"]["info_data"]["remote"] == "192.0.2.2"
    assert shell.addresses("vti42") == ["10.99.0.1/30"]


def test_endpoints_change_places() -> None:
    def tunnels(first: str, second: str, third: str) -> list[Options]:
        return [
            {"name": f"vti{number}", "remote": remote, "key": str(number)}
            for number, remote in enumerate((first, second, third), 1)
        ]

    a, b, c, d = "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"
    changed("vti_tunnel", local="192.0.2.1", tunnels=tunnels(a, b, c))
    indexes = [shell.link(f"vti{number}")["ifindex"] for number in (1, 2, 3)]
    changed("vti_tunnel", local="192.0.2.1", tunnels=tunnels(b, c, d))  # a chain: all in place
    assert [shell.link(f"vti{number}")["ifindex"] for number in (1, 2, 3)] == indexes
    changed("vti_tunnel", local="192.0.2.1", tunnels=tunnels(c, d, b))  # a circle
    remotes = [shell.link(f"vti{n}")["linkinfo"]["info_data"]["remote"] for n in (1, 2, 3)]
    assert remotes == [c, d, b]


def test_list_inherits_and_purges(vti: Options) -> None:
    foreign = "ip link add vti9 type vti local 192.0.2.1 remote 192.0.2.99 key 9"
    shell.run(foreign)
    changed("vti_tunnel", **{**vti, "name": "other", "remote": "192.0.2.50"}, owner="other")
    tunnels: list[Options] = [
        {"name": "vti1", "remote": "192.0.2.2", "key": "1"},
        {"name": "vti2", "remote": "192.0.2.3", "key": "2", "mtu": 1300, "up": False},
    ]
    changed("vti_tunnel", local="192.0.2.1", mtu=1400, tunnels=tunnels)
    assert (shell.link("vti1")["mtu"], shell.link("vti2")["mtu"]) == (1400, 1300)
    assert "UP" not in shell.link("vti2")["flags"]
    result = changed("vti_tunnel", local="192.0.2.1", mtu=1400, tunnels=tunnels[:1], purge=True)
    assert [(one["object"], one["action"]) for one in result["actions"]] == [
        ("tunnel vti2", "remove")
    ]
    changed("vti_tunnel", tunnels=[], purge=True)
    left = {link["ifname"] for link in shell.ip_json("link show type vti")}
    assert left == {"ip_vti0", "vti9", "other"}


def test_remove(vti: Options) -> None:
    changed("vti_tunnel", **vti)
    changed("vti_tunnel", name="vti42", state="absent")
    assert "vti42" not in shell.run("ip link")
    unchanged("vti_tunnel", name="vti42", state="absent")


def test_adopt(vti: Options) -> None:
    shell.run("ip link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 key 42")
    message = run_module("vti_tunnel", **vti, mtu=1300)["msg"]
    assert "belongs to nobody of this collection" in message
    assert "adopt: true" in message
    result = changed("vti_tunnel", **vti, mtu=1300, adopt=True)
    assert "adopt" in actions(result)
    message = run_module("vti_tunnel", **vti, mtu=1280, owner="other")["msg"]
    assert "belongs to owner 'default'" in message
    message = run_module("vti_tunnel", name="vti42", state="absent", owner="other")["msg"]
    assert "belongs to owner 'default'" in message


def test_adopt_what_already_is_as_wanted(vti: Options) -> None:
    shell.run("ip link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 key 42")
    shell.run("ip link set vti42 up")
    for family in ("ipv4", "ipv6"):
        shell.run(f"sysctl -qw net.{family}.conf.vti42.disable_policy=1")
    assert actions(changed("vti_tunnel", **vti)) == ["adopt"]
    assert shell.link("vti42")["ifalias"] == "ipsec.strongswan:default"


def test_another_namespace(vti: Options, namespace: str) -> None:
    shell.run(f"ip netns add {namespace}b")
    try:
        changed("vti_tunnel", **vti, netns=f"{namespace}b", addresses=["10.99.0.1/30"])
        assert "vti42" not in shell.run("ip link")
        assert "10.99.0.1/30" in shell.run(f"ip -n {namespace}b addr show vti42")
        assert (
            shell.run(
                f"ip netns exec {namespace}b cat /proc/sys/net/ipv4/conf/vti42/disable_policy"
            ).strip()
            == "1"
        )
        changed("vti_tunnel", name="vti42", netns=f"{namespace}b", state="absent")
    finally:
        shell.run(f"ip netns del {namespace}b")


DUMPS = re.compile(r"nlmsg_flags=NLM_F_REQUEST\|(?:NLM_F_DUMP|0x300)")  # 0x300: sent as RTM_GETLINK
COUNT = """
import json, sys
from ansible_collections.ipsec.strongswan.tests.support.modules import unchanged
for module, options in json.loads(sys.argv[1]):
    print("---", file=sys.stderr, flush=True)
    unchanged(module, **options)
"""


def test_a_run_without_a_change_dumps_each_table_once() -> None:
    """Whatever the number of tunnels and routes: links, addresses; links, routes, rules."""
    calls: list[tuple[str, Options]] = []
    for number in (2, 30):
        tunnels = [
            {
                "name": f"vti{n}",
                "remote": f"198.51.100.{n}",
                "key": str(n),
                "addresses": [f"10.99.{n}.1/30"],
            }
            for n in range(1, number + 1)
        ]
        calls.append(("vti_tunnel", {"local": "192.0.2.1", "tunnels": tunnels}))
        routes = [{"dst": f"10.{n}.0.0/24", "dev": "vti1"} for n in range(1, number + 1)]
        calls.append(("vti_route", {"routes": routes}))
    for module, options in calls:
        assert not run_module(module, **options).get("failed")
    command = ["strace", "-f", "-qq", "-e", "trace=sendto,sendmsg,write", "-e", "signal=none"]
    done = subprocess.run(
        [*command, sys.executable, "-c", COUNT, json.dumps(calls)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    parts = done.stderr.split('write(2, "---')[1:]
    assert [len(DUMPS.findall(part)) for part in parts] == [2, 3, 2, 3]


def test_a_run_that_was_killed_while_it_made_a_device(vti: Options) -> None:
    """The device is there, in the scratch group, without a mark: the next run takes it over."""
    shell.run("ip link add vti42 group 1987340592 type vti local 192.0.2.1 remote 192.0.2.9 key 1")
    changed("vti_tunnel", **vti, addresses=["10.99.0.1/30"])
    link = shell.link("vti42")
    assert (link["ifalias"], link["group"]) == ("ipsec.strongswan:default", "default")
