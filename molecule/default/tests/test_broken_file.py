# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of somebody else that nothing can load: the daemon starts, and holds what is ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from testinfra.host import Host

FOREIGN = "/etc/swanctl/conf.d/foreign.conf"
OURS = "sun"
UNPARSABLE = "connections {\n}\n}\n"
REFUSED = "pools {\n  foreign {\n    addrs = nonsense\n  }\n}\n"
TOLD = {UNPARSABLE: f"file {FOREIGN} is left out", REFUSED: "loading pool 'foreign' failed"}


@pytest.fixture(params=[UNPARSABLE, REFUSED], ids=["unparsable", "refused"])
def foreign(request: pytest.FixtureRequest, hosts: dict[str, Host]) -> Iterator[str]:
    """Write such a file on a host, start its unit anew, and return what the file holds."""
    moon, text = hosts["moon"], str(request.param)
    moon.check_output("printf %%s %s >%s", text, FOREIGN)
    moon.check_output("systemctl restart strongswan.service")
    yield text
    moon.check_output("rm %s", FOREIGN)


def journal(host: Host, *options: str) -> str:
    """Return what the unit has logged since it started."""
    host.check_output("journalctl --sync")
    started = host.check_output("systemctl show --property=InvocationID --value strongswan.service")
    words = " ".join(options)
    return str(
        host.check_output(f"journalctl --output=cat {words} _SYSTEMD_INVOCATION_ID={started}")
    )


def assert_runs_with_ours(host: Host) -> None:
    """The daemon runs and has our connection."""
    assert host.check_output("systemctl is-active strongswan.service") == "active"
    assert f"{OURS}: IKEv2" in host.check_output("swanctl --list-conns")


def test_unit_starts_with_our_connections_and_names_the_other(
    foreign: str, hosts: dict[str, Host]
) -> None:
    moon = hosts["moon"]
    assert_runs_with_ours(moon)
    assert TOLD[foreign] in journal(moon)
    assert "load-swanctl: " in journal(moon, "--priority=err")


@pytest.mark.usefixtures("foreign")
def test_reload_fails_and_leaves_the_daemon_as_it_is(hosts: dict[str, Host]) -> None:
    moon = hosts["moon"]
    assert moon.run("systemctl reload strongswan.service").rc != 0
    assert_runs_with_ours(moon)
