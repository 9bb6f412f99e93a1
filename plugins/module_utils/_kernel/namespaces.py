# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The namespaces of one run: V("") is where the call works, others are where devices are moved."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import KernelError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import (
    Session,
    in_namespace,
    namespace_path,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Netlink

_INDEX = re.compile(r"if([0-9]{1,10})\Z")


class Namespaces:
    """Sockets and files of namespaces, opened when they are first needed."""

    def __init__(self, session: Session, stack: contextlib.ExitStack) -> None:
        self._stack = stack
        self._netlinks = {"": session.netlink}
        self._files: t.Dict[str, int] = {}

    def netlink(self, netns: str) -> Netlink:
        """Return a socket of a namespace."""
        if netns not in self._netlinks:
            with self.inside(netns):
                self._netlinks[netns] = self._stack.enter_context(Netlink())
        return self._netlinks[netns]

    def file(self, netns: str) -> int:
        """Return an open file that stands for a namespace."""
        if netns not in self._files:
            file = os.open(namespace_path(netns), os.O_RDONLY | os.O_CLOEXEC)
            self._stack.callback(os.close, file)
            self._files[netns] = file
        return self._files[netns]

    @contextlib.contextmanager
    def inside(self, netns: str) -> t.Iterator[None]:
        """Work inside a namespace."""
        with in_namespace(netns) if netns else contextlib.nullcontext():
            yield

    def index(self, netns: str, name: str) -> int:
        """Return the index of a device; V("") is none, V(if12) is one that has no name here.

        :raises KernelError: there is no such device.
        """
        if not name:
            return 0
        with self.inside(netns):
            try:
                return socket.if_nametoindex(name)
            except OSError as error:
                nameless = _INDEX.match(name)
                if nameless:
                    return int(nameless.group(1))
                raise KernelError(
                    f"device '{name}' vanished while it was worked on; run again"
                ) from error
