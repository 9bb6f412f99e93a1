# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PEM, the text form of keys and certificates (pure)."""

from __future__ import annotations

import base64
import binascii
import re
import typing as t
from dataclasses import dataclass, field

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s*\n(.*?)\s*-----END \1-----", re.DOTALL)
_HEADER = re.compile(r"[A-Za-z-]+: ?[^\n]*\Z")
_PARAMETERS = "EC PARAMETERS"  # OpenSSL writes this block before a key; charon cannot read it
_WIDTH = 64


@dataclass(frozen=True)
class Block:
    """A block of PEM: what it says it is, the header lines of an encrypted one, and its bytes."""

    label: str
    data: bytes = field(repr=False)
    headers: t.Tuple[str, ...] = ()

    @property
    def encrypted(self) -> bool:
        """Whether its bytes need a passphrase."""
        return self.label == "ENCRYPTED PRIVATE KEY" or any(
            "ENCRYPTED" in header for header in self.headers
        )

    @property
    def is_private(self) -> bool:
        """Whether it says that it is a private key."""
        return self.label.endswith("PRIVATE KEY")

    @property
    def text(self) -> str:
        """The block as PEM: always the same text for the same block."""
        encoded = base64.b64encode(self.data).decode()
        lines = [encoded[at : at + _WIDTH] for at in range(0, len(encoded), _WIDTH)]
        headers = (*self.headers, "") if self.headers else ()
        words = (f"-----BEGIN {self.label}-----", *headers, *lines, f"-----END {self.label}-----")
        return "\n".join(words) + "\n"


def parse_pem(text: str) -> t.List[Block]:
    """Return the blocks of a text; what is around them does not count, as for charon.

    :raises ValueError: a block is no Base64.
    """
    found = [_block(label, body) for label, body in _BLOCK.findall(text)]
    return [block for block in found if block.label != _PARAMETERS]


def _block(label: str, body: str) -> Block:
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    headers = tuple(line for line in lines if _HEADER.match(line))
    try:
        data = base64.b64decode("".join(lines[len(headers) :]), validate=True)
    except binascii.Error:
        data = b""
    if not data:
        raise ValueError(f"its block {label} holds no Base64")
    return Block(label, data, headers)
