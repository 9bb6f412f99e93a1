# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes through tunnel devices: which traffic is led into tunnels."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.read import read_links
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import Session
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.snapshot import read_routes
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Netlink
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import FALLBACKS, Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute


def read_tunnel_routes() -> t.Tuple[t.Tuple[Link, ...], t.Tuple[FoundRoute, ...]]:
    """Return the tunnel devices of this namespace, and the routes through them.

    :raises KernelError: the kernel refuses to tell.
    """
    with Netlink() as netlink:
        links = read_links(netlink)
        tunnels = tuple(
            one for one in links.values() if one.data is not None and one.name not in FALLBACKS
        )
        if not tunnels:
            return (), ()
        names = {one.index: one.name for one in links.values()}
        indexes = [one.index for one in tunnels]
        return tunnels, tuple(read_routes(Session(netlink), indexes, names))
