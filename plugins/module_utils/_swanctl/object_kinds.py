# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of objects that have a file of their own in swanctl's directory (pure)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ObjectKind:
    """A kind of object: how messages call it, and the group of sections that it lives in."""

    title: str
    group: str

    def path(self, directory: str, name: str) -> str:
        """Return the file of an object."""
        return f"{directory.rstrip('/')}/{self.title}-{name}.conf"

    def owns(self, path: str) -> bool:
        """Return whether a file has the name of one of this kind."""
        return path.rpartition("/")[2].startswith(f"{self.title}-")

    def name_of(self, path: str) -> str:
        """Return the name of the object whose file this is."""
        return path.rpartition("/")[2].removeprefix(f"{self.title}-").removesuffix(".conf")


CONNECTION = ObjectKind("connection", "connections")
SECRET = ObjectKind("secret", "secrets")
PASSPHRASE = ObjectKind("passphrase", "secrets")
POOL = ObjectKind("pool", "pools")
AUTHORITY = ObjectKind("authority", "authorities")
