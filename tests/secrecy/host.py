# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host in a folder, with stand-ins for charon and starter, and ansible-playbook -vvvv on it.

While a run goes on, command lines and what others can read are searched for secrets; after it, all
that it printed and left.
"""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys
import threading
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import pem
from ansible_collections.ipsec.strongswan.tests.secrecy.search import SECRETS, leaks
from ansible_collections.ipsec.strongswan.tests.support import credentials

CHECKOUT = Path(__file__).resolve().parents[2]
VAULT_PASSWORD = "password-of-the-vault"
COLLECTION = "ipsec.strongswan."

Options = dict[str, t.Any]

# Holds what is in the files: all but connections with ike=nosuch, which charon refuses. What it is
# called with is searched like the rest, as it runs too shortly to be seen among the processes.
IPSEC = """\
#!/bin/sh
{{ echo "$@"; env; }} >>'{0}/log/ipsec'
case $1 in
  statusall)
    echo Connections:
    for file in '{0}'/etc/ipsec.d/ours/*.conf; do
      grep -qs ike=nosuch "$file" || sed -n 's/^conn \\(.*\\)/\\1:  %any...%any  IKEv2/p' "$file"
    done ;;
  start)
    if cat "$(dirname "$(sed -n 's/^include //p' "$4" | tail -n 1)")"/*.conf | grep esp=nosuch; then
      exit 1
    fi ;;
  --piddir) echo '{0}/run' ;;
esac
exit 0
"""


@dataclass
class Watch:
    """Looks, as long as a run goes on, for secrets in command lines and in what others can read."""

    folder: Path
    seen: set[str] = field(default_factory=set)
    looks: int = 0
    _known: set[int] = field(default_factory=set)
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
            # Unlike Path.rglob, os.walk goes on when a folder goes away meanwhile.
            for folder, _folders, names in os.walk(self.folder):
                for name in names:
                    with contextlib.suppress(OSError):
                        self._look(Path(folder, name))

    def _look(self, path: Path) -> None:
        if path.is_file() and self._open_to_others(path):
            self._note(f"{path}, readable by all", path.read_bytes())

    def _open_to_others(self, path: Path) -> bool:
        above = [path, *path.relative_to(self.folder).parents]
        return all((self.folder / one).stat().st_mode & stat.S_IROTH for one in above)

    def _note(self, where: str, content: bytes) -> None:
        if hash(content) in self._known:  # looked at before
            return
        self._known.add(hash(content))
        self.seen |= {f"{name} in {where}" for name in leaks(content.decode(errors="replace"))}


@dataclass
class Host:
    """A host, and how to run playbooks on it."""

    folder: Path
    output: str = ""

    @property
    def places(self) -> dict[str, Options]:
        """The options by which our modules find this host's files and daemons."""
        conf, vici = str(self.folder / "swanctl/conf.d"), str(self.folder / "vici")
        charon = {"directory": conf, "socket": vici}
        names = ("authority", "conn", "info", "pool", "sa", "secret")
        starter = {
            "directory": str(self.folder / "etc/ipsec.d/ours"),
            "config_file": str(self.folder / "etc/ipsec.conf"),
            "secrets_file": str(self.folder / "etc/ipsec.secrets"),
            "command": str(self.folder / "bin/ipsec"),
        }
        return {
            **{f"{COLLECTION}strongswan_{name}": charon for name in names},
            f"{COLLECTION}strongswan_sa": {"socket": vici},
            f"{COLLECTION}strongswan_ipsec_conf": starter,
        }

    def call(
        self, module: str, calls: t.Sequence[Options], *arguments: str, **how: t.Any
    ) -> list[str]:
        """Run a module for each call, whatever comes of it; return what is said of each."""
        return self.play(
            [
                {"name": f"call {number}", COLLECTION + module: call}
                for number, call in enumerate(calls)
            ],
            *arguments,
            **how,
        )

    def play(
        self, tasks: list[Options], *arguments: str, pipelining: bool = True, **play: t.Any
    ) -> list[str]:
        """Run tasks, whatever comes of each; return what ansible-playbook says of each.

        O(play) are more keywords of the play.
        """
        listed = [{"register": "result", "ignore_errors": True, **task} for task in tasks]
        listed.append({"name": "Show", "ansible.builtin.debug": {"var": "result"}})
        whole = {
            "hosts": "moon",
            "gather_facts": False,
            "vars_files": [str(self.folder / "vault/vars.yml")],
            "module_defaults": self.places,
            "tasks": listed,
            **play,
        }
        playbook = self.folder / "work/playbook.yml"
        playbook.write_text(yaml.safe_dump([whole]))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-vvvv", *arguments]
        command += ["--vault-password-file", str(self.folder / "vault/password")]
        command += ["-i", str(self.folder / "work/inventory.yml"), "-c", "local"]
        command += ["-e", f"ansible_python_interpreter={sys.executable}", str(playbook)]
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
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
            command,
            env=environment,
            cwd=self.folder / "work",
            capture_output=True,
            text=True,
            check=False,
        )
        self.output += done.stdout + done.stderr
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        results = ("changed: [moon]", "ok: [moon]", "fatal: [moon]")
        return [
            line.partition(":")[0]
            for line in done.stdout.splitlines()
            if line.startswith(results) or line.startswith("[ERROR]: Task failed")
        ]

    def check(self, watch: Watch) -> None:
        """Check that no secret was to be seen, or is left where it must not be."""
        assert watch.looks > 10
        assert watch.seen == set()
        assert leaks(self.output) == set()
        assert self._left() == set()

    def _left(self) -> set[str]:
        """Return where in the folders a secret is left that must not be there."""
        return {
            f"{name} in {path}"
            for path in self.folder.rglob("*")
            if path.is_file() and not path.is_relative_to(self.folder / "vault")
            for name in leaks(path.read_bytes().decode(errors="replace"))
            if not self._is_for_daemon(path) or path.stat().st_mode & 0o077
        }

    def _is_for_daemon(self, path: Path) -> bool:
        """Return whether a daemon reads it: there secrets belong, readable by nobody else."""
        return any(path.is_relative_to(self.folder / name) for name in ("swanctl", "etc"))


def prepare(folder: Path) -> Host:
    """Make a host, and keep secrets where a site keeps them."""
    for name in ("bin", "etc/ipsec.d", "home", "log", "remote", "run", "swanctl/conf.d", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "work").mkdir()
    folder.chmod(0o755)
    members = {
        name: {"underlay": f"192.0.2.{number}", "networks": [f"10.{number}.0.0/24"]}
        for number, name in enumerate(("moon", "sun"), start=1)
    }
    (folder / "work/inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": members}}))
    (folder / "swanctl/swanctl.conf").write_text("include conf.d/*.conf\n")
    (folder / "etc/ipsec.conf").write_text("config setup\n")
    (folder / "etc/ipsec.secrets").write_text("# by hand\n")
    (folder / "bin/ipsec").write_text(IPSEC.format(folder))
    (folder / "bin/ipsec").chmod(0o755)
    # A process that waits for SIGHUP, as starter does.
    (folder / "run/starter.charon.pid").write_text(f"{os.getpid()}\n")
    (folder / "vault").mkdir(mode=0o700)
    values = {**SECRETS, "certificate": credentials.CERTIFICATE}
    (folder / "vault/vars.yml").write_text(yaml.safe_dump(values))
    (folder / "work/files").symlink_to(folder / "vault")
    (folder / "vault/key.pem").write_text(credentials.EC_KEY)
    (folder / "vault/key.der").write_bytes(pem.parse_pem(credentials.OTHER_KEY)[0].data)
    (folder / "vault/password").write_text(VAULT_PASSWORD)
    vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))])
    (folder / "vault/vaulted.pem").write_bytes(vault.encrypt(credentials.EC_KEY))
    return Host(folder)
