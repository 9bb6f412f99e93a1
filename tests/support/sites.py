# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites for the tests of the topology filter, and the modules' own reading of what it gives."""

from __future__ import annotations

from typing import Any

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    check_connections,
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route_parse import (
    check_routes,
    parse_route,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.secret import (
    check_entries,
    parse_entry,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import (
    check_tunnels,
    parse_tunnel,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import (
    connection as connection_spec,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import route as route_spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import secret as secret_spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import tunnel as tunnel_spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    argument_spec,
    entries,
)

MASTER = "correct horse battery staple, and more of it"
Hosts = dict[str, dict[str, Any]]

RESOURCES: dict[str, tuple[Any, Any, Any]] = {
    "tunnels": (tunnel_spec, parse_tunnel, check_tunnels),
    "routes": (route_spec, parse_route, check_routes),
    "connections": (connection_spec, parse_connection, check_connections),
    "secrets": (secret_spec, parse_entry, check_entries),
}
"""By the names of what the filter gives: the module's options, and its model."""

TYPES: dict[str, type] = {
    "str": str,
    "path": str,
    "int": int,
    "bool": bool,
    "list": list,
    "dict": dict,
}


def hosts(*names: str) -> Hosts:
    """Return the variables of hosts with an address of each family and a network of each."""
    return {
        name: {
            "underlay": [f"192.0.2.{number}", f"2001:db8::{number:x}"],
            "networks": [f"10.{number}.0.0/24", f"fd00:{number:x}::/64"],
        }
        for number, name in enumerate(names, start=1)
    }


def mesh(names: Hosts, **more: Any) -> dict[str, Any]:
    """Return the description of a mesh."""
    return {
        "topology": "mesh",
        "members": list(names),
        "overlay": ["10.99.0.0/16", "fd00:99::/64"],
        "master_secret": MASTER,
        **more,
    }


def hub(names: Hosts, hubs: list[str], **more: Any) -> dict[str, Any]:
    """Return the description of a site with hubs."""
    return mesh(names, topology="hub", hubs=hubs, **more)


def parse(result: dict[str, list[dict[str, Any]]]) -> dict[str, list[Any]]:
    """Parse and check what the filter gives as the modules do it.

    Each value has the very type of its option as well: then Ansible has nothing to convert.
    """
    parsed = {}
    for name, (spec, parse_one, check) in RESOURCES.items():
        options = argument_spec(spec.LIST, spec.FIELDS, spec.CALL)
        params = {option: one.get("default") for option, one in options.items()}
        params[spec.LIST] = result[name]
        _right_types(options[spec.LIST]["options"], result[name])
        parsed[name] = [parse_one(one) for one in entries(spec.LIST, spec.FIELDS, params)]
        check(parsed[name])
    return parsed


def _right_types(options: dict[str, Any], found: list[dict[str, Any]]) -> None:
    for entry in found:
        for name, value in entry.items():
            option = options[name]
            assert _is(option["type"], value), (name, value)
            if option["type"] == "list":
                assert all(_is(option["elements"], one) for one in value), (name, value)
            if "options" in option:
                _right_types(option["options"], value if isinstance(value, list) else [value])


def _is(kind: str, value: Any) -> bool:
    """Return whether a value is of a type of Ansible's; to Python, a truth value is a number, too."""
    return isinstance(value, TYPES[kind]) and (kind == "bool") == isinstance(value, bool)
