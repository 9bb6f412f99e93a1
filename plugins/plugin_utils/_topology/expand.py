# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a site to what one of its members needs (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology import allocate
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.connection import (
    connection,
    secret,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.end import (
    XFRM,
    End,
    end_of,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.mtu import mtu_of
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.peers import (
    check_member,
    peers_of,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.read import Network
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.routes import (
    Entry,
    destinations,
    routes,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.site import (
    HostVars,
    Site,
    parse_site,
)

LOOSE = 2  # rp_filter: with two hubs, answers may come by the other one


def topology(description: t.Any, host: str, hostvars: HostVars) -> t.Dict[str, t.List[Entry]]:
    """Return a member's tunnels, routes, connections and secrets, and a report on its peers.

    :raises InputError: the description is wrong, or cannot be had.
    """
    return expand(parse_site(description, hostvars), host)


def expand(site: Site, host: str) -> t.Dict[str, t.List[Entry]]:
    """Return the same for a site that is parsed.

    :raises InputError: it cannot be had.
    """
    check_member(site, host)
    check_site(site)
    ends = [end_of(site, host, peer) for peer in peers_of(site, host)]
    _check_names(site, host, ends)
    _check_endpoints(site, host, ends)
    secrets = [secret(site, end) for end in ends]
    return {
        "tunnels": [tunnel(site, end) for end in ends],
        "routes": routes(site, ends),
        "connections": [connection(site, end) for end in ends],
        "secrets": [one for one in secrets if one is not None],
        "peers": [report(site, end) for end in ends],
    }


def tunnel(site: Site, end: End) -> Entry:
    """Return the entry for vti_tunnel of a tunnel."""
    entry: Entry = {"name": end.device, "kind": end.kind}
    if end.kind == XFRM:
        entry["if_id"] = str(end.key)
    else:
        entry.update(local=str(end.local), remote=str(end.remote), key=str(end.key))
    entry["mtu"] = mtu_of(site, end)
    entry["addresses"] = [own for own, _peer in end.inner]
    entry["description"] = f"to {end.peer.name}"
    if len(site.hubs) > 1:
        entry["rp_filter"] = LOOSE
    return entry


def report(site: Site, end: End) -> Entry:
    """Return what a person or a test wants to know of a tunnel; nothing secret."""
    return {
        "name": end.peer.name,
        "connection": end.connection,
        "device": end.device,
        "kind": end.kind,
        "key": end.key,
        "local": str(end.local),
        "remote": str(end.remote) if end.remote else "",
        "addresses": [own for own, _peer in end.inner],
        "peer_addresses": [peer.split("/")[0] for _own, peer in end.inner],
        "networks": [str(one) for one in destinations(site, end)],
    }


def check_site(site: Site) -> None:
    """See that the members do not get into each other's way.

    :raises InputError: two have the same network, underlay address or number.
    """
    _check_networks(site)
    _check_underlay(site)
    allocate.check(site)


def _check_networks(site: Site) -> None:
    holders: t.Dict[Network, str] = {}
    for member in site.members.values():
        for network in member.networks:
            other = holders.setdefault(network, member.name)
            if other != member.name:
                raise InputError(
                    f"site {site.name}: network {network} is behind {other} and behind"
                    f" {member.name}: expected it in the networks of one of them"
                )
            for overlay in site.overlay:
                if network.version == overlay.version and overlay.overlaps(network):
                    if network.prefixlen == 0:
                        continue
                    raise InputError(
                        f"site {site.name}: network {network} of {member.name} overlaps the overlay"
                        f" {overlay}: expected an overlay that nothing else uses"
                    )
    if any(one.prefixlen == 0 for one in site.guards):
        raise InputError(
            f"site {site.name}: guards: a default route: expected the networks that must never"
            " leave in the clear, like 10.0.0.0/8"
        )


def _check_underlay(site: Site) -> None:
    """Two may have the same private address, behind different NATs."""
    holders: t.Dict[t.Any, str] = {}
    for member in site.members.values():
        for address in () if member.behind_nat else member.underlay:
            other = holders.setdefault(address, member.name)
            if other != member.name:
                raise InputError(
                    f"site {site.name}: {other} and {member.name} both have the underlay address"
                    f" {address}: expected one host at each; are both behind_nat?"
                )


def _check_names(site: Site, host: str, ends: t.Sequence[End]) -> None:
    seen: t.Dict[t.Tuple[str, str], str] = {}
    for end in ends:
        for what, name in (("device", end.device), ("connection", end.connection)):
            other = seen.setdefault((what, name), end.peer.name)
            if other != end.peer.name:
                remedy = "give a pair its own device (pairs)" if what == "device" else "rename one"
                raise InputError(
                    f"site {site.name}: {host} would have the same {what} {name} for {other} and"
                    f" for {end.peer.name}: {remedy}"
                )


def _check_endpoints(site: Site, host: str, ends: t.Sequence[End]) -> None:
    """The kernel holds one VTI for each pair of endpoints: two peers behind one NAT need XFRM."""
    seen: t.Dict[t.Any, str] = {}
    for end in ends:
        if end.kind == XFRM:
            continue
        other = seen.setdefault((end.local, end.remote), end.peer.name)
        if other != end.peer.name:
            raise InputError(
                f"site {site.name}: {host} would have two VTIs from {end.local} to {end.remote},"
                f" for {other} and for {end.peer.name}: the kernel holds one; give {host}"
                " tunnel_kind: xfrm"
            )
