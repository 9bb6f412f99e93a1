# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guards beside systemd-networkd: it keeps them with the settings, and removes them without."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.networkd.conftest import flap, reconfigure, restart
from ansible_collections.ipsec.strongswan.tests.support import leak
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module

BOTH = {"host", "LAN"}
PEER = "203.0.113.5"
TUNNEL = {"name": "vti4", "local": "192.0.2.1", "remote": PEER, "key": "42", "addresses": []}
GUARDED: dict[str, t.Any] = {
    "dev": "vti4",
    "guard": True,
    "underlay_exception": True,
    "routes": [{"dst": dst} for dst in ("0.0.0.0/0", "::/0", "10.2.0.0/24", "fd02::/64")],
}
PLACES = ["10.2.0.7", "fd02::7", "198.51.100.9", "2001:db8:9::9"]
"""In the plain destinations, and in the default routes' alone."""

EVENTS = {"restart": restart, "reconfigure": reconfigure, "flap": flap}


@pytest.fixture
def underlay(settings: str) -> t.Iterator[leak.Underlay]:
    """Make a LAN, a tunnel and guarded routes through it; remove all of it at the end."""
    leak.lan()
    run("vti_tunnel", **TUNNEL)
    with leak.Underlay() as capture:
        assert leaking(capture) == dict.fromkeys(PLACES, BOTH), settings  # the control
        run("vti_route", **GUARDED)
        yield capture
    run("vti_route", routes=[], purge=True)
    run("vti_tunnel", tunnels=[], purge=True)


def run(module_name: str, /, **options: t.Any) -> bool:
    """Run a module; return whether it changed something."""
    result = run_module(module_name, **options)
    assert not result.get("failed"), result["msg"]
    return bool(result["changed"])


def leaking(capture: leak.Underlay) -> dict[str, set[str]]:
    """Return the destinations that packets leave for in the clear."""
    found = {place: capture.leaks(place) for place in PLACES}
    return {place: who for place, who in found.items() if who}


@pytest.mark.parametrize("settings", ["left alone"], indirect=True)
def test_guards_hold_with_the_settings(underlay: leak.Underlay) -> None:
    for name, event in EVENTS.items():
        event()
        assert not run("vti_route", **GUARDED), name  # all of it is still there
        assert not leaking(underlay), name
        underlay.check_reaches(PEER)
    run("vti_tunnel", tunnels=[], purge=True)
    for name, event in EVENTS.items():
        event()
        assert not leaking(underlay), name
        underlay.check_reaches(PEER)


@pytest.mark.parametrize("settings", ["managed"], indirect=True)
def test_without_the_settings_the_next_run_puts_guards_back(underlay: leak.Underlay) -> None:
    restart()
    assert set(leaking(underlay)) >= set(PLACES[2:])  # networkd has removed the rules
    assert run("vti_route", **GUARDED)
    assert not run("vti_route", **GUARDED)
    run("vti_tunnel", tunnels=[], purge=True)
    assert not leaking(underlay)
    underlay.check_reaches(PEER)
