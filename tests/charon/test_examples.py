# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the modules' documentation do what they say, in order, and only once."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.test_connection import CERTIFICATE
from ansible_collections.ipsec.strongswan.tests.support import examples
from ansible_collections.ipsec.strongswan.tests.support.modules import changed, refused, run_module

TASKS = examples.stored(Path(__file__).resolve().parents[2])
HERE = {"directory": str(daemon.FOLDER), "socket": str(daemon.SOCKET)}

PUBLIC_KEY = """\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQDywSHR1TVV1eioEdDrbM5BYZ+Dv
I4yeXwm2hMxVucq7ijaEsiWGIU25pV5L1vttFpAQslkWA7aKwotAkJLEyw==
-----END PUBLIC KEY-----
"""

# The files that the examples name, below swanctl's directory.
FILES = {
    "x509/hub.pem": CERTIFICATE,
    "x509/gateway.pem": CERTIFICATE,
    "x509ca/users.pem": CERTIFICATE,
    "x509ca/ca.pem": CERTIFICATE,
    "x509ca/partner.pem": CERTIFICATE,
    "pubkey/gateway.pem": PUBLIC_KEY,
}


@pytest.fixture
def _files() -> t.Iterator[None]:
    for name, text in FILES.items():
        (daemon.SWANCTL / name).write_text(text)
    yield
    for name in FILES:
        (daemon.SWANCTL / name).unlink()


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize("module", examples.CHARON)
def test_examples(module: str) -> None:
    for task in TASKS[module]:
        name, options = examples.call(task)
        if name != module:
            continue  # what Ansible itself does with the result
        here = {option: value for option, value in HERE.items() if option in options}
        if name.endswith("_info"):
            result = run_module(module, **{**options, **here})
            assert not result.get("failed"), f"example '{task['name']}': {result['msg']}"
            continue
        if "handle" in options:  # a token that no node has
            assert "charon refused it" in refused(module, **{**options, **here})
            continue
        try:
            changed(module, **{**options, **here})
        except AssertionError as error:
            raise AssertionError(f"example '{task['name']}': {error}") from error
