# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove many tunnel devices at once.

The kernel waits for its readers after each removal, 16 to 37 ms, but only once for all devices of
a link group. So they are put into a group that is kept for this; its members are read again just
before it goes, so that it takes no foreign device along.
"""

from __future__ import annotations

import errno
import itertools
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import (
    link,
    link_answer,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Netlink
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import DOOMED_GROUP
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    DeleteLink,
    TunnelStep,
)


def remove_in_bulk(netlink: Netlink, changes: t.Sequence[Change[TunnelStep]]) -> int:
    """Remove the devices of the first changes, as far as they are plain removals.

    :returns: How many changes were done; 0 if it cannot be done so. Whoever then removes the
        devices one by one will meet and name what stood in the way.
    """
    steps = list(itertools.takewhile(lambda step: step is not None, map(_plain_removal, changes)))
    doomed = {step.index: step.name for step in steps if step is not None}
    if len(doomed) < 2:
        return 0
    refused = netlink.batch([link.change(index, group=DOOMED_GROUP) for index in doomed])
    gone = {index for position, index in enumerate(doomed) if refused.get(position) == errno.ENODEV}
    if len(gone) < len(refused):
        return 0
    members = link_answer.members(netlink.dump(link.RTM_GETLINK, link.DUMP), DOOMED_GROUP)
    if members != {index: name for index, name in doomed.items() if index not in gone}:
        return 0
    if members and netlink.batch([link.delete_group(DOOMED_GROUP)]):
        return 0
    return len(steps)


def _plain_removal(change: Change[TunnelStep]) -> t.Optional[DeleteLink]:
    step = change.steps[0] if len(change.steps) == 1 else None
    return step if isinstance(step, DeleteLink) and not step.netns else None
