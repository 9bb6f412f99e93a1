# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret is left anywhere by a run of ansible-playbook -vvvv, whether it succeeds or fails.

What it prints and logs, what it leaves in any folder, what others can read while it runs, and all
command lines are searched for each secret, in all forms that it may take. What charon logs is
searched in tests/charon, where one runs.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import stat
import subprocess
import sys
import threading
import typing as t
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import pem
from ansible_collections.ipsec.strongswan.tests.support import credentials
from ansible_collections.ipsec.strongswan.tests.support.fake_charon import FakeCharon

CHECKOUT = Path(__file__).resolve().parents[2]
MODULE = "ipsec.strongswan.strongswan_secret"
PSK = 'it\'s "the\\first" sécret, #1 {of} $all'
OTHER_PSK = "0x" + "5ec7e75ec7e7" * 4
PASSWORD = "eap-Passwort mit ü"
VAULT_PASSWORD = "password-of-the-vault"
WRONG_PASSPHRASE = "shut-sesame-please"

Options = dict[str, t.Any]

SECRETS = {
    "psk": PSK,
    "other_psk": OTHER_PSK,
    "password": PASSWORD,
    "passphrase": credentials.PASSPHRASE,
    "wrong_passphrase": WRONG_PASSPHRASE,
    "key": credentials.EC_KEY,
    "other_key": credentials.OTHER_KEY,
    "encrypted_key": credentials.ENCRYPTED_KEY,
    "cut_key": credentials.EC_KEY[:200],
    "container": credentials.CONTAINER,
}
IKE: Options = {"name": "sun", "secret": "{{ psk }}", "ids": ["moon", "sun"]}
KEY: Options = {"name": "moon", "type": "private", "content": "{{ key }}"}
CERTIFICATE: Options = {"name": "moon", "type": "x509", "content": "{{ certificate }}"}
SEALED: Options = {
    "name": "gate",
    "type": "private",
    "content": "{{ encrypted_key }}",
    "secret": "{{ passphrase }}",
}
CONTAINER: Options = {**SEALED, "type": "pkcs12", "content": "{{ container }}"}
EAP: Options = {"name": "alice", "type": "eap", "secret": "{{ password }}"}
FROM_FILE: Options = {"name": "file", "type": "ecdsa", "src": "key.pem"}
FROM_VAULT: Options = {"name": "vaulted", "type": "private", "src": "vaulted.pem"}
FROM_DER: Options = {"name": "bytes", "type": "private", "src": "key.der"}

GOOD: list[Options] = [
    IKE,
    {**IKE, "secret": "{{ other_psk }}"},
    {"secrets": [EAP, KEY, CERTIFICATE]},
    {
        "secrets": [
            {**KEY, "content": "{{ other_key }}", "name": "other"},
            FROM_FILE,
            FROM_VAULT,
            FROM_DER,
        ]
    },
    {"secrets": [SEALED, CONTAINER]},
    {"secrets": [IKE, SEALED], "purge": True},
]
BAD: list[Options] = [
    {**IKE, "secret": "0x{{ psk }}"},
    {"secrets": [IKE, {**EAP, "name": "wrong/name"}]},
    {"secrets": [KEY, {**SEALED, "secret": "{{ wrong_passphrase }}"}]},
    {"secrets": [{**KEY, "content": "{{ other_key }}"}, CERTIFICATE]},
    {**KEY, "content": "{{ cut_key }}"},
    {**KEY, "secret": "{{ passphrase }}"},
    {**IKE, "content": "{{ key }}"},
    {**FROM_FILE, "content": "{{ key }}"},
    {**FROM_FILE, "src": "missing.pem", "secret": "{{ passphrase }}"},
    {**EAP, "name": "refused"},
    {**IKE, "secret": "{{ other_psk }}", "owner": "another"},
    {**IKE, "no_such_option": "{{ psk }}"},
    {"secrets": [{**IKE, "no_such_option": "{{ psk }}"}]},
    {**IKE, "type": "magic"},
]


PLAIN = re.compile(r"[^'\"\\\\\x80-\U0010ffff]{13,}")


def forms(secret: str) -> set[str]:
    """Return the ways in which a secret may be written, long ones in parts."""
    lines = [line for line in secret.splitlines() if len(line) > 12 and "-----" not in line]
    found = set(lines)
    for line in lines:
        data = line.encode()
        found |= {repr(line)[1:-1], json.dumps(line)[1:-1], repr([line])[2:-2], data.hex()}
        found.add(urllib.parse.quote(line))
        found |= set(PLAIN.findall(line))  # however it is quoted, this is not changed
        # Base64 of it from each of the three places where it may begin within other bytes.
        found |= {
            base64.b64encode(data[start : start + 3 * ((len(data) - start) // 3)]).decode()
            for start in range(3)
        }
    with contextlib.suppress(ValueError):
        for block in pem.parse_pem(secret):
            found |= {block.data.hex(), base64.b64encode(block.data).decode(), repr(block.data)}
    return {form for form in found if len(form) > 12}


FORMS = {name: forms(secret) for name, secret in SECRETS.items()}


def leaks(text: str) -> set[str]:
    """Return the names of the secrets in a text."""
    return {name for name, found in FORMS.items() if any(form in text for form in found)}


@dataclass
class Watch:
    """Looks, as long as a run goes on, for secrets in command lines and in what others can read."""

    folder: Path
    seen: set[str] = field(default_factory=set)
    looks: int = 0
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            self.looks += 1
            for process in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    with contextlib.suppress(OSError):
                        self._note(f"{name} of a process", (process / name).read_bytes())
            for path in self.folder.rglob("*"):
                with contextlib.suppress(OSError):
                    if path.is_file() and self._open_to_others(path):
                        self._note(f"{path}, readable by all", path.read_bytes())

    def _open_to_others(self, path: Path) -> bool:
        above = [path, *path.relative_to(self.folder).parents]
        return all((self.folder / one).stat().st_mode & stat.S_IROTH for one in above)

    def _note(self, where: str, content: bytes) -> None:
        self.seen |= {f"{name} in {where}" for name in leaks(content.decode(errors="replace"))}


@dataclass
class Run:
    """A host with a fake charon, and how to run a playbook on it."""

    folder: Path
    output: str = ""

    def play(self, calls: list[Options], *arguments: str, pipelining: bool = True) -> list[str]:
        """Run the module for each call; return what ansible-playbook says of each."""
        common = {
            "directory": str(self.folder / "swanctl/conf.d"),
            "socket": str(self.folder / "vici"),
        }
        tasks: list[Options] = [
            {"name": f"call {number}", MODULE: {**call, **common}, "ignore_errors": True}
            for number, call in enumerate(calls)
        ]
        for task in tasks:
            task["register"] = "result"
        tasks.append({"name": "Show", "ansible.builtin.debug": {"var": "result"}})
        playbook = self.folder / "work/playbook.yml"
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars_files": [str(self.folder / "vault/vars.yml")],
            "tasks": tasks,
        }
        playbook.write_text(yaml.safe_dump([play]))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-vvvv", *arguments]
        command += ["--vault-password-file", str(self.folder / "vault/password")]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "ANSIBLE_REMOTE_TMP": str(self.folder / "remote"),
            "ANSIBLE_LOG_PATH": str(self.folder / "log/ansible.log"),
            "ANSIBLE_LOG_VERBOSITY": "4",
            "ANSIBLE_PIPELINING": str(pipelining),
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / "build/collections"),
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
        }
        done = subprocess.run(
            [
                *command,
                "-i",
                "localhost,",
                "-c",
                "local",
                "-e",
                f"ansible_python_interpreter={sys.executable}",
                str(playbook),
            ],
            env=environment,
            cwd=self.folder / "work",
            capture_output=True,
            text=True,
            check=False,
        )
        self.output += done.stdout + done.stderr
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        results = ("changed: [localhost]", "ok: [localhost]", "fatal: [localhost]")
        return [
            line.partition(":")[0]
            for line in done.stdout.splitlines()
            if line.startswith(results) or line.startswith("[ERROR]: Task failed")
        ]

    def left(self) -> set[str]:
        """Return where in the folders a secret is left that must not be there."""
        return {
            f"{name} in {path}"
            for path in self.folder.rglob("*")
            if path.is_file() and not path.is_relative_to(self.folder / "vault")
            for name in leaks(path.read_bytes().decode(errors="replace"))
            if not path.is_relative_to(self.folder / "swanctl") or path.stat().st_mode & 0o077
        }


@pytest.fixture
def run(tmp_path: Path) -> t.Iterator[Run]:
    """Return a host with a fake charon, and secrets where a site keeps them."""
    for name in ("swanctl/conf.d", "home", "tmp", "log", "work", "remote"):
        (tmp_path / name).mkdir(parents=True)
    tmp_path.chmod(0o755)
    (tmp_path / "swanctl/swanctl.conf").write_text("include conf.d/*.conf\n")
    (tmp_path / "vault").mkdir(mode=0o700)
    values = {**SECRETS, "certificate": credentials.CERTIFICATE}
    (tmp_path / "vault/vars.yml").write_text(yaml.safe_dump(values))
    (tmp_path / "work/files").symlink_to(tmp_path / "vault")
    (tmp_path / "vault/key.pem").write_text(credentials.EC_KEY)
    (tmp_path / "vault/key.der").write_bytes(pem.parse_pem(credentials.OTHER_KEY)[0].data)
    (tmp_path / "vault/password").write_text(VAULT_PASSWORD)
    vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))])
    (tmp_path / "vault/vaulted.pem").write_bytes(vault.encrypt(credentials.EC_KEY))
    charon = FakeCharon(tmp_path / "vici", refuse="eap-refused")
    yield Run(tmp_path)
    charon.close()


def clean(run: Run, watch: Watch) -> None:
    """Check that nothing was left."""
    assert watch.looks > 10
    assert watch.seen == set()
    assert leaks(run.output) == set()
    assert run.left() == set()


def test_success(run: Run) -> None:
    with Watch(run.folder) as watch:
        run.play(GOOD, "--check", "--diff")
        said = run.play(GOOD, "--diff", pipelining=False)
    assert said[: len(GOOD)] == ["changed"] * len(GOOD)
    assert "hidden, another one" in run.output
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in run.output
    clean(run, watch)


def test_failure(run: Run) -> None:
    with Watch(run.folder) as watch:
        run.play([IKE])
        said = run.play(BAD, "--diff", pipelining=False)
    assert said.count("fatal") == len(BAD)
    clean(run, watch)


def test_the_search_finds_secrets() -> None:
    """The test of the test: each secret is found in the usual ways of writing it."""
    for name, secret in SECRETS.items():
        for text in (secret, repr({"a": [secret]}), json.dumps(secret), f"b{secret.encode()!r}"):
            assert name in leaks(text)
        assert name in leaks(base64.b64encode(b"xy" + secret.encode() + b"z").decode())
