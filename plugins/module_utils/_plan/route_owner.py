# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a route is (pure).

A route is ours when it carries our routing-protocol number. Its owner is told by its own mark,
else by its device's, else it is V(default). It gets a mark of its own only where no device tells:
it goes nowhere, its device is for the kernel to find, or is nobody's and the owner is not
V(default).
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    Route,
    owner_number,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import DEFAULT


class Owners:
    """Tells and marks the owners of routes, for a call with this owner and protocol number."""

    def __init__(self, links: t.Mapping[str, Link], owner: str, protocol: int) -> None:
        self.owner = owner
        self.protocol = protocol
        owners = ((name, link.owner) for name, link in links.items())
        self._of_device = {name: of for name, of in owners if of}
        names = {owner, DEFAULT, *self._of_device.values()}
        self._names = {owner_number(name): name for name in names}

    def of(self, found: FoundRoute) -> t.Optional[str]:
        """Return the owner of a route, None if it is not ours."""
        if found.protocol != self.protocol:
            return None
        if found.mark:
            return self._names.get(found.mark, f"number {found.mark}")
        return self._of_devices(found.route) or DEFAULT

    def of_wanted(self, route: Route) -> str:
        """Return whose a route will be once it is there; a device's owner has its routes."""
        return self.owner if self.mark(route) else self._of_devices(route) or DEFAULT

    def mark(self, route: Route) -> int:
        """Return the mark that a wanted route needs, 0 for none."""
        if self._of_devices(route):
            return 0
        known = route.hops and all(hop.dev for hop in route.hops)
        return 0 if known and self.owner == DEFAULT else owner_number(self.owner)

    def _of_devices(self, route: Route) -> t.Optional[str]:
        for hop in route.hops:
            if hop.dev in self._of_device:
                return self._of_device[hop.dev]
        return None
