# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret is left anywhere by strongswan_ipsec_conf, whether it succeeds or fails.

What starter and its charon log is searched in tests/starter, where they run.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.tests.secrecy.host import Host, Options, Watch

MODULE = "strongswan_ipsec_conf"
SHARED: Options = {"ids": ["rw", "gw"], "secret": "{{ psk }}"}
GATE: Options = {"name": "gate", "right": "192.0.2.11", "auto": "add", "secrets": [SHARED]}
OF_ALL_TYPES: list[Options] = [
    {**SHARED, "secret": "{{ other_psk }}"},
    *({"type": kind, "ids": ["carol"], "secret": "{{ password }}"} for kind in ("EAP", "NTLM")),
    {"type": "XAUTH", "ids": ["dave"], "secret": "{{ password }}"},
    *(
        {"type": kind, "file": f"{kind}.pem", "secret": "{{ passphrase }}"}
        for kind in ("RSA", "ECDSA", "PKCS8", "P12")
    ),
]


def gate(**options: t.Any) -> Options:
    """Return the connection with one secret that is changed."""
    return {**GATE, "secrets": [{**SHARED, **options}]}


GOOD: list[Options] = [
    GATE,
    gate(secret="{{ other_psk }}"),
    {"connections": [{**GATE, "secrets": OF_ALL_TYPES}, {"name": "users", "secrets": [SHARED]}]},
    {"connections": [GATE], "purge": True},
]
BAD: list[Options] = [
    gate(secret="0x{{ psk }}"),
    gate(secret={"of": ["{{ psk }}"]}),
    gate(type="magic"),
    gate(type="RSA", secret="{{ passphrase }}"),
    gate(file="moon.pem"),
    {**GATE, "psk": "{{ password }}", "secrets": [{"ids": ["rw"], "psk": "{{ other_psk }}"}]},
    gate(secret="{{ other_psk }}", ids=["rw\n"]),
    {**GATE, "secrets": [SHARED, {**SHARED, "secret": "{{ other_psk }}"}]},
    {**GATE, "secrets": "{{ other_psk }}"},
    {**GATE, "secrets": ["{{ other_psk }}", "{{ password }}"]},
    {"connections": [GATE, {**gate(secret="{{ other_psk }}"), "name": "wrong/name"}]},
    {"connections": [{**GATE, "name": "new"}, {**gate(secret="{{ other_psk }}"), "ike": "nosuch"}]},
    {**gate(secret="{{ other_psk }}"), "esp": "nosuch"},
    {**gate(secret="{{ other_psk }}"), "owner": "another"},
    {**gate(secret="{{ other_psk }}"), "command": "no-such-command"},
    {"connections": "{{ password }}"},
]


def test_success(host: Host) -> None:
    with Watch(host.folder) as watch:
        host.call(MODULE, GOOD, "--check", "--diff")
        said = host.call(MODULE, GOOD, "--diff", pipelining=False)
    assert said[: len(GOOD)] == ["changed"] * len(GOOD)
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in host.output
    assert "rereadsecrets" in (host.folder / "log/ipsec").read_text()
    host.check(watch)


def test_failure(host: Host) -> None:
    with Watch(host.folder) as watch:
        host.call(MODULE, [GATE])
        said = host.call(MODULE, BAD, "--diff", pipelining=False)
    assert said.count("fatal") == len(BAD)
    assert "charon refused it" in host.output
    assert "starter refuses the new files" in host.output
    host.check(watch)
