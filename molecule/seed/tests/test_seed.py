# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's VTI, addresses and routes live with its SA; nothing leaves in the clear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from proof.charon import list_sas, wait_for
from proof.engine import Engine
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.watch import Watch, watched
from testinfra.host import Host

OURS = "/etc/strongswan.d/zzz-test.conf"
ADDRESSES = {"10.3.0.1/32", "fd00:3::1/128"}


@pytest.fixture(scope="module", autouse=True)
def trapped(engine: Engine, topology: Topology, hosts: dict[str, Host]) -> None:
    """Begin as auto=route does: with a packet that bears the mark."""
    hosts["rw"].run("ping -m 2 -c 1 -W 1 192.0.2.11")
    assert bring_up(engine, topology), "no ping got through the tunnel"


@pytest.fixture
def watch(engine: Engine, topology: Topology) -> Iterator[Watch]:
    """Pings while a test runs; at its end no packet was on the underlay in the clear."""
    with watched(engine, topology) as seen:
        yield seen
    assert seen.leaked() == []


def addresses(host: Host) -> set[str]:
    """Return the addresses of the client's VTI."""
    listed = host.check_output("ip -oneline address show dev vti2 scope global")
    return {line.split()[3] for line in listed.splitlines()}


def gateway_sas(hosts: dict[str, Host]) -> list[str]:
    """Return the numbers of the gateway's established IKE SAs, as it lists them."""
    return [
        line.split("#")[1].split(",")[0]
        for line in list_sas(hosts["gw"]).splitlines()
        if line.startswith("gw: #") and "ESTABLISHED" in line
    ]


def begin(hosts: dict[str, Host], connection: str) -> None:
    """Bring the client's connection up."""
    hosts["rw"].check_output("ipsec up %s", connection)


def end(hosts: dict[str, Host], connection: str) -> None:
    """Bring it down; the gateway knows, too."""
    hosts["rw"].check_output("ipsec down %s", connection)
    wait_for("no SA on the gateway", lambda: gateway_sas(hosts) == [])


def test_tunnel_is_proven(engine: Engine, topology: Topology) -> None:
    assert prove(engine, topology).failures() == []


def test_the_vti_has_both_virtual_addresses(hosts: dict[str, Host]) -> None:
    assert addresses(hosts["rw"]) == ADDRESSES


def test_charon_installs_neither_routes_nor_addresses(hosts: dict[str, Host]) -> None:
    for host in hosts.values():
        for family in ("-4", "-6"):
            # iproute2 fails on a table that does not exist, which is as empty as can be.
            assert host.run(f"ip {family} route show table 220").stdout == ""
    assert "10.3.0" not in hosts["rw"].check_output("ip address show dev eth0")


def test_rekeying_loses_nothing(watch: Watch, hosts: dict[str, Host]) -> None:
    def rekey() -> None:
        before = set(gateway_sas(hosts))
        hosts["gw"].check_output("swanctl --rekey --child net")
        hosts["gw"].check_output("swanctl --rekey --ike gw")
        wait_for("another IKE SA", lambda: before.isdisjoint(gateway_sas(hosts) or before))

    assert set(watch.lost_by(rekey).values()) == {0}
    assert addresses(hosts["rw"]) == ADDRESSES


@pytest.mark.parametrize("order", ["no", "yes"])
def test_reauthentication(watch: Watch, hosts: dict[str, Host], order: str) -> None:
    client = hosts["rw"]
    client.check_output("echo 'charon { make_before_break = %s }' >%s", order, OURS)
    client.check_output("kill -HUP $(cat /run/charon.pid)")

    def change_over() -> None:
        end(hosts, "vpngw")
        begin(hosts, "vpngw-short")

    def reauthenticate() -> None:
        before = set(gateway_sas(hosts))

        def come() -> bool:
            now = set(gateway_sas(hosts))
            return len(now) == 1 and before.isdisjoint(now)

        wait_for("another IKE SA", come, timeout=30)

    watch.lost_by(change_over)
    lost = watch.lost_by(reauthenticate)
    if order == "yes":
        assert set(lost.values()) == {0}
    assert addresses(client) == ADDRESSES

    def change_back() -> None:
        end(hosts, "vpngw-short")
        begin(hosts, "vpngw")

    watch.lost_by(change_back)
    client.check_output("rm %s", OURS)


def test_break(watch: Watch, hosts: dict[str, Host]) -> None:
    def break_off() -> None:
        end(hosts, "vpngw")
        assert not hosts["rw"].run("ip link show dev vti2").succeeded
        begin(hosts, "vpngw")

    watch.lost_by(break_off)
    assert addresses(hosts["rw"]) == ADDRESSES


@pytest.mark.parametrize("killed", [False, True], ids=["restarted", "killed"])
def test_restart(watch: Watch, hosts: dict[str, Host], killed: bool) -> None:
    client = hosts["rw"]

    def restart() -> None:
        if killed:
            client.check_output("systemctl kill --signal=KILL strongswan-starter.service")
        client.check_output("systemctl restart strongswan-starter.service")
        assert not client.run("ip link show dev vti2").succeeded
        begin(hosts, "vpngw")

    watch.lost_by(restart)
    assert addresses(client) == ADDRESSES


def test_restart_of_the_gateway(watch: Watch, hosts: dict[str, Host]) -> None:
    def restart() -> None:
        hosts["gw"].check_output("systemctl restart strongswan.service")
        begin(hosts, "vpngw")

    watch.lost_by(restart)
    assert addresses(hosts["rw"]) == ADDRESSES
