# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change of a connection interrupts, as forecast and as running pings tell."""

from __future__ import annotations

from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair


def test_the_pair_has_an_sa_and_loses_nothing(pair: Pair) -> None:
    pair.establish()
    for host in pair.hosts:
        (ike,) = host.sas("pair")
        assert ike["state"] == "ESTABLISHED"
        assert [child["state"] for child in ike["child-sas"].values()] == ["INSTALLED"]
    with pair.ping() as ping:
        ping.wait_for_a_reply()
    assert ping.lost == 0
