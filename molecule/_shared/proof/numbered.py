# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts as molecule/_shared/inventory/hosts.yml numbers them (pure)."""

from __future__ import annotations

from dataclasses import replace

from proof.topology import Gateway, Topology

INNER = ("10.0.0.0/8", "fd00::/16")


def gateway(
    scenario: str, number: int, name: str, device: str, device_in: str = "", hub: int = 0
) -> Gateway:
    """Return the host of that number in the group `nodes`, counted from 1.

    :param hub: The number of the host through which it reaches the other one, if there is one.
    """
    return Gateway(
        name=name,
        container=f"molecule-{scenario}-{name}",
        underlay=underlay(number),
        towards=underlay(hub) if hub else "",
        device=device,
        device_in=device_in,
        site=(f"10.{number}.0.2", f"fd00:{number}::2"),
    )


def underlay(number: int) -> str:
    """Return the underlay address of the host of that number."""
    return f"192.0.2.{10 + number}"


def between(scenario: str, left: Gateway, right: Gateway) -> Topology:
    """Return two of its hosts and what is between them."""
    return Topology((left, right), network=f"molecule-{scenario}", inner=INNER)


def client(scenario: str, number: int, name: str, device: str, virtual: tuple[str, ...]) -> Gateway:
    """Return the host of that number as a client with virtual addresses and no site."""
    as_gateway = gateway(scenario, number, name, device)
    return replace(as_gateway, site=virtual, namespace=None)
