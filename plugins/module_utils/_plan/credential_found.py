# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys and certificates that a host has: files in swanctl's folders, and what charon holds."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.credential import Credential
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.pem import Block, parse_pem
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import owner_of_file


@dataclass(frozen=True)
class CredentialFile:
    """A file in one of swanctl's folders."""

    path: str
    data: bytes = field(repr=False)
    mode: int

    @property
    def text(self) -> str:
        """The file as text; DER is none, but can be searched like it."""
        return self.data.decode("ascii", errors="replace")

    @property
    def owner(self) -> t.Optional[str]:
        """The owner that its first line names; None if it is not ours."""
        return owner_of_file(self.text)

    @property
    def block(self) -> t.Optional[Block]:
        """What charon reads of it: the first block; None if it is no PEM."""
        try:
            blocks = parse_pem(self.text)
        except ValueError:
            return None
        return blocks[0] if blocks else None

    def same(self, wanted: Credential) -> bool:
        """Return whether it holds the wanted key or certificate, whatever is around it."""
        if wanted.block is None:
            return self.data == wanted.container
        block = self.block
        return self.data == wanted.block.data if block is None else block == wanted.block


@dataclass(frozen=True)
class Opened:
    """Private keys and certificates as DER, as charon takes them, without a passphrase.

    O(key_ids) are those of the keys, as far as they can be told.
    """

    keys: t.Tuple[bytes, ...] = field(default=(), repr=False)
    certificates: t.Tuple[bytes, ...] = ()
    key_ids: t.Tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundCredentials:
    """What a host has: files by path, key ids and certificates in charon, and the time.

    O(opened) are wanted keys that need a passphrase, by object. O(owners) tells the owner of files
    that cannot name it themselves, O(sealed_ids) the keys in files that need a passphrase, by path.
    """

    now: datetime.datetime
    files: t.Mapping[str, CredentialFile] = field(default_factory=dict)
    keys: t.FrozenSet[str] = frozenset()
    certificates: t.FrozenSet[bytes] = frozenset()
    opened: t.Mapping[str, Opened] = field(default_factory=dict)
    owners: t.Mapping[str, str] = field(default_factory=dict)
    sealed_ids: t.Mapping[str, t.Tuple[str, ...]] = field(default_factory=dict)

    def owner_of(self, file: CredentialFile) -> t.Optional[str]:
        """Return a file's owner."""
        return file.owner or self.owners.get(file.path)

    def opened_of(self, wanted: Credential) -> t.Optional[Opened]:
        """Return what charon takes for a wanted one; None if it could not be opened (check mode)."""
        if wanted.sealed:
            return self.opened.get(wanted.object)
        data = wanted.block.data if wanted.block else b""
        if wanted.is_key:
            return Opened((data,), (), (wanted.key_id,) if wanted.key_id else ())
        return Opened((), (data,), ())

    def holds(self, opened: Opened) -> bool:
        """Return whether charon holds it all; of a key without an id nothing is known."""
        return self.keys.issuperset(opened.key_ids) and self.certificates.issuperset(
            opened.certificates
        )
