# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts as those of tests/updown and tests/starter, below profiles that the kernel enforces."""

from __future__ import annotations

from ansible_collections.ipsec.strongswan.tests.starter.test_respawn import pair
from ansible_collections.ipsec.strongswan.tests.updown.conftest import (
    pytest_generate_tests,
    pytest_runtest_makereport,
    row,
)

__all__ = ["pair", "pytest_generate_tests", "pytest_runtest_makereport", "row"]
