# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warn of routes into a tunnel device that no traffic selector covers (pure)."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import VtiData, XfrmData
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    UNICAST,
    FoundRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.child_mark import Child
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.surroundings import (
    Surroundings,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import split

RTPROT_KERNEL = 2  # routes of the device's own addresses

Span = t.Tuple[int, int]
Spans = t.Dict[int, t.List[Span]]
"""The first and last addresses, as numbers, by IP version; sorted, and apart from each other."""


def lint_routes(
    wanted: t.Sequence[Child], others: t.Sequence[Child], around: Surroundings
) -> t.List[str]:
    """Warn of routes whose packets the kernel drops, as no child takes them."""
    routes: t.Dict[str, t.List[FoundRoute]] = {}
    for found in around.routes:
        if found.protocol != RTPROT_KERNEL and found.route.type == UNICAST:
            for device in found.route.devices:
                routes.setdefault(device, []).append(found)
    sharing = _by_number((*others, *wanted))
    named = _by_number(wanted)
    warnings = []
    for link in around.tunnels:
        slot = _slot(link.data)
        if link.name not in routes or slot not in named:
            continue
        spans = _spans(sharing[slot])
        if spans is None:
            continue
        outside = [one.route.identity for one in routes[link.name] if not _inside(one, spans)]
        for identity in dict.fromkeys(outside):
            children = ", ".join(child.section.name for child in sharing[slot])
            warnings.append(
                f"{named[slot][0].object}: route {identity.dst} through {link.name} is in no"
                f" remote_ts of the children with {slot[0]} {slot[1]} ({children}), so its packets"
                " are dropped; add it to remote_ts, or remove the route"
            )
    return warnings


def _slot(data: t.Any) -> t.Tuple[str, int]:
    if isinstance(data, VtiData):
        return "mark_out", data.okey
    if isinstance(data, XfrmData) and not data.external:
        return "if_id_out", data.if_id
    return "", 0


def _by_number(children: t.Iterable[Child]) -> t.Dict[t.Tuple[str, int], t.List[Child]]:
    found: t.Dict[t.Tuple[str, int], t.List[Child]] = {}
    for child in children:
        for name, number in (("mark_out", child.mark_out), ("if_id_out", child.if_id_out)):
            if number is not None:
                found.setdefault((name, number), []).append(child)
    return found


def _spans(children: t.Iterable[Child]) -> t.Optional[Spans]:
    """Return what the remote selectors cover together; None where only a live SA can tell."""
    found: Spans = {4: [], 6: []}
    for child in children:
        for text in split(child.section.settings.get("remote_ts", "dynamic")):
            where = text.partition("[")[0]
            first, dash, last = where.partition("-")
            try:
                if dash:
                    ends = ipaddress.ip_address(first), ipaddress.ip_address(last)
                else:
                    network = ipaddress.ip_network(where, strict=False)
                    ends = network.network_address, network.broadcast_address
            except ValueError:
                return None
            found[ends[0].version].append((int(ends[0]), int(ends[1])))
    return {version: _joined(spans) for version, spans in found.items()}


def _joined(spans: t.Iterable[Span]) -> t.List[Span]:
    joined: t.List[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _inside(found: FoundRoute, spans: Spans) -> bool:
    network = ipaddress.ip_network(found.route.identity.dst)
    first, last = int(network.network_address), int(network.broadcast_address)
    return any(low <= first and last <= high for low, high in spans[network.version])
