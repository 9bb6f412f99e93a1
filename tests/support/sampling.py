# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Option C(--every N) of a suite: a sample of it, where the kernel is emulated and all of it is too long.

A suite has it by importing both hooks into its conftest.
"""

from __future__ import annotations

import pytest

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run take a sample."""
    parser.addoption("--every", type=int, default=1, help="run every Nth test only")


@pytest.hookimpl(trylast=True)  # after -k and -m: every Nth of what they leave
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out all but every Nth test, evenly over all files."""
    kept = items[:: config.getoption("every")]
    left_out = [item for item in items if item not in set(kept)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
