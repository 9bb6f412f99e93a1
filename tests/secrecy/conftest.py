# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the checkout importable under the collection's name, as for the unit tests; make a host."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

subprocess.run([CHECKOUT / "tools/link-collection"], check=True, capture_output=True)
# PyPI's ansible installs a namespace package of that name; this adds a part to it.
sys.path.insert(0, str(CHECKOUT / "build/collections"))

from ansible_collections.ipsec.strongswan.tests.secrecy import host as hosts  # noqa: E402
from ansible_collections.ipsec.strongswan.tests.support.fake_charon import FakeCharon  # noqa: E402


@pytest.fixture
def host(tmp_path: Path) -> t.Iterator[hosts.Host]:
    """Return a host with stand-ins for charon and starter, and secrets where a site keeps them."""
    made = hosts.prepare(tmp_path)
    charon = FakeCharon(tmp_path / "vici", refuse="eap-refused")
    yield made
    charon.close()
