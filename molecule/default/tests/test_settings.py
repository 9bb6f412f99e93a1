# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A daemon that was started with other settings is restarted, once."""

from __future__ import annotations

from pathlib import Path

from proof.playbook import play
from testinfra.host import Host

SETTINGS = "/etc/strongswan.d/zz-strongswan-vti.conf"


def main_pid(host: Host) -> str:
    """Return the daemon's process id."""
    show = "systemctl show --property=MainPID --value strongswan.service"
    return str(host.check_output(show))


def test_restarts_once_and_only_for_other_settings(scenario: Path, hosts: dict[str, Host]) -> None:
    moon = hosts["moon"]
    moon.check_output("sed -i 's/install_routes = no/install_routes = yes/' %s", SETTINGS)
    moon.check_output("systemctl restart strongswan.service")
    started_otherwise = main_pid(moon)

    played = play(scenario, "--limit=moon", "--tags=settings")
    assert any("Restart the service" in task for _host, task in played.changed)
    restarted = main_pid(moon)
    assert restarted != started_otherwise

    assert play(scenario, "--limit=moon", "--tags=settings").changed == ()
    assert main_pid(moon) == restarted
