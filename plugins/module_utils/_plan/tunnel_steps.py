# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a plan for tunnel devices (pure).

O(netns) is the namespace that a device has been moved to, V("") where the call works.
Other devices are named, V("") for none.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import TunnelData


@dataclass(frozen=True)
class CreateLink:
    """Make a device, then mark it, give it its group and master, and set it up.

    O(index) is that of the device whose place it takes, or 0.
    """

    name: str
    data: TunnelData
    alias: str
    up: bool
    mtu: t.Optional[int] = None
    group: int = 0
    master: str = ""
    index: int = 0


@dataclass(frozen=True)
class ChangeLink:
    """Change what is not None.

    The kernel zeroes every attribute of a tunnel that a change leaves out, so O(data) is complete,
    and it may reset the MTU, so O(mtu) goes with it.
    """

    index: int
    name: str
    data: t.Optional[TunnelData] = None
    alias: t.Optional[str] = None
    mtu: t.Optional[int] = None
    up: t.Optional[bool] = None
    group: t.Optional[int] = None
    master: t.Optional[str] = None
    netns: str = ""


@dataclass(frozen=True)
class MoveLink:
    """Move a device into the namespace O(netns); the kernel takes its addresses and sets it down."""

    index: int
    name: str
    netns: str


@dataclass(frozen=True)
class DeleteLink:
    """Remove a device."""

    index: int
    name: str
    netns: str = ""


@dataclass(frozen=True)
class Keep:
    """Remember a device's routes and sysctls, which the steps that follow will flush."""

    index: int
    name: str
    netns: str = ""


@dataclass(frozen=True)
class PutBack:
    """Put back what M(Keep) remembered, as far as it is missing or differs."""

    name: str
    netns: str = ""


@dataclass(frozen=True)
class AddAddress:
    """Add an address, V(10.99.0.1/30) or V(10.99.0.1 peer 10.99.0.2/32)."""

    name: str
    address: str
    netns: str = ""


@dataclass(frozen=True)
class RemoveAddress:
    """Remove an address."""

    name: str
    address: str
    netns: str = ""


@dataclass(frozen=True)
class SetSysctl:
    """Write a sysctl of a device.

    O(key) V(disable_policy) and V(forwarding) are for IPv4 and IPv6, V(rp_filter) for IPv4.
    """

    name: str
    key: str
    value: int
    netns: str = ""


TunnelStep = t.Union[
    CreateLink,
    ChangeLink,
    MoveLink,
    DeleteLink,
    Keep,
    PutBack,
    AddAddress,
    RemoveAddress,
    SetSysctl,
]
