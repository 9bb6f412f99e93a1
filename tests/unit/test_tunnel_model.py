# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user may write for a tunnel device, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Sysctls,
    TunnelData,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import (
    check_tunnels,
    parse_tunnel,
)

ENTRY: dict[str, Any] = {
    "name": "vti42",
    "local": "192.0.2.1",
    "remote": "192.0.2.2",
    "key": "42",
    "addresses_exclusive": True,
    "up": True,
    "state": "present",
}
XFRM: dict[str, Any] = {**ENTRY, "local": None, "remote": None, "key": None, "if_id": "0x2a"}
SIX = {"local": "2001:db8::1", "remote": "2001:db8::2"}

DATA: list[tuple[str, dict[str, Any], TunnelData]] = [
    ("key", {"key": "42"}, VtiData("192.0.2.1", "192.0.2.2", 42, 42)),
    ("hexadecimal", {"key": "0x2a"}, VtiData("192.0.2.1", "192.0.2.2", 42, 42)),
    ("dotted", {"key": "0.0.0.42"}, VtiData("192.0.2.1", "192.0.2.2", 42, 42)),
    ("highest", {"key": "4294967295"}, VtiData("192.0.2.1", "192.0.2.2", 2**32 - 1, 2**32 - 1)),
    (
        "two keys",
        {"key": None, "ikey": "1", "okey": "0X2"},
        VtiData("192.0.2.1", "192.0.2.2", 1, 2),
    ),
    (
        "dev, fwmark",
        {"dev": "eth0", "fwmark": "0x10"},
        VtiData("192.0.2.1", "192.0.2.2", 42, 42, "eth0", 16),
    ),
    ("remote any", {"remote": "any"}, VtiData("192.0.2.1", "0.0.0.0", 42, 42)),
    ("local any", {"local": "any"}, VtiData("0.0.0.0", "192.0.2.2", 42, 42)),
    (
        "both any",
        {"local": "any", "remote": "any", "kind": "vti", "dev": "eth0"},
        VtiData("0.0.0.0", "0.0.0.0", 42, 42, "eth0"),
    ),
    ("vti6", {**SIX, "local": "2001:DB8:0::1"}, VtiData("2001:db8::1", "2001:db8::2", 42, 42)),
    ("vti6 any", {**SIX, "remote": "any"}, VtiData("2001:db8::1", "::", 42, 42)),
    ("xfrm", XFRM, XfrmData(42)),
    ("xfrm by kind", {**XFRM, "kind": "xfrm", "dev": "eth0"}, XfrmData(42, "eth0")),
    ("external", {**XFRM, "if_id": None, "external": True}, XfrmData(0, "", True)),
]


@pytest.mark.parametrize(
    ("options", "data"), [row[1:] for row in DATA], ids=[row[0] for row in DATA]
)
def test_data(options: dict[str, Any], data: TunnelData) -> None:
    assert parse_tunnel({**ENTRY, **options}).data == data


def test_disable_policy_is_for_vti() -> None:
    assert parse_tunnel(ENTRY).sysctls == Sysctls(disable_policy=True)
    assert parse_tunnel({**ENTRY, "disable_policy": False}).sysctls.disable_policy is False
    assert parse_tunnel(XFRM).sysctls == Sysctls()
    wanted = Sysctls(None, True, 2)
    assert parse_tunnel({**XFRM, "forwarding": True, "rp_filter": 2}).sysctls == wanted


ADDRESSES = [
    ("10.99.0.1/30", "10.99.0.1/30"),
    ("FD99:0::1/64", "fd99::1/64"),
    ("10.99.0.1 peer 10.99.0.2/32", "10.99.0.1 peer 10.99.0.2/32"),
    ("fd99::1 peer FD99::2/128", "fd99::1 peer fd99::2/128"),
    ("10.99.0.1 peer 10.99.0.1/30", "10.99.0.1/30"),
]


@pytest.mark.parametrize(("given", "normalised"), ADDRESSES)
def test_addresses_are_normalised(given: str, normalised: str) -> None:
    assert parse_tunnel({**ENTRY, "addresses": [given]}).addresses == (normalised,)


WRONG = [
    ({"name": ""}, "1 to 15 bytes"),
    ({"name": "ä" * 8}, "it has 16"),
    ({"name": "."}, "reserved by the kernel"),
    ({"name": "a:b"}, "no '/', ':' or white space"),
    ({"name": "a\x01b"}, "printable"),
    ({"name": "ip6_vti0"}, "fallback"),
    ({**SIX, "kind": "vti"}, "expected kind vti6 for this underlay"),
    ({"kind": "vti6"}, "expected kind vti for this underlay"),
    ({"remote": "2001:db8::2"}, "two families"),
    ({"local": "any", "remote": "any"}, "expected kind, vti or vti6"),
    ({"local": "any", "remote": "any", "kind": "vti"}, "ip_vti0"),
    ({"local": "any", "remote": "any", "kind": "vti6", "dev": "eth0"}, "ip6_vti0"),
    ({"remote": "0.0.0.0"}, "the address of one host"),
    ({"remote": "224.0.0.1"}, "the address of one host"),
    ({"local": "fe80::1", "remote": "fe80::2"}, "link-local"),
    ({"remote": "192.0.2.1"}, "expected two hosts"),
    ({"remote": "peer"}, "is no IP address"),
    ({"remote": None}, "remote is missing"),
    ({"key": "-1"}, "key '-1' is no key"),
    ({"key": "forty"}, "key 'forty' is no key"),
    ({"key": "0x100000000"}, "is no key"),
    ({"key": None}, "key is missing"),
    ({"key": "42", "okey": "1"}, "key excludes ikey and okey"),
    ({"fwmark": "x"}, "fwmark 'x'"),
    ({"dev": "a" * 16}, "1 to 15 bytes"),
    ({"if_id": "1"}, "local, remote, key with kind xfrm"),
    ({"kind": "vti", "if_id": "1"}, "if_id with kind vti"),
    ({**XFRM, "if_id": "0"}, "if_id '0'"),
    ({**XFRM, "if_id": None, "kind": "xfrm"}, "if_id ''"),
    ({**XFRM, "external": True}, "with external"),
    ({**XFRM, "if_id": None, "external": True, "dev": "eth0"}, "dev 'eth0' with external"),
    ({"target_netns": "blue"}, "expected kind xfrm"),
    ({"addresses": ["10.99.0.1/33"]}, "'10.99.0.1/33'"),
    ({"addresses": ["10.99.0.1"]}, "with its prefix length"),
    ({"addresses": ["10.99.0.1 peer fd99::1/128"]}, "or with a peer"),
    ({"addresses": ["10.99.0.1/30", "10.99.0.1/30"]}, "listed twice"),
    ({"mtu": 65516}, "68 to 65515"),
    ({**SIX, "mtu": 65496}, "68 to 65495"),
    ({"mtu": 1279, "addresses": ["fd99::1/64"]}, "1280"),
    ({"group": -1}, "group -1"),
    ({"group": 0x76746930}, "1987340592"),
    ({"description": "two\nlines"}, "one line"),
    ({"description": "x" * 161}, "up to 160 bytes"),
    ({"master": "all"}, "reserved"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_wrong(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match="tunnel") as caught:
        parse_tunnel({**ENTRY, **options})
    assert words in str(caught.value)


def test_absent_needs_the_name_only() -> None:
    assert not parse_tunnel({"name": "vti42", "state": "absent"}).present


TWICE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (ENTRY, ENTRY, "in the list twice"),
    (ENTRY, {**ENTRY, "name": "b", "key": "1"}, "is also that of tunnel vti42"),
    ({**ENTRY, "remote": "any"}, {**ENTRY, "name": "b", "remote": "any"}, "one vti for each"),
    ({**ENTRY, **SIX}, {**ENTRY, **SIX, "name": "b", "dev": "eth0"}, "one vti6 for each"),
    (XFRM, {**XFRM, "name": "b"}, "if_id 42 is also that of tunnel vti42"),
    (
        {**XFRM, "if_id": None, "external": True},
        {**XFRM, "if_id": None, "external": True, "name": "b"},
        "one external device",
    ),
]


@pytest.mark.parametrize(("first", "second", "words"), TWICE)
def test_twice(first: dict[str, Any], second: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        check_tunnels([parse_tunnel(first), parse_tunnel(second)])
    assert words in str(caught.value)


def test_same_endpoints_on_different_devices_are_two_pairs() -> None:
    check_tunnels([parse_tunnel(ENTRY), parse_tunnel({**ENTRY, "name": "b", "dev": "eth0"})])
