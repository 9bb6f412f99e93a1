# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read links and addresses: one dump for each table, whatever the number of objects."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import request
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import (
    address,
    link,
    link_answer,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Netlink
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Kernel, Link


def read_links(netlink: Netlink, *, sysctls: bool = False) -> t.Dict[str, Link]:
    """Return all links by name: one dump. O(sysctls) says whether those are wanted too."""
    with request("links: read"):
        answers = list(netlink.dump(link.RTM_GETLINK, link.DUMP))
    names = link_answer.names(answers)
    links = (link_answer.link(answer, names, sysctls=sysctls) for answer in answers)
    return {one.name: one for one in links}


def read_tunnels(netlink: Netlink) -> Kernel:
    """Return all links, and the addresses of the tunnel devices among them: two dumps at most."""
    links = read_links(netlink, sysctls=True)
    tunnels = {one.index for one in links.values() if one.data is not None}
    if not tunnels:
        return Kernel(links=links, addresses={})
    with request("addresses: read"):
        answers = netlink.dump(address.RTM_GETADDR, address.DUMP)
    return Kernel(links=links, addresses=address.addresses(answers, tunnels))
