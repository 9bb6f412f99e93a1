# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPsec policies and states (SAs) as the kernel holds them (pure data, without any key)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import ANY

IN, OUT, FORWARD = "in", "out", "fwd"
TUNNEL = "tunnel"
LARVAL_SPI = 0
"""The SPI of a state that is only asked for: the daemon has not made the SA yet."""


@dataclass(frozen=True)
class Mark:
    """A mark and its mask; the mask V(0) is no mark."""

    value: int = 0
    mask: int = 0

    def __bool__(self) -> bool:
        return self.mask != 0

    def matches(self, key: int) -> bool:
        """Whether a packet that carries this key as its mark is meant (xfrm_policy_match)."""
        return key & self.mask == self.value


@dataclass(frozen=True)
class Template:
    """What a policy asks of the states that carry its packets."""

    source: str
    destination: str
    protocol: str
    mode: str
    reqid: int = 0
    spi: int = 0
    optional: bool = False


@dataclass(frozen=True)
class XfrmPolicy:
    """An IPsec policy; O(source) and O(destination) are networks, V(10.1.0.0/24)."""

    direction: str
    source: str
    destination: str
    priority: int = 0
    index: int = 0
    action: str = "allow"
    protocol: int = 0
    source_port: int = 0
    destination_port: int = 0
    dev: str = ""
    mark: Mark = field(default_factory=Mark)
    if_id: int = 0
    templates: t.Tuple[Template, ...] = ()


@dataclass(frozen=True)
class XfrmState:
    """An SA. O(direction) is V(in), V(out), or V("") where the kernel does not keep it."""

    source: str
    destination: str
    protocol: str
    spi: int
    mode: str
    reqid: int = 0
    mark: Mark = field(default_factory=Mark)
    if_id: int = 0
    output_mark: Mark = field(default_factory=Mark)
    encap: str = ""
    algorithms: t.Tuple[str, ...] = ()
    direction: str = ""
    packets: int = 0
    bytes: int = 0
    added: int = 0
    used: int = 0
    replay_errors: int = 0
    integrity_errors: int = 0


def unmarked_between(
    policies: t.Iterable[XfrmPolicy], local: str, remote: str
) -> t.Optional[XfrmPolicy]:
    """Return a policy that runs a tunnel without mark and if_id between a VTI's endpoints.

    A wildcard endpoint of the VTI, V(0.0.0.0) or V(::), takes each address of its family.
    """
    for policy in policies:
        if policy.mark or policy.if_id:
            continue
        for template in policy.templates:
            ends = (template.source, template.destination)
            near, far = ends if policy.direction == OUT else ends[::-1]
            if template.mode == TUNNEL and _takes(local, near) and _takes(remote, far):
                return policy
    return None


def _takes(endpoint: str, address: str) -> bool:
    if endpoint in ANY.values():
        return (":" in endpoint) == (":" in address)
    return endpoint == address
