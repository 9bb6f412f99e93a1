# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Add and remove addresses of tunnel devices."""

from __future__ import annotations

import contextlib
import errno
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.namespaces import Namespaces
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.sysctl import (
    promoting_secondaries,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.tunnel_portion import (
    Portion,
    Request,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import address
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    RemoveAddress,
)


def apply_addresses(portion: Portion, namespaces: Namespaces) -> None:
    """Apply the steps of a portion that add and remove addresses, in their order."""
    requests: t.List[Request] = []
    indexes: t.Dict[t.Tuple[str, str], int] = {}
    promoting: t.Set[t.Tuple[str, str]] = set()
    with contextlib.ExitStack() as stack:
        for position, step in portion.steps():
            if not isinstance(step, (AddAddress, RemoveAddress)):
                continue
            with portion.trying(position):
                device = (step.netns, step.name)
                if device not in indexes:
                    indexes[device] = namespaces.index(*device)
                if isinstance(step, AddAddress):
                    message = address.add(indexes[device], step.address)
                else:
                    message = address.remove(indexes[device], step.address)
                    if device not in promoting and ":" not in step.address:
                        promoting.add(device)
                        with namespaces.inside(step.netns):
                            stack.enter_context(promoting_secondaries(step.name))
                requests.append(Request(position, step, step.netns, message))
        refused = portion.send(requests, namespaces.netlink)
    for request, code, said in refused:
        step = request.step
        if isinstance(step, RemoveAddress) and code == errno.EADDRNOTAVAIL:
            continue  # it is gone
        if isinstance(step, AddAddress) and code == errno.EEXIST:
            index = indexes[step.netns, step.name]
            answers = namespaces.netlink(step.netns).dump(address.RTM_GETADDR, address.DUMP)
            if step.address in address.addresses(answers, {index}).get(index, ()):
                continue  # it outlived what should have flushed it
        portion.refuse(request, code, said)
