# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what is around connections, each part only where a connection makes it matter."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
    KernelError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.tunnel_routes import (
    read_tunnel_routes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.child_mark import children_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.surroundings import (
    Surroundings,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import strongswan_conf
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import Client

Algorithms = t.Dict[str, t.FrozenSet[str]]


def read_surroundings(params: Params, wanted: t.Sequence[ConfigObject]) -> Surroundings:
    """Return what is around; what cannot be read gives no warning, so it is no error either."""
    sections = [one.section for one in wanted if one.present]
    algorithms = _algorithms(params) if any(map(_proposes, sections)) else {}
    if next(children_of(sections), None) is None:
        return Surroundings(algorithms=algorithms)
    install_routes = None
    if params["socket"] == strongswan_conf.SOCKET and any(
        child.marks for child in children_of(sections)
    ):
        install_routes = strongswan_conf.read_switch("install_routes", default=True)
    try:
        tunnels, routes = read_tunnel_routes()
    except (KernelError, OSError):
        tunnels, routes = (), ()
    return Surroundings(install_routes, algorithms, tunnels, routes)


def _proposes(section: Section) -> bool:
    names = {"proposals", "esp_proposals", "ah_proposals"}
    children = section.children("children").values()
    return bool(names & section.settings.keys()) or any(
        names & child.settings.keys() for child in children
    )


def _algorithms(params: Params) -> Algorithms:
    try:
        with Client(params["socket"], float(params["timeout"])) as client:
            return charon.algorithms(client)
    except (CharonError, DependencyError):
        return {}
