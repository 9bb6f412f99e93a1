# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A daemon that was started with other settings is restarted, once."""

from __future__ import annotations

from pathlib import Path

from proof.playbook import play
from testinfra.host import Host

SETTINGS = "/etc/strongswan.d/zz-strongswan-vti.conf"
RESTART = "Restart the service, which was started with other settings"


def main_pid(host: Host) -> str:
    """Return the daemon's process id."""
    show = "systemctl show --property=MainPID --value strongswan.service"
    return str(host.check_output(show))


def test_restarts_a_daemon_that_was_started_with_other_settings(
    scenario: Path, hosts: dict[str, Host]
) -> None:
    """That the next run does not is what idempotence and test_check_mode_reports_no_change show."""
    moon = hosts["moon"]
    moon.check_output("sed -i 's/install_routes = no/install_routes = yes/' %s", SETTINGS)
    moon.check_output("systemctl restart strongswan.service")
    moon.check_output("sed -i 's/install_routes = yes/install_routes = no/' %s", SETTINGS)
    started_otherwise = main_pid(moon)

    played = play(scenario, "--limit=moon", "--tags=service")
    assert [task.partition(" : ")[2] for _host, task in played.changed] == [RESTART]
    assert main_pid(moon) != started_otherwise
