# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of swanctl.conf: strongSwan's notations, checked and compared."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import hosts, values, words
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import (
    meanings,
    split,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import parse

ALL = values.U32_MAX

GOOD = [
    (values.parse_time, "0", 0),
    (values.parse_time, "90", 90),
    (values.parse_time, "90s", 90),
    (values.parse_time, "10m", 600),
    (values.parse_time, "4H", 14400),
    (values.parse_time, "1 d", 86400),
    (values.parse_size, "500M", 500 * 1024**2),
    (values.parse_size, "1g", 1024**3),
    (values.parse_size, "12", 12),
    (values.parse_mark, "42", (42, ALL)),
    (values.parse_mark, "0x2a", (42, ALL)),
    (values.parse_mark, "42/0xff", (42, 255)),
    (values.parse_mark, "0x1ff/0xff", (255, 255)),
    (values.parse_mark, "%unique", ("%unique", ALL)),
    (values.parse_mark, "%unique-dir/0xff", ("%unique-dir", 255)),
    (values.parse_set_mark, "%same", ("%same", ALL)),
    (values.parse_if_id, "0x10", 16),
    (values.parse_if_id, "%unique", "%unique"),
    (hosts.parse_endpoint, "%any", "%any"),
    (hosts.parse_endpoint, "192.0.2.1", "192.0.2.1"),
    (hosts.parse_endpoint, "192.0.2.0/24", "192.0.2.0/24"),
    (hosts.parse_endpoint, "192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9"),
    (hosts.parse_endpoint, "2001:db8::1", "2001:db8::1"),
    (hosts.parse_endpoint, "fe80::1%eth0", "fe80::1%eth0"),
    (hosts.parse_endpoint, "moon-1.example.org", "moon-1.example.org"),
    (hosts.parse_virtual_ip, "0.0.0.0", "0.0.0.0"),
    (hosts.parse_virtual_ip, "::", "::"),
    (hosts.parse_selector, "dynamic", "dynamic"),
    (hosts.parse_selector, "dynamic[tcp]", "dynamic[tcp]"),
    (hosts.parse_selector, "10.1.0.0/16[tcp/443]", "10.1.0.0/16[tcp/443]"),
    (hosts.parse_selector, "10.1.0.0/16[/53]", "10.1.0.0/16[/53]"),
    (hosts.parse_selector, "fd00::/8[17/1000-2000]", "fd00::/8[17/1000-2000]"),
    (hosts.parse_selector, "10.1.0.1-10.1.0.9", "10.1.0.1-10.1.0.9"),
    (hosts.parse_selector, "10.1.0.1", "10.1.0.1"),
    (values.parse_auth, "psk", "psk"),
    (values.parse_auth, "eap-mschapv2", "eap-mschapv2"),
    (values.parse_auth, "ike:rsa-sha256", "ike:rsa-sha256"),
    (values.parse_auth, "pubkey-sha256", "pubkey-sha256"),
    (values.parse_switch, "Yes", True),
    (values.parse_switch, "0", False),
    (values.parse_count, "18446744073709551615", 2**64 - 1),
    (words.parse_action, "restart", {"start"}),
    (words.parse_action, "clear", frozenset()),
    (words.parse_action, "Trap | start", {"start", "trap"}),
    (words.parse_offload, "yes", "crypto"),
    (words.parse_per_cpu, "encap", "encap"),
    (words.parse_per_cpu, "yes", True),
    (words.parse_padding, "mtu", "mtu"),
    (words.parse_padding, "1400", 1400),
    (words.parse_dscp, "101110", "101110"),
    (values.parse_proposal, "aes256gcm16-x25519", "aes256gcm16-x25519"),
    (values.parse_identity, "C=DE, CN=möön", "C=DE, CN=möön"),
]


@pytest.mark.parametrize(("parser", "text", "meaning"), GOOD)
def test_good(parser: t.Callable[[str], t.Any], text: str, meaning: t.Any) -> None:
    assert parser(text) == meaning


BAD = [
    (values.parse_number, ["", "-1", "010", "4294967296", "0x", "1.5", "ten"]),
    (values.parse_count, ["-1", "18446744073709551616", "1k"]),
    (words.parse_action, ["", "hold", "trap|hold"]),
    (words.parse_per_cpu, ["", "udp"]),
    (words.parse_padding, ["", "MTU", "-1"]),
    (words.parse_dscp, ["", "46", "10111", "1011102"]),
    (values.parse_time, ["100000d", "", "1w", "1h30m", "-1", "01h", "h"]),
    (values.parse_size, ["", "5T", "5MB", "-5"]),
    (values.parse_mark, ["0", "0x0", "0/0xff", "0x100/0xff", "42/0", "42/", "/1", "%same", "010"]),
    (values.parse_mark, ["4294967294", "4294967295", "%unique-dirs", "42/0xff/1"]),
    (values.parse_set_mark, ["%unique", "0"]),
    (values.parse_if_id, ["0", "0x0", "4294967295", "%unique/1", "x"]),
    (hosts.parse_endpoint, ["", "192.0.2.300", "192.0.2", "2001:db8::g", "a b", "-moon", "%eth0"]),
    (hosts.parse_virtual_ip, ["", "10.0.0.0/8", "moon"]),
    (hosts.parse_selector, ["", "10.0.0.0/33", "moon", "dynamic[", "10.0.0.0/8[tcp/80", "[tcp]"]),
    (values.parse_auth, ["", "magic", "PSK ", "psk2"]),
    (values.parse_switch, ["", "maybe", "2"]),
    (values.parse_proposal, ["", "aes 256", "aes256;"]),
    (values.parse_text, ["", " a", "a\n", "ä"]),
    (values.parse_identity, ["", " a", "a\n"]),
    (values.parse_file, ["", "0xzz", "0s!"]),
]


@pytest.mark.parametrize(
    ("parser", "text"), [(parser, text) for parser, texts in BAD for text in texts]
)
def test_bad(parser: t.Callable[[str], t.Any], text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|begins with|is no"):
        parser(text)


# as chunk_from_hex and chunk_from_base64 of libstrongswan do it
DECODED = [
    ("secret", None),
    ("0", None),
    ("0x", ValueError),
    ("0xabc", b"\x0a\xbc"),
    ("0XAB:cd", b"\xab\xcd"),
    ("0xab::cd", ValueError),
    ("0xgh", ValueError),
    ("0saGVsbG8=", b"hello"),
    ("0SaGVsbG8=", b"hello"),
    ("0s", ValueError),
    ("0saGVsbG8", ValueError),
    ("0s!!", ValueError),
]


@pytest.mark.parametrize(("text", "expected"), DECODED)
def test_prefixed_bytes(text: str, expected: t.Any) -> None:
    if expected is ValueError:
        with pytest.raises(ValueError, match="begins with 0"):
            values.decode_prefixed(text)
    else:
        assert values.decode_prefixed(text) == expected


def test_files_are_compared_by_meaning() -> None:
    one = parse("connections { a { rekey_time = 1h\nremote_addrs = b,c } }")
    two = parse("connections {\n a {\n rekey_time = 3600s\n remote_addrs = b, c\n }\n}")
    other = parse("connections { a { rekey_time = 2h\nremote_addrs = b,c } }")
    assert meanings(one) == meanings(two)
    assert meanings(one) != meanings(other)


LISTS = [
    ("", []),
    ("a", ["a"]),
    (" a , b,c ", ["a", "b", "c"]),
    (",, a,,b ,", ["a", "b"]),
    ("'a, b', c", ["a, b", "c"]),
    ('"a, b" , "c', ["a, b", '"c']),
    ("a 'b, c'", ["a 'b", "c'"]),
    ("a\t,\tb", ["a\t", "\tb"]),
]


@pytest.mark.parametrize(("text", "items"), LISTS)
def test_lists(text: str, items: list[str]) -> None:
    assert split(text) == items
