# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's VTI, addresses and routes live with its SA; nothing leaves in the clear."""

from __future__ import annotations

import pytest
from proof.charon import child_sas, ike_sas, wait_for
from proof.engine import Engine
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.watch import Watch
from testinfra.host import Host

SETTING = "/etc/strongswan.d/zzz-test.conf"
ADDRESSES = {"10.3.0.1/32", "fd00:3::1/128"}
NONE: dict[str, str] = {}
# docs/change.md: the gateway uses the new SA a moment before the client has it. Usually nothing is lost.
MADE_BEFORE = 2


@pytest.fixture(scope="module", autouse=True)
def trapped(engine: Engine, topology: Topology, hosts: dict[str, Host]) -> None:
    """Begin as auto=route does: with a packet that bears the mark, where there is no SA."""
    hosts["rw"].run("ipsec down vpngw")
    wait_for("no SA", lambda: ike_sas(hosts["gw"]) == NONE)
    begin_by_packet(hosts)
    assert bring_up(engine, topology), "no ping got through the tunnel"


def begin_by_packet(hosts: dict[str, Host]) -> None:
    """Send packets with the mark until the gateway has an IKE SA.

    None is sent once it has: to a packet that is not from a virtual address, the trap answers with
    one more CHILD SA.
    """

    def come() -> bool:
        if ike_sas(hosts["gw"]):
            return True
        hosts["rw"].run("ping -q -m 2 -c 1 -W 1 192.0.2.11")
        return False

    wait_for("an IKE SA by a packet with the mark", come, timeout=60)


def end(hosts: dict[str, Host], connection: str) -> None:
    """Bring a connection down; the gateway knows, too."""
    hosts["rw"].check_output("ipsec down %s", connection)
    wait_for("no SA on the gateway", lambda: ike_sas(hosts["gw"]) == NONE)


def addresses(host: Host) -> set[str]:
    """Return the addresses of the client's VTI; none where there is no VTI."""
    listed = host.run("ip -oneline address show dev vti2 scope global").stdout
    return {line.split()[3] for line in listed.splitlines()}


def assert_as_before(hosts: dict[str, Host]) -> None:
    """The client has its VTI with both addresses, and one SA for it."""
    assert addresses(hosts["rw"]) == ADDRESSES
    assert len(child_sas(hosts["gw"])) == 1


def test_tunnel_is_proven(engine: Engine, topology: Topology) -> None:
    assert prove(engine, topology).failures() == []


def test_the_vti_has_both_virtual_addresses(hosts: dict[str, Host]) -> None:
    assert_as_before(hosts)


def test_charon_installs_neither_routes_nor_addresses(hosts: dict[str, Host]) -> None:
    for host in hosts.values():
        # iproute2 fails on a table that does not exist, which is as empty as can be.
        assert host.run("ip -4 route show table 220; ip -6 route show table 220").stdout == ""
    assert "10.3.0" not in hosts["rw"].check_output("ip address show dev eth0")


def test_rekeying_loses_nothing(watch: Watch, hosts: dict[str, Host]) -> None:
    gateway = hosts["gw"]

    def rekey() -> None:
        ike, child = set(ike_sas(gateway)), set(child_sas(gateway))
        gateway.check_output("swanctl --rekey --child net")
        wait_for("another CHILD SA", lambda: child.isdisjoint(child_sas(gateway) or child))
        gateway.check_output("swanctl --rekey --ike gw")
        wait_for("another IKE SA", lambda: ike.isdisjoint(ike_sas(gateway) or ike))

    assert set(watch.lost_by("rekeying", rekey).values()) == {0}
    assert_as_before(hosts)


@pytest.mark.parametrize("make_before_break", ["no", "yes"])
def test_reauthentication(watch: Watch, hosts: dict[str, Host], make_before_break: str) -> None:
    client = hosts["rw"]
    client.check_output("echo 'charon { make_before_break = %s }' >%s", make_before_break, SETTING)
    client.check_output("kill -HUP $(cat /run/charon.pid)")

    def change_over() -> None:
        end(hosts, "vpngw")
        client.check_output("ipsec up vpngw-short")

    def reauthenticate() -> None:
        before = set(ike_sas(hosts["gw"]))

        def come() -> bool:
            now = set(ike_sas(hosts["gw"]))
            return len(now) == 1 and before.isdisjoint(now)

        wait_for("another IKE SA", come, timeout=30)

    def change_back() -> None:
        end(hosts, "vpngw-short")
        begin_by_packet(hosts)

    watch.lost_by("down, and another connection up", change_over)
    lost = watch.lost_by(
        f"reauthentication, make before break: {make_before_break}", reauthenticate
    )
    if make_before_break == "yes":
        assert max(lost.values()) <= MADE_BEFORE
    assert_as_before(hosts)
    watch.lost_by("down, and up by a packet", change_back)
    client.check_output("rm %s", SETTING)


def test_down(watch: Watch, hosts: dict[str, Host]) -> None:
    def break_off() -> None:
        end(hosts, "vpngw")
        assert addresses(hosts["rw"]) == set()
        begin_by_packet(hosts)

    watch.lost_by("down, and up by a packet", break_off)
    assert_as_before(hosts)


def test_restart_of_the_client(watch: Watch, hosts: dict[str, Host]) -> None:
    def restart() -> None:
        hosts["rw"].check_output("systemctl restart strongswan-starter.service")
        assert addresses(hosts["rw"]) == set()
        begin_by_packet(hosts)

    watch.lost_by("restart of the client", restart)
    assert_as_before(hosts)


def test_restart_of_the_gateway(watch: Watch, hosts: dict[str, Host]) -> None:
    def restart() -> None:
        hosts["gw"].check_output("systemctl restart strongswan.service")
        begin_by_packet(hosts)

    watch.lost_by("restart of the gateway", restart)
    assert_as_before(hosts)


def test_charon_of_the_client_is_killed(watch: Watch, hosts: dict[str, Host]) -> None:
    client, gateway = hosts["rw"], hosts["gw"]

    def kill() -> None:
        before = set(ike_sas(gateway))
        client.check_output("kill -9 $(cat /run/charon.pid)")

        # starter starts another one. A packet would not do, as docs/hook.md says: the kernel still
        # has the SAs of the one that was killed.
        def come() -> bool:
            return client.run("ipsec up vpngw").succeeded and before != set(ike_sas(gateway))

        wait_for("another IKE SA", come, timeout=60)

    watch.lost_by("charon of the client killed", kill)
    assert_as_before(hosts)
