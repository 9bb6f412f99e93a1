# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which IPsec policies and states belong to a tunnel device (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    ANY,
    TunnelData,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    IN,
    LARVAL_SPI,
    OUT,
    Template,
    XfrmPolicy,
    XfrmState,
)

ALL_BITS = 0xFFFFFFFF

Ends = t.Tuple[str, str]


@dataclass(frozen=True)
class Matched:
    """The policies and states of a device, each state with its direction where it can be told."""

    policies: t.Tuple[XfrmPolicy, ...] = ()
    states: t.Tuple[XfrmState, ...] = ()

    @property
    def sa(self) -> str:
        """V(installed), V(in_only), V(out_only) or V(none); V(unknown) if no direction is known."""
        live = [state for state in self.states if state.spi != LARVAL_SPI]
        directions = {state.direction for state in live}
        if {IN, OUT} <= directions:
            return "installed"
        if "" in directions:
            return "unknown"
        return {IN: "in_only", OUT: "out_only"}[directions.pop()] if directions else "none"


class XfrmTables:
    """All policies and states of a namespace, found by mark and if_id without a search.

    O(addresses) are those of the host: they tell the direction of a state that has no policy.
    """

    def __init__(
        self,
        policies: t.Iterable[XfrmPolicy],
        states: t.Iterable[XfrmState],
        addresses: t.Container[str] = (),
    ) -> None:
        self._addresses = addresses
        self._policies: t.Dict[t.Tuple[str, int], t.List[XfrmPolicy]] = {}
        self._masked_policies: t.List[XfrmPolicy] = []
        for policy in policies:
            slot = _slot(policy)
            if slot is None:
                self._masked_policies.append(policy)
            else:
                self._policies.setdefault(slot, []).append(policy)
        self._states: t.Dict[t.Tuple[str, int], t.List[XfrmState]] = {}
        self._masked_states: t.List[XfrmState] = []
        self._between: t.Dict[Ends, t.List[XfrmState]] = {}
        for state in states:
            slot = _slot(state)
            if slot is None:
                self._masked_states.append(state)
            else:
                self._states.setdefault(slot, []).append(state)
            self._between.setdefault((state.source, state.destination), []).append(state)

    def of(self, data: TunnelData, taken: t.Container[int] = ()) -> Matched:
        """Return what belongs to a device.

        An external XFRM interface stands for each if_id that no other device has; O(taken) are
        those that one has.
        """
        if isinstance(data, VtiData):
            return self._of_vti(data)
        if data.external:
            if_ids = {
                number
                for table in (self._policies, self._states)
                for name, number in table
                if name == "if_id" and number not in taken
            }
        else:
            if_ids = {data.if_id}
        slots = [("if_id", number) for number in sorted(if_ids)]
        policies = [one for slot in slots for one in self._policies.get(slot, ())]
        states = [one for slot in slots for one in self._states.get(slot, ())]
        return Matched(tuple(policies), self._directed(states, policies, None))

    def between(self, local: str, remote: str) -> t.List[XfrmState]:
        """Return the states between two endpoints, whatever their mark."""
        return [*self._between.get((remote, local), ()), *self._between.get((local, remote), ())]

    def _of_vti(self, data: VtiData) -> Matched:
        policies = [
            policy
            for key in dict.fromkeys((data.ikey, data.okey))
            for policy in (*self._policies.get(("mark", key), ()), *self._masked_policies)
            if _meant(policy, data) and (key or _joins(policy, data))
        ]
        policies = list(dict.fromkeys(policies))
        states = [
            state
            for key in dict.fromkeys((data.ikey, data.okey))
            if key
            for state in (*self._states.get(("mark", key), ()), *self._masked_states)
        ]
        # charon leaves the mark off inbound SAs (mark_in_sa): their policies' templates name them.
        states += [
            state
            for policy in policies
            for template in policy.templates
            for state in self._between.get((template.source, template.destination), ())
            if not state.mark and not state.if_id and _uses(template, state)
        ]
        directed = self._directed(list(dict.fromkeys(states)), policies, data)
        return Matched(
            tuple(policies),
            tuple(
                state
                for state in directed
                if (state.direction != OUT and state.mark.matches(data.ikey))
                or (state.direction != IN and state.mark.matches(data.okey))
            ),
        )

    def _directed(
        self,
        states: t.Iterable[XfrmState],
        policies: t.Iterable[XfrmPolicy],
        data: t.Optional[VtiData],
    ) -> t.Tuple[XfrmState, ...]:
        """Return the states with their directions; kernels before 6.10 do not keep them."""
        known: t.Dict[Ends, str] = {}
        for policy in policies:
            for template in policy.templates:
                ends = (template.source, template.destination)
                known[ends] = OUT if policy.direction == OUT else IN
        if data is not None:
            known[(data.remote, data.local)] = IN
            known[(data.local, data.remote)] = OUT
        return tuple(
            state
            if state.direction
            else replace(
                state,
                direction=known.get((state.source, state.destination)) or self._guess(state),
            )
            for state in states
        )

    def _guess(self, state: XfrmState) -> str:
        here = state.source in self._addresses, state.destination in self._addresses
        return {(True, False): OUT, (False, True): IN}.get(here, "")


def endpoints_fit(data: VtiData, state: XfrmState) -> bool:
    """Whether a VTI takes or gives the packets of a state, by its addresses."""
    ends = (state.source, state.destination)
    near, far = ends if state.direction == OUT else ends[::-1]
    unset = ANY[data.kind]
    return data.local in (unset, near) and data.remote in (unset, far)


def _slot(one: t.Union[XfrmPolicy, XfrmState]) -> t.Optional[t.Tuple[str, int]]:
    """Return where it is found, or None where a mask lets more than one key match."""
    if one.if_id:
        return ("if_id", one.if_id)
    if one.mark.mask in (0, ALL_BITS):
        return ("mark", one.mark.value)
    return None


def _meant(policy: XfrmPolicy, data: VtiData) -> bool:
    return policy.mark.matches(data.okey if policy.direction == OUT else data.ikey)


def _joins(policy: XfrmPolicy, data: VtiData) -> bool:
    """Whether an unmarked policy runs between the endpoints of a VTI without a key."""
    ends = {(data.local, data.remote), (data.remote, data.local)}
    return any((one.source, one.destination) in ends for one in policy.templates)


def _uses(template: Template, state: XfrmState) -> bool:
    return template.protocol == state.protocol and template.reqid in (0, state.reqid)
