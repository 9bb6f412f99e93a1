# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the updown hook builds is what vti_tunnel would build, and no module's purge touches it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils import _owner
from ansible_collections.ipsec.strongswan.tests.hook.charon import (
    ALIAS,
    ME,
    ME6,
    PEER,
    PEER6,
    PROTOCOL,
    Charon,
    Sa,
    devices,
)
from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    run_module,
    unchanged,
)

PAIRS = (("10.3.0.1/32", "10.1.0.0/16"), ("fd33::1/128", "fd01::/64"))
DUAL = Sa(pairs=PAIRS, vips=("10.3.0.1", "fd33::1"))
ADDRESSES = ["10.3.0.1/32", "fd33::1/128"]
MARKED: dict[str, t.Any] = {"key": 42, "mtu": 1400, "disable_policy": True}
SAME: dict[str, tuple[Sa, str, dict[str, t.Any]]] = {
    "vti": (DUAL, "", {"name": "vti42", "local": ME, "remote": PEER, **MARKED}),
    "vti6": (
        DUAL.but(me=ME6, peer=PEER6),
        "",
        {"name": "vti42", "local": ME6, "remote": PEER6, **MARKED},
    ),
    "shared": (DUAL, "--remote any", {"name": "vti42", "local": ME, "remote": "any", **MARKED}),
    "xfrm": (DUAL.but(mark=None, if_id=(7, 7)), "", {"name": "xfrm7", "if_id": 7, "mtu": 1500}),
}


@pytest.fixture
def charon(namespace: str) -> t.Iterator[Charon]:
    """Return a stand-in for charon."""
    shell.ip_batch("addr add 2001:db8::1/64 dev eth0 nodad")
    found = Charon(namespace)
    yield found
    found.close()


@pytest.mark.parametrize("kind", SAME)
def test_the_module_calls_it_unchanged(charon: Charon, kind: str) -> None:
    """Described as a tunnel of vti_tunnel's, with the hook's mark put aside, nothing is to be changed."""
    sa, arguments, options = SAME[kind]
    charon.up(sa, arguments)
    (name,) = list(devices())
    # as its own: the mark is all that sets them apart
    shell.ip_batch(f"link set dev {name} alias {_owner.link_mark(_owner.DEFAULT)}")
    for check in (True, False):
        result = run_module("vti_tunnel", check=check, addresses=ADDRESSES, **options)
        assert not result.get("failed"), result["msg"]
        assert not result["changed"], result["actions"]


@pytest.mark.parametrize("kind", SAME)
def test_no_purge_touches_it(charon: Charon, kind: str) -> None:
    sa, arguments, _options = SAME[kind]
    charon.up(sa, arguments)
    before = devices()
    unchanged("vti_tunnel", tunnels=[], purge=True)
    unchanged("vti_route", routes=[], purge=True)
    changed("vti_tunnel", name="mine", local=ME, remote="192.0.2.77", key=77)
    changed("vti_tunnel", tunnels=[], purge=True)
    assert devices() == before


def test_marks() -> None:
    """The hook's marks are what the modules take for the hook's."""
    assert _owner.link_mark(_owner.UPDOWN) == ALIAS
    assert _owner.owner_of_link(ALIAS) == _owner.UPDOWN
    assert PROTOCOL == 158
