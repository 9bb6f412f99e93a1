# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that load and unload what swanctl.conf holds."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import Client
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.wire import Message


def loaded_connections(client: Client) -> t.FrozenSet[str]:
    """Return the names of the connections that charon holds."""
    return _names(client.request("get-conns").get("conns", []))


def loaded_secrets(client: Client) -> t.FrozenSet[str]:
    """Return the ids of the shared secrets that charon holds: the names of swanctl's sections."""
    return _names(client.request("get-shared").get("keys", []))


def load_connection(client: Client, name: str, settings: Message) -> None:
    """Load a connection, in the place of one of this name if there is one."""
    client.request("load-conn", {name: settings})


def unload_connection(client: Client, name: str) -> None:
    """Unload a connection."""
    client.request("unload-conn", {"name": name})


def load_secret(client: Client, name: str, message: Message) -> None:
    """Load a shared secret, in the place of one of this id if there is one."""
    client.request("load-shared", {"id": name, **message})


def unload_secret(client: Client, name: str) -> None:
    """Unload a shared secret."""
    client.request("unload-shared", {"id": name})


def _names(values: t.Iterable[bytes]) -> t.FrozenSet[str]:
    return frozenset(value.decode(errors="replace") for value in values)
