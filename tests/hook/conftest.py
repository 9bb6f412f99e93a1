# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each test has a network namespace and a process that stands in for charon."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import Charon
from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.namespaces import (
    empty_namespace,
    entered,
)
from ansible_collections.ipsec.strongswan.tests.support.sampling import (
    pytest_addoption,
    pytest_collection_modifyitems,
)

__all__ = ["charon", "namespace", "pytest_addoption", "pytest_collection_modifyitems"]


@pytest.fixture(autouse=True)
def namespace() -> t.Iterator[str]:
    """Enter a new namespace with loopback and an underlay; remove it at the end."""
    with empty_namespace() as name, entered(name):
        shell.ip_batch(
            "link set lo up",
            "link add eth0 type veth peer name eth1",
            "addr add 192.0.2.1/24 dev eth0",
            "addr add 2001:db8::1/64 dev eth0 nodad",
            "link set eth0 up",
            "link set eth1 up",
        )
        yield name


@pytest.fixture
def charon(namespace: str) -> t.Iterator[Charon]:
    """Return a stand-in for charon, running."""
    found = Charon(namespace)
    yield found
    found.close()
