# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decode IPsec policies and states (struct xfrm_userpolicy_info, struct xfrm_usersa_info).

A dump of states holds their keys. They are never decoded: of an algorithm's attribute
(struct xfrm_algo and its like) only the name is read, which stands in front of the key.
"""

from __future__ import annotations

import socket
import struct
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    address_at,
    each,
    text_at,
    u32_at,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    FORWARD,
    IN,
    OUT,
    Mark,
    Template,
    XfrmPolicy,
    XfrmState,
)

XFRM_MSG_GETSA, XFRM_MSG_GETPOLICY = 18, 21
XFRMA_ALG_AUTH, XFRMA_ALG_CRYPT, XFRMA_ALG_COMP, XFRMA_ENCAP, XFRMA_TMPL = 1, 2, 3, 4, 5
XFRMA_ALG_AEAD, XFRMA_ALG_AUTH_TRUNC, XFRMA_MARK = 18, 20, 21
XFRMA_SET_MARK, XFRMA_SET_MARK_MASK, XFRMA_IF_ID, XFRMA_SA_DIR = 29, 30, 31, 33
ALGORITHMS = {XFRMA_ALG_AUTH, XFRMA_ALG_CRYPT, XFRMA_ALG_COMP, XFRMA_ALG_AEAD, XFRMA_ALG_AUTH_TRUNC}
ALGORITHM_NAME = 64  # char alg_name[64], the first member of each of these

DIRECTIONS = {0: IN, 1: OUT, 2: FORWARD}
SA_DIRECTIONS = {1: IN, 2: OUT}
ACTIONS = {0: "allow", 1: "block"}
PROTOCOLS = {50: "esp", 51: "ah", 108: "comp", 43: "route2", 60: "hao"}
MODES = {0: "transport", 1: "tunnel", 2: "ro", 3: "in_trigger", 4: "beet", 5: "iptfs"}

# "0Q": the compiler pads the struct to the alignment of its 64-bit members.
_SELECTOR = struct.Struct("@16x16xHHHHHBBBi")  # ports and masks, family, lengths, protocol, device
_CURRENT = struct.Struct("@QQQQ")  # bytes, packets, time added, time used
_POLICY = struct.Struct("@56x8Q4QIIBBBB0Q")
_POLICY_NUMBERS = struct.Struct("@IIBB")  # priority, index, direction, action
_STATE_SIZE = struct.calcsize("@56s24s16s8Q4Q3IIIHBBB0Q")
_STATE_NUMBERS = struct.Struct("@IIIIIHB")  # three counters, seq, reqid, family, mode
_TEMPLATE = struct.Struct(
    "@16x4sB3xH2x16xIBBB"
)  # spi, protocol, family, reqid, mode, share, optional
_TEMPLATE_SIZE = 64
_MARK = struct.Struct("=II")
_ENCAP = struct.Struct("=H2s2s")  # type, source and destination port

_POLICY_CURRENT, _POLICY_PRIORITY = 120, 152
_STATE_ID, _STATE_SOURCE, _STATE_CURRENT, _STATE_STATS = 56, 80, 160, 192


def policy(data: bytes, start: int, end: int, names: t.Mapping[int, str]) -> t.Optional[XfrmPolicy]:
    """Decode a policy; None for that of a socket, which daemons set for their own traffic."""
    priority, index, direction, action = _POLICY_NUMBERS.unpack_from(data, start + _POLICY_PRIORITY)
    if direction not in DIRECTIONS:
        return None
    source, destination, selector = _selector(data, start)
    dport, _dport_mask, sport, _sport_mask, protocol, device = selector
    mark, if_id = Mark(), 0
    templates: t.Tuple[Template, ...] = ()
    for kind, value, value_end in each(data, start + _POLICY.size, end):
        if kind == XFRMA_MARK:
            mark = Mark(*_MARK.unpack_from(data, value))
        elif kind == XFRMA_IF_ID:
            if_id = u32_at(data, value)
        elif kind == XFRMA_TMPL:
            templates = tuple(
                _template(data, one) for one in range(value, value_end, _TEMPLATE_SIZE)
            )
    return XfrmPolicy(
        DIRECTIONS[direction],
        source,
        destination,
        priority,
        index,
        ACTIONS.get(action, str(action)),
        protocol,
        socket.ntohs(sport),
        socket.ntohs(dport),
        names.get(device, f"if{device}") if device else "",
        mark,
        if_id,
        templates,
    )


def state(data: bytes, start: int, end: int) -> XfrmState:
    """Decode a state, without its keys."""
    spi, protocol = struct.unpack_from(">IB", data, start + _STATE_ID + 16)
    numbers = _STATE_NUMBERS.unpack_from(data, start + _STATE_STATS)
    _window, replay, integrity, _sequence, reqid, family, mode = numbers
    size, packets, added, used = _CURRENT.unpack_from(data, start + _STATE_CURRENT)
    mark, if_id, set_mark, set_mask, encap, direction = Mark(), 0, 0, None, "", ""
    algorithms: t.List[str] = []
    for kind, value, value_end in each(data, start + _STATE_SIZE, end):
        if kind in ALGORITHMS:
            name = text_at(data, value, min(value + ALGORITHM_NAME, value_end))
            if name not in algorithms:  # XFRMA_ALG_AUTH repeats XFRMA_ALG_AUTH_TRUNC
                algorithms.append(name)
        elif kind == XFRMA_MARK:
            mark = Mark(*_MARK.unpack_from(data, value))
        elif kind == XFRMA_IF_ID:
            if_id = u32_at(data, value)
        elif kind == XFRMA_SET_MARK:
            set_mark = u32_at(data, value)
        elif kind == XFRMA_SET_MARK_MASK:
            set_mask = u32_at(data, value)
        elif kind == XFRMA_ENCAP:
            encap = _encap(data, value)
        elif kind == XFRMA_SA_DIR:
            direction = SA_DIRECTIONS.get(data[value], "")
    return XfrmState(
        _address(data, start + _STATE_SOURCE, family),
        _address(data, start + _STATE_ID, family),
        PROTOCOLS.get(protocol, str(protocol)),
        spi,
        MODES.get(mode, str(mode)),
        reqid,
        mark,
        if_id,
        # A kernel before 4.19 knows no mask, and sets the whole mark.
        Mark(set_mark, (0xFFFFFFFF if set_mark else 0) if set_mask is None else set_mask),
        encap,
        tuple(algorithms),
        direction,
        packets,
        size,
        added,
        used,
        replay,
        integrity,
    )


def _selector(data: bytes, start: int) -> t.Tuple[str, str, t.Tuple[int, ...]]:
    """Return source and destination, then ports, masks, protocol and device."""
    dport, dmask, sport, smask, family, dlength, slength, protocol, device = _SELECTOR.unpack_from(
        data, start
    )
    return (
        f"{_address(data, start + 16, family)}/{slength}",
        f"{_address(data, start, family)}/{dlength}",
        (dport, dmask, sport, smask, protocol, device),
    )


def _template(data: bytes, start: int) -> Template:
    spi, protocol, family, reqid, mode, _share, optional = _TEMPLATE.unpack_from(data, start)
    return Template(
        _address(data, start + 28, family),
        _address(data, start, family),
        PROTOCOLS.get(protocol, str(protocol)),
        MODES.get(mode, str(mode)),
        reqid,
        int.from_bytes(spi, "big"),
        optional != 0,
    )


def _encap(data: bytes, start: int) -> str:
    kind, source, destination = _ENCAP.unpack_from(data, start)
    name = {1: "espinudp-nonike", 2: "espinudp", 7: "espintcp"}.get(kind, str(kind))
    ports = (int.from_bytes(source, "big"), int.from_bytes(destination, "big"))
    return f"{name} {ports[0]} {ports[1]}"


def _address(data: bytes, start: int, family: int) -> str:
    """Read an xfrm_address_t: 16 bytes, of which IPv4 uses the first four."""
    return address_at(data, start, start + (16 if family == socket.AF_INET6 else 4))
