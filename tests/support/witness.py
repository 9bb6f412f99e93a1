# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a namespace holds, as ip(8) and /proc/sys tell it, in a form that two can be compared by."""

from __future__ import annotations

import json
import subprocess
import typing as t
from pathlib import Path

CONF = tuple(f"/proc/sys/net/{family}/conf" for family in ("ipv4", "ipv6"))
MAIN = (
    "disable_policy",
    "disable_xfrm",
    "forwarding",
    "rp_filter",
    "addr_gen_mode",
    "disable_ipv6",
)
KERNEL = "2"  # RTPROT_KERNEL
# Numbers that the kernel gives out as it likes, and what changes without anybody's doing.
PASSING = {
    *("ifindex", "link_index", "link_netnsid", "address", "permaddr", "tentative"),
    "qdisc",  # noop until a device is up for the first time
}
# What the kernel makes of 0 when a device without a hardware address is up for the first time
# (addrconf_init_auto_addrs, net/ipv6/addrconf.c): whether it ever was is not to be compared.
RANDOM, EUI64 = "/addr_gen_mode:3", "/addr_gen_mode:0"
KERNEL_MADE = ("fe80:", "ff00:")  # link-local addresses are random, multicast follows each device


def snapshot(*, all_sysctls: bool = True) -> list[str]:
    """Return links, addresses, routes, rules and the devices' sysctls, a line each, sorted.

    Emulated, all of the hundred sysctls that each device has take seconds; else those that matter.
    """
    links, routes, rules = _shown("addr show", "route show table all", "rule show")
    (rules6,) = _shown("rule show", family="-6")
    down = {link["ifname"] for link in links if "UP" not in link["flags"]}
    lines = _sysctls(_every_sysctl() if all_sysctls else _main_sysctls())
    for link in links:
        addresses = link.pop("addr_info")
        lines.append(_line("link", link))
        lines += [
            _line(f"addr {link['ifname']}", address)
            for address in addresses
            if not address["local"].startswith(KERNEL_MADE)
        ]
    lines += [_line("route", route) for route in routes if not _is_passing(route, down)]
    lines += [_line("rule", rule) for rule in (*rules, *rules6)]
    return sorted(lines)


def _is_passing(route: dict[str, t.Any], down: t.Container[str]) -> bool:
    """Whether the kernel has made a route and may make it otherwise the next time.

    The routes of an address differ with what came first, the address or that its device is down.
    """
    if route["dst"].startswith(KERNEL_MADE):
        return True
    return bool(route["protocol"] == KERNEL and route.get("dev") in down)


def difference(first: t.Sequence[str], second: t.Sequence[str]) -> str:
    """Return the lines that only one of two snapshots has."""
    return "\n".join(
        [f"- {line}" for line in first if line not in second]
        + [f"+ {line}" for line in second if line not in first]
    )


def _shown(*commands: str, family: str = "") -> list[list[dict[str, t.Any]]]:
    """Return what C(ip) shows; one process, as emulated ones start slowly."""
    done = subprocess.run(
        ["ip", *([family] if family else []), "-d", "-j", "-N", "-batch", "-"],
        input="".join(f"{command}\n" for command in commands),
        capture_output=True,
        text=True,
        check=True,
    )
    decoder, position, found = json.JSONDecoder(), 0, []
    for _command in commands:
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


def _every_sysctl() -> list[str]:
    return ["-r", "--exclude=stable_secret", ".", *CONF]  # the secret is a random number


def _main_sysctls() -> list[str]:
    files = (device / name for conf in CONF for device in Path(conf).iterdir() for name in MAIN)
    return ["-H", ".", *(str(file) for file in files if file.exists())]


def _sysctls(arguments: t.Sequence[str]) -> list[str]:
    """Return sysctls by grep(1), which reads them faster than an emulated Python."""
    done = subprocess.run(["grep", *arguments], capture_output=True, text=True, check=True)
    return [
        f"sysctl {line.removeprefix('/proc/sys/net/').replace(RANDOM, EUI64)}"
        for line in done.stdout.splitlines()
    ]
