# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each test finds a running starter whose charon holds one connection, which is by hand."""

from __future__ import annotations

import shutil
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.starter import host


@pytest.fixture(autouse=True)
def starter() -> None:
    """Start starter if it does not run, and let it forget what the last test left."""
    shutil.rmtree(host.FOLDER, ignore_errors=True)
    for path, text in host.TEXTS.items():
        path.write_text(text)
    host.prepare()


@pytest.fixture
def seed() -> dict[str, t.Any]:
    """The options of the seed's connection, and its secret."""
    return {
        "name": "vpngw",
        "leftupdown": "/usr/local/sbin/ipsec-notify.sh",
        "left": "%defaultroute",
        "leftid": "rw",
        "leftsourceip": ["%config4", "%config6"],
        "rightsubnet": ["0.0.0.0/0", "::/0"],
        "right": "192.0.2.11",
        "rightid": "gw",
        "authby": "secret",
        "auto": "route",
        "mark": "2",
        "secrets": [{"ids": ["rw", "gw"], "secret": "the first secret of \"them' all #1"}],
    }
