# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a plan for tunnel devices: each is one request to the kernel (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import VtiData


@dataclass(frozen=True)
class CreateLink:
    """Make a device, then mark it and set it up; addresses and sysctls follow."""

    name: str
    data: VtiData
    alias: str
    up: bool
    mtu: t.Optional[int] = None


@dataclass(frozen=True)
class ChangeLink:
    """Change what is not None.

    The kernel zeroes every attribute of a VTI that a change leaves out, so O(data) is complete,
    and it may reset the MTU, so O(mtu) goes with it.
    """

    index: int
    name: str
    data: t.Optional[VtiData] = None
    alias: t.Optional[str] = None
    mtu: t.Optional[int] = None
    up: t.Optional[bool] = None
    group: t.Optional[int] = None


@dataclass(frozen=True)
class DeleteLink:
    """Remove a device."""

    index: int
    name: str


@dataclass(frozen=True)
class AddAddress:
    """Add an address in prefix notation."""

    name: str
    address: str


@dataclass(frozen=True)
class RemoveAddress:
    """Remove an address in prefix notation."""

    name: str
    address: str


@dataclass(frozen=True)
class SetDisablePolicy:
    """Write C(disable_policy) for IPv4 and IPv6 inside the tunnel."""

    name: str
    value: bool


TunnelStep = t.Union[
    CreateLink, ChangeLink, DeleteLink, AddAddress, RemoveAddress, SetDisablePolicy
]
