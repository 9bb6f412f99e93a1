# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of secrets, and of keys and certificates, as swanctl names them (pure).

Secrets are sections that begin with the type; keys and certificates are files in folders.
"""

from __future__ import annotations

SHARED = ("ike", "eap", "xauth", "ntlm", "ppk")
KEYS = ("private", "rsa", "ecdsa", "pkcs8")
CONTAINER = "pkcs12"
SIGNED = ("x509", "x509ca", "x509ocsp", "x509aa")
CRL = "x509crl"
CERTIFICATES = (*SIGNED, "x509ac", CRL, "pubkey")
CREDENTIALS = (*KEYS, CONTAINER, *CERTIFICATES)
TYPES = (*SHARED, *CREDENTIALS)
