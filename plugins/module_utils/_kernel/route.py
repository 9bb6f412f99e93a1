# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read routes, and apply the changes of a plan for them."""

from __future__ import annotations

import errno
import itertools
import socket
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import KernelError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import (
    Session,
    refusal,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import route as wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import (
    NLM_F_APPEND,
    NLM_F_CREATE,
    NLM_F_EXCL,
    NLM_F_REPLACE,
    Netlink,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.route_answer import (
    Names,
    route,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute, Route
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route import rank
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import (
    ADD,
    APPEND,
    REPLACE,
    AddRoute,
    DeleteRoute,
    RouteChange,
    RouteStep,
)

FLAGS = {
    ADD: NLM_F_CREATE | NLM_F_EXCL,
    APPEND: NLM_F_CREATE | NLM_F_APPEND,
    REPLACE: NLM_F_CREATE | NLM_F_REPLACE,
}
GONE = frozenset({errno.ESRCH, errno.ENODEV, errno.ENXIO})
"""What a deletion is answered with when somebody, or its device, took the route meanwhile."""


def read_routes(
    netlink: Netlink, links: t.Mapping[str, Link], version: int, protocol: int = 0, table: int = 0
) -> t.List[FoundRoute]:
    """Return the routes of an IP version, narrowed to a protocol number or a table by the kernel."""
    names: Names = {link.index: link.name for link in links.values()}
    request = wire.dump_request(version, protocol, table)
    try:
        answers = list(netlink.dump(wire.RTM_GETROUTE, request))
    except OSError as error:
        if table and error.errno == errno.ENOENT:
            return []  # the kernel makes a table with its first route
        raise
    routes = (route(answer, names) for answer in answers)
    return [
        found
        for found in routes
        if found is not None
        # A kernel before 4.20 narrows nothing.
        and (not protocol or found.protocol == protocol)
        and (not table or found.route.identity.table == table)
    ]


def apply_changes(
    session: Session, changes: t.Sequence[RouteChange], done: t.Callable[[Change[t.Any]], None]
) -> None:
    """Apply changes: those that do not need each other go in one batch, the next if all is well.

    :raises KernelError: the kernel refused a change; all others up to there are O(done).
    """
    for _key, batch in itertools.groupby(changes, key=_batch_key):
        _apply_batch(session.netlink, list(batch), done)


def _batch_key(change: RouteChange) -> t.Tuple[bool, int]:
    last = change.steps[-1]
    return isinstance(last, DeleteRoute), rank(last.route)


def _apply_batch(
    netlink: Netlink, changes: t.Sequence[RouteChange], done: t.Callable[[Change[t.Any]], None]
) -> None:
    """Send the first step of all changes, then the second of those whose first was done, ..."""
    index_of = _Indexes()
    failed: t.Dict[int, KernelError] = {}
    for depth in range(max(len(change.steps) for change in changes)):
        sent: t.List[int] = []
        messages: t.List[bytes] = []
        for number, change in enumerate(changes):
            if number in failed or depth >= len(change.steps):
                continue
            try:
                messages.append(_message(change.steps[depth], index_of))
                sent.append(number)
            except OSError as error:
                if not isinstance(change.steps[depth], DeleteRoute):
                    code = error.errno or errno.ENODEV  # Python before 3.13 names none
                    failed[number] = _refusal(change.steps[depth], code, "", depth > 0)
        for position, code in sorted(netlink.batch(messages).items()):
            number = sent[position]
            step = changes[number].steps[depth]
            if not (isinstance(step, DeleteRoute) and code in GONE):
                said = netlink.said.get(position, "")
                failed[number] = _refusal(step, code, said, depth > 0)
    for number, change in enumerate(changes):
        if number not in failed:
            done(change)
    if failed:
        first = failed[min(failed)]
        more = len(failed) - 1
        raise KernelError(f"{first} (and {more} more routes were refused)") if more else first


class _Indexes:
    """Indexes of devices by name, asked for once."""

    def __init__(self) -> None:
        self._known: t.Dict[str, int] = {}

    def __call__(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = socket.if_nametoindex(name)
        return self._known[name]


def _message(step: RouteStep, index_of: wire.IndexOf) -> bytes:
    if isinstance(step, DeleteRoute):
        return wire.delete(step.route, step.protocol, index_of)
    return wire.add(step.route, step.protocol, step.mark, FLAGS[step.mode], index_of)


def _refusal(step: RouteStep, code: int, said: str, half_done: bool) -> KernelError:
    what = f"{step.route.object}: {step.mode if isinstance(step, AddRoute) else 'remove'}"
    if half_done:
        what += ", the second half of a change"
    hint = _hint(step.route, code, said) if isinstance(step, AddRoute) else ""
    return refusal(what, code, said, hint)


def _hint(route: Route, code: int, said: str) -> str:
    """Return what to do about a refusal, as far as number and words tell the reason."""
    if any(hop.encap for hop in route.hops) and (code == errno.EOPNOTSUPP or "encap" in said):
        return "encap xfrm needs Linux 6.2 or newer, with module xfrm_interface"
    if code == errno.EINVAL and route.options.src and "gateway" not in said:
        return f"src {route.options.src} must be an address of this host"
    if route.has_gateway and code in (errno.EINVAL, errno.ENETUNREACH, errno.EHOSTUNREACH):
        return (
            "each gateway must be an address in a network of its device, or onlink: true says that"
            " it is reached through dev all the same"
        )
    if code in (errno.ENODEV, errno.ENXIO):
        return "a device of the route vanished meanwhile; run again"
    return ""
