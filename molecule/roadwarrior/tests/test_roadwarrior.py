# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two clients behind one NAT share the gateway's device; each has its own, and none is in the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from proof.charon import (
    CharonError,
    child_sas,
    ike_sas,
    list_sas,
    virtual_addresses,
    wait_for,
    wait_for_children,
    wait_for_no_sa,
)
from proof.engine import Engine
from proof.made import Made, made_by_hook
from proof.playbook import play
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.watch import INTERVAL, Watch
from testinfra.host import Host

Hosts = dict[str, Host]

CLIENTS = ("alice", "bob")
SITE = ("10.1.0.0/24", "fd00:1::/64")
SETTING = "/etc/strongswan.d/zzz-test.conf"
# docs/change.md: the gateway uses the new SA a moment before the client has it. Usually nothing is lost.
MADE_BEFORE = 2
_MADE_AND_ANSWERED = re.compile(
    r"^(\S+) .*: CHILD_SA net\{\d+\} established (?:.*\n)*?(\S+) .*: generating IKE_AUTH response",
    re.MULTILINE,
)


def expected(hosts: Hosts, kind: str, up: Iterable[str]) -> dict[str, Made]:
    """Return what is to be on each host while these clients are up."""
    given = virtual_addresses(hosts["gw"])
    addresses = {name: given.get(f"{name}.example", set()) for name in up}
    shared, own = f"{kind}-rw", f"{kind}-gw"
    nothing = Made({}, frozenset(), {})
    of_all = {address: shared for given in addresses.values() for address in given}
    return {
        "gw": Made({shared: kind}, frozenset(), of_all) if addresses else nothing,
        **dict.fromkeys(CLIENTS, nothing),
        **{
            name: Made({own: kind}, frozenset(given), dict.fromkeys(SITE, own))
            for name, given in addresses.items()
        },
    }


def assert_exactly(hosts: Hosts, kind: str, *up: str) -> None:
    """These clients have an SA, a device, two addresses and two routes; nothing else is anywhere.

    charon calls the hook while it already tells that an SA is gone: so it is waited for.
    """

    def seen() -> dict[str, Made]:
        return {name: made_by_hook(host) for name, host in hosts.items()}

    with suppress(CharonError):
        wait_for("exactly that", lambda: seen() == expected(hosts, kind, up))
    assert seen() == expected(hosts, kind, up)
    given = virtual_addresses(hosts["gw"])
    assert {name: len(addresses) for name, addresses in given.items()} == {
        f"{name}.example": 2 for name in up
    }
    assert len(child_sas(hosts["gw"])) == len(up)


def of(client: str, lost: dict[str, int]) -> set[int]:
    """Return how many requests of a client got lost, to any address."""
    return {number for ping, number in lost.items() if ping.startswith(f"{client} ")}


def initiate(hosts: Hosts, *names: str) -> None:
    """Bring clients up."""
    for name in names:
        hosts[name].check_output("swanctl --initiate --child net --timeout 20")


def terminate(hosts: Hosts, name: str) -> None:
    """Bring a client down."""
    hosts[name].check_output("swanctl --terminate --ike gw")
    wait_for_no_sa([hosts[name]])


def rekey_ike(gateway: Host) -> None:
    """Rekey the IKE SAs of all clients."""
    before = set(ike_sas(gateway))
    gateway.check_output("swanctl --rekey --ike rw")
    wait_for("other IKE SAs", lambda: before.isdisjoint(ike_sas(gateway) or before))


def reauthenticate(hosts: Hosts, name: str) -> None:
    """Let a client authenticate anew."""
    gateway = hosts["gw"]
    before = set(ike_sas(gateway))
    hosts[name].check_output("swanctl --rekey --ike gw --reauth")

    def come() -> bool:
        now = set(ike_sas(gateway))
        return len(now) == len(CLIENTS) and len(now - before) == 1

    wait_for("another IKE SA", come)


def time_of_hook(gateway: Host) -> float:
    """Return for how many seconds the gateway had the SA that came last before it told the client.

    Meanwhile charon waits for the hook, and the kernel uses the SA already.
    """
    told = gateway.check_output("journalctl --unit strongswan.service --output short-unix")
    made, answered = _MADE_AND_ANSWERED.findall(told)[-1]
    return float(answered) - float(made)


def test_each_tunnel_is_proven(
    engine: Engine, topologies: tuple[Topology, ...], hosts: Hosts
) -> None:
    for topology in topologies:
        assert bring_up(engine, topology), "no ping got through the tunnel"
        assert prove(engine, topology).failures() == []
    assert list_sas(hosts["gw"]).count("TUNNEL-in-UDP") == len(CLIENTS)


def test_the_gateway_has_one_device_for_both(hosts: Hosts, kind: str) -> None:
    assert_exactly(hosts, kind, *CLIENTS)


def test_rekeying_loses_nothing(watch: Watch, hosts: Hosts, kind: str) -> None:
    gateway = hosts["gw"]

    def rekey() -> None:
        child = set(child_sas(gateway))
        gateway.check_output("swanctl --rekey --child net")
        wait_for("other CHILD SAs", lambda: child.isdisjoint(child_sas(gateway) or child))
        rekey_ike(gateway)

    assert set(watch.lost_by(f"{kind}: rekeying", rekey).values()) == {0}
    assert_exactly(hosts, kind, *CLIENTS)


@pytest.mark.parametrize("make_before_break", ["no", "yes"])
def test_reauthentication(watch: Watch, hosts: Hosts, kind: str, make_before_break: str) -> None:
    for name in CLIENTS:
        setting = f"charon-systemd {{ make_before_break = {make_before_break} }}"
        hosts[name].check_output(f"echo %s >{SETTING} && swanctl --reload-settings", setting)
    rekey_ike(hosts["gw"])  # an IKE SA keeps to the setting that it was made with
    for name in CLIENTS:
        what = f"{kind}: reauthentication of {name}, make before break: {make_before_break}"
        lost = watch.lost_by(what, partial(reauthenticate, hosts, name))
        if make_before_break == "yes":
            most = MADE_BEFORE + time_of_hook(hosts["gw"]) / INTERVAL
            assert max(of(name, lost)) <= most
        (other,) = {*CLIENTS} - {name}
        assert of(other, lost) == {0}
        assert_exactly(hosts, kind, *CLIENTS)
    for name in CLIENTS:
        hosts[name].check_output(f"rm {SETTING} && swanctl --reload-settings")


def test_one_ends_and_the_other_goes_on(watch: Watch, hosts: Hosts, kind: str) -> None:
    def break_off() -> None:
        terminate(hosts, "alice")
        assert_exactly(hosts, kind, "bob")
        initiate(hosts, "alice")

    lost = watch.lost_by(f"{kind}: down and up of alice", break_off)
    assert of("bob", lost) == {0}
    assert_exactly(hosts, kind, *CLIENTS)


def test_restart_of_one_and_the_other_goes_on(watch: Watch, hosts: Hosts, kind: str) -> None:
    def restart() -> None:
        hosts["alice"].check_output("systemctl restart strongswan.service")
        wait_for_children(hosts["alice"], {"net"}, timeout=60)

    lost = watch.lost_by(f"{kind}: restart of alice", restart)
    assert of("bob", lost) == {0}
    assert_exactly(hosts, kind, *CLIENTS)


def test_restart_of_the_gateway(watch: Watch, hosts: Hosts, kind: str) -> None:
    def restart() -> None:
        hosts["gw"].check_output("systemctl restart strongswan.service")
        wait_for_no_sa(hosts[name] for name in CLIENTS)
        assert_exactly(hosts, kind)
        initiate(hosts, *CLIENTS)

    watch.lost_by(f"{kind}: restart of the gateway", restart)
    assert_exactly(hosts, kind, *CLIENTS)


def test_the_shared_device_goes_with_the_last_one(watch: Watch, hosts: Hosts, kind: str) -> None:
    def break_off() -> None:
        terminate(hosts, "alice")
        assert_exactly(hosts, kind, "bob")
        terminate(hosts, "bob")
        assert_exactly(hosts, kind)
        initiate(hosts, *CLIENTS)

    watch.lost_by(f"{kind}: down and up of both", break_off)
    assert_exactly(hosts, kind, *CLIENTS)


def test_a_second_run_of_the_role_changes_nothing(
    watch: Watch, scenario: Path, hosts: Hosts, kind: str
) -> None:
    def run() -> None:
        played = play(scenario, f"--extra-vars=device_kind={kind}")
        assert played.hosts == tuple(sorted(hosts))
        assert played.changed == ()

    assert set(watch.lost_by(f"{kind}: a run of the role", run).values()) == {0}
    assert_exactly(hosts, kind, *CLIENTS)
