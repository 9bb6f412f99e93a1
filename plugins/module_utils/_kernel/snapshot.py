# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read all that a report on tunnel devices shows."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import NotPermittedError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import Session
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import (
    address,
    link,
    link_answer,
    link_details,
    route,
    route_answer,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import u32
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.xfrm import (
    read_policies,
    read_states,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel_info import (
    LinkDetails,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    XfrmPolicy,
    XfrmState,
)

FEW = 16
"""Up to so many devices the kernel is asked for the routes of each, then for all routes."""

RP_FILTER_ALL = "/proc/sys/net/ipv4/conf/all/rp_filter"


@dataclass(frozen=True)
class Snapshot:
    """What a namespace holds; O(details) and O(addresses) are by the device's index.

    O(addresses) are those of all devices. O(policies) and O(states) are None where the kernel does
    not show them to this process.
    """

    links: t.Mapping[str, Link]
    details: t.Mapping[int, LinkDetails]
    addresses: t.Mapping[int, t.Tuple[str, ...]]
    routes: t.Sequence[FoundRoute]
    policies: t.Optional[t.Sequence[XfrmPolicy]]
    states: t.Optional[t.Sequence[XfrmState]]
    rp_filter_all: t.Optional[int]


def read_snapshot(
    session: Session, only: t.Optional[t.Container[str]], warn: t.Callable[[str], None]
) -> Snapshot:
    """Read a namespace, the routes of the devices O(only), or of all tunnel devices."""
    answers = list(session.netlink.dump(link.RTM_GETLINK, link_details.DUMP))
    names = link_answer.names(answers)
    links = [link_answer.link(answer, names) for answer in answers]
    details = {
        one.index: link_details.details(answer)
        for one, answer in zip(links, answers)
        if one.data is not None
    }
    policies: t.Optional[t.Sequence[XfrmPolicy]] = None
    states: t.Optional[t.Sequence[XfrmState]] = None
    try:
        policies, states = read_policies(), read_states()
    except NotPermittedError as error:
        warn(f"{error}. policies, states and sa are not known.")
    return Snapshot(
        {one.name: one for one in links},
        details,
        address.addresses(session.netlink.dump(address.RTM_GETADDR, address.DUMP), names),
        read_routes(session, [index for index in details if _shown(names[index], only)], names),
        policies,
        states,
        _rp_filter_all(),
    )


def _shown(name: str, only: t.Optional[t.Container[str]]) -> bool:
    return only is None or name in only


def read_routes(
    session: Session, indexes: t.Sequence[int], names: t.Mapping[int, str]
) -> t.List[FoundRoute]:
    """Return the routes through some devices; a host may have a million others."""
    requests = [route.dump_request(version) for version in (4, 6)]
    if len(indexes) <= FEW:
        requests = [one + u32(route.RTA_OIF, index) for index in indexes for one in requests]
    devices = {names[index] for index in indexes}
    found = (
        route_answer.route(answer, names)
        for body in requests
        for answer in session.netlink.dump(route.RTM_GETROUTE, body)
    )
    return list(
        dict.fromkeys(
            one for one in found if one is not None and devices.intersection(one.route.devices)
        )
    )


def _rp_filter_all() -> t.Optional[int]:
    try:
        with open(RP_FILTER_ALL, encoding="ascii") as file:
            return int(file.read())
    except OSError:
        return None
