# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every keyword is set while a ping runs: where the forecast is none, no packet is lost.

The SAs live on with what they were made with, and that is what in_force says.
"""

from __future__ import annotations

import copy
import time
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection_difference import (
    Difference,
    difference,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import CLOCK
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import Key
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair
from ansible_collections.ipsec.strongswan.tests.charon.test_connection_options import (
    BESIDE,
    FILES,
    VALUES,
    running,
)
from ansible_collections.ipsec.strongswan.tests.charon.test_disruption import ids
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module

Options = dict[str, t.Any]
MODULE = "strongswan_conn"
NOT_NONE = {"child.start_action": ("trap|start", "start")}
"""What starts a second SA is no forecast none; test_disruption has it."""
PLAIN = ("auth", "id", "round")
"""What a round may have that authenticates by a pre-shared key."""


@pytest.fixture(autouse=True)
def files() -> t.Iterator[None]:
    """Write the certificates and keys that options name."""
    for name, text in FILES.items():
        (daemon.SWANCTL / name).write_text(text)
    yield
    for name in FILES:
        (daemon.SWANCTL / name).unlink()


def with_keyword(base: Options, kind: str, key: Key, value: t.Any) -> Options:
    """Return the connection with a keyword in one of its sections."""
    options = copy.deepcopy(base)
    section: Options = {key.name: value} if key.option else {"settings": {key.name: value}}
    if key.name == "mediated_by":
        section["settings"]["mediation_peer"] = "far"
    if kind == "connection":
        options.update(section)
    elif kind == "child":
        options["children"][0].update(section)
    elif kind == "certificate":
        options["local"][0].update(auth="pubkey", settings={"cert-x": {key.name: value}})
    else:
        beside = {} if key.name in PLAIN else BESIDE.get(key.name, {"auth": "pubkey"})
        options[kind][0].update({**beside, **section})
    return options


def changes(base: Options) -> t.Iterator[tuple[str, Options]]:
    """Yield the connection with each keyword that charon knows, in both of its values."""
    for kind, key in running():
        name = f"{kind}.{key.name}"
        for value in VALUES[kind][key.name][:2]:
            if value not in NOT_NONE.get(name, ()):
                yield f"{name} = {value}", with_keyword(base, kind, key, value)


def section(options: Options) -> Section:
    """Return the connection as it is in its file."""
    return parse_connection({"state": "present", "version": 2, **options}).section


@pytest.mark.parametrize("action", ["none", "trap"])
def test_no_packet_is_lost(pair: Pair, action: str) -> None:
    pair.establish({"start_action": action})
    base = pair.connection(pair.node, {"start_action": action})
    time.sleep(2 * CLOCK)  # an SA that is older than a change cannot have it
    before = ids(pair)
    with pair.ping() as ping:
        for what, options in changes(base):
            result = run_module(MODULE, **options, allow_disruption="none")
            assert not result.get("failed"), f"{what}: {result['msg']}"
            (told,) = result["connections"]
            assert told["disruption"] == "none", what
            assert ids(pair) == before, what
            is_base = difference(section(base), section(options)) == Difference()
            assert told["in_force"] == is_base, f"{what}: {told['in_force_reason']}"
            ping.wait_for_a_reply()
            assert ping.lost == 0, what
        run_module(MODULE, **base, allow_disruption="none")
        ping.wait_for_a_reply()
    assert ping.lost == 0
    assert ids(pair) == before
