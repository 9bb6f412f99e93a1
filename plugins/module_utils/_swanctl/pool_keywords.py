# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords of a pool and of a certification authority in swanctl.conf (pure).

Names and meanings are those of swanctl.conf(5). Each row is an option of M(strongswan_pool) or
M(strongswan_authority), documented in its doc fragment.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import value_kinds as kinds
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keywords import Key
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.pool_range import (
    parse_pool_attribute,
    parse_pool_range,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.value_kinds import Kind
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    parse_file,
    parse_text,
)

_HEX = re.compile(r"[0-9a-fA-F]+\Z")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+\Z")


def parse_path(text: str) -> str:
    """Return an absolute path.

    :raises ValueError: it is none.
    """
    if not text.startswith("/"):
        raise ValueError("expected an absolute path: the daemon reads the file itself")
    return parse_text(text)


def parse_hex(text: str) -> str:
    """Return hexadecimal digits, whose case does not count.

    :raises ValueError: it has other characters.
    """
    if not _HEX.match(text):
        raise ValueError("expected hexadecimal digits")
    return text.lower()


def parse_uri(text: str) -> str:
    """Return a URI.

    :raises ValueError: it has no scheme, or white space.
    """
    if not _URI.match(text):
        raise ValueError("expected a URI like http://crl.example.org/ca.crl")
    return text


_ATTRIBUTES = Kind(parse_pool_attribute, many=True)
_URIS = Kind(parse_uri, many=True)

POOL: t.Tuple[Key, ...] = (
    Key("addrs", Kind(parse_pool_range)),
    Key("dns", _ATTRIBUTES),
    Key("nbns", _ATTRIBUTES),
    Key("dhcp", _ATTRIBUTES),
    Key("netmask", _ATTRIBUTES),
    Key("server", _ATTRIBUTES),
    Key("subnet", _ATTRIBUTES),
    Key("split_include", _ATTRIBUTES),
    Key("split_exclude", _ATTRIBUTES),
)

AUTHORITY: t.Tuple[Key, ...] = (
    Key("cacert", Kind(parse_file)),
    Key("file", Kind(parse_path)),
    Key("handle", Kind(parse_hex)),
    Key("slot", kinds.NUMBER),
    Key("module", kinds.TEXT),
    Key("crl_uris", _URIS),
    Key("ocsp_uris", _URIS),
    Key("cert_uri_base", Kind(parse_uri)),
)
