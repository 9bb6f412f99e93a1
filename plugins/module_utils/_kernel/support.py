# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which kinds of tunnel devices the kernel can make, found without making one."""

from __future__ import annotations

import errno
import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import link as wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    nested,
    text,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import (
    NETLINK_XFRM,
    NLM_F_CREATE,
    NLM_F_EXCL,
    Netlink,
    message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    VTI,
    VTI6,
    XFRM,
    Link,
)

MODULES = {VTI: "ip_vti", VTI6: "ip6_vti", XFRM: "xfrm_interface"}
NO_NAME = "a/b"  # dev_valid_name (net/core/dev.c): a device of this name is never made


def can_make(
    netlink: Netlink, kind: str, links: t.Iterable[Link], available: t.Callable[[str], bool]
) -> bool:
    """Whether the kernel has a kind; O(available) says whether a module can be loaded.

    It is asked for a device that it has to refuse only where nothing else tells: that may load the
    module, as the making of a device would.
    """
    if any(one.kind == kind for one in links):
        return True
    module = MODULES[kind]
    if os.path.isdir(f"/sys/module/{module}") or available(module):
        return True
    body = wire.IFINFO.pack(0, 0, 0, 0, 0) + text(wire.IFLA_IFNAME, NO_NAME)
    body += nested(wire.IFLA_LINKINFO, text(wire.IFLA_INFO_KIND, kind))
    refused = netlink.batch([message(wire.RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, body)])
    return refused.get(0) != errno.EOPNOTSUPP


def has_ipsec() -> bool:
    """Whether the kernel has IPsec at all."""
    try:
        Netlink(NETLINK_XFRM).close()
    except OSError as error:
        return error.errno != errno.EPROTONOSUPPORT
    return True
