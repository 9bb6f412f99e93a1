# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hook of a charon that starter has started, below the profiles that Debian enforces on it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.apparmor import profile
from ansible_collections.ipsec.strongswan.tests.starter.test_respawn import Pair

CHARON = "/usr/lib/ipsec/charon"
PROGRAMS = {"usr.lib.ipsec.charon": CHARON, "usr.lib.ipsec.stroke": "/usr/lib/ipsec/stroke"}
ADDITIONS = "/run/strongswan-log rw,\n"  # the log of these hosts


@pytest.fixture(autouse=True)
def enforced() -> t.Iterator[profile.Enforced]:
    """Enforce the profiles, before a starter is started."""
    with profile.enforced(PROGRAMS, ADDITIONS) as loaded:
        yield loaded


def test_confined(enforced: profile.Enforced, pair: Pair) -> None:
    """AppArmor: up and down with ipsec.conf."""
    for one in (pair.client, pair.gateway):
        assert profile.confinement(one.charon()) == f"{CHARON} (enforce)"
    pair.take_down()
    assert not enforced.denied()
