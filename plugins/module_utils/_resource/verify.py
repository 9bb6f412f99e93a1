# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at a host's health, for the runner: charon's report, the devices', and pings."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    NotPermittedError,
    StrongswanError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.read import read_links
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.route import read_routes
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import open_session
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.xfrm import read_policies
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.health import (
    Health,
    Pinged,
    read_ping,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import ERROR
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_wanted import (
    read_wanted,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import XfrmPolicy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import actions_result
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.health import (
    find_faults,
    summary,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Info,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.stored_route import (
    StoredRoutes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.stored_tunnel import (
    StoredTunnels,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.strongswan_info import (
    StrongswanInfo,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.tunnel_info import (
    TunnelInfo,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import verify as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.completed import completed

CHARON_TABLE = 220
PINGS = ("ping", "-n", "-q", "-c", "4", "-i", "0.3", "-W", "2")
TRIES = 3  # the first packets of a trap are lost while charon negotiates
SUBSET = ["daemon", "connections", "ike_sas", "policies", "certificates"]

Facts = t.Dict[str, t.Any]


class Verify(Info):
    """What is wanted, beside what a host does."""

    fields = spec.FIELDS

    def read(self, host: Host, params: Params) -> Facts:
        wanted, refused = read_wanted(
            {
                **params,
                "ipsec_conf_connections": [],
                "networks": None,
                "adopt": True,
                "service": "",
                "packages": [],
            }
        )
        names = [one.name for one in wanted.tunnels]
        before = _devices(host, names)
        pinged = [_ping(host, device, address) for device, address in params["pings"].items()]
        health = Health(
            charon=_charon(host, params),
            before=before,
            after=_devices(host, names),
            pinged=pinged,
            drift=[
                *_drift(host, params, StoredTunnels(), "tunnels"),
                *_drift(host, params, StoredRoutes(), "routes"),
            ],
            charon_routes=_charon_routes(),
            policies=_policies(host),
        )
        problems = [*refused, *find_faults(wanted, health)]
        return {
            "healthy": all(one.severity != ERROR for one in problems),
            "problems": [one.facts() for one in problems],
            "summary": summary(problems, health),
        }

    def nothing(self) -> Facts:
        return {"healthy": False, "problems": [], "summary": "not healthy: nothing is installed"}


def _devices(host: Host, names: t.Sequence[str]) -> t.List[Facts]:
    """Return the wanted devices, and those of everybody else, whose marks count, too."""
    found = TunnelInfo().read(host, {"names": None, "owner": None, "netns": None})
    devices: t.List[Facts] = found["tunnels"]
    return sorted(devices, key=lambda one: (one["name"] not in names, one["name"]))


def _charon(host: Host, params: Params) -> Facts:
    if not params["swanctl"]:
        return {}
    return StrongswanInfo().read(host, {**params, "gather_subset": SUBSET, "names": None})


def _ping(host: Host, device: str, address: str) -> Pinged:
    words = (*PINGS, str(address))
    for _try in range(TRIES):
        pinged = read_ping(device, str(address), host.run(words)[1])
        if pinged.received:
            break
    return pinged


def _drift(
    host: Host, params: Params, resource: Resource[t.Any, t.Any, t.Any], option: str
) -> t.List[Facts]:
    """Return what a run would change; what it would refuse is a change, too."""
    call: Facts = {field.name: field.default for field in (*resource.fields, *resource.call)}
    call.update(
        owner=params["owner"], persist=params["persist"], purge=True, adopt=True, check_mode=True
    )
    entries = [completed(resource.fields, entry) for entry in params[option]]
    try:
        wanted = [resource.parse(entry) for entry in entries]
        resource.check(wanted)
        plan = resource.plan(wanted, resource.read(host, call, wanted), call)
    except StrongswanError as error:
        what, _colon, said = str(error).partition(": ")
        return [{"object": what, "action": "refuse", "reason": said}]
    return actions_result(plan.changes)


def _charon_routes() -> t.List[FoundRoute]:
    with open_session() as session:
        links = read_links(session.netlink)
        return [
            one
            for version in (4, 6)
            for one in read_routes(session.netlink, links, version, table=CHARON_TABLE)
        ]


def _policies(host: Host) -> t.Optional[t.List[XfrmPolicy]]:
    try:
        return read_policies()
    except NotPermittedError as error:
        host.warn(f"{error}. Policies without a device are not known.")
        return None
