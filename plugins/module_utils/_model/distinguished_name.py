# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names in certificates, written as strongSwan writes them: V(C=CH, O=Example, CN=moon) (pure)."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der

_X500 = bytes.fromhex("5504")
_SHORT = {
    _X500 + bytes((number,)): name
    for number, name in {
        3: "CN",
        4: "SN",
        5: "serialNumber",
        6: "C",
        7: "L",
        8: "ST",
        9: "STREET",
        10: "O",
        11: "OU",
        12: "T",
        13: "D",
        16: "postalAddress",
        17: "postalCode",
        41: "N",
        42: "G",
        43: "I",
        45: "ID",
        46: "dnQualifier",
        54: "dmdName",
        65: "pseudonym",
        97: "organizationIdentifier",
    }.items()
}
_SHORT[bytes.fromhex("2a864886f70d010901")] = "E"
_SHORT[bytes.fromhex("2a864886f70d010902")] = "unstructuredName"
_SHORT[bytes.fromhex("0992268993f22c640119")] = "DC"
_SHORT[bytes.fromhex("0992268993f22c640101")] = "UID"

_ENCODINGS = {0x1E: "utf-16-be", 0x1C: "utf-32-be", 0x14: "latin-1"}

_EMAIL, _DNS, _DN, _URI, _ADDRESS = 0x81, 0x82, 0xA4, 0x86, 0x87


def distinguished_name(element: der.Element) -> str:
    """Return a name: its parts in the order of the certificate.

    :raises DerError: it is none.
    """
    parts = []
    for group in element.require(der.SEQUENCE).children:
        for part in group.children:
            pair = part.require(der.SEQUENCE).children
            if len(pair) != 2:
                raise der.DerError("a part of a name is not a pair")
            parts.append(f"{_kind(pair[0].require(der.OID).content)}={_text(pair[1])}")
    return ", ".join(parts)


def alternative_names(element: der.Element) -> t.List[str]:
    """Return host names, addresses, mail addresses, URIs and names; other kinds are left out.

    :raises DerError: it is no list of names.
    """
    names = []
    for name in element.require(der.SEQUENCE).children:
        if name.tag in (_EMAIL, _DNS, _URI):
            names.append(name.content.decode("utf-8", errors="replace"))
        elif name.tag == _ADDRESS and len(name.content) in (4, 16):
            names.append(str(ipaddress.ip_address(name.content)))
        elif name.tag == _DN:
            names += [distinguished_name(inner) for inner in name.children]
    return names


def _kind(oid: bytes) -> str:
    """Return the short name of a kind, or its number with dots."""
    if oid in _SHORT:
        return _SHORT[oid]
    numbers: t.List[int] = []
    number = 0
    for byte in oid:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2) if numbers else 0
    rest = (numbers[0] - 40 * first, *numbers[1:]) if numbers else ()
    return ".".join(map(str, (first, *rest)))


def _text(element: der.Element) -> str:
    encoding = _ENCODINGS.get(element.tag, "utf-8")
    return element.content.decode(encoding, errors="replace")
