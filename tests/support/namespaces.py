# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Throw-away network namespaces to work in."""

from __future__ import annotations

import contextlib
import ctypes
import os
import typing as t
import uuid
from pathlib import Path

from . import shell

CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def namespace(*lines: str) -> t.Iterator[str]:
    """Enter a new namespace, run lines of C(ip -batch) in it, leave and remove it at the end."""
    with empty_namespace() as name, entered(name):
        shell.ip_batch("link set lo up", *lines)
        yield name


@contextlib.contextmanager
def empty_namespace() -> t.Iterator[str]:
    """Make a namespace, and remove it at the end."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    shell.run(f"ip netns add {name}")
    try:
        yield name
    finally:
        shell.run(f"ip netns del {name}")


@contextlib.contextmanager
def entered(name: str) -> t.Iterator[None]:
    """Work in a namespace: this thread does. os.setns() would do it from Python 3.12 on."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        inside = os.open(Path("/run/netns") / name, os.O_RDONLY)
        try:
            _enter(inside)
        finally:
            os.close(inside)
        try:
            yield
        finally:
            _enter(before)
    finally:
        os.close(before)


def _enter(namespace: int) -> None:
    if _LIBC.setns(namespace, CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), "setns")
