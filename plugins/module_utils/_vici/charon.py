# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that load and unload what swanctl.conf holds."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.wire import Decoded, Message


def daemon_version(client: Client) -> str:
    """Return charon's version, like V(5.9.8)."""
    version: bytes = client.request("version").get("version", b"")
    return version.decode(errors="replace")


def loaded_connections(client: Client) -> t.FrozenSet[str]:
    """Return the names of the connections that charon holds."""
    return _names(client.request("get-conns").get("conns", []))


def loaded_secrets(client: Client) -> t.FrozenSet[str]:
    """Return the ids of the shared secrets that charon holds: the names of swanctl's sections."""
    return _names(client.request("get-shared").get("keys", []))


class Pool(t.NamedTuple):
    """A pool as charon tells of it: its addresses, and how many clients have or had one."""

    base: str
    size: int
    online: int
    offline: int


def loaded_pools(client: Client) -> t.Dict[str, Pool]:
    """Return the pools that charon holds, by name."""
    return {
        name: Pool(
            pool["base"].decode(), int(pool["size"]), int(pool["online"]), int(pool["offline"])
        )
        for name, pool in client.request("get-pools").items()
    }


def loaded_authorities(client: Client) -> t.FrozenSet[str]:
    """Return the names of the certification authorities that charon holds."""
    return _names(client.request("get-authorities").get("authorities", []))


def live_sas(client: Client, connection: str = "") -> t.Iterator[Decoded]:
    """Yield what charon tells of each IKE SA with its CHILD SAs, of one connection or all."""
    return client.stream("list-sas", "list-sa", {"ike": connection} if connection else {})


def children(client: Client, connection: str) -> t.Optional[t.Tuple[str, ...]]:
    """Return the children of a loaded connection that SAs are made for; None if it is not loaded."""
    found: t.Optional[t.Tuple[str, ...]] = None
    for told in client.stream("list-conns", "list-conn", {"ike": connection}):
        for settings in told.values():
            found = tuple(
                name
                for name, child in settings.get("children", {}).items()
                if child.get("mode") not in {b"PASS", b"DROP"}
            )
    return found


def connections_of_children(client: Client) -> t.Dict[str, str]:
    """Return the connection of each child that charon holds."""
    return {
        child: name
        for told in client.stream("list-conns", "list-conn")
        for name, settings in told.items()
        for child in settings.get("children", {})
    }


def initiate(client: Client, connection: str, child: str, seconds: int) -> t.Iterator[str]:
    """Initiate a child, or the IKE SA alone without one, and wait; yield what charon logs of it.

    :raises RefusedError: it could not be established within these seconds.
    """
    message = {"ike": connection, "timeout": str(seconds * 1000), "loglevel": "1"}
    if child:
        message["child"] = child
    return _logged(client, "initiate", message)


def reauthenticate(client: Client, uniqueid: int) -> None:
    """Let charon authenticate anew for an IKE SA; it goes on with that after the answer."""
    client.request("rekey", {"ike-id": str(uniqueid), "reauth": "yes"})


def terminate(client: Client, kind: str, uniqueid: int, seconds: int) -> t.Iterator[str]:
    """End an SA by its id, O(kind) is C(ike) or C(child); yield what charon logs of it.

    :raises RefusedError: there is none, or its end was not confirmed within these seconds.
    """
    message = {f"{kind}-id": str(uniqueid), "timeout": str(seconds * 1000), "loglevel": "1"}
    return _logged(client, "terminate", message)


def _logged(client: Client, command: str, message: Message) -> t.Iterator[str]:
    for told in client.stream(command, "control-log", message):
        yield _line(told)


def listen_to_log(client: Client) -> None:
    """Have charon send what it logs, for M(log_of)."""
    client.listen("log")


def log_of(client: Client, connection: str) -> t.List[str]:
    """Return what charon logged of a connection's SAs since M(listen_to_log)."""
    return [
        _line(told) for told in client.heard("log") if told.get("ikesa-name") == connection.encode()
    ]


def _line(told: t.Mapping[str, t.Any]) -> str:
    group = bytes(told.get("group", b"")).decode(errors="replace")
    return f"[{group}] {bytes(told.get('msg', b'')).decode(errors='replace')}"


def load_connection(client: Client, name: str, settings: Message) -> None:
    """Load a connection, in the place of one of this name if there is one."""
    client.request("load-conn", {name: settings})


def load_connections(
    client: Client, items: t.Sequence[t.Tuple[str, Message]]
) -> t.Iterator[t.Optional[RefusedError]]:
    """Load connections by name; yield for each whether charon refused it.

    Soon after a refusal it ends.
    """
    for outcome in client.request_all("load-conn", [{name: message} for name, message in items]):
        yield outcome if isinstance(outcome, RefusedError) else None


def unload_connection(client: Client, name: str) -> None:
    """Unload a connection."""
    client.request("unload-conn", {"name": name})


def load_secret(client: Client, name: str, message: Message) -> None:
    """Load a shared secret, in the place of one of this id if there is one."""
    client.request("load-shared", {"id": name, **message})


def unload_secret(client: Client, name: str) -> None:
    """Unload a shared secret."""
    client.request("unload-shared", {"id": name})


def load_pool(client: Client, name: str, message: Message) -> None:
    """Load a pool, in the place of one of this name if there is one."""
    client.request("load-pool", {name: message})


def unload_pool(client: Client, name: str) -> None:
    """Unload a pool; charon refuses it while an address of it is in use."""
    client.request("unload-pool", {"name": name})


def load_authority(client: Client, name: str, message: Message) -> None:
    """Load a certification authority, in the place of one of this name if there is one."""
    client.request("load-authority", {name: message})


def unload_authority(client: Client, name: str) -> None:
    """Unload a certification authority."""
    client.request("unload-authority", {"name": name})


def loaded_keys(client: Client) -> t.FrozenSet[str]:
    """Return the ids of the private keys that charon holds: SHA-1 hashes of their public keys."""
    return _names(client.request("get-keys").get("keys", []))


def loaded_certificates(client: Client) -> t.FrozenSet[bytes]:
    """Return the certificates of all types that charon holds, as DER."""
    told = client.stream("list-certs", "list-cert")
    return frozenset(bytes(message.get("data", b"")) for message in told)


def load_key(client: Client, kind: str, data: bytes) -> str:
    """Load a private key of a type, or of V(any), and return its id."""
    answer = client.request("load-key", {"type": kind, "data": data})
    return bytes(answer.get("id", b"")).decode(errors="replace")


def unload_key(client: Client, key_id: str) -> None:
    """Unload a private key."""
    client.request("unload-key", {"id": key_id})


def load_certificate(client: Client, kind: str, data: bytes) -> None:
    """Load a certificate of the type that swanctl's folder of this name has."""
    client.request("load-cert", {"type": kind, "data": data})


def algorithms(client: Client) -> t.Dict[str, t.FrozenSet[str]]:
    """Return the algorithms that charon's plugins have, by kind, as V(encryption) or V(prf)."""
    return {kind: frozenset(found) for kind, found in client.request("get-algorithms").items()}


def _names(values: t.Iterable[bytes]) -> t.FrozenSet[str]:
    return frozenset(value.decode(errors="replace") for value in values)
