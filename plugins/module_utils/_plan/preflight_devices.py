# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the way of tunnel devices: the kernel, others' devices, marks, wildcards (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    ANY,
    FALLBACKS,
    VTI,
    VTI6,
    XFRM,
    Link,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import (
    WARNING,
    HostFacts,
    Problem,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_child import (
    PlannedChild,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_wanted import Wanted
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import (
    Tunnel,
    describe_pair,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    OUT,
    XfrmPolicy,
    unmarked_between,
)

MODULES = {VTI: "ip_vti", VTI6: "ip6_vti", XFRM: "xfrm_interface"}
SHOWN = 5


def kernel_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    """Name what the kernel cannot do, of what is wanted."""
    if not facts.ipsec and (wanted.tunnels or wanted.children):
        yield Problem(
            "kernel",
            "kernel",
            "it has no IPsec (no netlink family XFRM)",
            "CONFIG_XFRM_USER and CONFIG_INET_ESP",
            "boot a kernel of the distribution, such as linux-image-amd64",
        )
    for kind in sorted({one.data.kind for one in wanted.tunnels}):
        if facts.kinds.get(kind, True):
            continue
        names = [one.name for one in wanted.tunnels if one.data.kind == kind]
        yield Problem(
            "kernel",
            "kernel",
            f"it cannot make devices of kind {kind} (wanted: {_some(names)})",
            f"its module {MODULES[kind]}",
            "install the distribution's kernel with all its modules (Debian: linux-image-amd64,"
            f" Ubuntu: linux-modules-extra), and see what 'modprobe {MODULES[kind]}' says",
        )


def device_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    """Name the devices and policies that have a wanted device's name, endpoints or if_id."""
    stay = {link.data.pair: link for link in _others(wanted, facts) if link.data is not None}
    for tunnel in wanted.tunnels:
        link = facts.links.get(tunnel.name)
        if link is not None:
            yield from _taken_name(tunnel, link, wanted)
        holder = stay.get(tunnel.data.pair)
        if holder is not None:
            yield Problem(
                "endpoints",
                tunnel.object,
                f"{describe_pair(tunnel.data)} is held by device {holder.name} ({_whose(holder)})",
                "that no other device has it",
                f"remove {holder.name}, or give the tunnel its name with strongswan_vti_adopt",
            )
        yield from _policy_between(tunnel, link, facts)


def _taken_name(tunnel: Tunnel, link: Link, wanted: Wanted) -> t.Iterator[Problem]:
    if link.data is None:
        yield Problem(
            "adoption",
            tunnel.object,
            f"the host has a device of that name, of kind {link.kind or 'physical or none'}",
            "a free name, or a tunnel device",
            "choose another name",
        )
    elif link.owner != wanted.owner and link.data != tunnel.data and not wanted.adopt:
        yield Problem(
            "adoption",
            tunnel.object,
            f"the host has another device of that name ({_whose(link)}), with other settings",
            f"a device of owner {wanted.owner}",
            "choose another name, or set strongswan_vti_adopt: true to take it over",
        )


def _policy_between(
    tunnel: Tunnel, link: t.Optional[Link], facts: HostFacts
) -> t.Iterator[Problem]:
    data = tunnel.data
    if not isinstance(data, VtiData) or not tunnel.up or (link is not None and link.data == data):
        return
    policy = unmarked_between(facts.policies or (), data.local, data.remote)
    if policy is not None:
        yield Problem(
            "endpoints",
            tunnel.object,
            f"a policy-based tunnel ({policy.source} to {policy.destination}) runs between"
            f" {data.local} and {data.remote}, and a VTI between them takes its packets",
            "no unmarked IPsec policy there",
            "give that connection marks and a VTI, end it, or use kind xfrm",
        )


def mark_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    """Name what else uses the marks of wanted VTIs."""
    by_key: t.Dict[int, t.List[Tunnel]] = {}
    for tunnel in wanted.tunnels:
        if isinstance(tunnel.data, VtiData) and tunnel.data.okey:
            by_key.setdefault(tunnel.data.okey, []).append(tunnel)
    for key, tunnels in by_key.items():
        yield from _shared_key(key, tunnels, wanted.children)
        for link in _others(wanted, facts):
            if isinstance(link.data, VtiData) and link.data.okey == key:
                yield Problem(
                    "marks",
                    tunnels[0].object,
                    f"its key {key} is that of device {link.name} ({_whose(link)}), too, between"
                    f" {link.data.local} and {link.data.remote}",
                    "a mark of its own, as policies know the mark and not the device",
                    f"give the tunnel and its child another one, or remove {link.name}",
                )
        policy = _foreign_policy(key, tunnels, wanted, facts)
        if policy is not None:
            ends = f"{policy.templates[0].source} and {policy.templates[0].destination}"
            yield Problem(
                "marks",
                tunnels[0].object,
                f"its key {key} is the mark of an IPsec policy between {ends}",
                f"a mark that nobody uses, or one between {_ends(tunnels[0])}",
                "give the tunnel and its child another mark; 'ip xfrm policy' shows all",
            )
        for rule in facts.rules:
            if rule.mask and rule.mark and rule.mark == key & rule.mask:
                yield Problem(
                    "marks",
                    tunnels[0].object,
                    f"its key {key} matches {rule.object} (fwmark {rule.mark:#x}/{rule.mask:#x})",
                    "a mark that no firewall or routing rule uses",
                    "packets that somebody marks so are taken by the tunnel's IPsec policy; give"
                    " the tunnel and its child another mark",
                    WARNING,
                )
                break


def _shared_key(
    key: int, tunnels: t.Sequence[Tunnel], children: t.Sequence[PlannedChild]
) -> t.Iterator[Problem]:
    if len(tunnels) < 2:
        return
    using = [one for one in children if one.mark_out == key]
    apart = len(using) >= len(tunnels) and not any(
        one.overlaps(two) for number, one in enumerate(using) for two in using[number + 1 :]
    )
    if not apart:
        yield Problem(
            "marks",
            tunnels[0].object,
            f"its key {key} is that of {_some([one.name for one in tunnels[1:]])}, too",
            "a mark for each, or children whose remote_ts do not overlap",
            "give each tunnel and its child a mark of its own",
        )


def _foreign_policy(
    key: int, tunnels: t.Sequence[Tunnel], wanted: Wanted, facts: HostFacts
) -> t.Optional[XfrmPolicy]:
    """Return a policy with this mark between other endpoints, if the mark is not ours already."""
    for tunnel in tunnels:
        link = facts.links.get(tunnel.name)
        if link is not None and link.owner == wanted.owner and isinstance(link.data, VtiData):
            return None  # its endpoints may be about to change, and the mark is its own
    for policy in facts.policies or ():
        marked = policy.mark and policy.mark.value == key and policy.direction == OUT
        if marked and policy.templates and not any(_fits(policy, one) for one in tunnels):
            return policy
    return None


def _fits(policy: XfrmPolicy, tunnel: Tunnel) -> bool:
    data = tunnel.data
    if not isinstance(data, VtiData):
        return False
    unset = ANY[data.kind]
    one = policy.templates[0]
    return data.local in (unset, one.source) and data.remote in (unset, one.destination)


def wildcard_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    """Name the VTIs that take ESP which belongs to children without a VTI of their own."""
    victims = [one for one in wanted.children if one.policy_based or one.if_id_out is not None]
    if not victims:
        return
    planned = [
        (one.object, one.data.local)
        for one in wanted.tunnels
        if isinstance(one.data, VtiData) and one.data.wildcard and one.up
    ]
    there = [
        (f"device {link.name} ({_whose(link)})", link.data.local)
        for link in (*_others(wanted, facts), *_fallbacks(facts))
        if isinstance(link.data, VtiData) and link.data.wildcard and link.up
    ]
    for what, local in (*planned, *there):
        hit = [one for one in victims if _reaches(local, one)]
        if hit:
            yield Problem(
                "wildcards",
                what,
                f"it is a VTI for any remote, and takes all ESP to {local} that no other VTI"
                f" takes, also that of {_some([one.object for one in hit])}",
                "a remote, or no children without a VTI",
                "give it the peer's address; set it down if nobody needs it; or make the others"
                " VTIs, too",
            )


def _reaches(local: str, child: PlannedChild) -> bool:
    if local in ANY.values() or not child.local_addrs or "%any" in child.local_addrs:
        return True
    return local in child.local_addrs


def _others(wanted: Wanted, facts: HostFacts) -> t.List[Link]:
    """Return the tunnel devices that will be there beside the wanted ones."""
    planned = {one.name for one in wanted.tunnels}
    return [
        link
        for name, link in sorted(facts.links.items())
        if link.data is not None
        and name not in planned | wanted.gone | FALLBACKS
        and not (wanted.purge and link.owner == wanted.owner)
    ]


def _fallbacks(facts: HostFacts) -> t.List[Link]:
    return [facts.links[name] for name in sorted(FALLBACKS) if name in facts.links]


def _whose(link: Link) -> str:
    if link.name in FALLBACKS:
        return "the kernel's own"
    return f"of owner {link.owner}" if link.owner else "not made by this collection"


def _ends(tunnel: Tunnel) -> str:
    data = tunnel.data
    return f"{data.local} and {data.remote}" if isinstance(data, VtiData) else ""


def _some(names: t.Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if names[SHOWN:] else "")
