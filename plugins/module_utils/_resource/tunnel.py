# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tunnel devices, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.apply_tunnel import (
    apply_step,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.read import read_tunnels
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import open_session
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import EMPTY, Kernel
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import (
    Tunnel,
    check_tunnels,
    parse_tunnel,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel import plan_tunnels
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import TunnelStep
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import tunnel as spec


class Tunnels(Resource[Tunnel, Kernel, TunnelStep]):
    """The tunnel devices of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def parse(self, entry: Params) -> Tunnel:
        return parse_tunnel(entry)

    def check(self, wanted: t.Sequence[Tunnel]) -> None:
        check_tunnels(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[Tunnel]) -> Kernel:
        with open_session(params["netns"]) as ipr:
            return read_tunnels(ipr)

    def nothing(self) -> Kernel:
        return EMPTY

    def plan(self, wanted: t.Sequence[Tunnel], found: Kernel, params: Params) -> Plan[TunnelStep]:
        return plan_tunnels(wanted, found, Policy.of(params))

    def apply(self, host: Host, params: Params, plan: Plan[TunnelStep], done: Done) -> None:
        with open_session(params["netns"]) as ipr:
            for change in plan.changes:
                for step in change.steps:
                    apply_step(ipr, step)
                done(change)

    def result(self, wanted: t.Sequence[Tunnel]) -> t.List[t.Dict[str, t.Any]]:
        return [
            {
                "name": tunnel.name,
                "state": "present",
                "kind": tunnel.kind,
                "local": tunnel.local,
                "remote": tunnel.remote,
                "ikey": tunnel.ikey,
                "okey": tunnel.okey,
                "dev": tunnel.dev,
                "mtu": tunnel.mtu,
                "addresses": None if tunnel.addresses is None else list(tunnel.addresses),
                "disable_policy": tunnel.disable_policy,
                "up": tunnel.up,
            }
            if tunnel.present
            else {"name": tunnel.name, "state": "absent"}
            for tunnel in wanted
        ]
