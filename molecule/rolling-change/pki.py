# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make an authority and two certificates with a key for each host, as files in a directory."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

HOSTS = ("moon", "sun")
NUMBERS = (1, 2)  # the first to start with, the second to change to
DAYS = 365


def main() -> None:
    """Write C(ca.pem), and C(HOST-NUMBER.pem) and C(HOST-NUMBER.key) for each host."""
    directory = Path(sys.argv[1])
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = ec.generate_private_key(ec.SECP256R1())
    write(directory / "ca.pem", certificate("ca.example", authority, authority, is_ca=True))
    for host in HOSTS:
        for number in NUMBERS:
            key = ec.generate_private_key(ec.SECP256R1())
            text = certificate(f"{host}-cert.example", key, authority, is_ca=False)
            write(directory / f"{host}-{number}.pem", text)
            private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write(directory / f"{host}-{number}.key", private)


def certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    authority: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
) -> bytes:
    """Return a certificate for a name, as PEM."""
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ca.example")])
    now = datetime.datetime.now(tz=datetime.UTC)
    hour = datetime.timedelta(hours=1)  # the clock of a guest may be a little behind
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - hour)
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return builder.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM)


def write(path: Path, content: bytes) -> None:
    """Write a file that only we can read."""
    path.touch(mode=0o600)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
