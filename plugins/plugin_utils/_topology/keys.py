# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pre-shared keys of pairs, derived from one master secret (pure).

HKDF with SHA-256 (RFC 5869), from the standard library. Who has the key of one pair learns nothing
of the master secret, nor of the key of another pair.
"""

from __future__ import annotations

import hashlib
import hmac
import typing as t

from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.member import Ends

_HASH = hashlib.sha256
_SIZE = _HASH().digest_size
PSK_BYTES = 32


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Return that many bytes, derived from a secret as RFC 5869 has it, with SHA-256.

    :raises ValueError: more bytes than the standard allows.
    """
    if not 0 < length <= 255 * _SIZE:
        raise ValueError(f"length {length}: expected 1 to {255 * _SIZE} bytes")
    key = hmac.new(salt or bytes(_SIZE), secret, _HASH).digest()
    blocks: t.List[bytes] = []
    block = b""
    for number in range(1, -(-length // _SIZE) + 1):
        block = hmac.new(key, block + info + bytes([number]), _HASH).digest()
        blocks.append(block)
    return b"".join(blocks)[:length]


def derive_psk(master: str, site: str, ends: Ends, generation: str = "") -> str:
    """Return the pre-shared key of a pair, as hexadecimal digits.

    Not as base64, as what begins with C(0s) or C(0x) would mean something else to strongSwan.
    Names cannot hold the separator: it is NUL.
    """
    info = "\0".join(("ipsec.strongswan psk", site, *ends, generation))
    return hkdf(master.encode(), b"ipsec.strongswan topology", info.encode(), PSK_BYTES).hex()
