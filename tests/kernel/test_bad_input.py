# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong input gives one clear message and changes nothing."""

from __future__ import annotations

import contextlib
import os
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import attributes, link
from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
)

Options = dict[str, t.Any]


@pytest.fixture(autouse=True)
def nothing_changes(namespace: str) -> t.Iterator[None]:
    """Compare links, addresses and routes before and after."""
    del namespace
    before = snapshot()
    yield
    assert snapshot() == before


def snapshot() -> list[str]:
    """Return what a user would see."""
    return [
        shell.run("ip -d -o link"),
        shell.run("ip -N route show table all type unicast"),
        shell.run("ip -N -6 route show table all type unicast"),
    ]


TUNNELS: list[tuple[Options, list[str]]] = [
    ({"name": "vti4567890123456"}, ["tunnel 'vti4567890123456'", "15 bytes", "it has 16"]),
    ({"name": "vti/1"}, ["tunnel 'vti/1'", "no '/'"]),
    ({"name": "vti 1"}, ["tunnel 'vti 1'", "white space"]),
    ({"name": "all"}, ["tunnel 'all'", "reserved by the kernel"]),
    ({"name": "default"}, ["tunnel 'default'", "reserved by the kernel"]),
    ({"name": "ip_vti0"}, ["tunnel 'ip_vti0'", "fallback device"]),
    (
        {"remote": "2001:db8::2"},
        ["tunnel vti42", "local 192.0.2.1 and remote 2001:db8::2", "two families"],
    ),
    ({"local": "192.0.2"}, ["tunnel vti42", "local '192.0.2'", "no IP address"]),
    ({"local": None}, ["tunnel vti42", "local is missing"]),
    ({"key": "0"}, ["tunnel vti42", "key '0'", "1 to 4294967295"]),
    ({"key": "4294967296"}, ["tunnel vti42", "key '4294967296'", "1 to 4294967295"]),
    ({"key": None}, ["tunnel vti42", "key is missing"]),
    ({"key": None, "ikey": "1"}, ["tunnel vti42", "both ikey and okey"]),
    ({"addresses": ["10.99.0.1"]}, ["tunnel vti42", "'10.99.0.1'", "prefix length"]),
    ({"mtu": 67}, ["tunnel vti42", "mtu 67", "68 to 65515"]),
    ({"mtu": 1279, "addresses": ["fd99::1/64"]}, ["tunnel vti42", "1280 or more"]),
    ({"dev": "eth9"}, ["tunnel vti42", "dev 'eth9' does not exist"]),
    ({"owner": "updown"}, ["owner 'updown' is reserved"]),
    ({"netns": "nowhere"}, ["netns 'nowhere' does not exist", "ip netns add nowhere"]),
]


@pytest.mark.parametrize(("wrong", "said"), TUNNELS, ids=[str(row[0]) for row in TUNNELS])
def test_tunnel(vti: Options, wrong: Options, said: list[str]) -> None:
    message = refused("vti_tunnel", **{**vti, **wrong})
    for words in said:
        assert words in message


def test_one_wrong_entry_stops_the_whole_list() -> None:
    message = refused(
        "vti_tunnel",
        local="192.0.2.1",
        tunnels=[
            {"name": "vti1", "remote": "192.0.2.2", "key": "1"},
            {"name": "vti2", "remote": "192.0.2.3", "key": "0"},
        ],
    )
    assert "tunnel vti2: key '0'" in message


def test_two_entries_with_the_same_endpoints() -> None:
    message = refused(
        "vti_tunnel",
        local="192.0.2.1",
        remote="192.0.2.2",
        tunnels=[{"name": "vti1", "key": "1"}, {"name": "vti2", "key": "2"}],
    )
    assert "tunnel vti2" in message
    assert "tunnel vti1" in message


@contextlib.contextmanager
def made_by_hand(command: str, name: str) -> t.Iterator[None]:
    """Make a device, and remove it."""
    shell.run(command)
    try:
        yield
    finally:
        shell.run(f"ip link del {name}")


def test_a_device_of_that_name_is_no_vti(vti: Options) -> None:
    with made_by_hand("ip link add vti42 type dummy", "vti42"):
        message = refused("vti_tunnel", **vti)
    assert "tunnel vti42" in message
    assert "kind dummy" in message


def test_the_pair_is_held_by_another_device(vti: Options) -> None:
    command = "ip link add byhand type vti local 192.0.2.1 remote 192.0.2.2 key 7"
    with made_by_hand(command, "byhand"):
        message = refused("vti_tunnel", **vti)
        assert "tunnel vti42" in message
        assert "is held by device 'byhand'" in message
        changed("vti_tunnel", **vti, dev="eth0")  # the device counts: another pair
        changed("vti_tunnel", name="vti42", state="absent")


ROUTES: list[tuple[Options, list[str]]] = [
    ({"dev": "vti99"}, ["route 10.2.0.0/24", "dev 'vti99' does not exist"]),
    ({"dev": "ip_vti0"}, ["route 10.2.0.0/24", "dev 'ip_vti0' is down"]),
    ({"dev": None}, ["route 10.2.0.0/24", "dev ''"]),
    ({"dst": "10.2.0.1/24"}, ["route '10.2.0.1/24'", "host bits"]),
    ({"dst": "default"}, ["route 'default'", "0.0.0.0/0 or ::/0"]),
    ({"table": "0"}, ["table '0'", "1 to 4294967295"]),
    ({"table": "mein"}, ["table 'mein'", "main, default, local or a number"]),
    ({"metric": -1}, ["metric -1", "0 to 4294967295"]),
    ({"src": "fd99::1"}, ["src 'fd99::1'", "IPv4 address"]),
    ({"protocol": 2}, ["protocol 2", "5 to 255"]),
    ({"dev": "eth0", "src": "10.77.0.1"}, ["route 10.2.0.0/24", "the kernel refused it"]),
]


@pytest.mark.parametrize(("wrong", "said"), ROUTES, ids=[str(row[0]) for row in ROUTES])
def test_route(wrong: Options, said: list[str]) -> None:
    message = refused("vti_route", **{"dst": "10.2.0.0/24", "dev": "eth0", **wrong})
    for words in said:
        assert words in message


def test_kernel_without_vti(vti: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel is asked for a kind that it has not: unloading ip_vti would take others' devices."""

    def text(kind: int, value: str) -> bytes:
        return attributes.text(kind, "nosuchkind" if kind == link.IFLA_INFO_KIND else value)

    monkeypatch.setattr(link, "text", text)
    message = refused("vti_tunnel", **vti)
    assert "tunnel vti42" in message
    assert "module ip_vti cannot be loaded" in message


def test_not_root(vti: Options) -> None:
    """The module runs as another user, in a process of its own."""
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        message = run_module("vti_tunnel", **vti).get("msg", "")
        print(message, flush=True)
        expected = "tunnel vti42" in message and "become: true" in message
        os._exit(0 if expected else 1)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


@pytest.mark.parametrize("name", ["vti_tunnel", "vti_route"])
def test_pyroute2_missing_or_too_old(
    vti: Options, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import metadata

    options = vti if name == "vti_tunnel" else {"dst": "10.2.0.0/24", "dev": "eth0"}
    with monkeypatch.context() as patch:
        patch.setattr(metadata, "version", lambda _name: "0.6.9")
        message = refused(name, **options)
        assert "pyroute2 0.6.9 is too old: expected 0.7.2 or newer" in message
        assert "python3-pyroute2" in message
    with monkeypatch.context() as patch:
        patch.setitem(__import__("sys").modules, "pyroute2", None)
        message = refused(name, **options)
        assert "pyroute2 cannot be imported" in message
        assert "python3-pyroute2" in message
        result = run_module(name, check=True, **options)  # a fresh host, before the install
        assert not result.get("failed")
        assert result["changed"]
        assert "pyroute2 cannot be imported" in result["warnings"][0]
