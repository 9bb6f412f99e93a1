# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What forbids a wanted tunnel device, found before anything is changed (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Link,
    Pair,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import (
    Tunnel,
    describe_pair,
    only_one,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    XfrmPolicy,
    unmarked_between,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import (
    Found,
    Place,
)


def check_pairs(places: t.Sequence[Place], found: Found, gone: t.Collection[str]) -> None:
    """Accept that each wanted device gets the endpoints or if_id that it asks for.

    :raises ConflictError: a device that stays as it is holds them.
    """
    planned = {place.tunnel.name for place in places if not place.netns}
    held: t.Dict[Pair, str] = {
        link.data.pair: name
        for name, link in found.here.links.items()
        if link.data is not None and name not in gone and name not in planned
    }
    for place in places:
        tunnel = place.tunnel
        holder = held.get(tunnel.data.pair)
        if holder is not None:
            raise ConflictError(
                f"{tunnel.object}: {describe_pair(tunnel.data)} is held by device '{holder}', and"
                f" {only_one(tunnel.data)}; remove or change '{holder}', or use its name here with"
                " adopt: true"
            )


def new_endpoints(tunnels: t.Sequence[Tunnel], found: Found) -> t.List[Tunnel]:
    """Return the wanted VTIs that do not stand between their endpoints yet."""
    return [
        tunnel
        for tunnel in tunnels
        if tunnel.present
        and isinstance(tunnel.data, VtiData)
        and _endpoints(found.here.links.get(tunnel.name)) != _endpoints_of(tunnel.data)
    ]


def _endpoints(link: t.Optional[Link]) -> t.Optional[t.Tuple[str, str]]:
    if link is None or not isinstance(link.data, VtiData) or not link.up:
        return None
    return _endpoints_of(link.data)


def _endpoints_of(data: VtiData) -> t.Tuple[str, str]:
    return (data.local, data.remote)


def check_policies(tunnels: t.Sequence[Tunnel], found: Found) -> None:
    """Accept that no policy-based tunnel runs between the endpoints of a new VTI.

    A VTI takes all ESP between its endpoints, whatever the key, and then expects its own mark:
    the other tunnel's packets end as XfrmInTmplMismatch (vti_rcv_cb, net/ipv4/ip_vti.c).

    :raises ConflictError: there is one.
    """
    for tunnel in new_endpoints(tunnels, found):
        data = tunnel.data
        if not isinstance(data, VtiData) or not tunnel.up:
            continue  # a VTI that is down does not match
        policy = unmarked_between(found.policies, data.local, data.remote)
        if policy is not None:
            raise ConflictError(
                f"{tunnel.object}: an unmarked IPsec policy ({_show(policy)}) already runs a"
                f" policy-based tunnel between {data.local} and {data.remote}, and a VTI between"
                " them would take its packets; give that connection mark_in and mark_out (the"
                " key of a VTI), end it, or use kind xfrm, which has no endpoints"
            )


def _show(policy: XfrmPolicy) -> str:
    return f"{policy.source} to {policy.destination}, direction {policy.direction}"


def check_devices(
    places: t.Sequence[Place], found: Found, policy: Policy, warnings: t.List[str]
) -> None:
    """Accept the underlay devices and masters; in check mode a missing one is a warning.

    :raises ConflictError: one does not exist, or cannot be a master.
    """
    for place in places:
        tunnel = place.tunnel
        kernel = found.there[tunnel.target_netns] if tunnel.target_netns else found.here
        for option, name, links in (
            ("dev", tunnel.data.dev, found.here.links),
            ("master", tunnel.master or "", kernel.links),
        ):
            if not name:
                continue
            link = links.get(name)
            if link is None and not policy.check_mode:
                raise ConflictError(
                    f"{tunnel.object}: {option} '{name}' does not exist: expected the name of"
                    + (
                        " the underlay's device; leave it out to let the routing table choose"
                        if option == "dev"
                        else " a VRF; make it first (ip link add NAME type vrf table NUMBER)"
                    )
                )
            if link is None:
                warnings.append(f"{tunnel.object}: {option} '{name}' does not exist yet")
            elif option == "master" and link.kind == "bridge":
                raise ConflictError(
                    f"{tunnel.object}: master '{name}' is a bridge, and a bridge takes Ethernet"
                    " devices only (br_add_if, net/bridge/br_if.c): expected a VRF; to join"
                    " networks on layer 2 run a vxlan or gretap device over the tunnel"
                )
