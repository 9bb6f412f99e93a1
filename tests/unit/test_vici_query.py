# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the questions to charon leave out, or ask piece by piece, as an answer has a size limit."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import query
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.wire import (
    Decoded,
    Message,
)

NAMES = [f"c{number}" for number in range(3 * query.FEW)]


class Charon(Client):
    """Answers as a charon that holds these events and pools, and notes what it is asked."""

    def __init__(self, events: list[Decoded], pools: Decoded | None = None) -> None:
        super().__init__("", 1)
        self.asked: list[tuple[str, Message]] = []
        self._events = events
        self._pools = pools or {}

    def request(self, command: str, message: Message | None = None) -> Decoded:
        message = message or {}
        self.asked.append((command, message))
        if command == "get-pools":
            name = message.get("name")
            return {one: dict(pool) for one, pool in self._pools.items() if name in {None, one}}
        if message.get("name") == "idle":
            raise RefusedError(command, "no counters found for this connection")
        return {"counters": {message.get("name", ""): {"invalid": b"1"}}}

    def stream(
        self, command: str, _event: str, message: Message | None = None
    ) -> t.Iterator[Decoded]:
        message = message or {}
        self.asked.append((command, message))
        for one in self._events:
            if message.get("ike") in {None, *one}:
                yield one


@pytest.mark.parametrize("question", [query.connections, query.ike_sas])
def test_few_names_are_asked_for_one_by_one(
    question: t.Callable[[Client, query.Names], list[Decoded]],
) -> None:
    charon = Charon([{name: {}} for name in NAMES])
    assert question(charon, ["c7", "none"]) == [{"c7": {}}]
    assert [message for _command, message in charon.asked] == [{"ike": "c7"}, {"ike": "none"}]


def test_of_many_names_all_are_asked_for_once() -> None:
    charon = Charon([{name: {}} for name in (*NAMES, "other")])
    assert query.ike_sas(charon, NAMES) == [{name: {}} for name in NAMES]
    assert charon.asked == [("list-sas", {})]


def test_policies_of_many_names() -> None:
    mine: Decoded = {"c1/net": {"ike": b"c1", "child": b"net"}}
    charon = Charon([mine, {"other/net": {"ike": b"other", "child": b"net"}}])
    assert query.policies(charon, NAMES) == [mine]


def test_no_name() -> None:
    assert query.ike_sas(Charon([{"c1": {}}]), []) == []


def test_counters_one_by_one() -> None:
    charon = Charon([])
    assert list(query.counters(charon, ["a", "idle", "b"])) == ["", "a", "b"]
    assert not any("all" in message for _command, message in charon.asked)


def test_leases_unless_there_are_too_many() -> None:
    small = {"online": b"1", "offline": b"2", "leases": {}}
    large = {"online": str(query.LEASES_MAX).encode(), "offline": b"1"}
    charon = Charon([], {"small": small, "large": large})
    assert query.pools(charon) == {"small": small, "large": large}
    assert charon.asked[1:] == [("get-pools", {"leases": "yes", "name": "small"})]
