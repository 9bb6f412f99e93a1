# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read routes, and apply the steps of a plan for them."""

from __future__ import annotations

import socket
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.read import (
    RT_SCOPE_LINK,
    read_links,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import request
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    route_name,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route import (
    AddRoute,
    DeleteRoute,
    Routes,
    RouteStep,
)

FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
UNSPECIFIED = {4: "0.0.0.0", 6: "::"}
RTM_F_CLONED = 0x200  # cached, not configured
RT_TABLE_LOCAL = 255
RTPROT_KERNEL = 2
RT_SCOPE_NOWHERE = 255  # in a deletion: whatever the scope


def read_routes(ipr: t.Any, versions: t.Collection[int]) -> Routes:
    """Return all links, and the routes of these IP versions: one dump for each table."""
    links = read_links(ipr)
    names = {link.index: link.name for link in links.values()}
    found = []
    for version in sorted(versions):
        for message in ipr.get_routes(family=FAMILIES[version]):
            route = _route(message, version, names)
            if route is not None:
                found.append(route)
    return Routes(links, tuple(found))


def _route(message: t.Any, version: int, names: t.Mapping[int, str]) -> t.Optional[FoundRoute]:
    table = message.get_attr("RTA_TABLE") or message["table"]
    if message["flags"] & RTM_F_CLONED:
        return None
    if table == RT_TABLE_LOCAL and message["proto"] == RTPROT_KERNEL:
        return None  # the kernel's own, one for each address
    oif = message.get_attr("RTA_OIF") or 0
    prefix = message.get_attr("RTA_DST") or UNSPECIFIED[version]
    return FoundRoute(
        identity=(
            version,
            table,
            f"{prefix}/{message['dst_len']}",
            message.get_attr("RTA_PRIORITY") or 0,
        ),
        protocol=message["proto"],
        dev=names.get(oif, ""),
        oif=oif,
        src=message.get_attr("RTA_PREFSRC") or "",
        gateway=message.get_attr("RTA_GATEWAY") or "",
        type=message["type"],
    )


def apply_step(ipr: t.Any, step: RouteStep) -> None:
    """Apply one step.

    :raises KernelError: the kernel refused it.
    """
    if isinstance(step, AddRoute):
        _add(ipr, step)
    else:
        _delete(ipr, step)


def _add(ipr: t.Any, step: AddRoute) -> None:
    route = step.route
    attributes: t.Dict[str, t.Any] = {
        "family": FAMILIES[route.version],
        "dst": route.dst,
        "table": route.table,
        "oif": step.oif,
        "proto": step.protocol,
    }
    if route.version == 4:
        attributes["scope"] = RT_SCOPE_LINK  # no gateway: the destination is on the link
    if route.metric:
        attributes["priority"] = route.metric
    if route.src:
        attributes["prefsrc"] = route.src
    command = "replace" if step.replace else "append" if route.version == 6 else "add"
    with request(f"{route.object}: {command}"):
        ipr.route(command, **attributes)


def _delete(ipr: t.Any, step: DeleteRoute) -> None:
    found = step.found
    version, table, dst, metric = found.identity
    attributes: t.Dict[str, t.Any] = {
        "family": FAMILIES[version],
        "dst": dst,
        "table": table,
        "proto": found.protocol,
        "type": found.type,
        "scope": RT_SCOPE_NOWHERE if version == 4 else 0,
    }
    if metric:
        attributes["priority"] = metric
    if found.oif:
        attributes["oif"] = found.oif
    with request(f"{route_name(found.identity)}: remove"):
        ipr.route("del", **attributes)
