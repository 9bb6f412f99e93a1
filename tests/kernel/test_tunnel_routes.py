# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes through tunnel devices that lint compares with selectors, read from a real kernel."""

from __future__ import annotations

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.tunnel_routes import (
    read_tunnel_routes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_route import (
    RTPROT_KERNEL,
)
from ansible_collections.ipsec.strongswan.tests.support import shell


def test_nothing() -> None:
    shell.ip_batch("route add 10.1.0.0/16 dev eth0")
    assert read_tunnel_routes() == ((), ())


def test_devices_and_routes() -> None:
    shell.ip_batch(
        "link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 key 42",
        "link add ipsec7 type xfrm dev eth0 if_id 7",
        "link set vti42 up",
        "link set ipsec7 up",
        "addr add 10.99.0.1/30 dev vti42",
        "route add 10.2.0.0/16 dev vti42",
        "route add fd02::/64 dev ipsec7",
        "route add 10.3.0.0/16 dev eth0",
    )
    tunnels, routes = read_tunnel_routes()
    data = {one.name: one.data for one in tunnels}
    assert set(data) == {"vti42", "ipsec7"}
    assert isinstance(data["vti42"], VtiData)
    assert data["vti42"].okey == 42
    assert isinstance(data["ipsec7"], XfrmData)
    assert data["ipsec7"].if_id == 7
    found = {
        (one.route.identity.dst, *one.route.devices)
        for one in routes
        if one.protocol != RTPROT_KERNEL
    }
    assert found == {("10.2.0.0/16", "vti42"), ("fd02::/64", "ipsec7")}
