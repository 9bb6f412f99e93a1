# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tunnel device as it is now, for a report (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Link,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    LARVAL_SPI,
    Mark,
    XfrmPolicy,
    XfrmState,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import description_of_link

Facts = t.Dict[str, t.Any]


@dataclass(frozen=True)
class Counters:
    """What passed a device (struct rtnl_link_stats64)."""

    rx_packets: int = 0
    tx_packets: int = 0
    rx_bytes: int = 0
    tx_bytes: int = 0
    rx_errors: int = 0
    tx_errors: int = 0
    rx_dropped: int = 0
    tx_dropped: int = 0


@dataclass(frozen=True)
class FamilySettings:
    """The sysctls of a device for one IP version; None where that version has no such sysctl."""

    disable_policy: bool
    forwarding: bool
    disable_xfrm: t.Optional[bool] = None
    rp_filter: t.Optional[int] = None


@dataclass(frozen=True)
class LinkDetails:
    """What is reported of a device besides what M(Link) holds.

    O(moved) says that it was made in another namespace, where its SAs are too.
    """

    operstate: str = "unknown"
    lower_up: bool = False
    moved: bool = False
    counters: Counters = field(default_factory=Counters)
    ipv4: t.Optional[FamilySettings] = None
    ipv6: t.Optional[FamilySettings] = None


def link_facts(link: Link, details: LinkDetails, rp_filter_all: t.Optional[int]) -> Facts:
    """Return the device itself as a module's result; null where its kind has no such attribute."""
    data = link.require_tunnel()
    vti = data if isinstance(data, VtiData) else None
    xfrm = data if isinstance(data, XfrmData) else None
    return {
        "name": link.name,
        "kind": data.kind,
        "index": link.index,
        "owner": link.owner,
        "description": description_of_link(link.alias),
        "local": vti.local if vti else None,
        "remote": vti.remote if vti else None,
        "ikey": vti.ikey if vti else None,
        "okey": vti.okey if vti else None,
        "fwmark": vti.fwmark if vti else None,
        "if_id": xfrm.if_id if xfrm and not xfrm.external else None,
        "external": xfrm.external if xfrm else None,
        "dev": data.dev,
        "mtu": link.mtu,
        "up": link.up,
        "lower_up": details.lower_up,
        "operstate": details.operstate,
        "master": link.master,
        "group": link.group,
        "sysctls": _settings_facts(details, rp_filter_all),
        "counters": asdict(details.counters),
    }


def _settings_facts(details: LinkDetails, rp_filter_all: t.Optional[int]) -> Facts:
    four = details.ipv4
    six = details.ipv6
    return {
        "ipv4": four
        and {
            "disable_policy": four.disable_policy,
            "disable_xfrm": four.disable_xfrm,
            "forwarding": four.forwarding,
            "rp_filter": four.rp_filter,
            # The kernel takes the larger one (IN_DEV_RPFILTER, include/linux/inetdevice.h).
            "rp_filter_effective": max(four.rp_filter or 0, rp_filter_all or 0),
        },
        "ipv6": six and {"disable_policy": six.disable_policy, "forwarding": six.forwarding},
    }


def route_facts(found: FoundRoute) -> Facts:
    """Return a route as a module's result."""
    route = found.route
    return {
        "dst": route.identity.dst,
        "type": route.type,
        "table": route.identity.table,
        "tos": route.identity.tos,
        "metric": route.identity.metric,
        "protocol": found.protocol,
        **route.options._asdict(),
        "nexthops": [
            {**hop._asdict(), "encap": hop.encap and hop.encap._asdict()} for hop in route.hops
        ],
    }


def policy_facts(policy: XfrmPolicy) -> Facts:
    """Return a policy as a module's result."""
    return {
        "direction": policy.direction,
        "src": policy.source,
        "dst": policy.destination,
        "protocol": policy.protocol,
        "sport": policy.source_port,
        "dport": policy.destination_port,
        "dev": policy.dev,
        "priority": policy.priority,
        "action": policy.action,
        "mark": _mark(policy.mark),
        "if_id": policy.if_id,
        "templates": [
            {
                "src": one.source,
                "dst": one.destination,
                "protocol": one.protocol,
                "mode": one.mode,
                "reqid": one.reqid,
                "spi": _spi(one.spi),
                "optional": one.optional,
            }
            for one in policy.templates
        ],
    }


def state_facts(state: XfrmState) -> Facts:
    """Return a state as a module's result."""
    return {
        "direction": state.direction or "unknown",
        "src": state.source,
        "dst": state.destination,
        "protocol": state.protocol,
        "spi": _spi(state.spi),
        "larval": state.spi == LARVAL_SPI,
        "mode": state.mode,
        "reqid": state.reqid,
        "mark": _mark(state.mark),
        "if_id": state.if_id,
        "output_mark": _mark(state.output_mark),
        "encap": state.encap,
        "algorithms": list(state.algorithms),
        "packets": state.packets,
        "bytes": state.bytes,
        "added": state.added,
        "used": state.used,
        "replay_errors": state.replay_errors,
        "integrity_errors": state.integrity_errors,
    }


def _mark(mark: Mark) -> t.Optional[str]:
    """Return a mark as ip-xfrm(8) shows it; charon writes the value in decimal, this is the same."""
    return f"0x{mark.value:x}/0x{mark.mask:x}" if mark else None


def _spi(spi: int) -> str:
    return f"0x{spi:08x}"
