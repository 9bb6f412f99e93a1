# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report on tunnel devices, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import open_session
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.snapshot import (
    Snapshot,
    read_snapshot,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    FALLBACKS,
    Link,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel_info import (
    LinkDetails,
    link_facts,
    policy_facts,
    route_facts,
    state_facts,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel_problems import (
    device_problems,
    sa_problems,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm_match import XfrmTables
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Info, Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import tunnel_info as spec

Facts = t.Dict[str, t.Any]


class TunnelInfo(Info):
    """The tunnel devices of a host."""

    fields = spec.FIELDS

    def read(self, host: Host, params: Params) -> Facts:
        with open_session(params["netns"]) as session:
            snapshot = read_snapshot(session, params["names"], host.warn)
        return {"tunnels": _report(snapshot, params)}

    def nothing(self) -> Facts:
        return {"tunnels": []}


def _report(snapshot: Snapshot, params: Params) -> t.List[Facts]:
    links = snapshot.links
    routes: t.Dict[str, t.List[FoundRoute]] = {}
    for found in snapshot.routes:
        for dev in dict.fromkeys(found.route.devices):
            routes.setdefault(dev, []).append(found)
    tables: t.Optional[XfrmTables] = None
    if snapshot.policies is not None and snapshot.states is not None:
        tables = XfrmTables(snapshot.policies, snapshot.states, _hosts(snapshot))
    taken = {
        link.data.if_id
        for link in links.values()
        if isinstance(link.data, XfrmData) and not link.data.external
    }
    return [
        _facts(links[name], snapshot, routes.get(name, ()), tables, taken)
        for name in sorted(links)
        if _asked_for(links[name], params)
    ]


def _asked_for(link: Link, params: Params) -> bool:
    names: t.Optional[t.List[str]] = params["names"]
    if link.data is None or params["owner"] not in (None, link.owner):
        return False
    return link.name not in FALLBACKS if names is None else link.name in names


def _hosts(snapshot: Snapshot) -> t.Set[str]:
    """Return the host's own addresses, without prefix lengths and peers."""
    return {
        one.partition("/")[0].partition(" ")[0]
        for addresses in snapshot.addresses.values()
        for one in addresses
    }


def _facts(
    link: Link,
    snapshot: Snapshot,
    routes: t.Sequence[FoundRoute],
    tables: t.Optional[XfrmTables],
    taken: t.Container[int],
) -> Facts:
    details = snapshot.details.get(link.index, LinkDetails())
    routed = any(hop.encap is not None for found in routes for hop in found.route.hops)
    problems = device_problems(link, details, snapshot.links, routed=routed)
    facts: Facts = {
        **link_facts(link, details, snapshot.rp_filter_all),
        "addresses": sorted(snapshot.addresses.get(link.index, ())),
        "routes": [route_facts(found) for found in routes],
        "policies": None,
        "states": None,
        "sa": "unknown",
    }
    if details.moved:
        problems.append("it was made in another network namespace: look for its SAs there")
    elif tables is not None:
        matched = tables.of(link.require_tunnel(), taken)
        facts["policies"] = [policy_facts(policy) for policy in matched.policies]
        facts["states"] = [state_facts(state) for state in matched.states]
        facts["sa"] = matched.sa
        problems += sa_problems(link, matched, tables)
    facts["problems"] = problems
    return facts
