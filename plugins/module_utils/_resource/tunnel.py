# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tunnel devices, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import NotPermittedError
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.apply_tunnel import (
    apply_changes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.read import read_tunnels
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import open_session
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.xfrm import read_policies
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import (
    Tunnel,
    check_tunnels,
    parse_tunnel,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import XfrmPolicy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel import plan_tunnels
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_conflicts import (
    new_endpoints,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import (
    Found,
    asked_state,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import TunnelStep
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import tunnel as spec


class Tunnels(Resource[Tunnel, Found, TunnelStep]):
    """The tunnel devices of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def parse(self, entry: Params) -> Tunnel:
        return parse_tunnel(entry)

    def check(self, wanted: t.Sequence[Tunnel]) -> None:
        check_tunnels(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[Tunnel]) -> Found:
        targets = {tunnel.target_netns for tunnel in wanted} | {params["target_netns"]}
        there = {}
        for netns in sorted(name for name in targets if name):
            with open_session(netns) as session:
                there[netns] = read_tunnels(session.netlink)
        with open_session(params["netns"]) as session:
            here = read_tunnels(session.netlink)
            # Policies matter to new VTIs only, and there may be thousands.
            new = new_endpoints(wanted, Found(here))
            return Found(here, there, _policies() if new else ())

    def nothing(self) -> Found:
        return Found()

    def plan(self, wanted: t.Sequence[Tunnel], found: Found, params: Params) -> Plan[TunnelStep]:
        return plan_tunnels(wanted, found, Policy.of(params))

    def apply(self, host: Host, params: Params, plan: Plan[TunnelStep], done: Done) -> None:
        with open_session(params["netns"]) as session:
            apply_changes(session, plan.changes, done)

    def result(self, wanted: t.Sequence[Tunnel]) -> t.List[t.Dict[str, t.Any]]:
        return [
            {"name": tunnel.name, "state": "present", **asked_state(tunnel)}
            if tunnel.present
            else {"name": tunnel.name, "state": "absent"}
            for tunnel in wanted
        ]


def _policies() -> t.Tuple[XfrmPolicy, ...]:
    """Return the IPsec policies; without the right to see them, the plan goes on without."""
    try:
        return tuple(read_policies())
    except NotPermittedError:
        return ()
