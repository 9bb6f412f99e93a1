# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules as netlink messages (struct fib_rule_hdr, FRA_*, include/uapi/linux/fib_rules.h)."""

from __future__ import annotations

import socket
import struct
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    address,
    address_at,
    each,
    raw,
    u8,
    u32,
    u32_at,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import (
    NLM_F_CREATE,
    NLM_F_EXCL,
    Netlink,
    message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import (
    NOTHING_SUPPRESSED,
    Rule,
)

FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
RTM_NEWRULE, RTM_DELRULE, RTM_GETRULE = 32, 33, 34
FRA_DST, FRA_SRC, FRA_PRIORITY, FRA_FWMARK = 1, 2, 6, 10
FRA_SUPPRESS_IFGROUP, FRA_SUPPRESS_PREFIXLEN, FRA_TABLE, FRA_FWMASK = 13, 14, 15, 16
FRA_PAD, FRA_PROTOCOL = 18, 21
FIB_RULE_INVERT = 0x2
UNSET = 0xFFFFFFFF  # of the suppressors, in a dump

# Family, lengths of dst and src, tos, table, two reserved bytes, action, flags.
_HEADER = struct.Struct("=BBBBBBBBI")


def add(rule: Rule) -> bytes:
    """Pack the request that adds a rule; EEXIST if it is there."""
    return message(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, _body(rule))


def delete(rule: Rule) -> bytes:
    """Pack the request that removes the first rule that has all of this."""
    return message(RTM_DELRULE, 0, _body(rule))


def read_rules(netlink: Netlink, version: int) -> t.List[Rule]:
    """Return all rules of an IP version in the order in which the kernel tries them."""
    body = _HEADER.pack(FAMILIES[version], 0, 0, 0, 0, 0, 0, 0, 0)
    return [
        decode(version, data, start, end)
        for _kind, data, start, end in netlink.dump(RTM_GETRULE, body)
    ]


def _body(rule: Rule) -> bytes:
    """Pack what all our rules consist of."""
    prefix, _slash, length = rule.dst.partition("/")
    table = rule.table if rule.table < 256 else 0
    parts = [
        _HEADER.pack(FAMILIES[rule.version], int(length or 0), 0, 0, table, 0, 0, rule.action, 0),
        u32(FRA_PRIORITY, rule.priority),
        u32(FRA_TABLE, rule.table),
        u8(FRA_PROTOCOL, rule.protocol),
    ]
    if rule.dst:
        parts.append(raw(FRA_DST, address(prefix)))
    if rule.suppress != NOTHING_SUPPRESSED:
        parts.append(u32(FRA_SUPPRESS_PREFIXLEN, rule.suppress))
    return b"".join(parts)


def decode(version: int, data: bytes, start: int, end: int) -> Rule:
    """Read a rule between two offsets."""
    _family, dst_length, src_length, tos, table, _res1, _res2, action, flags = _HEADER.unpack_from(
        data, start
    )
    numbers = {FRA_PRIORITY: 0, FRA_TABLE: table, FRA_FWMARK: 0, FRA_FWMASK: 0}
    prefixes = {FRA_DST: "", FRA_SRC: ""}
    suppress, protocol = NOTHING_SUPPRESSED, 0
    narrow = bool(tos or flags & FIB_RULE_INVERT)
    for kind, value, value_end in each(data, start + _HEADER.size, end):
        if kind in numbers:
            numbers[kind] = u32_at(data, value)
        elif kind in prefixes:
            length = dst_length if kind == FRA_DST else src_length
            prefixes[kind] = f"{address_at(data, value, value_end)}/{length}"
        elif kind == FRA_PROTOCOL:
            protocol = data[value]
        elif kind == FRA_SUPPRESS_PREFIXLEN:
            found = u32_at(data, value)
            suppress = NOTHING_SUPPRESSED if found == UNSET else found
        elif kind == FRA_SUPPRESS_IFGROUP:
            narrow = narrow or u32_at(data, value) != UNSET
        elif kind != FRA_PAD:
            narrow = True  # it matches by something else: interface, ports, user, tunnel
    return Rule(
        version=version,
        priority=numbers[FRA_PRIORITY],
        table=numbers[FRA_TABLE],
        dst=prefixes[FRA_DST],
        src=prefixes[FRA_SRC],
        suppress=suppress,
        protocol=protocol,
        action=action,
        mark=numbers[FRA_FWMARK],
        mask=numbers[FRA_FWMASK],
        narrow=narrow,
    )
