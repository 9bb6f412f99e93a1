# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of strongswan_secret do what they say, in order, with values for their variables."""

from __future__ import annotations

import shutil
import typing as t
from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.test_credential import nothing
from ansible_collections.ipsec.strongswan.tests.support import credentials, examples
from ansible_collections.ipsec.strongswan.tests.support.modules import changed, refused, unchanged

__all__ = ["nothing"]  # the fixture

TASKS = examples.stored(Path(__file__).resolve().parents[2])
MODULE = "strongswan_secret"

VALUES = {
    "{{ sun_psk }}": "the preshared key of the examples",
    "{{ branch1_psk }}": "the preshared key of a branch",
    "{{ alice_password }}": "the password of Alice",
    "{{ moon_key }}": credentials.EC_KEY,
    "{{ gateway_encrypted_key }}": credentials.ENCRYPTED_KEY,
    "{{ gateway_passphrase }}": credentials.PASSPHRASE,
}
FILES = {
    "moon-cert.pem": credentials.CERTIFICATE,
    "example-ca.pem": credentials.CA,
    "lab-cert.pem": credentials.EXPIRED,
}


def filled(value: t.Any) -> t.Any:
    """Return options as the module gets them: templates filled, and files read."""
    if isinstance(value, list):
        return [filled(one) for one in value]
    if not isinstance(value, dict):
        return VALUES.get(value, value) if isinstance(value, str) else value
    options = {name: filled(one) for name, one in value.items()}
    if "src" in options:
        options["content"] = FILES[options.pop("src")]
    return options


def test_examples() -> None:
    for task in TASKS[MODULE]:
        _name, options = examples.call(task)
        options = filled(options)
        if options.get("state") == "absent":
            changed(MODULE, **options)
            assert "ike-sun" not in daemon.held()
        elif options.get("secret") == credentials.PASSPHRASE and not shutil.which("openssl"):
            assert "openssl is not installed" in refused(MODULE, **options)
        else:
            changed(MODULE, **options)
            unchanged(MODULE, **options)
