# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the addresses of a tunnel device that is changed in place (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import (
    Place,
    wanted_addresses,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    RemoveAddress,
    TunnelStep,
)


def address_steps(place: Place, link: Link, *, cycled: bool) -> t.List[TunnelStep]:
    """Return the steps that give a device its addresses.

    IPv4 addresses come before others go: with the last one, the kernel flushes every IPv4 route
    through the device (fib_disable_ip, net/ipv4/fib_frontend.c).

    :param cycled: The device goes down and comes up again before these steps.
    """
    tunnel, netns = place.tunnel, place.tunnel.target_netns
    there = set(() if place.to_move else place.addresses)
    if cycled or (link.up and not tunnel.up):
        there = {one for one in there if ":" not in one}  # going down flushes IPv6 addresses
    steps: t.List[TunnelStep] = []
    if tunnel.up and not link.up:  # coming up makes no route to an IPv6 peer (fixup_permanent_addr)
        again = {one for one in there if ":" in one and " peer " in one}
        steps += [RemoveAddress(link.name, one, netns) for one in sorted(again)]
        there -= again
    wanted = wanted_addresses(place)
    leaving = sorted(there - set(wanted))
    coming = [one for one in wanted if one not in there]
    stay_apart = {_own(one) for one in leaving}
    early = [one for one in coming if ":" not in one and _own(one) not in stay_apart]
    steps += [AddAddress(link.name, one, netns) for one in early]
    steps += [RemoveAddress(link.name, one, netns) for one in leaving]
    steps += [AddAddress(link.name, one, netns) for one in coming if one not in early]
    return steps


def lose_routes(steps: t.Iterable[TunnelStep]) -> bool:
    """Whether the kernel takes routes away when steps are applied: those from an IPv4 address."""
    return any(isinstance(step, RemoveAddress) and ":" not in step.address for step in steps)


def _own(address: str) -> str:
    """Return the device's own address without prefix length and peer."""
    return address.split("/", maxsplit=1)[0].split(maxsplit=1)[0]
