# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How large a packet is inside ESP, and what fits into the underlay's MTU (pure).

RFC 4303, section 2: SPI and sequence number (8 bytes), the IV, the payload, padding, pad length and
next header (2 bytes), the ICV. Payload to next header are padded to the cipher's block, and to 4
bytes in any case (2.4). An extended sequence number is not sent (2.2.1), so it changes nothing.
RFC 3948, section 2.1: NAT traversal puts a UDP header (8 bytes) before ESP.

IVs and blocks: RFC 4106 (AES-GCM), 4309 (AES-CCM), 4543 (AES-GMAC), 3686 (AES-CTR), 7634
(ChaCha20-Poly1305), 3602 (AES-CBC), 2451 (3DES), 2410 (NULL). ICVs: RFC 2403
(MD5), 2404 (SHA-1), 4868 (SHA-2), 3566 (AES-XCBC), 4494 (AES-CMAC).
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError

TUNNEL, TRANSPORT = "tunnel", "transport"
MODES = (TUNNEL, TRANSPORT)
IP_HEADER = {4: 20, 6: 40}  # bytes, by the version of IP
UDP_HEADER = 8
ESP_HEADER = 8
ESP_TRAILER = 2
PACKET_MAX = 65535
MTU_MIN = 576  # what IPv4 hosts take in any case (RFC 791), and less is no network of today
MTU_MIN_IPV6 = 1280  # RFC 8200, section 5: on a link with less there is no IPv6
DEFAULT = "default"

_KEY = "(?:128|192|256)"
_STREAM = 4  # the block of a cipher that has none
_CIPHERS: t.Sequence[t.Tuple[t.Pattern[str], int, int]] = [  # keyword, IV, block
    (re.compile("null"), 0, _STREAM),
    (re.compile("3des"), 8, 8),
    (re.compile(f"aes{_KEY}?"), 16, 16),
    (re.compile(f"aes{_KEY}ctr"), 8, _STREAM),
]
_COMBINED = re.compile(f"aes{_KEY}(?:gcm|ccm)(8|12|16|64|96|128)?|aes{_KEY}gmac|chacha20poly1305")
_COMBINED_ICV = {"8": 8, "64": 8, "12": 12, "96": 12, "16": 16, "128": 16, None: 16}
_INTEGRITY = {
    "md5": 12,
    "md5_128": 16,
    "sha": 12,
    "sha1": 12,
    "sha1_160": 20,
    "sha256": 16,
    "sha2_256": 16,
    "sha256_96": 12,
    "sha2_256_96": 12,
    "sha384": 24,
    "sha2_384": 24,
    "sha512": 32,
    "sha2_512": 32,
    "aesxcbc": 12,
    "aescmac": 12,
}
# Key exchange, the function for keys, extended sequence numbers: nothing of them is in a packet.
_OTHER = re.compile(
    r"(?:ke[1-7]_)?(?:modp\w+|ecp\w+|curve\w+|x25519|x448|mlkem\d+|kyber\d|ntru\w+|frodo\w+|none)"
    r"|prf\w+|esn|noesn"
)
_DEFAULTS = ("aes256-sha512", "aes256gcm16")  # the largest of those that charon proposes itself


@dataclass(frozen=True)
class Esp:
    """What an algorithm adds to a packet: IV and ICV, and the block to which it pads, in bytes."""

    iv: int
    block: int
    icv: int


@dataclass(frozen=True)
class Path:
    """What ESP crosses, and how: the version of IP on the underlay, UDP around ESP, the mode."""

    version: int = 4
    udp: bool = False
    mode: str = TUNNEL

    @property
    def _before_esp(self) -> int:
        return IP_HEADER[self.version] + (UDP_HEADER if self.udp else 0)

    @property
    def _not_encrypted(self) -> int:
        """How much of the inner packet stays outside: in transport mode its header."""
        return IP_HEADER[self.version] if self.mode == TRANSPORT else 0

    def outer_size(self, inner: int, esp: Esp) -> int:
        """Return how many bytes an inner packet (with its IP header) has on the underlay."""
        padded = inner - self._not_encrypted + ESP_TRAILER
        padded += -padded % esp.block
        return self._before_esp + ESP_HEADER + esp.iv + padded + esp.icv

    def largest_inner(self, mtu: int, esp: Esp) -> int:
        """Return the size of the largest inner packet that fits into an underlay's MTU."""
        room = mtu - self._before_esp - ESP_HEADER - esp.iv - esp.icv
        return room - room % esp.block - ESP_TRAILER + self._not_encrypted


def tunnel_mtu(mtu: int, proposals: t.Iterable[str], path: Path, *, ipv6: bool = False) -> int:
    """Return the MTU of a tunnel device, whichever of the proposals the two ends agree on.

    :param mtu: the MTU of the underlay, from 576 to 65535 bytes.
    :param proposals: as strongSwan writes them; V(default) are its own ones.
    :param path: what ESP crosses, and how.
    :param ipv6: whether IPv6 is to go through the tunnel.
    :raises InputError: a value is wrong, or what is left is less than IPv6 needs.
    """
    if not MTU_MIN <= mtu <= PACKET_MAX:
        raise InputError(
            f"underlay MTU {mtu}: expected a number of bytes from {MTU_MIN} to {PACKET_MAX}"
        )
    found = min(path.largest_inner(mtu, one) for one in algorithms(proposals))
    if ipv6 and found < MTU_MIN_IPV6:
        raise InputError(
            f"underlay MTU {mtu}: ESP leaves {found} bytes of it, and IPv6 needs {MTU_MIN_IPV6} on"
            " each link: expected a larger MTU on the underlay, or no IPv6 inside the tunnel"
        )
    return found


def split(proposals: t.Iterable[str]) -> t.List[str]:
    """Return single proposals: they may be joined by commas, as in swanctl.conf."""
    return [one.strip().lower() for text in proposals for one in text.split(",") if one.strip()]


def algorithms(proposals: t.Iterable[str]) -> t.List[Esp]:
    """Return what each combination of algorithms in proposals adds to a packet.

    :raises InputError: a proposal has a keyword that is not known here, or no cipher.
    """
    found: t.List[Esp] = []
    for proposal in split(proposals) or [DEFAULT]:
        for one in _DEFAULTS if proposal == DEFAULT else (proposal,):
            found += _combinations(one)
    return found


def _combinations(proposal: str) -> t.List[Esp]:
    plain: t.List[t.Tuple[int, int]] = []
    combined: t.List[Esp] = []
    icvs: t.List[int] = []
    for word in proposal.split("-"):
        match = _COMBINED.fullmatch(word)
        cipher = next((one[1:] for one in _CIPHERS if one[0].fullmatch(word)), None)
        if match is not None:
            combined.append(Esp(iv=8, block=_STREAM, icv=_COMBINED_ICV[match.group(1)]))
        elif cipher is not None:
            plain.append(cipher)
        elif word in _INTEGRITY:
            icvs.append(_INTEGRITY[word])
        elif not _OTHER.fullmatch(word):
            raise InputError(
                f"proposal '{proposal}': the size of '{word}' is not known: expected keywords of"
                " ESP like aes256gcm16, aes128-sha256 or chacha20poly1305; else give the tunnel's"
                " MTU yourself"
            )
    if not plain and not combined:
        raise InputError(
            f"proposal '{proposal}': it has no cipher: expected one, like aes256gcm16-x25519"
        )
    return combined + [Esp(iv, block, icv) for iv, block in plain for icv in icvs or [0]]
