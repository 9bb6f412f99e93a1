# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which key it is: the id that charon gives to a key, from certificate or private key (pure).

It is the SHA-1 hash of the public key's bits; C(get-keys) of vici tells it for each private key.
"""

from __future__ import annotations

import hashlib
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.ed25519 import public_key

_RSA = bytes.fromhex("2a864886f70d010101")
_EC = bytes.fromhex("2a8648ce3d0201")
_ED25519 = bytes.fromhex("2b6570")


def id_of_bits(bits: bytes) -> str:
    """Return the id of a public key whose bits these are."""
    return hashlib.sha1(bits, usedforsecurity=False).hexdigest()


def id_of_public_key(info: der.Element) -> str:
    """Return the id of a public key with its algorithm: SubjectPublicKeyInfo, RFC 5280.

    :raises DerError: it is none.
    """
    parts = info.require(der.SEQUENCE).children
    if len(parts) != 2:
        raise der.DerError("it is no public key")
    return id_of_bits(parts[1].bits)


def id_of_private_key(data: bytes) -> str:
    """Return the id of a private key, or nothing if its public key cannot be told from it.

    :raises DerError: it is none.
    """
    parts = der.decode(data).require(der.SEQUENCE).children
    if len(parts) >= 9 and all(part.tag == der.INTEGER for part in parts[:9]):
        return _rsa(parts)
    if len(parts) >= 3 and parts[1].tag == der.SEQUENCE and parts[2].tag == der.OCTET_STRING:
        return _pkcs8(parts)
    if len(parts) >= 2 and parts[0].content == b"\1" and parts[1].tag == der.OCTET_STRING:
        return _ec(parts)
    raise der.DerError("it is no private key")


def _pkcs8(parts: t.Sequence[der.Element]) -> str:
    algorithm = parts[1].children
    kind = algorithm[0].content if algorithm else b""
    inner = parts[2].content
    if kind == _RSA:
        return _rsa(der.decode(inner).require(der.SEQUENCE).children)
    if kind == _EC:
        return _ec(der.decode(inner).require(der.SEQUENCE).children)
    if kind == _ED25519:
        return id_of_bits(public_key(der.decode(inner).require(der.OCTET_STRING).content))
    return ""


def _rsa(parts: t.Sequence[der.Element]) -> str:
    if len(parts) < 9:
        raise der.DerError("it is no RSA key")
    public = b"".join(der.encode(der.INTEGER, part.content) for part in parts[1:3])
    return id_of_bits(der.encode(der.SEQUENCE, public))


def _ec(parts: t.Sequence[der.Element]) -> str:
    for part in parts:
        if part.tag == der.CONTEXT + 1 and part.children:
            return id_of_bits(part.children[0].bits)
    return ""
