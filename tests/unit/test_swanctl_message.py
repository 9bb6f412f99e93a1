# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What charon gets for a section: the same as from swanctl."""

from __future__ import annotations

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.message import (
    connection_message,
    files_of,
    secret_message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import parse

TEXT = """
connections {
  gw {
    version = 2
    remote_addrs = 192.0.2.1, moon.example.org
    proposals = default
    encap = yes
    local-1 {
      round = 1
      certs = a.pem, /tmp/b.pem, 0xabcd
      id = C=DE, CN=moon
    }
    remote {
      cacerts = ca.pem
      groups = a, b
    }
    children {
      net {
        local_ts = 0.0.0.0/0,::/0
        mark_in = 42/0xff
        updown = /bin/true a, b
      }
    }
  }
}
"""


def test_connection() -> None:
    section = parse(TEXT).children("connections")["gw"]
    assert connection_message(section, "/etc/swanctl", str.encode) == {
        "version": "2",
        "remote_addrs": ["192.0.2.1", "moon.example.org"],
        "proposals": ["default"],
        "encap": "yes",
        "local-1": {
            "round": "1",
            "certs": [b"/etc/swanctl/x509/a.pem", b"/tmp/b.pem", b"\xab\xcd"],
            "id": "C=DE, CN=moon",
        },
        "remote": {"cacerts": [b"/etc/swanctl/x509ca/ca.pem"], "groups": ["a", "b"]},
        "children": {
            "net": {
                "local_ts": ["0.0.0.0/0", "::/0"],
                "mark_in": "42/0xff",
                "updown": "/bin/true a, b",
            }
        },
    }
    assert files_of(section, "/s") == ["/s/x509/a.pem", "/tmp/b.pem", "/s/x509ca/ca.pem"]


def test_secret() -> None:
    root = parse('secrets { ike-a-b { id-1 = moon\n id-2 = sun\n secret = "0xab" } }')
    section = root.children("secrets")["ike-a-b"]
    assert secret_message(section) == {"type": "ike", "data": b"\xab", "owners": ["moon", "sun"]}


def test_secret_as_text() -> None:
    section = parse('secrets { ike-a { secret = "gehéim" } }').children("secrets")["ike-a"]
    assert secret_message(section) == {"type": "ike", "data": "gehéim".encode(), "owners": []}
