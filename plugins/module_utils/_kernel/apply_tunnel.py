# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply the plan for tunnel devices: in batches, so that a thousand cost little more than one.

Each portion of changes runs in stages: what makes, changes and removes devices, in the order of the
plan; what finishes new devices; addresses; what was flushed; sysctls. A change that was refused
something drops out of the later stages: they would meet the device that stands in its place.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel import keep
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.namespaces import Namespaces
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.remove_tunnels import (
    remove_in_bulk,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import (
    Session,
    request,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.sysctl import write_sysctl
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.tunnel_addresses import (
    apply_addresses,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.tunnel_portion import (
    Portion,
    Request,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    UNFINISHED_GROUP,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    ChangeLink,
    CreateLink,
    DeleteLink,
    Keep,
    MoveLink,
    PutBack,
    SetSysctl,
    TunnelStep,
)

PORTION = 100  # so that a run that is killed leaves few devices half made

TunnelChange = Change[TunnelStep]


def apply_changes(
    session: Session, changes: t.Sequence[TunnelChange], done: t.Callable[[TunnelChange], None]
) -> None:
    """Apply changes; O(done) is called with each of which all was done.

    :raises KernelError: the kernel refused something.
    """
    with request("tunnels: apply"), contextlib.ExitStack() as stack:
        first = remove_in_bulk(session.netlink, changes)
        for change in changes[:first]:
            done(change)
        work = _Work(Namespaces(session, stack))
        for start in range(first, len(changes), PORTION):
            portion = Portion(changes[start : start + PORTION])
            work.apply(portion)
            portion.finish(done)


class _Work:
    """What lasts from one portion to the next: sockets, and what devices had before."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._namespaces = namespaces
        self._kept: t.Dict[t.Tuple[str, str], keep.Kept] = {}

    def apply(self, portion: Portion) -> None:
        """Apply a portion, stage by stage."""
        self._remember(portion)
        self._links(portion)
        self._finish_links(portion)
        self._moved_links(portion)
        apply_addresses(portion, self._namespaces)
        self._put_back(portion)
        self._sysctls(portion)

    def _remember(self, portion: Portion) -> None:
        for position, step in portion.steps():
            if isinstance(step, Keep):
                with portion.trying(position), request(f"tunnel {step.name}: read its routes"):
                    netlink = self._namespaces.netlink(step.netns)
                    with self._namespaces.inside(step.netns):
                        kept = keep.remember(netlink, step.index, step.name)
                    self._kept[step.name, step.netns] = kept

    def _links(self, portion: Portion) -> None:
        requests: t.List[Request] = []
        for position, step in portion.steps():
            with portion.trying(position):
                if isinstance(step, DeleteLink):
                    requests.append(Request(position, step, step.netns, link.delete(step.index)))
                elif isinstance(step, CreateLink):
                    requests.append(Request(position, step, "", self._create(step, step.index)))
                elif isinstance(step, ChangeLink) and step.index:
                    message = self._change(step, step.index)
                    requests.append(Request(position, step, step.netns, message))
        again: t.List[Request] = []
        for one, code, said in portion.send(requests, self._namespaces.netlink):
            if isinstance(one.step, DeleteLink) and code == errno.ENODEV:
                continue
            if isinstance(one.step, CreateLink) and one.step.index:
                # Perhaps the old index is taken: that shows as EEXIST too.
                again.append(replace(one, message=self._create(one.step, 0)))
                continue
            portion.refuse(one, code, said)
        for one, code, said in portion.send(again, self._namespaces.netlink):
            portion.refuse(one, code, said)

    def _finish_links(self, portion: Portion) -> None:
        """Finish new devices by their indexes, and move those that are to be moved."""
        requests: t.List[Request] = []
        for position, step in portion.steps():
            with portion.trying(position):
                if isinstance(step, CreateLink):
                    # The kernel takes no alias when it makes a link (rtnl_create_link).
                    message = link.change(
                        self._namespaces.index("", step.name),
                        alias=step.alias,
                        group=step.group,
                        master=self._namespaces.index("", step.master) if step.master else None,
                        up=step.up or None,
                    )
                    requests.append(Request(position, step, "", message))
                elif isinstance(step, MoveLink):
                    index = step.index or self._namespaces.index("", step.name)
                    message = link.move(index, self._namespaces.file(step.netns))
                    requests.append(Request(position, step, "", message))
        for one, code, said in portion.send(requests, self._namespaces.netlink):
            portion.refuse(one, code, said)

    def _moved_links(self, portion: Portion) -> None:
        requests: t.List[Request] = []
        for position, step in portion.steps():
            if isinstance(step, ChangeLink) and not step.index:
                with portion.trying(position):
                    message = self._change(step, self._namespaces.index(step.netns, step.name))
                    requests.append(Request(position, step, step.netns, message))
        for one, code, said in portion.send(requests, self._namespaces.netlink):
            portion.refuse(one, code, said)

    def _create(self, step: CreateLink, index: int) -> bytes:
        dev = self._namespaces.index("", step.data.dev)
        return link.create(step.name, step.data, dev, UNFINISHED_GROUP, step.mtu, index)

    def _change(self, step: ChangeLink, index: int) -> bytes:
        data = None
        if step.data is not None:
            data = (step.data, self._namespaces.index(step.netns, step.data.dev))
        master = None
        if step.master is not None:
            master = self._namespaces.index(step.netns, step.master)
        return link.change(index, data, step.alias, step.mtu, step.group, master, step.up)

    def _put_back(self, portion: Portion) -> None:
        """Put back what was flushed, whatever else was refused."""
        for position, change in enumerate(portion.changes):
            for step in change.steps:
                if not isinstance(step, PutBack):
                    continue
                kept = self._kept.pop((step.name, step.netns), None)
                if kept is not None:
                    with portion.trying(position), request(f"tunnel {step.name}: put back"):
                        index = self._namespaces.index(step.netns, step.name)
                        netlink = self._namespaces.netlink(step.netns)
                        with self._namespaces.inside(step.netns):
                            keep.put_back(netlink, index, step.name, kept)

    def _sysctls(self, portion: Portion) -> None:
        steps = (
            (position, step) for position, step in portion.steps() if isinstance(step, SetSysctl)
        )
        for netns, group in itertools.groupby(steps, key=lambda item: item[1].netns):
            with self._namespaces.inside(netns):
                for position, step in group:
                    with portion.trying(position):
                        write_sysctl(step.name, step.key, step.value)
