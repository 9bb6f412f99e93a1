# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""testinfra over the engine: ten times faster than a whole Ansible process per command."""

from __future__ import annotations

from typing import Any

from testinfra.backend.base import BaseBackend, CommandResult
from testinfra.host import Host

from proof.engine import Node


class EngineBackend(BaseBackend):  # type: ignore[misc]  # testinfra has no types
    """Runs commands in a container through the engine's API."""

    NAME = "engine"

    def __init__(self, node: Node) -> None:
        super().__init__(node.name)
        self._node = node
        self._encoding = "utf-8"

    def run(self, command: str, *args: str, **_kwargs: Any) -> CommandResult:
        """Run a command by /bin/sh; arguments are quoted into it."""
        line = self.get_command(command, *args)
        result = self._node.run("/bin/sh", "-c", line)
        return self.result(result.code, self.encode(line), result.stdout, result.stderr)


def host_of(node: Node) -> Host:
    """Return testinfra's host for a container."""
    return Host(EngineBackend(node))
