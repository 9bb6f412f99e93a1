# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HKDF against the test vectors of RFC 5869, and the pre-shared keys of pairs."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.keys import (
    derive_psk,
    hkdf,
)

MASTER = "correct horse battery staple, and more of it"

# RFC 5869, appendix A: secret, salt, info, result
VECTORS = [
    (
        b"\x0b" * 22,
        bytes(range(0x0D)),
        bytes(range(0xF0, 0xFA)),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(0x50)),
        bytes(range(0x60, 0xB0)),
        bytes(range(0xB0, 0x100)),
        (
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
            "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
    ),
    (
        b"\x0b" * 22,
        b"",
        b"",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("secret", "salt", "info", "expected"), VECTORS)
def test_hkdf_is_that_of_the_standard(
    secret: bytes, salt: bytes, info: bytes, expected: str
) -> None:
    assert hkdf(secret, salt, info, len(expected) // 2).hex() == expected


@pytest.mark.parametrize("length", [0, -1, 255 * 32 + 1])
def test_hkdf_gives_no_more_than_the_standard_allows(length: int) -> None:
    with pytest.raises(ValueError, match="length"):
        hkdf(b"x", b"", b"", length)


def test_a_psk_never_changes() -> None:
    # Recorded: another value would cut every site off that has this version and the next one.
    assert (
        derive_psk(MASTER, "site", ("moon", "sun"))
        == "d0f55fe6d83e793250b3c186180a8899729928d5f02eea392ceb014ff0b7ae17"
    )


@pytest.mark.parametrize(
    "other",
    [
        (MASTER + "!", "site", ("moon", "sun"), ""),
        (MASTER, "other", ("moon", "sun"), ""),
        (MASTER, "site", ("moon", "venus"), ""),
        (MASTER, "site", ("moons", "un"), ""),
        (MASTER, "site", ("moon", "sun"), "2"),
    ],
)
def test_a_psk_is_that_of_one_pair(other: tuple[str, str, tuple[str, str], str]) -> None:
    psk = derive_psk(MASTER, "site", ("moon", "sun"))
    assert derive_psk(*other) != psk
    assert len(derive_psk(*other)) == len(psk) == 64
