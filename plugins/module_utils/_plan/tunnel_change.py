# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan one tunnel device: change it in place, or make it anew (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Kernel,
    Link,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import link_mark
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    differences,
    show,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    ChangeLink,
    CreateLink,
    DeleteLink,
    RemoveAddress,
    SetDisablePolicy,
    TunnelStep,
)

TunnelChange = Change[TunnelStep]
ANY = "0.0.0.0"  # how the kernel shows a wildcard, not an address to bind to
State = t.Dict[str, t.Any]


def found_state(link: Link, kernel: Kernel) -> State:
    """Return a device as a user reads it."""
    vti = link.require_vti()
    return {
        "kind": link.kind,
        "local": vti.local,
        "remote": vti.remote,
        "ikey": vti.ikey,
        "okey": vti.okey,
        "dev": kernel.name_of(vti.link) if vti.link else "",
        "mtu": link.mtu,
        "addresses": sorted(kernel.addresses.get(link.index, ())),
        "disable_policy": kernel.policy_off.get(link.name),
        "up": link.up,
        "owner": link.owner,
    }


def wanted_state(tunnel: Tunnel, link: t.Optional[Link], kernel: Kernel, policy: Policy) -> State:
    """Return a device as it will be; what is not managed stays as it is."""
    state: State = found_state(link, kernel) if link is not None else {}
    state.update(
        kind=tunnel.kind,
        local=tunnel.local,
        remote=tunnel.remote,
        ikey=tunnel.ikey,
        okey=tunnel.okey,
        dev=tunnel.dev,
        up=tunnel.up,
    )
    if tunnel.mtu is not None:
        state["mtu"] = tunnel.mtu
    if tunnel.addresses is not None:
        kept = () if tunnel.addresses_exclusive else tuple(state.get("addresses", ()))
        state["addresses"] = sorted({*tunnel.addresses, *kept})
    if tunnel.disable_policy is not None:
        state["disable_policy"] = tunnel.disable_policy
    state["owner"] = policy.owner
    return state


def change_in_place(
    tunnel: Tunnel, data: VtiData, link: Link, kernel: Kernel, policy: Policy
) -> t.List[TunnelChange]:
    """Return the change that a device needs: none, in place, or made anew."""
    if ANY in (link.require_vti().local, link.require_vti().remote):
        reason = "the kernel cannot change a wildcard endpoint in place"
        return recreate(tunnel, data, link, kernel, policy, reason=reason)
    before = found_state(link, kernel)
    after = wanted_state(tunnel, link, kernel, policy)
    if before == after:
        return []
    actions: t.List[Action] = []
    if link.owner != policy.owner:
        actions.append(Action("adopt", f"owner is {show(link.owner)}, wanted {policy.owner}"))
    same_owner = {**before, "owner": after["owner"]}
    actions += [Action("change", reason) for reason in differences(same_owner, after)]
    steps = (*_link_steps(tunnel, data, link, policy), *_inner_steps(tunnel, link, before, after))
    return [Change(tunnel.object, tuple(actions), before, after, steps)]


def recreate(
    tunnel: Tunnel,
    data: VtiData,
    link: t.Optional[Link],
    kernel: Kernel,
    policy: Policy,
    *,
    reason: str,
    removed: bool = False,
) -> t.List[TunnelChange]:
    """Return the change that makes a device, removing first the one that is there.

    What is not managed is taken over from O(link). O(removed) says that an earlier change of
    the same plan removes it already.

    :raises ConflictError: there is one, and O(recreate=never) forbids to remove it.
    """
    if link is not None:
        check_recreate(tunnel, policy, reason)
    after = wanted_state(tunnel, link, kernel, policy)
    delete = link is not None and not removed
    before = found_state(link, kernel) if link is not None and delete else None
    steps: t.List[TunnelStep] = []
    if link is not None and delete:
        steps.append(DeleteLink(link.index, link.name))
    steps.append(
        CreateLink(tunnel.name, data, link_mark(policy.owner), tunnel.up, _mtu(tunnel, link))
    )
    if after.get("disable_policy"):
        steps.append(SetDisablePolicy(tunnel.name, True))
    steps += [AddAddress(tunnel.name, address) for address in after.get("addresses", ())]
    action = Action("recreate" if delete else "create", reason)
    return [Change(tunnel.object, (action,), before, after, tuple(steps))]


def check_recreate(tunnel: Tunnel, policy: Policy, reason: str) -> None:
    """Accept that a device is removed and made anew.

    :raises ConflictError: O(recreate=never).
    """
    if policy.recreate == "never":
        raise ConflictError(
            f"{tunnel.object}: it must be made anew, as {reason}, and recreate is 'never';"
            " allow it with recreate: when_needed (traffic stops for a moment)"
        )


def _mtu(tunnel: Tunnel, link: t.Optional[Link]) -> t.Optional[int]:
    return tunnel.mtu if tunnel.mtu is not None or link is None else link.mtu


def _link_steps(tunnel: Tunnel, data: VtiData, link: Link, policy: Policy) -> t.List[TunnelStep]:
    alias = None if link.owner == policy.owner else link_mark(policy.owner)
    up = None if link.up == tunnel.up else tunnel.up
    mtu = None if tunnel.mtu in (None, link.mtu) else tunnel.mtu
    new_data = None
    if link.vti != data:
        new_data, mtu = data, _mtu(tunnel, link)
    if new_data is None and alias is None and up is None and mtu is None:
        return []
    group = 0 if link.unfinished else None
    return [ChangeLink(link.index, link.name, new_data, alias, mtu, up, group)]


def _inner_steps(tunnel: Tunnel, link: Link, before: State, after: State) -> t.List[TunnelStep]:
    steps: t.List[TunnelStep] = []
    if after["disable_policy"] != before["disable_policy"]:
        steps.append(SetDisablePolicy(tunnel.name, bool(after["disable_policy"])))
    if tunnel.addresses is None:
        return steps
    there = set(before["addresses"])
    if link.up and not tunnel.up:
        there = {one for one in there if ":" not in one}  # going down flushes the IPv6 addresses
    steps += [RemoveAddress(tunnel.name, one) for one in sorted(there - set(after["addresses"]))]
    steps += [AddAddress(tunnel.name, one) for one in sorted(set(after["addresses"]) - there)]
    return steps
