# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sizes that the filter tunnel_mtu reckons with, against those on the wire."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.plugins.plugin_utils import _mtu
from ansible_collections.ipsec.strongswan.tests.support import esp_wire

SIZES = (100, 576, *range(1280, 1298), 1400)  # bytes; blocks are of 16 at most
UNDERLAY, ROOMY = 1500, 2000  # bytes


def path_of(peer: esp_wire.Peer) -> _mtu.Path:
    """Return the way to a peer as the filter has it."""
    return _mtu.Path(peer.version, peer.udp, peer.mode)


@pytest.mark.parametrize("proposal", esp_wire.ALGORITHMS)
def test_a_packet_is_as_large_as_reckoned(proposal: str) -> None:
    (esp,) = _mtu.algorithms([proposal])
    esp_wire.prepare(esp_wire.ALGORITHMS[proposal])
    esp_wire.set_mtu(ROOMY)
    with esp_wire.Wire() as wire:
        for peer in esp_wire.PEERS:
            seen, reckoned = {}, {}
            with esp_wire.sender(peer) as sender:
                for size in SIZES:
                    esp_wire.send(sender, peer, size)
                    seen[size] = wire.size_of_next(peer)
                    reckoned[size] = path_of(peer).outer_size(size, esp)
            assert seen == reckoned, peer


@pytest.mark.parametrize("proposal", esp_wire.ALGORITHMS)
def test_no_larger_packet_gets_through(proposal: str) -> None:
    esp_wire.prepare(esp_wire.ALGORITHMS[proposal])
    esp_wire.set_mtu(UNDERLAY)
    with esp_wire.Wire() as wire:
        for peer in esp_wire.PEERS:
            mtu = _mtu.tunnel_mtu(UNDERLAY, [proposal], path_of(peer))
            with esp_wire.sender(peer) as sender:
                assert esp_wire.path_mtu(sender, peer) == mtu, peer
                esp_wire.send(sender, peer, mtu)
                assert wire.size_of_next(peer) <= UNDERLAY, peer
                with pytest.raises(OSError, match="too long"):
                    esp_wire.send(sender, peer, mtu + 1)
