# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is around the connections of a host, as far as it tells whether they can work (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute


@dataclass(frozen=True)
class Surroundings:
    """What charon can do, and the tunnel devices with their routes.

    O(install_routes) is None where it is not known. O(algorithms) are those of charon's plugins by
    kind, as C(get-algorithms) of vici tells them; none if they are not known.
    """

    install_routes: t.Optional[bool] = None
    algorithms: t.Mapping[str, t.FrozenSet[str]] = field(default_factory=dict)
    tunnels: t.Tuple[Link, ...] = ()
    routes: t.Tuple[FoundRoute, ...] = ()
