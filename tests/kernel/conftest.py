# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each test works in a network namespace of its own, on the real kernel."""

from __future__ import annotations

import typing as t
import uuid

import pytest
from pyroute2 import netns

from ansible_collections.ipsec.strongswan.tests.support import shell


@pytest.fixture(autouse=True)
def namespace() -> t.Iterator[str]:
    """Enter a new namespace with loopback and two underlay devices up; remove it at the end."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    shell.run(f"ip netns add {name}")
    netns.pushns(name)
    try:
        shell.ip_batch(
            "link set lo up",
            "link add eth0 type veth peer name eth1",
            "addr add 192.0.2.1/24 dev eth0",
            "link set eth0 up",
            "link set eth1 up",
        )
        yield name
    finally:
        netns.popns()
        shell.run(f"ip netns del {name}")


@pytest.fixture
def inside(namespace: str) -> t.Iterator[str]:
    """Make a second namespace."""
    name = f"{namespace}i"
    shell.run(f"ip netns add {name}")
    yield name
    shell.run(f"ip netns del {name}")


@pytest.fixture
def vti() -> dict[str, t.Any]:
    """Return the options of a tunnel."""
    return {"name": "vti42", "local": "192.0.2.1", "remote": "192.0.2.2", "key": "42"}
