# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keywords that need a newer charon than the one that runs are refused."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.daemon_version import (
    check_daemon_version,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.versions import (
    parse_version,
)

PRESENT: dict[str, t.Any] = {"name": "gw", "state": "present"}


def check(version: str, **options: t.Any) -> None:
    """Check a connection against a version."""
    check_daemon_version([parse_connection({**PRESENT, **options})], version)


def child(**settings: t.Any) -> dict[str, t.Any]:
    """Return options of a connection whose child has these other settings."""
    return {"children": [{"name": "net", "settings": settings}]}


REFUSED: list[tuple[str, dict[str, t.Any], str]] = [
    ("5.9.8", {"settings": {"ocsp": "both"}}, "connection gw: ocsp needs strongSwan 5.9.14"),
    ("5.9.8", {"settings": {"childless": "prefer"}}, "childless prefer needs strongSwan 5.9.10"),
    ("6.0.1", child(per_cpu_sas=True), "connection gw: child net: per_cpu_sas needs strongSwan 6"),
    ("6.0.1", {"children": [{"name": "n", "mode": "iptfs"}]}, "mode iptfs needs strongSwan 6.0.2"),
    ("5.8.1", {"remote": [{"ca_id": "x"}]}, "connection gw: remote: ca_id needs strongSwan 5.8.2"),
    ("5.5.1", {"local": [{"settings": {"cert": {"file": "/a"}}}]}, "local: cert: file needs"),
]


@pytest.mark.parametrize(("version", "options", "words"), REFUSED)
def test_refused(version: str, options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(ConflictError) as caught:
        check(version, **options)
    assert words in str(caught.value)
    assert f"the daemon is {version}" in str(caught.value)
    check("9.0.0", **options)
    check("", **options)


def test_accepted() -> None:
    check("5.9.8", settings={"childless": "force"}, encap=True)
    check("5.9.14", settings={"ocsp": "both"})
    check("6.0.2rc1", **child(per_cpu_sas="encap"))


VERSIONS = {"5.9.8": (5, 9, 8), "6.0": (6, 0, 0), "6.0.2rc1": (6, 0, 2), "": None, "new": None}


@pytest.mark.parametrize(("text", "version"), VERSIONS.items())
def test_versions(text: str, version: tuple[int, ...] | None) -> None:
    assert parse_version(text) == version
