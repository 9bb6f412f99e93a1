# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read IPsec policies and states in the namespace of the moment; never their keys."""

from __future__ import annotations

import errno
import socket
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    KernelError,
    NotPermittedError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import explain
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import xfrm as wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import (
    NETLINK_XFRM,
    Answer,
    Netlink,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    XfrmPolicy,
    XfrmState,
)


def read_policies() -> t.List[XfrmPolicy]:
    """Return the IPsec policies, those of sockets apart; none on a kernel without IPsec.

    :raises NotPermittedError: the kernel wants CAP_NET_ADMIN.
    :raises KernelError: it refused for another reason.
    """
    answers = _dump("IPsec policies", wire.XFRM_MSG_GETPOLICY)
    if not answers:
        return []
    names = dict(socket.if_nameindex())
    found = (wire.policy(data, start, end, names) for _kind, data, start, end in answers)
    return [policy for policy in found if policy is not None]


def read_states() -> t.List[XfrmState]:
    """Return the IPsec states (SAs); none on a kernel without IPsec.

    :raises NotPermittedError: the kernel wants CAP_NET_ADMIN.
    :raises KernelError: it refused for another reason.
    """
    answers = _dump("IPsec states", wire.XFRM_MSG_GETSA)
    return [wire.state(data, start, end) for _kind, data, start, end in answers]


def _dump(what: str, kind: int) -> t.List[Answer]:
    try:
        with Netlink(NETLINK_XFRM) as netlink:
            return list(netlink.dump(kind, b""))
    except OSError as error:
        if error.errno == errno.EPROTONOSUPPORT:  # CONFIG_XFRM_USER is not there: no IPsec either
            return []
        refused = NotPermittedError if error.errno in (errno.EPERM, errno.EACCES) else KernelError
        raise refused(f"{what}: cannot be read, {explain(error)}") from error
