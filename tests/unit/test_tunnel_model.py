# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user may write for a tunnel device, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import (
    check_tunnels,
    parse_tunnel,
)

ENTRY: dict[str, Any] = {
    "name": "vti42",
    "kind": "vti",
    "local": "192.0.2.1",
    "remote": "192.0.2.2",
    "key": "42",
    "addresses_exclusive": True,
    "disable_policy": True,
    "up": True,
    "state": "present",
}

KEYS = [
    ({"key": "42"}, (42, 42)),
    ({"key": "0x2a"}, (42, 42)),
    ({"key": "0.0.0.42"}, (42, 42)),
    ({"key": "4294967295"}, (2**32 - 1, 2**32 - 1)),
    ({"key": None, "ikey": "1", "okey": "0X2"}, (1, 2)),
]


@pytest.mark.parametrize(("options", "keys"), KEYS)
def test_keys(options: dict[str, Any], keys: tuple[int, int]) -> None:
    tunnel = parse_tunnel({**ENTRY, **options})
    assert (tunnel.ikey, tunnel.okey) == keys


def test_addresses_are_normalised() -> None:
    tunnel = parse_tunnel({**ENTRY, "addresses": ["10.99.0.1/30", "FD99:0::1/64"]})
    assert tunnel.addresses == ("10.99.0.1/30", "fd99::1/64")


WRONG = [
    ({"name": ""}, "1 to 15 bytes"),
    ({"name": "ä" * 8}, "it has 16"),
    ({"name": "."}, "reserved by the kernel"),
    ({"name": "a:b"}, "no '/', ':' or white space"),
    ({"name": "a\x01b"}, "printable"),
    ({"name": "ip6_vti0"}, "fallback"),
    ({"local": "2001:db8::1", "remote": "2001:db8::2"}, "kind vti expects an IPv4 underlay"),
    ({"remote": "0.0.0.0"}, "the address of one host"),
    ({"remote": "224.0.0.1"}, "the address of one host"),
    ({"remote": "192.0.2.1"}, "expected two hosts"),
    ({"key": "-1"}, "key '-1' is no key"),
    ({"key": "forty"}, "key 'forty' is no key"),
    ({"key": "0x100000000"}, "is no key"),
    ({"key": "42", "okey": "1"}, "key excludes ikey and okey"),
    ({"addresses": ["10.99.0.1/33"]}, "'10.99.0.1/33'"),
    ({"addresses": ["10.99.0.1/30", "10.99.0.1/30"]}, "listed twice"),
    ({"mtu": 65516}, "68 to 65515"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_wrong(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match="tunnel") as caught:
        parse_tunnel({**ENTRY, **options})
    assert words in str(caught.value)


def test_absent_needs_the_name_only() -> None:
    assert not parse_tunnel({"name": "vti42", "state": "absent"}).present


def test_same_name_twice() -> None:
    tunnel = parse_tunnel(ENTRY)
    with pytest.raises(InputError, match="in the list twice"):
        check_tunnels([tunnel, tunnel])


def test_same_endpoints_on_different_devices_are_two_pairs() -> None:
    check_tunnels([parse_tunnel(ENTRY), parse_tunnel({**ENTRY, "name": "b", "dev": "eth0"})])
