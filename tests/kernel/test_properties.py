# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For any two valid states A and B: A, then B gives exactly what B alone gives.

The states are drawn by hypothesis, on the controller; C(make soak) takes many more, and others.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.support.states import check_walk, stored

CHECKOUT = Path(__file__).resolve().parents[2]


def test_each_state_gives_what_it_alone_gives() -> None:
    check_walk(stored(CHECKOUT))
