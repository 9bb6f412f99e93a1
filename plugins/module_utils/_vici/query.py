# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that ask charon what it holds and does, and change nothing.

Answers and events are returned as they come. charon throws an answer of more than 512 KiB away, so
that what may be long is asked for piece by piece.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.wire import Decoded

Names = t.Optional[t.Sequence[str]]
"""The connections to ask for; all of them if None."""

FEW = 16
"""charon looks through all that it has for each name: for more names, all is quicker."""

LEASES_MAX = 2000
"""With more leases in a pool than these, the answer may be too long for charon."""


def version(client: Client) -> Decoded:
    """Return the daemon's name and version, and those of its operating system."""
    return client.request("version")


def stats(client: Client) -> Decoded:
    """Return how long the daemon runs, its plugins, and what it is busy with."""
    return client.request("stats")


def algorithms(client: Client) -> Decoded:
    """Return the algorithms by kind, and the plugin behind each."""
    return client.request("get-algorithms")


def ike_sas(client: Client, names: Names) -> t.List[Decoded]:
    """Return an event for each IKE SA, with its CHILD SAs."""
    return _of(client, "list-sas", "list-sa", names)


def connections(client: Client, names: Names) -> t.List[Decoded]:
    """Return an event for each connection, also for those that did not come over vici."""
    return _of(client, "list-conns", "list-conn", names)


def policies(client: Client, names: Names) -> t.List[Decoded]:
    """Return an event for each trap, drop and pass policy."""
    kinds = {"trap": "yes", "drop": "yes", "pass": "yes"}
    return _of(client, "list-policies", "list-policy", names, kinds)


def counters(client: Client, names: t.Iterable[str]) -> Decoded:
    """Return the counters of IKE events by connection; those of all are under an empty name.

    A connection for which nothing has been counted yet is left out.

    :raises RefusedError: charon's plugin counters is not loaded.
    """
    found: Decoded = dict(client.request("get-counters")["counters"])
    for name in names:
        try:
            found.update(client.request("get-counters", {"name": name})["counters"])
        except RefusedError:
            continue
    return found


def pools(client: Client) -> Decoded:
    """Return the pools by name, with their leases; without them if there are too many."""
    found = client.request("get-pools")
    for name, pool in found.items():
        if int(pool["online"]) + int(pool["offline"]) <= LEASES_MAX:
            found[name] = client.request("get-pools", {"leases": "yes", "name": name})[name]
    return found


def certificates(client: Client) -> t.List[Decoded]:
    """Return an event for each certificate and each list of revoked ones."""
    return list(client.stream("list-certs", "list-cert"))


def authorities(client: Client) -> t.List[Decoded]:
    """Return an event for each certification authority."""
    return list(client.stream("list-authorities", "list-authority"))


def private_keys(client: Client) -> t.FrozenSet[str]:
    """Return the ids of the private keys; charon tells nothing else of them."""
    return frozenset(key.decode() for key in client.request("get-keys").get("keys", []))


def _of(
    client: Client,
    command: str,
    event: str,
    names: Names,
    message: t.Optional[t.Mapping[str, str]] = None,
) -> t.List[Decoded]:
    if names is None:
        return list(client.stream(command, event, message))
    if len(names) > FEW:
        wanted = frozenset(names)
        return [told for told in client.stream(command, event, message) if _name(told) in wanted]
    return [
        told
        for name in names
        for told in client.stream(command, event, {**(message or {}), "ike": name})
    ]


def _name(told: Decoded) -> str:
    """Return the connection that an event is about."""
    for name, inner in told.items():
        ike: t.Optional[bytes] = inner.get("ike")  # of a policy, whose name has the child's, too
        return name if ike is None else ike.decode()
    return ""
