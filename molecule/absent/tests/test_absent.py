# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to all that the role makes, and back: file by file, link by link."""

from __future__ import annotations

from pathlib import Path

import pytest
from proof.playbook import play
from testinfra.host import Host

# Logs, caches, what dpkg and systemd keep about themselves, and what lives in memory.
SKIPPED = (
    "/proc /sys /dev /tmp /root /var/log /var/cache /var/tmp /var/lib/apt /var/lib/dpkg"
    " /var/lib/systemd /run/systemd /run/log /run/credentials /run/netns /run/lock"
)
PRUNE = " -o ".join(f"-path {path}" for path in SKIPPED.split())
LOOKS = {
    "files": rf"find / \( {PRUNE} \) -prune -o -printf '%p %y %m %u:%g %l\n' | sort",
    "contents": "find /etc /usr/local -type f ! -name '*.cache' ! -name '*-' -exec sha256sum {} + | sort -k 2",
    "packages": "dpkg --get-selections",
    "links": "ip -d -o link show | sed -E 's/^[0-9]+: //; s/ (promiscuity|allmulti) [0-9]+//g' | sort",
    "addresses": "ip -o address show | sed -E 's/^[0-9]+: //' | sort",
    "rules": "ip rule show; ip -6 rule show",
    "routes": "ip route show table all | sort; ip -6 route show table all | sort",
    "policies": "ip xfrm policy; ip xfrm state",
    "sysctls": "sysctl -a 2>/dev/null | grep -E '^net.ipv[46].(conf|ip_forward)' | sort",
    "units": "systemctl list-unit-files --no-legend | sort; systemctl list-units --failed --no-legend",
}


def seen(host: Host) -> dict[str, list[str]]:
    """Return all that is compared."""
    return {name: str(host.check_output(look)).splitlines() for name, look in LOOKS.items()}


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """Return the lines that were there before only, and those that are there now only."""
    return [
        f"{name}: {sign} {line}"
        for name, lines in before.items()
        for sign, some in (
            ("-", set(lines) - set(after[name])),
            ("+", set(after[name]) - set(lines)),
        )
        for line in sorted(some)
    ]


@pytest.fixture(scope="module")
def before(host: Host) -> dict[str, list[str]]:
    """Return the host before the role."""
    return seen(host)


def test_check_mode_changes_nothing_on_a_fresh_host(
    scenario: Path, host: Host, before: dict[str, list[str]]
) -> None:
    played = play(scenario, "--check", "--diff")
    assert (
        len(played.changed) >= 8
    )  # directories, units, packages, devices, routes, connections ...
    assert differences(before, seen(host)) == []


def test_absent_leaves_the_host_as_it_was(
    scenario: Path, host: Host, before: dict[str, list[str]]
) -> None:
    play(scenario)
    there = differences(before, seen(host))
    for words in (
        "vti-sun",
        "xfrm-venus",
        "10.2.0.0/24",
        "lookup 15700",
        "charon-systemd",
        "ipsec-strongswan-firewall.service",
    ):
        assert any(words in line for line in there)
    play(scenario, playbook=str(scenario / "absent.yml"))
    assert differences(before, seen(host)) == []


def test_absent_does_nothing_the_second_time(scenario: Path) -> None:
    assert play(scenario, playbook=str(scenario / "absent.yml")).changed == ()
