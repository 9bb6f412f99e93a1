# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that a play wants of a host, read for a look before the run (pure)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    check_connections,
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import Problem
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_child import (
    PlannedChild,
    child_of_ipsec_conf,
    children_of_section,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import WantedRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route_parse import (
    check_routes,
    parse_route,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import (
    Tunnel,
    check_tunnels,
    parse_tunnel,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import (
    connection,
    route,
    tunnel,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.completed import completed
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Field

Entry = t.Mapping[str, t.Any]
Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
_T = t.TypeVar("_T")


@dataclass(frozen=True)
class Wanted:
    """What a play wants, and how it treats what it finds.

    O(tunnels) and O(routes) are those that are to be there; O(gone) are the names of devices that
    are not. O(networks) are those behind the host, None where nobody has said.
    """

    tunnels: t.Tuple[Tunnel, ...] = ()
    routes: t.Tuple[WantedRoute, ...] = ()
    children: t.Tuple[PlannedChild, ...] = ()
    connections: t.FrozenSet[str] = frozenset()
    gone: t.FrozenSet[str] = frozenset()
    networks: t.Optional[t.Tuple[Network, ...]] = None
    owner: str = "default"
    adopt: bool = False
    purge: bool = False
    install_routes: bool = False
    service: str = "strongswan.service"
    packages: t.Tuple[str, ...] = ()


def read_wanted(params: Entry) -> t.Tuple[Wanted, t.List[Problem]]:
    """Return what the options say, and each entry that its own module would refuse."""
    problems: t.List[Problem] = []
    tunnels = _entries(params["tunnels"], tunnel.FIELDS, parse_tunnel, check_tunnels, problems)
    routes = _entries(params["routes"], route.FIELDS, parse_route, check_routes, problems)
    connections = _entries(
        params["connections"], connection.FIELDS, parse_connection, check_connections, problems
    )
    older = [one for one in params["ipsec_conf_connections"] if one.get("state") != "absent"]
    children = [
        child for one in connections if one.present for child in children_of_section(one.section)
    ]
    wanted = Wanted(
        tunnels=tuple(one for one in tunnels if one.present and not one.target_netns),
        routes=tuple(one for one in routes if one.present),
        children=(*children, *(child_of_ipsec_conf(one) for one in older)),
        connections=frozenset(one.name for one in connections),
        gone=frozenset(one.name for one in tunnels if not one.present),
        networks=_networks(params["networks"], problems),
        owner=params["owner"],
        adopt=params["adopt"],
        purge=params["purge"],
        install_routes=params["install_routes"],
        service=params["service"],
        packages=tuple(params["packages"]),
    )
    return wanted, problems


def _entries(
    entries: t.Sequence[Entry],
    fields: t.Sequence[Field],
    parse: t.Callable[[Entry], _T],
    check: t.Callable[[t.Sequence[_T]], None],
    problems: t.List[Problem],
) -> t.List[_T]:
    """Return the entries that can be read; name the others."""
    found: t.List[_T] = []
    for entry in entries:
        try:
            found.append(parse(completed(fields, entry)))
        except InputError as error:
            problems.append(_refused(error))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue  # its module says what is wrong with its options
    try:
        check(found)
    except InputError as error:
        problems.append(_refused(error))
    return found


def _refused(error: InputError) -> Problem:
    what, _colon, said = str(error).partition(": ")
    return Problem("input", what, said)


def _networks(
    texts: t.Optional[t.Sequence[str]], problems: t.List[Problem]
) -> t.Optional[t.Tuple[Network, ...]]:
    if texts is None:
        return None
    found = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            problems.append(
                Problem("input", "networks", f"'{text}' is no network", "one like 10.1.0.0/24")
            )
    return tuple(found)
