# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Throw-away network namespaces to work in."""

from __future__ import annotations

import contextlib
import typing as t
import uuid

from pyroute2 import netns

from . import shell


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
    """Work in a namespace."""
    netns.pushns(name)
    try:
        yield
    finally:
        netns.popns()
