# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the way of routes: overlapping networks, rp_filter, forwarding, networkd (pure)."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import (
    ERROR,
    WARNING,
    HostFacts,
    Problem,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_wanted import Wanted
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import MAIN, UNICAST

Interface = t.Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]
STRICT = 1
NETWORKD_FILE = "/etc/systemd/networkd.conf.d/ipsec-strongswan.conf"


def network_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    """Name the wanted routes and addresses that networks of the host's other devices have, too."""
    planned = {one.name for one in wanted.tunnels}
    there = [
        (name, one)
        for name, addresses in sorted(facts.addresses.items())
        if name not in planned | wanted.gone and not _apart(name, wanted, facts)
        for one in (_interface(text) for text in addresses)
        if one.network.prefixlen < one.max_prefixlen
    ]
    for wanted_route in wanted.routes:
        route = wanted_route.route
        if route.identity.table != MAIN or route.type != UNICAST:
            continue
        network = ipaddress.ip_network(route.identity.dst)
        for name, one in there:
            if name in route.devices or one.version != network.version:
                continue
            if network == one.network:
                yield Problem(
                    "networks",
                    route.object,
                    f"{network} is the network of this host's own device {name} ({one})",
                    "a network that is on one side of the tunnel only",
                    "renumber one side, or route what is not on both by longer prefixes",
                )
            elif network.prefixlen > one.network.prefixlen and network.subnet_of(one.network):  # type: ignore[arg-type]
                yield Problem(
                    "networks",
                    route.object,
                    f"{network} is a part of {one.network}, the network of device {name}",
                    "networks that do not overlap",
                    "hosts there ask by ARP for addresses that are behind the tunnel: renumber,"
                    " or let this host answer for them (proxy_arp)",
                    WARNING,
                )
    yield from _address_problems(wanted, there)


def _address_problems(
    wanted: Wanted, there: t.Sequence[t.Tuple[str, Interface]]
) -> t.Iterator[Problem]:
    others = [(name, one, True) for name, one in there]
    for tunnel in wanted.tunnels:
        if tunnel.master:
            continue
        own = [_interface(text) for text in tunnel.addresses or ()]
        for address in own:
            for name, one, foreign in others:
                if one.version == address.version and one.network.overlaps(address.network):
                    yield Problem(
                        "networks",
                        tunnel.object,
                        f"its address {address} overlaps {one} of device {name}",
                        "an address of a network that no other device has",
                        "choose another one for both ends of the tunnel",
                        ERROR if foreign and address.ip in one.network else WARNING,
                    )
                    break
        others += [
            (tunnel.name, one, False) for one in own if one.network.prefixlen < one.max_prefixlen
        ]


def _apart(name: str, wanted: Wanted, facts: HostFacts) -> bool:
    """Whether a device is in a VRF, or removed by this run."""
    link = facts.links.get(name)
    if link is None:
        return False
    return bool(link.master) or bool(wanted.purge and link.data and link.owner == wanted.owner)


def _interface(text: str) -> Interface:
    """Return an address with the network that is reached by it, that of a peer if there is one."""
    return ipaddress.ip_interface(text.partition(" peer ")[2] or text)


def rp_filter_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    """Name where the reverse path filter drops what comes out of a tunnel."""
    for_all = facts.rp_filter.get("all", 0)
    default = facts.rp_filter.get("default", 0)
    ways: t.Dict[str, t.Set[str]] = {}
    for one in wanted.routes:
        if one.route.identity.version == 4:
            ways.setdefault(one.route.identity.dst, set()).update(one.route.devices)
    for tunnel in wanted.tunnels:
        asked = tunnel.sysctls.rp_filter
        effective = max(for_all, default if asked is None else asked)
        if effective != STRICT:
            continue
        if asked == 0:
            yield Problem(
                "rp_filter",
                tunnel.object,
                "rp_filter 0 is without effect, as net.ipv4.conf.all.rp_filter is 1, and the"
                " kernel takes the larger one",
                "0 or 2 for all",
                "set net.ipv4.conf.all.rp_filter to 0, or the tunnel's rp_filter to 2",
            )
        shared = sorted(dst for dst, devices in ways.items() if {tunnel.name} < devices)
        if shared and asked != 0:
            yield Problem(
                "rp_filter",
                tunnel.object,
                f"its reverse path filter will be strict, and {shared[0]} is reached by other"
                " devices, too: what comes in by this one is dropped while another one is"
                " preferred",
                "rp_filter 0 or 2",
                "give the tunnel rp_filter: 2",
            )


def forwarding_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    """Name what the host does not forward: networks behind it, if there are any."""
    sysctls = {4: "net.ipv4.ip_forward", 6: "net.ipv6.conf.all.forwarding"}
    routed = {one.route.identity.version for one in wanted.routes if one.route.devices}
    for version, sysctl in sysctls.items():
        if facts.forwarding.get(version, True):
            continue
        behind = [str(one) for one in wanted.networks or () if one.version == version]
        if behind:
            yield Problem(
                "forwarding",
                sysctl,
                f"it is 0, and networks are behind this host ({', '.join(behind)})",
                "1",
                f"set it before the role runs (ansible.posix.sysctl, name: {sysctl})",
            )
        elif wanted.networks is None and version in routed:
            yield Problem(
                "forwarding",
                sysctl,
                "it is 0, so the tunnels carry what this host itself sends and receives only",
                "1 on a gateway",
                f"set {sysctl} to 1, or say with strongswan_vti_networks: [] that nothing is"
                " behind this host",
                WARNING,
            )


def networkd_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    """Name what systemd-networkd will remove."""
    if not facts.networkd.used or not wanted.routes:
        return
    guards = any(one.guard or one.route.type != UNICAST for one in wanted.routes)
    settings = {
        "ManageForeignRoutes": facts.networkd.foreign_routes,
        "ManageForeignRoutingPolicyRules": facts.networkd.foreign_rules,
    }
    missing = [f"{name}=no" for name, managed in settings.items() if managed]
    if missing:
        yield Problem(
            "networkd",
            "systemd-networkd",
            "it removes routes and rules that are not its own"
            + (", guards among them, when it starts or configures a link" if guards else ""),
            " and ".join(missing),
            f"write them below [Network] into {NETWORKD_FILE}, and restart systemd-networkd",
            ERROR if guards else WARNING,
        )
