# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key or certificate as the user wants it: parsed and checked (pure). No message shows a key."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.certificate import (
    crl_next_update,
    read_certificate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.key_id import (
    id_of_private_key,
    id_of_public_key,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.pem import Block, parse_pem
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import file_header
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    CERTIFICATES,
    CONTAINER,
    CRL,
    KEYS,
    SIGNED,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import check_name

_LABELS = {"x509ac": "ATTRIBUTE CERTIFICATE", CRL: "X509 CRL", "pubkey": "PUBLIC KEY"}


@dataclass(frozen=True)
class Credential:
    """A key or certificate: a file in the folder that swanctl has for its type.

    Where O(present) is false only type and name count. O(key_id) is empty where it cannot be told
    before charon or OpenSSL looked into it.
    """

    type: str
    name: str
    present: bool = True
    block: t.Optional[Block] = None
    container: bytes = field(default=b"", repr=False)
    passphrase: str = field(default="", repr=False)
    key_id: str = ""
    not_before: t.Optional[datetime.datetime] = None
    not_after: t.Optional[datetime.datetime] = None
    allow_expired: bool = False
    warn_days: int = 0

    @property
    def object(self) -> str:
        """How messages name it."""
        return f"{self.type} {self.name}"

    @property
    def is_key(self) -> bool:
        """Whether it is a private key, or a container that holds one."""
        return self.type not in CERTIFICATES

    @property
    def sealed(self) -> bool:
        """Whether it must be opened with the passphrase."""
        return self.type == CONTAINER or (self.block is not None and self.block.encrypted)

    @property
    def file(self) -> str:
        """Its file, relative to swanctl's directory."""
        suffix = "p12" if self.type == CONTAINER else "pem"
        return f"{self.type}/{self.name}.{suffix}"

    def content(self, owner: str) -> bytes:
        """Return its file as bytes, marked with the owner: charon skips what is before a block."""
        if self.block is None:
            return self.container
        return (file_header(owner) + self.block.text).encode()


def parse_credential(entry: t.Mapping[str, t.Any]) -> Credential:
    """Return the key or certificate that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    kind = entry["type"]
    name = check_name(kind, entry["name"])
    what = f"{kind} {name}"
    if entry["state"] == "absent":
        return Credential(kind, name, present=False)
    _check_options(what, kind, entry)
    passphrase = entry.get("secret") or ""
    if any(ord(character) < ord(" ") for character in passphrase):
        raise InputError(f"{what}: secret: a passphrase cannot have control characters")
    try:
        if kind == CONTAINER:
            return _container(what, name, entry["content"], passphrase)
        block = _block(kind, entry["content"])
        if kind in KEYS:
            return _key(what, kind, name, block, passphrase)
        return _certificate(kind, name, block, entry)
    except der.DerError as error:
        expected = "a private key as PKCS#1, PKCS#8 or SEC 1" if kind in KEYS else f"type {kind}"
        raise InputError(f"{what}: content: {error}: expected {expected}") from None
    except ValueError as error:
        raise InputError(f"{what}: content: {error}") from None


def _check_options(what: str, kind: str, entry: t.Mapping[str, t.Any]) -> None:
    if entry.get("src"):
        raise InputError(
            f"{what}: src '{entry['src']}' was not read on the controller: that is done by the"
            " action plugin of ipsec.strongswan.strongswan_secret; call it by this name"
        )
    if not entry.get("content"):
        raise InputError(
            f"{what}: content is missing: expected the PEM text as content, or a file of the"
            " controller as src, where state is present"
        )
    if entry.get("ids"):
        raise InputError(f"{what}: ids go with shared secrets, not with type {kind}; drop them")
    if kind in CERTIFICATES and entry.get("secret"):
        raise InputError(f"{what}: secret goes with keys, not with type {kind}; drop it")


def _block(kind: str, content: str) -> Block:
    data = decode_prefixed(content)
    if data is not None:
        return Block(_label(kind, data), data)
    blocks = parse_pem(content)
    if not blocks:
        raise ValueError("expected PEM text (-----BEGIN ...), or DER as Base64 after 0s")
    if len(blocks) > 1:
        labels = ", ".join(block.label for block in blocks)
        raise ValueError(
            f"it holds {len(blocks)} blocks ({labels}), and charon reads the first one only:"
            " give each in an entry of its own"
        )
    if blocks[0].is_private != (kind in KEYS):
        raise ValueError(f"expected what type {kind} says, found a block {blocks[0].label}")
    return blocks[0]


def _label(kind: str, data: bytes) -> str:
    """Return what DER is called as PEM."""
    if kind not in KEYS:
        return _LABELS.get(kind, "CERTIFICATE")
    parts = der.decode(data).require(der.SEQUENCE).children
    if parts and parts[0].tag == der.SEQUENCE:
        return "ENCRYPTED PRIVATE KEY"
    if len(parts) > 1 and parts[1].tag == der.SEQUENCE:
        return "PRIVATE KEY"
    if len(parts) > 1 and parts[1].tag == der.OCTET_STRING:
        return "EC PRIVATE KEY"
    return "RSA PRIVATE KEY"


def _key(what: str, kind: str, name: str, block: Block, passphrase: str) -> Credential:
    if block.encrypted and not passphrase:
        raise InputError(f"{what}: the key is encrypted: give its passphrase as secret")
    if passphrase and not block.encrypted:
        raise InputError(f"{what}: the key is not encrypted: drop secret, or encrypt the key")
    key_id = "" if block.encrypted else id_of_private_key(block.data)
    return Credential(kind, name, block=block, passphrase=passphrase, key_id=key_id)


def _container(what: str, name: str, content: str, passphrase: str) -> Credential:
    data = decode_prefixed(content)
    if data is None:
        raise ValueError("expected a PKCS#12 container as Base64 after 0s, or as src")
    der.decode(data).require(der.SEQUENCE)
    if not passphrase:
        raise InputError(f"{what}: secret is missing: expected the container's passphrase")
    return Credential(CONTAINER, name, container=data, passphrase=passphrase)


def _certificate(kind: str, name: str, block: Block, entry: t.Mapping[str, t.Any]) -> Credential:
    key_id, not_before, not_after = "", None, None
    if kind in SIGNED:
        certificate = read_certificate(block.data)
        key_id = certificate.key_id
        not_before, not_after = certificate.not_before, certificate.not_after
    elif kind == CRL:
        not_after = crl_next_update(block.data)
    elif kind == "pubkey":
        key_id = id_of_public_key(der.decode(block.data))
    else:
        der.decode(block.data).require(der.SEQUENCE)
    return Credential(
        kind,
        name,
        block=block,
        key_id=key_id,
        not_before=not_before,
        not_after=not_after,
        allow_expired=bool(entry.get("allow_expired")),
        warn_days=entry["warn_days"],
    )
