# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ESP as the kernel sends it: SAs of each cipher to peers that do not exist, and a view of the wire."""

from __future__ import annotations

import contextlib
import socket
import struct
import typing as t
from dataclasses import dataclass

from . import shell

DEVICE, WIRE = "eth0", "eth1"
ETH_P_ALL = 0x0003
ETHERNET = 14  # bytes of its header
UDP = 8
ESP_PORT = 4500
IP_MTU, IPV6_MTU = 14, 24  # socket options that Python has no names for
NEXT_HEADER = {False: socket.IPPROTO_ESP, True: socket.IPPROTO_UDP}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
HEADER = {4: 20, 6: 40}
OWN = {4: "192.0.2.1", 6: "2001:db8::1"}


def _key(length: int) -> str:
    return "0x" + bytes(range(1, length + 1)).hex()


def _aead(name: str, key: int, icv: int) -> str:
    return f"aead {name} {_key(key)} {icv}"


def _auth(name: str, key: int, icv: int) -> str:
    return f"auth-trunc {name} {_key(key)} {icv}"


_SHA1 = _auth("hmac(sha1)", 20, 96)
_SHA256 = _auth("hmac(sha256)", 32, 128)
_CBC = f"enc cbc(aes) {_key(16)}"

ALGORITHMS = {
    "aes128gcm8": _aead("rfc4106(gcm(aes))", 20, 64),
    "aes192gcm12": _aead("rfc4106(gcm(aes))", 28, 96),
    "aes256gcm16": _aead("rfc4106(gcm(aes))", 36, 128),
    "aes128ccm8": _aead("rfc4309(ccm(aes))", 19, 64),
    "aes192ccm96": _aead("rfc4309(ccm(aes))", 27, 96),
    "aes256ccm16": _aead("rfc4309(ccm(aes))", 35, 128),
    "aes256gmac": _aead("rfc4543(gcm(aes))", 36, 128),
    "chacha20poly1305": _aead("rfc7539esp(chacha20,poly1305)", 36, 128),
    "aes128-sha1": f"{_CBC} {_SHA1}",
    "aes256-sha256": f"enc cbc(aes) {_key(32)} {_SHA256}",
    "aes128-sha256_96": f"{_CBC} {_auth('hmac(sha256)', 32, 96)}",
    "aes128-sha384": f"{_CBC} {_auth('hmac(sha384)', 48, 192)}",
    "aes128-sha512": f"{_CBC} {_auth('hmac(sha512)', 64, 256)}",
    "aes128-md5": f"{_CBC} {_auth('hmac(md5)', 16, 96)}",
    "aes128-aesxcbc": f"{_CBC} {_auth('xcbc(aes)', 16, 96)}",
    "aes128-aescmac": f"{_CBC} {_auth('cmac(aes)', 16, 96)}",
    "aes256ctr-sha256": f"enc rfc3686(ctr(aes)) {_key(36)} {_SHA256}",
    "3des-sha1": f"enc cbc(des3_ede) {_key(24)} {_SHA1}",
    "null-sha256": f"enc ecb(cipher_null) '' {_SHA256}",
    "aes128-sha1_160": f"{_CBC} {_auth('hmac(sha1)', 20, 160)}",
    "aes128-md5_128": f"{_CBC} {_auth('hmac(md5)', 16, 128)}",
}
"""What C(ip xfrm state) calls the algorithms of a proposal."""


@dataclass(frozen=True)
class Peer:
    """Where packets go, and how they get there."""

    number: int
    version: int
    """Of the underlay."""
    inner: int
    udp: bool
    mode: str

    @property
    def outer(self) -> str:
        """Its underlay address."""
        return f"192.0.2.{self.number}" if self.version == 4 else f"2001:db8::{self.number}"

    @property
    def address(self) -> str:
        """What a packet is sent to."""
        if self.mode == "transport":
            return self.outer
        return f"10.0.0.{self.number}" if self.inner == 4 else f"fd00::{self.number}"

    def commands(self, algorithms: str) -> t.Iterator[str]:
        """Return the lines for C(ip -batch) that make SA, policy and neighbour."""
        ends = f"src {OWN[self.version]} dst {self.outer} proto esp"
        how = f"reqid {self.number} mode {self.mode}"
        encap = f"encap espinudp {ESP_PORT} {ESP_PORT} {'::' if self.version == 6 else '0.0.0.0'}"
        yield f"neigh add {self.outer} lladdr 02:00:00:00:00:02 dev {DEVICE} nud permanent"
        yield (
            f"xfrm state add {ends} spi {0x1000 + self.number} {how} flag af-unspec"
            f" {algorithms} {encap if self.udp else ''}"
        )
        yield f"xfrm policy add dst {self.address} dir out tmpl {ends} {how}"


PEERS = [
    Peer(number, *values)
    for number, values in enumerate(
        [
            (version, inner, udp, mode)
            for version in (4, 6)
            for udp in (False, True)
            for mode, inner in (("tunnel", 4), ("tunnel", 6), ("transport", version))
        ],
        start=11,
    )
]
"""Each way that there is: underlay, inside, with and without NAT traversal, both modes."""


def prepare(algorithms: str) -> None:
    """Make the SAs, in a namespace that has both devices."""
    shell.ip_batch(
        f"addr add {OWN[6]}/64 dev {DEVICE} nodad",
        "addr add 10.0.0.1/32 dev lo",
        "addr add fd00::1/128 dev lo nodad",
        f"route add 10.0.0.0/24 dev {DEVICE} src 10.0.0.1",
        f"route add fd00::/64 dev {DEVICE} src fd00::1",
        *(line for peer in PEERS for line in peer.commands(algorithms)),
    )


def set_mtu(mtu: int) -> None:
    """Set the MTU of the underlay."""
    shell.ip_batch(f"link set {WIRE} mtu {mtu}", f"link set {DEVICE} mtu {mtu}")


@contextlib.contextmanager
def sender(peer: Peer) -> t.Iterator[socket.socket]:
    """Return a socket that sends to a peer and does not let packets be fragmented."""
    with socket.socket(FAMILY[peer.inner], socket.SOCK_DGRAM) as found:
        if peer.inner == 4:
            found.setsockopt(socket.IPPROTO_IP, 10, 2)  # IP_MTU_DISCOVER, IP_PMTUDISC_DO
        else:
            found.setsockopt(socket.IPPROTO_IPV6, 23, 2)  # the same of IPv6
        found.connect((peer.address, 9))
        yield found


def send(socket_: socket.socket, peer: Peer, size: int) -> None:
    """Send an inner packet of that many bytes, its IP header among them."""
    socket_.send(bytes(size - HEADER[peer.inner] - UDP))


def path_mtu(socket_: socket.socket, peer: Peer) -> int:
    """Return the size of the largest packet to a peer, as the kernel knows it."""
    if peer.inner == 4:
        return socket_.getsockopt(socket.IPPROTO_IP, IP_MTU)
    return socket_.getsockopt(socket.IPPROTO_IPV6, IPV6_MTU)


class Wire:
    """What arrives at the other end of the underlay."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._socket.bind((WIRE, ETH_P_ALL))
        self._socket.settimeout(10)

    def size_of_next(self, peer: Peer) -> int:
        """Return the bytes of the next packet to a peer, its IP header among them."""
        while True:
            packet = self._socket.recv(65535)[ETHERNET:]
            if packet[0] >> 4 != peer.version:
                continue
            destination = packet[16:20] if peer.version == 4 else packet[24:40]
            if destination != socket.inet_pton(FAMILY[peer.version], peer.outer):
                continue
            protocol = packet[9] if peer.version == 4 else packet[6]
            assert protocol == NEXT_HEADER[peer.udp], f"protocol {protocol} to {peer}"
            length: int = struct.unpack_from("!H", packet, 2 if peer.version == 4 else 4)[0]
            return length if peer.version == 4 else length + HEADER[6]

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_arguments: object) -> None:
        self._socket.close()
