# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what a host is, before anything of ours is installed on it: without pyroute2."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import NotPermittedError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.networkd import read_networkd
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.processes import (
    read_processes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.read import read_links
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import request
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.support import (
    can_make,
    has_ipsec,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import address, rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Netlink
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.xfrm import read_policies
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import HostFacts
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import XfrmPolicy

RP_FILTER = "/proc/sys/net/ipv4/conf/{}/rp_filter"
FORWARDING = {4: "/proc/sys/net/ipv4/ip_forward", 6: "/proc/sys/net/ipv6/conf/all/forwarding"}


def read_host(
    kinds: t.Iterable[str],
    daemons: t.Iterable[str],
    available: t.Callable[[str], bool],
    warn: t.Callable[[str], None],
) -> HostFacts:
    """Return what a host is; O(available) says whether a kernel module can be loaded.

    :raises KernelError: the kernel refused to tell.
    """
    with Netlink() as netlink:
        links = read_links(netlink)
        with request("addresses and rules: read"):
            addresses = _addresses(netlink, links)
            rules = tuple(one for version in (4, 6) for one in rule.read_rules(netlink, version))
        makes = {kind: can_make(netlink, kind, links.values(), available) for kind in kinds}
    return HostFacts(
        links=links,
        addresses=addresses,
        rules=rules,
        policies=_policies(warn),
        kinds=makes,
        ipsec=has_ipsec(),
        rp_filter={name: _number(RP_FILTER.format(name)) or 0 for name in ("all", "default")},
        forwarding={version: _number(path) != 0 for version, path in FORWARDING.items()},
        processes=tuple(read_processes(daemons)),
        networkd=read_networkd(),
    )


def _addresses(netlink: Netlink, links: t.Mapping[str, Link]) -> t.Dict[str, t.Tuple[str, ...]]:
    names = {link.index: name for name, link in links.items()}
    answers = netlink.dump(address.RTM_GETADDR, address.DUMP)
    return {names[one]: found for one, found in address.addresses(answers, names).items()}


def _policies(warn: t.Callable[[str], None]) -> t.Optional[t.Tuple[XfrmPolicy, ...]]:
    try:
        return tuple(read_policies())
    except NotPermittedError as error:
        warn(f"{error}. Whether others use the marks is not known.")
        return None


def _number(path: str) -> t.Optional[int]:
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None
