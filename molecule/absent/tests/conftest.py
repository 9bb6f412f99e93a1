# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one host of this scenario."""

from __future__ import annotations

import pytest
from proof.backend import host_of
from proof.engine import Engine
from proof.fixtures import engine, scenario
from testinfra.host import Host

__all__ = ["engine", "host", "scenario"]


@pytest.fixture(scope="session")
def host(engine: Engine) -> Host:
    """Return the host."""
    return host_of(engine.node("molecule-absent-moon"))
