# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a namespace holds, as ip(8) and /proc/sys tell it, in a form that two can be compared by."""

from __future__ import annotations

import json
import subprocess
import typing as t

TABLES = ("link", "addr", "route", "rule")
# Numbers that the kernel gives out as it likes, and what changes without anybody's doing.
PASSING = {
    *("ifindex", "link_index", "link_netnsid", "address", "permaddr", "tentative"),
    "qdisc",  # noop until a device is up for the first time
}
KERNEL_MADE = ("fe80:", "ff00:")  # link-local addresses are random, multicast follows each device


def snapshot() -> list[str]:
    """Return links, addresses, routes, rules and the devices' sysctls, a line each, sorted."""
    lines = _sysctls()
    for family in ("-4", "-6"):
        links, addresses, routes, rules = _shown(family)
        if family == "-4":
            lines += [_line("link", link) for link in links]
            lines += [
                _line(f"addr {link['ifname']}", address)
                for link in addresses
                for address in link["addr_info"]
                if not address["local"].startswith(KERNEL_MADE)
            ]
        lines += [
            _line(f"route {family}", route)
            for route in routes
            if not route["dst"].startswith(KERNEL_MADE)
        ]
        lines += [_line(f"rule {family}", rule) for rule in rules]
    return sorted(lines)


def difference(first: t.Sequence[str], second: t.Sequence[str]) -> str:
    """Return the lines that only one of two snapshots has."""
    return "\n".join(
        [f"- {line}" for line in first if line not in second]
        + [f"+ {line}" for line in second if line not in first]
    )


def _shown(family: str) -> list[list[dict[str, t.Any]]]:
    """Return what C(ip) shows of each table; one process, as emulated ones start slowly."""
    commands = ["link show", "addr show", "route show table all", "rule show"]
    text = "".join(f"{command}\n" for command in commands)
    family_options = [family] if family == "-6" else []
    done = subprocess.run(
        ["ip", *family_options, "-d", "-j", "-N", "-batch", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    decoder, position, found = json.JSONDecoder(), 0, []
    for _table in TABLES:
        while done.stdout[position].isspace():
            position += 1
        value, position = decoder.raw_decode(done.stdout, position)
        found.append([one for one in value if one])
    return found


def _line(what: str, value: dict[str, t.Any]) -> str:
    return f"{what} {json.dumps(_lasting(value), sort_keys=True)}"


def _lasting(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: _lasting(one) for key, one in value.items() if key not in PASSING}
    if isinstance(value, list):
        return sorted((_lasting(one) for one in value), key=str)
    return value


def _sysctls() -> list[str]:
    """Return the sysctls of all devices; grep(1) reads them faster than an emulated Python."""
    folders = [f"/proc/sys/net/{family}/conf" for family in ("ipv4", "ipv6")]
    command = ["grep", "-r", "--exclude=stable_secret", ".", *folders]  # a random number
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [f"sysctl {line.removeprefix('/proc/sys/net/')}" for line in lines]
