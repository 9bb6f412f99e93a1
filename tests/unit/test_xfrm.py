# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPsec policies and states, from bytes as the kernel sends them, and what they say of a VTI."""

from __future__ import annotations

import socket
import struct

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import xfrm as wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    raw,
    u32,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    Mark,
    Template,
    XfrmPolicy,
    unmarked_between,
)

KEY = b"\x5a" * 20
MARK = raw(21, struct.pack("=II", 42, 0xFFFFFFFF))


def packed(address: str) -> bytes:
    """Return an xfrm_address_t."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address).ljust(16, b"\0")


def selector(source: str, destination: str, family: int = socket.AF_INET) -> bytes:
    (daddr, dlength), (saddr, slength) = (one.split("/") for one in (destination, source))
    numbers = struct.pack("@HHHHHBBBxxxiI", 0, 0, 0, 0, family, int(dlength), int(slength), 0, 7, 0)
    return packed(daddr) + packed(saddr) + numbers


def template(source: str, destination: str) -> bytes:
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    identity = packed(destination) + struct.pack(">IB3x", 0xC0FFEE, 50)
    rest = struct.pack("@IBBBxIII", 9, 1, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return identity + struct.pack("@HH", family, 0) + packed(source) + rest


def policy_body(direction: int, *attributes: bytes) -> bytes:
    fixed = selector("10.1.0.0/24", "10.2.0.0/24")
    fixed += bytes(64 + 32) + struct.pack("@IIBBBBI", 400, 8 | direction, direction, 0, 0, 0, 0)
    return fixed + b"".join(attributes)


def state_body(*attributes: bytes) -> bytes:
    fixed = selector("0.0.0.0/0", "0.0.0.0/0") + packed("192.0.2.2")
    fixed += struct.pack(">IB3x", 0x1001, 50) + packed("192.0.2.1") + bytes(64)
    fixed += struct.pack("@QQQQ", 8400, 100, 1000, 2000)
    fixed += struct.pack("@IIIIIHBBB7x", 0, 3, 4, 0, 9, socket.AF_INET, 1, 32, 0)
    return fixed + b"".join(attributes)


def test_a_policy() -> None:
    body = policy_body(1, MARK, raw(5, template("192.0.2.1", "192.0.2.2")), u32(31, 0))
    buffer = b"\xff" * 5 + body + b"\xff" * 9
    assert wire.policy(buffer, 5, 5 + len(body), {7: "eth0"}) == XfrmPolicy(
        "out",
        "10.1.0.0/24",
        "10.2.0.0/24",
        priority=400,
        index=9,
        dev="eth0",
        mark=Mark(42, 0xFFFFFFFF),
        templates=(Template("192.0.2.1", "192.0.2.2", "esp", "tunnel", 9, 0xC0FFEE),),
    )


def test_the_policy_of_a_socket_is_left_out() -> None:
    body = policy_body(3)
    assert wire.policy(body, 0, len(body), {}) is None


def test_a_state_without_its_keys() -> None:
    crypt = raw(2, b"cbc(aes)".ljust(64, b"\0") + struct.pack("=I", 160) + KEY)
    auth = raw(20, b"hmac(sha256)".ljust(64, b"\0") + struct.pack("=II", 160, 128) + KEY)
    again = raw(1, b"hmac(sha256)".ljust(64, b"\0") + struct.pack("=I", 160) + KEY)
    encap = raw(4, struct.pack("=H", 2) + struct.pack(">HH", 4500, 4501) + bytes(18))
    body = state_body(crypt, auth, again, encap, u32(31, 77), u32(29, 5), raw(33, b"\x01"))
    found = wire.state(body, 0, len(body))
    assert (found.source, found.destination, found.spi) == ("192.0.2.1", "192.0.2.2", 0x1001)
    assert (found.protocol, found.mode, found.reqid) == ("esp", "tunnel", 9)
    assert (found.bytes, found.packets, found.added, found.used) == (8400, 100, 1000, 2000)
    assert (found.replay_errors, found.integrity_errors) == (3, 4)
    assert (found.if_id, found.output_mark, found.mark) == (77, Mark(5, 0xFFFFFFFF), Mark())
    assert (found.encap, found.direction) == ("espinudp 4500 4501", "in")
    assert found.algorithms == ("cbc(aes)", "hmac(sha256)")
    assert "ZZZ" not in repr(found)
    assert "5a5a" not in repr(found)


def test_an_algorithm_without_end_does_not_lead_into_its_key() -> None:
    body = state_body(raw(18, b"a" * 64 + struct.pack("=II", 160, 128) + KEY))
    assert wire.state(body, 0, len(body)).algorithms == ("a" * 64,)


@pytest.mark.parametrize(
    ("mark", "key", "meant"),
    [
        (Mark(42, 0xFFFFFFFF), 42, True),
        (Mark(42, 0xFFFFFFFF), 43, False),
        (Mark(0x2A00, 0xFF00), 0x2A17, True),
        (Mark(), 42, True),
    ],
)
def test_marks(mark: Mark, key: int, meant: bool) -> None:
    assert mark.matches(key) is meant


NEAR, FAR = "192.0.2.1", "192.0.2.2"


def one(direction: str = "out", **options: object) -> XfrmPolicy:
    ends = (NEAR, FAR) if direction == "out" else (FAR, NEAR)
    mode = str(options.pop("mode", "tunnel"))
    fields = {"templates": (Template(*ends, "esp", mode),), **options}
    return XfrmPolicy(direction, "10.1.0.0/24", "10.2.0.0/24", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("policy", "local", "remote", "found"),
    [
        (one(), NEAR, FAR, True),
        (one("in"), NEAR, FAR, True),
        (one("fwd"), NEAR, FAR, True),
        (one(), FAR, NEAR, False),
        (one(), NEAR, "192.0.2.3", False),
        (one(), NEAR, "0.0.0.0", True),
        (one(), "0.0.0.0", FAR, True),
        (one(), "::", "::", False),
        (one(mark=Mark(42, 0xFFFFFFFF)), NEAR, FAR, False),
        (one(if_id=7), NEAR, FAR, False),
        (one(mode="transport"), NEAR, FAR, False),
        (one(templates=()), NEAR, FAR, False),
    ],
)
def test_unmarked_between(policy: XfrmPolicy, local: str, remote: str, found: bool) -> None:
    assert unmarked_between([policy], local, remote) is (policy if found else None)
