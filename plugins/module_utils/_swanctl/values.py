# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of swanctl.conf: checked, and turned into what they mean (pure). Hosts are in hosts.py.

The notations are those that charon parses in src/libcharon/plugins/vici/vici_config.c. What we
check is what charon would take silently for something else, or refuse without saying why.
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
import typing as t

U32_MAX = 2**32 - 1
U64_MAX = 2**64 - 1
TAKEN = U32_MAX - 1  # this and the next number are strongSwan's own for %unique-dir and %unique

_TIME = re.compile(r"(0|[1-9]\d{0,9}) *([smhd]?)\Z", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZE = re.compile(r"(0|[1-9]\d{0,18}) *([kmg]?)\Z", re.IGNORECASE)
_BYTES = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_NUMBER = re.compile(r"(?:0|[1-9]\d*|0x[0-9a-f]+)\Z", re.IGNORECASE)
_AUTH = re.compile(
    r"(?:psk|pubkey|xauth(-[A-Za-z0-9]+)?|eap(-[A-Za-z0-9:-]+)*|(?:ike:|rsa|ecdsa|pubkey-)[A-Za-z0-9:-]*)\Z"
)
_HEX = re.compile(r"[0-9a-fA-F]+(?::[0-9a-fA-F]+)*\Z")
_PROPOSAL = re.compile(r"[A-Za-z0-9_-]+\Z")

Meaning = t.Any


def parse_number(text: str) -> int:
    """Return a 32 bit number, decimal or V(0x) hexadecimal.

    :raises ValueError: it is none; a leading zero would make strongSwan read it as octal.
    """
    number = int(text, 0) if _NUMBER.match(text) else -1
    if not 0 <= number <= U32_MAX:
        raise ValueError(f"expected a number from 0 to {U32_MAX}, decimal or 0x hexadecimal")
    return number


def parse_count(text: str) -> int:
    """Return a 64 bit number, decimal or V(0x) hexadecimal.

    :raises ValueError: it is none.
    """
    number = int(text, 0) if _NUMBER.match(text) else -1
    if not 0 <= number <= U64_MAX:
        raise ValueError("expected a number, decimal or 0x hexadecimal")
    return number


def parse_time(text: str) -> int:
    """Return seconds: V(3600), V(3600s), V(60m), V(1h).

    :raises ValueError: it is no time in strongSwan's notation.
    """
    match = _TIME.match(text)
    if match is None:
        raise ValueError("expected a time like 30s, 10m, 4h or 1d")
    seconds = int(match.group(1)) * _SECONDS[match.group(2).lower()]
    if seconds > U32_MAX:
        raise ValueError(f"expected at most {U32_MAX} seconds")
    return seconds


def parse_size(text: str) -> int:
    """Return bytes: V(500000000), V(500M), V(2G).

    :raises ValueError: it is no size in strongSwan's notation.
    """
    match = _SIZE.match(text)
    if match is None:
        raise ValueError("expected bytes, or a size like 500M or 2G")
    return int(match.group(1)) * _BYTES[match.group(2).lower()]


@functools.lru_cache(maxsize=1 << 12)
def parse_mark(text: str, special: t.Sequence[str] = ("%unique", "%unique-dir")) -> Meaning:
    """Return value and mask: V(42), V(0x2a), V(42/0xff), V(%unique), V(%unique-dir).

    :raises ValueError: it is no mark, or 0, which would be no mark at all.
    """
    value, slash, mask_text = text.partition("/")
    mask = parse_number(mask_text) if slash else U32_MAX
    if value in special:
        return (value, mask)
    try:
        number = parse_number(value)
    except ValueError:
        number = U32_MAX
    if number >= TAKEN:
        raise ValueError(
            f"expected a mark like 42, 0x2a or 42/0xff up to {TAKEN - 1}, or {', '.join(special)}"
        )
    if number & mask == 0:
        raise ValueError("mark 0 is no mark: give 1 or more, or leave the option out")
    return (number & mask, mask)


def parse_set_mark(text: str) -> Meaning:
    """Return value and mask of a mark that is set: a number, or V(%same).

    :raises ValueError: it is no such mark, or 0.
    """
    return parse_mark(text, special=("%same",))


def parse_if_id(text: str) -> Meaning:
    """Return an XFRM interface ID: V(42), V(0x2a), V(%unique), V(%unique-dir).

    :raises ValueError: it is none, or 0, which would be no interface at all.
    """
    if text in {"%unique", "%unique-dir"}:
        return text
    number = parse_number(text)
    if number == 0:
        raise ValueError("if_id 0 is no interface: give 1 or more, or leave the option out")
    if number >= TAKEN:
        raise ValueError(f"expected 1 to {TAKEN - 1}, %unique or %unique-dir")
    return number


def parse_auth(text: str) -> str:
    """Return an authentication method.

    :raises ValueError: charon knows none that begins so.
    """
    if not _AUTH.match(text):
        raise ValueError("expected psk, pubkey, eap, eap-..., xauth or a signature scheme")
    return text


def parse_proposal(text: str) -> str:
    """Return a proposal: algorithms joined by V(-), or V(default).

    :raises ValueError: it has other characters. Which algorithms there are, charon knows.
    """
    if not _PROPOSAL.match(text):
        raise ValueError("expected algorithms joined by '-', like aes256gcm16-x25519, or default")
    return text


def parse_text(text: str) -> str:
    """Return printable ASCII text, which is what charon takes as a string.

    :raises ValueError: it is empty or has other characters.
    """
    if not text or not (text.isascii() and text.isprintable()) or text != text.strip():
        raise ValueError("expected printable ASCII text without white space around it")
    return text


def parse_identity(text: str) -> str:
    """Return an IKE identity.

    :raises ValueError: it is empty, or has control characters or white space around it.
    """
    if not text or not text.isprintable() or text != text.strip():
        raise ValueError("expected an identity like moon.example.org, an address or a DN")
    return text


def parse_switch(text: str) -> bool:
    """Return what a yes or no says.

    :raises ValueError: charon would not take it.
    """
    known = {"yes": True, "true": True, "enabled": True, "1": True}
    known.update({"no": False, "false": False, "disabled": False, "0": False})
    if text.lower() not in known:
        raise ValueError("expected yes or no")
    return known[text.lower()]


def parse_file(text: str) -> str:
    """Return the name of a file whose content goes to charon, or the content as V(0x) or V(0s).

    :raises ValueError: it is no such thing.
    """
    decode_prefixed(text)
    return parse_text(text)


def decode_prefixed(value: str) -> t.Optional[bytes]:
    """Return the bytes of V(0x...) hexadecimal or V(0s...) Base64; None without such a prefix.

    :raises ValueError: what follows the prefix is neither.
    """
    prefix, rest = value[:2].lower(), value[2:]
    if prefix == "0x":
        digits = rest.replace(":", "")
        if not _HEX.match(rest):
            raise ValueError("it begins with 0x, but hexadecimal digits do not follow")
        return bytes.fromhex("0" * (len(digits) % 2) + digits)
    if prefix == "0s":
        try:
            data = base64.b64decode(rest, validate=True)
        except binascii.Error:
            data = b""
        if not data:
            raise ValueError("it begins with 0s, but Base64 does not follow")
        return data
    return None
