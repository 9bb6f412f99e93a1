# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes as a user reads them, and whether two are the same (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    UNICAST,
    NextHop,
    Route,
    default_scope,
)


def route_state(route: Route, protocol: int = 0) -> t.Dict[str, t.Any]:
    """Return a route as a user reads it, without what is at the kernel's own value."""
    state: t.Dict[str, t.Any] = {}
    options = route.options
    if route.type != UNICAST:
        state["type"] = route.type
    elif len(route.hops) > 1:
        state["nexthops"] = [_hop_text(hop) for hop in route.hops]
    else:
        hop = route.hops[0] if route.hops else NextHop()
        state["dev"] = hop.dev
        if hop.gateway:
            state["gateway"] = hop.gateway
        if hop.onlink:
            state["onlink"] = True
        if hop.encap:
            state["encap"] = _encap_text(hop)
    if route.type == UNICAST:
        state["src"] = options.src
    if options.scope != default_scope(route.identity.version, route.type, route.hops):
        state["scope"] = options.scope
    state.update(
        {name: value for name, value in (("mtu", options.mtu), ("advmss", options.advmss)) if value}
    )
    if protocol:
        state["protocol"] = protocol
    return state


def _hop_text(hop: NextHop) -> str:
    words = [f"via {hop.gateway}"] if hop.gateway else []
    words += [f"dev {hop.dev}"] if hop.dev else []
    words += [f"encap {_encap_text(hop)}"] if hop.encap else []
    words += ["onlink"] if hop.onlink else []
    return " ".join([*words, f"weight {hop.weight}"])


def _encap_text(hop: NextHop) -> str:
    encap = hop.encap
    if encap is None:
        return ""
    if not encap.if_id:
        return "of another type"
    return f"if_id {encap.if_id}" + (f" dev {encap.dev}" if encap.dev else "")


def completed(wanted: Route, found: Route) -> Route:
    """Return the wanted route with the devices that the kernel found for its gateways."""
    if len(wanted.hops) != len(found.hops) or all(hop.dev for hop in wanted.hops):
        return wanted
    hops = tuple(
        hop._replace(dev=there.dev) if not hop.dev and hop.gateway == there.gateway else hop
        for hop, there in zip(wanted.hops, found.hops)
    )
    return replace(wanted, hops=hops)


def balances(route: Route) -> bool:
    """Whether IPv6 makes one multipath route of this and its like (rt6_qualify_for_ecmp)."""
    return bool(route.hops) and all(hop.gateway for hop in route.hops)


def share_a_hop(one: Route, other: Route) -> bool:
    """Whether IPv6 takes only one of two routes (rt6_duplicate_nexthop).

    Their next hops are the same, or both go nowhere, which is by loopback.
    """
    if not one.hops and not other.hops:
        return True
    ways = {(hop.dev, hop.gateway) for hop in other.hops}
    gateways = {hop.gateway for hop in other.hops if hop.gateway}
    return any(
        (hop.dev, hop.gateway) in ways or (not hop.dev and hop.gateway in gateways)
        for hop in one.hops
    )
