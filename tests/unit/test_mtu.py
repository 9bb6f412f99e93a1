# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ESP adds to a packet, and what of an underlay's MTU it leaves; tests/kernel has the wire's word."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.ipsec.strongswan.plugins.filter.tunnel_mtu import tunnel_mtu
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._mtu import Esp, Path, algorithms
from ansible_collections.ipsec.strongswan.tests.support import esp_wire

UDP, V6, TRANSPORT = {"udp": True}, {"family": "ipv6"}, {"mode": "transport"}
ESP = [  # proposal, IV, block, ICV; those on the wire are in tests/support/esp_wire.py, too
    ("aes128gcm8", 8, 4, 8),
    ("aes192gcm96", 8, 4, 12),
    ("aes256gcm16", 8, 4, 16),
    ("aes256gcm128", 8, 4, 16),
    ("aes256gcm", 8, 4, 16),
    ("aes128ccm64", 8, 4, 8),
    ("aes128ccm12", 8, 4, 12),
    ("aes256gmac", 8, 4, 16),
    ("chacha20poly1305-x25519-esn", 8, 4, 16),
    ("aes-sha1-modp2048", 16, 16, 12),
    ("AES128-SHA256", 16, 16, 16),
    ("aes256-sha2_256_96", 16, 16, 12),
    ("aes192-sha384-ecp384", 16, 16, 24),
    ("aes256-sha512-ke1_mlkem768", 16, 16, 32),
    ("aes128-aesxcbc", 16, 16, 12),
    ("aes128ctr-sha256-noesn", 8, 4, 16),
    ("3des-md5", 8, 8, 12),
    ("null-sha1_160", 0, 4, 20),
]
MTU: list[tuple[int, Any, dict[str, Any], int]] = [
    (1500, "aes256gcm16", {}, 1446),
    (1500, "aes256gcm16", UDP, 1438),
    (1500, "aes256gcm16", V6, 1426),
    (1500, "aes256gcm16", {**V6, **UDP}, 1418),
    (1500, "aes256gcm16", TRANSPORT, 1466),
    (1500, "aes256gcm16", {**TRANSPORT, **V6}, 1466),
    (1500, "aes128-sha256", {}, 1438),
    (1500, "aes128-sha1", UDP, 1422),
    (1500, "chacha20poly1305", {}, 1446),
    (1500, "default", {}, 1422),
    (1500, None, {}, 1422),
    (1500, ["aes256gcm16", "aes128-sha256"], {}, 1438),
    (1500, "aes256gcm16, default", {}, 1422),
    (1500, "aes128-aes256-sha256-sha512", {}, 1422),
    (9000, "aes256gcm16", {"inner": ["ipv4", "ipv6"]}, 8946),
    (1340, "aes256gcm16", {"inner": "ipv6"}, 1286),
    (576, "aes256gcm16", {}, 522),
]
WRONG: list[tuple[Any, Any, dict[str, Any], str]] = [
    (1500, "aes256gcm17", {}, "the size of 'aes256gcm17' is not known"),
    (1500, "blowfish-sha1", {}, "give the tunnel's MTU yourself"),
    (1500, "x25519", {}, "it has no cipher"),
    (1300, "default", {"inner": "ipv6"}, "ESP leaves 1214 bytes of it, and IPv6 needs 1280"),
    (575, "default", {}, "underlay_mtu '575': expected a number from 576 to 65535"),
    ("", "default", {}, "underlay_mtu '': expected a number of bytes"),
    (1500, "default", {"family": "ip"}, "family 'ip': expected one of ipv4, ipv6"),
    (1500, "default", {"mode": "beet"}, "mode 'beet': expected one of tunnel, transport"),
    (1500, "default", {"inner": "ip"}, "inner 'ip': expected one of ipv4, ipv6, or both"),
    (1500, "default", {"upd": True}, "did you mean udp?"),
]


@pytest.mark.parametrize(("proposal", "iv", "block", "icv"), ESP)
def test_what_algorithms_add(proposal: str, iv: int, block: int, icv: int) -> None:
    assert algorithms([proposal]) == [Esp(iv, block, icv)]


@pytest.mark.parametrize(("underlay", "proposals", "options", "expected"), MTU)
def test_mtu(underlay: int, proposals: Any, options: dict[str, Any], expected: int) -> None:
    assert tunnel_mtu(underlay, proposals, **options) == expected


@pytest.mark.parametrize(("underlay", "proposals", "options", "message"), WRONG)
def test_wrong(underlay: Any, proposals: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleFilterError) as error:
        tunnel_mtu(underlay, proposals, **options)
    assert message in str(error.value)


@pytest.mark.parametrize("proposal", esp_wire.ALGORITHMS)
@pytest.mark.parametrize(
    "path",
    [
        Path(v, udp, mode)
        for v in (4, 6)
        for udp in (False, True)
        for mode in ("tunnel", "transport")
    ],
)
def test_the_largest_is_the_largest(proposal: str, path: Path) -> None:
    (esp,) = algorithms([proposal])
    for mtu in range(1480, 1501):
        largest = path.largest_inner(mtu, esp)
        assert path.outer_size(largest, esp) <= mtu < path.outer_size(largest + 1, esp)
