# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers of the engine that DOCKER_HOST names: commands in them, streams out of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from struct import Struct
from typing import Any

import docker
from docker.client import DockerClient
from docker.errors import NotFound
from docker.models.containers import Container

_HEADER = Struct(">BxxxL")  # of a piece: which stream, how many bytes
_STDERR = 2
_TIMEOUT = 180  # seconds; emulated machines are slow


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


def _pieces(answer: Any) -> Iterator[tuple[bytes | None, bytes | None]]:
    """Yield the pieces of an exec's output: stdout or stderr, the other one is None.

    The library reads them from the bare socket, and so loses what came together with the header of
    the answer: on a busy machine, all that a quick command says. The buffer behind has it.
    """
    response = answer._response  # noqa: SLF001  # pylint: disable=protected-access
    buffered = response.raw._fp.fp  # noqa: SLF001  # pylint: disable=protected-access
    answer._sock.settimeout(None)  # noqa: SLF001  # pylint: disable=protected-access
    try:
        while len(header := buffered.read(_HEADER.size)) == _HEADER.size:
            kind, size = _HEADER.unpack(header)
            piece = buffered.read(size)
            yield (None, piece) if kind == _STDERR else (piece, None)
    finally:
        response.close()


class Node:
    """A running container."""

    def __init__(self, client: DockerClient, container: Container) -> None:
        self._api = client.api
        self._id = str(container.id)
        self.name = str(container.name)
        self.image = str(container.attrs["Image"])

    def run(self, *argv: str) -> Result:
        """Run a command without a shell and wait for its end."""
        started = self._api.exec_create(self._id, list(argv))["Id"]
        out, err = bytearray(), bytearray()
        for some_out, some_err in _pieces(self._api.exec_start(started, socket=True)):
            out += some_out or b""
            err += some_err or b""
        code = self._api.exec_inspect(started)["ExitCode"]
        return Result(int(code), out.decode(), err.decode())

    def kill(self) -> None:
        """End it as a power cut ends a host: nothing is said to anybody."""
        self._api.kill(self._id)

    def start(self) -> None:
        """Start it again after that, with its disk as it was."""
        self._api.start(self._id)

    def stream(self, *argv: str) -> Iterator[tuple[bytes | None, bytes | None]]:
        """Start a command; yield pieces of its (stdout, stderr) as they come."""
        started = self._api.exec_create(self._id, list(argv))["Id"]
        return _pieces(self._api.exec_start(started, socket=True))


class Engine:
    """The container engine."""

    def __init__(self) -> None:
        self._client = docker.from_env(timeout=_TIMEOUT)

    def node(self, name: str) -> Node:
        """Return a running container by its name."""
        return Node(self._client, self._client.containers.get(name))

    def restart(self, name: str) -> None:
        """Restart a container, as if its host were shut down and booted."""
        self._client.containers.get(name).restart(timeout=60)

    def bridge_of(self, network: str) -> str:
        """Return the name of the bridge of a container network, on the engine's host."""
        attributes = self._client.networks.get(network).attrs
        named = (attributes.get("Options") or {}).get("com.docker.network.bridge.name")
        return str(named or f"br-{attributes['Id'][:12]}")

    @contextmanager
    def watcher(self, name: str, like: Node) -> Iterator[Node]:
        """Yield a container on the engine's host network, of the image that another one has."""
        self._remove(name)
        container = self._client.containers.run(
            like.image,
            ["sleep", "infinity"],
            name=name,
            detach=True,
            network_mode="host",
            privileged=True,
        )
        try:
            yield Node(self._client, container)
        finally:
            container.remove(force=True)

    def _remove(self, name: str) -> None:
        """Remove what an interrupted run left."""
        try:
            self._client.containers.get(name).remove(force=True)
        except NotFound:
            return
