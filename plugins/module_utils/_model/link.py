# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links and addresses as the kernel holds them (pure data, no library's types).

Other devices are named, not numbered: O(dev) and O(master) are names, V("") for none, and
V("if12") for a device of another namespace, of which only the index is known here.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import owner_of_link

FALLBACKS = frozenset({"ip_vti0", "ip6_vti0"})
"""Devices that the kernel makes in each namespace with the module; deleting is a silent no-op."""

UNFINISHED_GROUP = 0x76746930
"""The link group of a device that we are making: it has no C(ifalias) yet (the kernel takes none
when a link is made), and a run that was killed in between must know it again."""

DOOMED_GROUP = 0x76746931
"""The link group of devices that we are removing in bulk, by one request for the group."""

SCRATCH_GROUPS = frozenset({UNFINISHED_GROUP, DOOMED_GROUP})

VTI, VTI6, XFRM = "vti", "vti6", "xfrm"
KINDS = (VTI, VTI6, XFRM)
ANY = {VTI: "0.0.0.0", VTI6: "::"}
"""How the kernel shows a wildcard endpoint, not an address to bind to."""

Pair = t.Tuple[str, ...]


@dataclass(frozen=True)
class VtiData:
    """The attributes of a VTI (IFLA_VTI_*); its addresses say whether it is a vti or a vti6.

    O(local) and O(remote) are V(0.0.0.0) or V(::) where any address matches.
    """

    local: str
    remote: str
    ikey: int
    okey: int
    dev: str = ""
    fwmark: int = 0

    @property
    def kind(self) -> str:
        """V(vti) or V(vti6)."""
        return VTI6 if ":" in self.local else VTI

    @property
    def pair(self) -> Pair:
        """What makes it unique in its namespace; the keys do not count.

        The underlay device counts for vti (ip_tunnel_find), not for vti6 (vti6_locate).
        """
        if self.kind == VTI6:
            return (self.kind, self.local, self.remote)
        return (self.kind, self.local, self.remote, self.dev)

    @property
    def wildcard(self) -> bool:
        """Whether an endpoint is any address."""
        return ANY[self.kind] in (self.local, self.remote)


@dataclass(frozen=True)
class XfrmData:
    """The attributes of an XFRM interface (IFLA_XFRM_*); O(external) is collect metadata."""

    if_id: int = 0
    dev: str = ""
    external: bool = False

    @property
    def kind(self) -> str:
        """V(xfrm)."""
        return XFRM

    @property
    def pair(self) -> Pair:
        """What makes it unique in its namespace (xfrmi_locate, xfrmi_newlink)."""
        return (XFRM, "external" if self.external else str(self.if_id))


TunnelData = t.Union[VtiData, XfrmData]


@dataclass(frozen=True)
class Sysctls:
    """Sysctls of a device; None where the two families differ, or where it is not known."""

    disable_policy: t.Optional[bool] = None
    forwarding: t.Optional[bool] = None
    rp_filter: t.Optional[int] = None


@dataclass(frozen=True)
class Link:
    """A network device."""

    index: int
    name: str
    kind: str = ""
    mtu: int = 0
    up: bool = False
    alias: str = ""
    group: int = 0
    master: str = ""
    data: t.Optional[TunnelData] = None
    sysctls: Sysctls = field(default_factory=Sysctls)

    @property
    def owner(self) -> t.Optional[str]:
        """The owner that its mark names, or None."""
        return owner_of_link(self.alias)

    @property
    def unfinished(self) -> bool:
        """Whether a run of ours was killed while it made this device."""
        return self.group == UNFINISHED_GROUP and not self.alias

    def require_tunnel(self) -> TunnelData:
        """Return the attributes of a tunnel device.

        :raises ConflictError: it is none.
        """
        if self.data is None:
            raise ConflictError(
                f"tunnel {self.name}: a device of that name exists and is no tunnel device of"
                f" ours to change (kind {self.kind or 'physical or none'}, expected one of"
                f" {', '.join(KINDS)}); choose another name"
            )
        return self.data


@dataclass(frozen=True)
class Kernel:
    """What a namespace holds, as far as tunnel devices go.

    O(addresses) maps a link's index to its addresses, those that the kernel made itself (IPv6
    link-local) left out, in the form V(10.99.0.1/30) or V(10.99.0.1 peer 10.99.0.2/32).
    """

    links: t.Mapping[str, Link]
    addresses: t.Mapping[int, t.Tuple[str, ...]]


EMPTY = Kernel(links={}, addresses={})
