# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Address messages of rtnetlink: V(10.99.0.1/30), or V(10.99.0.1 peer 10.99.0.2/32)."""

from __future__ import annotations

import struct
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    address,
    address_at,
    each,
    raw,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import (
    NLM_F_CREATE,
    NLM_F_EXCL,
    Answer,
    message,
)

RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR = 20, 21, 22
IFA_ADDRESS, IFA_LOCAL = 1, 2
AF_INET, AF_INET6 = 2, 10
RT_SCOPE_LINK = 253
LINK_LOCAL = b"\xfe\x80"

_IFADDR = struct.Struct("=BBBBI")  # family, prefix length, flags, scope, index of the device

DUMP = _IFADDR.pack(0, 0, 0, 0, 0)
"""The body of a request for all addresses of both families."""


def add(index: int, text: str) -> bytes:
    """Pack the request that adds an address to a device."""
    return message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, _body(index, text))


def remove(index: int, text: str) -> bytes:
    """Pack the request that removes an address from a device."""
    return message(RTM_DELADDR, 0, _body(index, text))


def _body(index: int, text: str) -> bytes:
    ends, _slash, length = text.partition("/")
    local, _peer, remote = ends.partition(" peer ")
    ours = address(local)
    theirs = address(remote) if remote else ours
    family = AF_INET6 if len(ours) == 16 else AF_INET
    scope = RT_SCOPE_LINK if family == AF_INET6 and ours.startswith(LINK_LOCAL) else 0
    return (
        _IFADDR.pack(family, int(length), 0, scope, index)
        + raw(IFA_LOCAL, ours)
        + raw(IFA_ADDRESS, theirs)
    )


def addresses(
    answers: t.Iterable[Answer], indexes: t.Container[int]
) -> t.Dict[int, t.Tuple[str, ...]]:
    """Return the addresses of these devices, those left out that the kernel made (link-local)."""
    found: t.Dict[int, t.List[str]] = {}
    for _type, data, start, end in answers:
        family, length, _flags, scope, index = _IFADDR.unpack_from(data, start)
        if index not in indexes:
            continue
        ours = theirs = b""
        for kind, value, value_end in each(data, start + _IFADDR.size, end):
            if kind == IFA_LOCAL:
                ours = data[value:value_end]
            elif kind == IFA_ADDRESS:
                theirs = data[value:value_end]
        if family == AF_INET6 and scope == RT_SCOPE_LINK and theirs.startswith(LINK_LOCAL):
            continue
        # Without a peer, IPv4 has both and equal, IPv6 has IFA_ADDRESS alone.
        shown = address_at(ours or theirs, 0, len(theirs))
        if ours and ours != theirs:
            shown += f" peer {address_at(theirs, 0, len(theirs))}"
        found.setdefault(index, []).append(f"{shown}/{length}")
    return {index: tuple(ones) for index, ones in found.items()}
