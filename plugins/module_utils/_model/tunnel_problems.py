# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps a tunnel device from passing traffic, in words (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Link,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel_info import (
    LinkDetails,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    IN,
    LARVAL_SPI,
    OUT,
    Mark,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm_match import (
    Matched,
    XfrmTables,
    endpoints_fit,
)

NO_SA = {
    "in_only": "an SA is installed for inbound traffic only",
    "out_only": "an SA is installed for outbound traffic only",
    "none": "no SA is installed, so what is routed here is dropped",
}


def device_problems(
    link: Link, details: LinkDetails, links: t.Mapping[str, Link], *, routed: bool
) -> t.List[str]:
    """Return what is wrong with the device itself; O(routed) says that a route leads through it."""
    found = []
    data = link.require_tunnel()
    if not link.up:
        found.append("the device is down")
    underlay = links.get(data.dev)
    if underlay is not None and not underlay.up:
        found.append(f"its underlay device {data.dev} is down")
    if link.unfinished:
        found.append("a run was killed while it made the device; the next run finishes it")
    if details.ipv4 is not None and details.ipv4.disable_xfrm:
        found.append("disable_xfrm is on, so no packet finds its SA")
    if isinstance(data, XfrmData) and data.external and not routed:
        found.append("no route with encap xfrm leads through it, so nothing tells its if_id")
    return found


def sa_problems(link: Link, matched: Matched, tables: XfrmTables) -> t.List[str]:
    """Return what is wrong with the policies and states of a device."""
    data = link.require_tunnel()
    found = []
    missing = {IN, OUT} - {policy.direction for policy in matched.policies}
    if missing == {IN, OUT}:
        found.append(f"no IPsec policy {_selected(data)}")
    elif missing:
        found.append(f"no IPsec policy of direction {missing.pop()} {_selected(data)}")
    if matched.sa in NO_SA:
        found.append(NO_SA[matched.sa])
    if any(state.spi == LARVAL_SPI for state in matched.states):
        found.append("the kernel has asked for an SA and waits for charon to make it")
    if isinstance(data, VtiData):
        found += _endpoint_problems(data, matched)
        if matched.sa == "none":
            found += _other_marks(data, tables)
    return found


def _selected(data: t.Union[VtiData, XfrmData]) -> str:
    if isinstance(data, XfrmData):
        return (
            "has an if_id that no other device has" if data.external else f"has if_id {data.if_id}"
        )
    if not data.ikey and not data.okey:
        return f"without a mark runs between {data.local} and {data.remote}"
    if data.ikey == data.okey:
        return f"has mark {data.okey}"
    return f"has mark {data.ikey} (in) or {data.okey} (out)"


def _endpoint_problems(data: VtiData, matched: Matched) -> t.List[str]:
    moved = dict.fromkeys(
        (state.source, state.destination)
        for state in matched.states
        if state.direction and not endpoints_fit(data, state)
    )
    return [
        f"an SA runs from {source} to {destination}, and the device stands between {data.local}"
        f" (local) and {data.remote} (remote): has the peer's address changed (MOBIKE, NAT)?"
        for source, destination in moved
    ]


def _other_marks(data: VtiData, tables: XfrmTables) -> t.List[str]:
    """Say which marks the SAs between the endpoints have, if not the device's.

    That an inbound one has none says nothing: charon leaves it off (swanctl's C(mark_in_sa)).
    """
    others = dict.fromkeys(
        (state.mark, state.if_id)
        for state in tables.between(data.local, data.remote)
        if state.spi != LARVAL_SPI
        and (state.mark or state.if_id or state.destination != data.local)
    )
    return [
        f"an SA between its endpoints has {_show(mark, if_id)}, and the device has"
        f" ikey {data.ikey}, okey {data.okey}"
        for mark, if_id in others
    ]


def _show(mark: Mark, if_id: int) -> str:
    if if_id:
        return f"if_id {if_id}"
    return f"mark {mark.value}/0x{mark.mask:x}" if mark else "no mark"
