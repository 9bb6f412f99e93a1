# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure half of the proof by packets: what lines of tcpdump and ping add up to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from proof.count import (
    BridgeCount,
    Counters,
    Echoes,
    HostCount,
    Pings,
    count_bridge,
    count_counters,
    count_echoes,
    count_host,
    count_pings,
)
from proof.packets import Packet, parse_packet, parse_packets
from proof.topology import Gateway, Topology
from proof.verdict import HostEvidence, Proof

MOON = Gateway("moon", "m", "192.0.2.11", "vti-sun", ("10.1.0.2", "fd00:1::2"))
SUN = Gateway("sun", "s", "192.0.2.12", "vti-moon", ("10.2.0.2", "fd00:2::2"))
TOPOLOGY = Topology((MOON, SUN), "net", ("10.0.0.0/8", "fd00::/16"))

REQUEST = "ICMP echo request, id 7, seq 1, length 64"
REPLY = "ICMP echo reply, id 7, seq 1, length 64"
ESP = "ESP(spi=0xc0ffee01,seq=0x1), length 136"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            f"12:00:00.000001 vti-sun Out IP 10.1.0.2 > 10.2.0.2: {REQUEST}",
            Packet("10.1.0.2", "10.2.0.2", REQUEST, "vti-sun", "Out"),
            id="on any interface",
        ),
        pytest.param(
            f"12:00:00.000001 eth0  In  IP 192.0.2.12 > 192.0.2.11: {ESP}",
            Packet("192.0.2.12", "192.0.2.11", ESP, "eth0", "In"),
            id="padded interface and direction",
        ),
        pytest.param(
            f"12:00:00.000001 IP 192.0.2.12 > 192.0.2.11: {ESP}",
            Packet("192.0.2.12", "192.0.2.11", ESP),
            id="on one interface",
        ),
        pytest.param(
            f"12:00:00.000001 IP 192.0.2.12.4500 > 192.0.2.11.4500: UDP-encap: {ESP}",
            Packet("192.0.2.12", "192.0.2.11", f"UDP-encap: {ESP}"),
            id="in UDP",
        ),
        pytest.param(
            "12:00:00.000001 eth0  Out IP6 fd00:1::2 > fd00:2::2: ICMP6, echo request, id 1, seq 1, length 64",
            Packet(
                "fd00:1::2",
                "fd00:2::2",
                "ICMP6, echo request, id 1, seq 1, length 64",
                "eth0",
                "Out",
            ),
            id="IPv6",
        ),
        pytest.param(
            "12:00:00.000001 IP6 fd00:1::2.53 > fd00:2::2.4711: UDP, length 4",
            Packet("fd00:1::2", "fd00:2::2", "UDP, length 4"),
            id="IPv6 with ports",
        ),
        pytest.param("12:00:00.000001 ARP, Request who-has 192.0.2.12", None, id="no IP"),
        pytest.param("", None, id="empty"),
    ],
)
def test_parse_packet(line: str, expected: Packet | None) -> None:
    assert parse_packet(line) == expected


@pytest.mark.parametrize(
    ("content", "esp", "echo"),
    [
        (ESP, True, False),
        (f"UDP-encap: {ESP}", True, False),
        (REQUEST, False, True),
        (REPLY, False, True),
        ("ICMP6, echo reply, id 1, seq 1, length 64", False, True),
        ("ICMP 10.2.0.2 udp port 53 unreachable, length 48", False, False),
        ("NONESP-encap: isakmp: parent_sa ikev2_init[I]", False, False),
    ],
)
def test_kind_of_packet(content: str, esp: bool, echo: bool) -> None:
    packet = Packet("10.1.0.2", "10.2.0.2", content)
    assert (packet.is_esp, packet.is_echo) == (esp, echo)


def on(interface: str, direction: str, source: str, destination: str, content: str) -> str:
    """Return a line of `tcpdump -i any`."""
    return f"12:00:00.000001 {interface} {direction} IP {source} > {destination}: {content}"


ECHO_THROUGH_THE_TUNNEL = [
    on("site0", "In", "10.1.0.2", "10.2.0.2", REQUEST),
    on("vti-sun", "Out", "10.1.0.2", "10.2.0.2", REQUEST),
    on("eth0", "Out", "192.0.2.11", "192.0.2.12", ESP),
    on("eth0", "In", "192.0.2.12", "192.0.2.11", ESP),
    on("vti-sun", "In", "10.2.0.2", "10.1.0.2", REPLY),
    on("site0", "Out", "10.2.0.2", "10.1.0.2", REPLY),
]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([], HostCount(0, 0, 0, 0, 0), id="nothing"),
        pytest.param(ECHO_THROUGH_THE_TUNNEL, HostCount(1, 1, 1, 1, 0), id="one echo"),
        pytest.param(
            [on("eth0", "Out", "10.1.0.2", "10.2.0.2", REQUEST)],
            HostCount(0, 0, 0, 0, 1),
            id="echo in the clear",
        ),
        pytest.param(
            [on("eth0", "Out", "192.0.2.11", "10.2.0.2", "UDP, length 4")],
            HostCount(0, 0, 0, 0, 1),
            id="one inner address is enough",
        ),
        pytest.param(
            [on("eth0", "In", "192.0.2.99", "192.0.2.11", ESP)],
            HostCount(0, 0, 0, 0, 0),
            id="ESP of a stranger",
        ),
        pytest.param(
            [on("eth0", "Out", "192.0.2.12", "192.0.2.11", ESP)],
            HostCount(0, 0, 0, 0, 0),
            id="ESP in the wrong direction",
        ),
        pytest.param(
            [on("vti-sun", "Out", "10.1.0.2", "10.2.0.2", ESP)],
            HostCount(0, 0, 0, 0, 0),
            id="no echo on the device",
        ),
    ],
)
def test_count_host(lines: list[str], expected: HostCount) -> None:
    assert count_host(parse_packets(lines), MOON, TOPOLOGY) == expected


def test_count_bridge() -> None:
    lines = [
        f"12:00:00.000001 IP 192.0.2.11 > 192.0.2.12: {ESP}",
        f"12:00:00.000002 IP 192.0.2.12 > 192.0.2.11: {ESP}",
        f"12:00:00.000003 IP 192.0.2.12 > 192.0.2.11: {ESP}",
        f"12:00:00.000004 IP 192.0.2.99 > 192.0.2.11: {ESP}",
        f"12:00:00.000005 IP 10.1.0.2 > 10.2.0.2: {REQUEST}",
        "12:00:00.000006 IP6 fd00:1::2 > fd00:2::2: ICMP6, echo request, id 1, seq 1, length 64",
    ]
    counted = count_bridge(parse_packets(lines), TOPOLOGY)
    assert counted == BridgeCount({"moon": 1, "sun": 2}, inner_on_underlay=2)


def test_count_by_way_of_a_hub() -> None:
    """What goes between the branches themselves, or between others, does not count."""
    hub = "192.0.2.19"
    branches = (replace(MOON, towards=hub), replace(SUN, towards=hub))
    topology = replace(TOPOLOGY, gateways=branches)
    seen = [(MOON.underlay, hub), (hub, MOON.underlay), (SUN.underlay, hub)]
    other = [(MOON.underlay, SUN.underlay), ("192.0.2.99", hub)]
    between = [f"12:00:00.000001 IP {source} > {to}: {ESP}" for source, to in seen + other]
    on_host = [
        on("eth0", "Out", MOON.underlay, hub, ESP),
        on("eth0", "In", hub, MOON.underlay, ESP),
        on("eth0", "Out", MOON.underlay, SUN.underlay, ESP),
    ]
    assert count_bridge(parse_packets(between), topology).esp_from == {"moon": 1, "sun": 1}
    counted = count_host(parse_packets(on_host), branches[0], topology)
    assert counted == HostCount(1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("", Pings(0, 0)),
        ("3 packets transmitted, 3 received, 0% packet loss, time 401ms", Pings(3, 3)),
        ("3 packets transmitted, 0 received, 100% packet loss, time 401ms", Pings(3, 0)),
        ("3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 4ms", Pings(3, 0)),
        ("3 packets transmitted, 3 received\n--\n2 packets transmitted, 1 received", Pings(5, 4)),
        ("ping: connect: Network is unreachable", Pings(0, 0)),
    ],
)
def test_count_pings(output: str, expected: Pings) -> None:
    assert count_pings(output) == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("", Counters(0, 0)),
        ("counters 1 2", Counters(0, 0)),
        ("counters 1 2\n3 packets transmitted, 3 received\ncounters 4 6", Counters(3, 4)),
    ],
)
def test_count_counters(output: str, expected: Counters) -> None:
    assert count_counters(output) == expected


WHOLE_HOST = HostEvidence(Pings(3, 3), Counters(6, 6), HostCount(6, 6, 6, 6, 0))
WHOLE_BRIDGE = BridgeCount({"moon": 6, "sun": 6}, 0)


def proof(moon: HostEvidence = WHOLE_HOST, bridge: BridgeCount = WHOLE_BRIDGE) -> Proof:
    """Return a proof that is whole but for what is given."""
    return Proof(TOPOLOGY, {"moon": moon, "sun": WHOLE_HOST}, bridge)


def test_whole_proof() -> None:
    whole = proof()
    assert whole.failures() == []
    assert whole.proven
    assert whole.totals() == {
        "ping_sent": 6,
        "ping_received": 6,
        "esp_out": 12,
        "esp_in": 12,
        "inner_on_vti": 24,
        "inner_on_underlay": 0,
    }


@pytest.mark.parametrize(
    ("host", "message"),
    [
        (
            HostEvidence(Pings(3, 2), Counters(6, 6), HostCount(6, 6, 6, 6, 0)),
            "moon: 2 of 3 pings came back",
        ),
        (
            HostEvidence(Pings(3, 3), Counters(6, 6), HostCount(5, 6, 6, 6, 0)),
            "moon: 5 ESP packets out of the underlay interface, expected 6 or more",
        ),
        (
            HostEvidence(Pings(3, 3), Counters(6, 6), HostCount(6, 5, 6, 6, 0)),
            "moon: 5 ESP packets into the underlay interface, expected 6 or more",
        ),
        (
            HostEvidence(Pings(3, 3), Counters(6, 6), HostCount(6, 6, 0, 6, 0)),
            "moon: 0 echoes in clear out of the tunnel device, expected 6 or more",
        ),
        (
            HostEvidence(Pings(3, 3), Counters(6, 6), HostCount(6, 6, 6, 0, 0)),
            "moon: 0 echoes in clear into the tunnel device, expected 6 or more",
        ),
        (
            HostEvidence(Pings(3, 3), Counters(6, 0), HostCount(6, 6, 6, 6, 0)),
            "moon: 0 packets by the tunnel device's tx counter, expected 1 or more",
        ),
        (
            HostEvidence(Pings(3, 3), Counters(0, 6), HostCount(6, 6, 6, 6, 0)),
            "moon: 0 packets by the tunnel device's rx counter, expected 1 or more",
        ),
        (
            HostEvidence(Pings(3, 3), Counters(6, 6), HostCount(6, 6, 6, 6, 2)),
            "moon: 2 inner packets in clear on the underlay",
        ),
    ],
)
def test_what_a_host_lacks(host: HostEvidence, message: str) -> None:
    assert proof(moon=host).failures() == [message]
    assert not proof(moon=host).proven


@pytest.mark.parametrize(
    ("bridge", "message"),
    [
        (
            BridgeCount({"moon": 6, "sun": 0}, 0),
            "bridge: 0 ESP packets from sun, expected 6 or more",
        ),
        (BridgeCount({"moon": 6, "sun": 6}, 1), "bridge: 1 inner packets in clear"),
    ],
)
def test_what_the_bridge_tells(bridge: BridgeCount, message: str) -> None:
    assert proof(bridge=bridge).failures() == [message]


def test_a_leak_counts_on_host_and_bridge() -> None:
    leaky = HostEvidence(Pings(3, 3), Counters(6, 6), HostCount(6, 6, 6, 6, 2))
    both = proof(moon=leaky, bridge=BridgeCount({"moon": 6, "sun": 6}, 1))
    assert both.totals()["inner_on_underlay"] == 3


def test_no_ping_proves_nothing() -> None:
    silent = HostEvidence(Pings(0, 0), Counters(0, 0), HostCount(0, 0, 0, 0, 0))
    nothing = Proof(
        TOPOLOGY, {"moon": silent, "sun": silent}, BridgeCount({"moon": 0, "sun": 0}, 0)
    )
    assert "moon: its site sent no ping" in nothing.failures()


def test_underlays() -> None:
    assert TOPOLOGY.underlays == ("net",)
    assert replace(TOPOLOGY, behind_nat="home").underlays == ("net", "home")


def test_count_behind_a_nat() -> None:
    """On the wire the ESP of a client is that of its NAT, on the client its own."""
    nat = "192.0.2.14"
    hidden = replace(MOON, underlay="192.168.7.12", hidden_behind=nat)
    topology = replace(TOPOLOGY, gateways=(hidden, SUN))
    in_udp = f"UDP-encap: {ESP}"
    between = [
        f"12:00:00.000001 IP {nat}.1024 > 192.0.2.12.4500: {in_udp}",
        f"12:00:00.000002 IP 192.0.2.12.4500 > {nat}.1024: {in_udp}",
    ]
    on_client = [
        on("eth0", "Out", "192.168.7.12.4500", "192.0.2.12.4500", in_udp),
        on("eth0", "In", "192.0.2.12.4500", "192.168.7.12.4500", in_udp),
    ]
    on_gateway = [on("eth0", "In", f"{nat}.1024", "192.0.2.12.4500", in_udp)]
    assert count_bridge(parse_packets(between), topology).esp_from == {"moon": 1, "sun": 1}
    assert count_host(parse_packets(on_client), hidden, topology) == HostCount(1, 1, 0, 0, 0)
    assert count_host(parse_packets(on_gateway), SUN, topology) == HostCount(0, 1, 0, 0, 0)


def test_capture_filter() -> None:
    expected = "esp or udp port 4500 or net 10.0.0.0/8 or net fd00::/16"
    assert TOPOLOGY.capture_filter() == expected


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ([], Echoes(0, 0, 0)),
        ([1, 2, 3], Echoes(3, 3, 0)),
        ([1, 2, 5, 7], Echoes(7, 4, 2)),
        pytest.param([4], Echoes(4, 1, 3), id="the first ones are lost"),
        pytest.param([1, 3, 2, 2], Echoes(3, 3, 0), id="out of order, one twice"),
    ],
)
def test_count_echoes(answered: list[int], expected: Echoes) -> None:
    lines = [
        "PING 10.2.0.2 (10.2.0.2) 56(84) bytes of data.",
        *(f"64 bytes from 10.2.0.2: icmp_seq={number} ttl=62 time=0.4 ms" for number in answered),
        "From 10.1.0.1 icmp_seq=9 Destination Host Unreachable",
    ]
    assert count_echoes(lines) == expected
    assert expected.lost == expected.sent - expected.received


def test_count_echoes_of_ipv6() -> None:
    lines = ["64 bytes from fd00:2::2: icmp_seq=2 ttl=62 time=1.21 ms"]
    assert count_echoes(lines) == Echoes(2, 1, 1)
