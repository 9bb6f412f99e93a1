# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each test finds a running charon that holds nothing, and an empty swanctl directory."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon import pair as hosts


def _empty() -> None:
    for path in daemon.FOLDER.glob("*.conf"):
        path.unlink()
    daemon.start()
    daemon.forget()


@pytest.fixture(scope="session", autouse=True)
def quick_swanctl() -> t.Iterator[None]:
    """Let swanctl load only the plugins that it needs: all of them take longer than its work."""
    daemon.SWANCTL_PLUGINS.write_text(
        "swanctl {\n  load = pem pkcs1 pkcs8 pkcs12 x509 pubkey openssl random nonce\n}\n"
    )
    yield
    daemon.SWANCTL_PLUGINS.unlink()


@pytest.fixture(autouse=True)
def charon() -> t.Iterator[None]:
    """Start charon if it does not run, and make it forget what the last test left."""
    _empty()
    main = (daemon.SWANCTL / "swanctl.conf").read_text()
    yield
    (daemon.SWANCTL / "swanctl.conf").write_text(main)


@pytest.fixture
def sun() -> dict[str, t.Any]:
    """The options of a usual route-based connection."""
    return {
        "name": "sun",
        "local_addrs": ["192.0.2.1"],
        "remote_addrs": ["192.0.2.2"],
        "local": [{"auth": "psk", "id": "moon.example.org"}],
        "remote": [{"auth": "psk", "id": "sun.example.org"}],
        "children": [
            {
                "name": "sun-net",
                "local_ts": ["0.0.0.0/0", "::/0"],
                "remote_ts": ["10.2.0.0/16", "fd02::/64"],
                "mark_in": "42",
                "mark_out": "0x2a/0xff",
                "updown": '/usr/bin/true "a  b" #c',
            }
        ],
    }


@pytest.fixture(scope="session")
def _running_pair() -> t.Iterator[hosts.Pair]:
    with hosts.running() as pair:
        yield pair


@pytest.fixture
def pair(_running_pair: hosts.Pair) -> t.Iterator[hosts.Pair]:
    """Two hosts with a charon each, which hold nothing: the node, and a peer in a namespace."""
    hosts.prepare(_running_pair)
    yield _running_pair
    daemon.start()
    for host in _running_pair.hosts:
        host.forget()
