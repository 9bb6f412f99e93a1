# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links, addresses and routes as the kernel holds them (pure data, no library's types)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import owner_of_link

FALLBACKS = frozenset({"ip_vti0", "ip6_vti0"})
"""Devices that the kernel makes in each namespace with the module; deleting is a silent no-op."""

UNFINISHED_GROUP = 0x76746930
"""The link group of a device that we are making: it has no C(ifalias) yet (the kernel takes none
when a link is made), and a run that was killed in between must know it again."""


@dataclass(frozen=True)
class VtiData:
    """The attributes of a VTI (IFLA_VTI_*): O(link) is the index of the underlay device, or 0."""

    local: str
    remote: str
    ikey: int
    okey: int
    link: int = 0

    @property
    def pair(self) -> t.Tuple[str, str, int]:
        """What makes a VTI unique in its namespace; the keys do not count (ip_tunnel_find)."""
        return (self.local, self.remote, self.link)


@dataclass(frozen=True)
class Link:
    """A network device."""

    index: int
    name: str
    kind: str = ""
    mtu: int = 0
    up: bool = False
    alias: str = ""
    vti: t.Optional[VtiData] = None
    group: int = 0

    @property
    def owner(self) -> t.Optional[str]:
        """The owner that its mark names, or None."""
        return owner_of_link(self.alias)

    @property
    def unfinished(self) -> bool:
        """Whether a run of ours was killed while it made this device."""
        return self.group == UNFINISHED_GROUP and not self.alias

    def require_vti(self) -> VtiData:
        """Return the attributes of a VTI.

        :raises ConflictError: it is none.
        """
        if self.vti is None:
            raise ConflictError(
                f"tunnel {self.name}: a device of that name exists and is no VTI"
                f" (kind {self.kind or 'physical or none'}); choose another name"
            )
        return self.vti


@dataclass(frozen=True)
class Kernel:
    """What the kernel holds, as far as tunnel devices go.

    O(addresses) maps a link's index to its addresses in prefix notation, those that the kernel
    made itself (IPv6 link-local) left out. O(policy_off) maps a tunnel's name to whether
    C(disable_policy) is set for both families.
    """

    links: t.Mapping[str, Link]
    addresses: t.Mapping[int, t.Tuple[str, ...]]
    policy_off: t.Mapping[str, bool]

    def name_of(self, index: int) -> str:
        """Return the name of the link with this index, or its number."""
        for link in self.links.values():
            if link.index == index:
                return link.name
        return f"if{index}"


EMPTY = Kernel(links={}, addresses={}, policy_off={})
