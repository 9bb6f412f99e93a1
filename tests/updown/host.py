# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host as a network namespace with a charon of its own: started, killed, asked and told by vici."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import StrongswanError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.versions import (
    parse_version,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.charon import daemon_version
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import RefusedError
from ansible_collections.ipsec.strongswan.tests.charon.pair import Host as CharonHost
from ansible_collections.ipsec.strongswan.tests.charon.pair import wait_until
from ansible_collections.ipsec.strongswan.tests.support import shell

Message = dict[str, t.Any]

FOLDER = Path("/var/tmp/updown-hosts")
RUN = Path("/run/strongswan-vti")  # where the hook keeps its state: each host has one of its own
HOOK = Path(__file__).resolve().parents[2] / "roles/strongswan_vti/files/updown"
SECRET = "two hosts and a router between them"
START = 30.0  # seconds; an emulated charon takes some
PLUGINS = (
    "random nonce openssl hmac kdf aes sha1 sha2 gmp curve25519"
    " kernel-netlink socket-default updown vici"
)

_STRONGSWAN_CONF = """\
charon-systemd {{
  load = {plugins}
  install_routes = no
  install_virtual_ip = no
  interfaces_use = eth0
  retransmit_timeout = 0.4
  retransmit_base = 1.2
  retransmit_tries = {retransmit_tries}
  delete_rekeyed_delay = 1
  half_open_timeout = 5
  make_before_break = {make_before_break}
  syslog {{
  }}
  journal {{
    default = -1
  }}
  filelog {{
    log {{
      path = {folder}/log
      default = 1
      flush_line = yes
      time_format = %T
    }}
  }}
  plugins {{
    vici {{
      socket = unix://{folder}/vici
    }}
  }}
}}
"""

# The hook is called through this: it notes the environment, and that the hook ended. The hook runs in
# place of it, as charon's own child.
_RECORDER = """\
#!/bin/sh
now=$(/bin/date +%s%N)
/usr/bin/env -0 >{folder}/calls/$now.env
[ ! -e {folder}/kill-after ] ||
    {{ pid=$$; (/bin/sleep "$(/bin/cat {folder}/kill-after)"
        kill -9 $pid && echo "$now" >>{folder}/killed) >/dev/null 2>&1 </dev/null & }}
exec {program} "$@"
"""


@dataclass(frozen=True)
class Call:
    """A call of the hook: what it got in its environment."""

    environment: dict[str, str]

    @property
    def verb(self) -> str:
        """What happened."""
        return self.environment["PLUTO_VERB"]


@dataclass
class Node:
    """A host: a namespace, an address on the wire, and a charon."""

    name: str
    addresses: tuple[str, str]  # IPv4 and IPv6, on eth0
    gateways: tuple[str, str]
    program: Path | None = None  # its hook
    make_before_break: bool = False
    retransmit_tries: int = 4
    _process: subprocess.Popen[bytes] | None = None
    foreign: set[str] = field(default_factory=set)  # devices that were there before

    @property
    def folder(self) -> Path:
        """What its charon keeps on disk."""
        return FOLDER / self.name

    @property
    def charon(self) -> CharonHost:
        """Its charon, as our client of vici reaches it."""
        socket = self.folder / "vici"
        return CharonHost(self.name, self.addresses[0], "", "", self.folder, socket, self.name)

    @property
    def pid(self) -> int:
        """Charon's process."""
        assert self._process is not None
        return self._process.pid

    # --- its life

    def make(self) -> None:
        """Make its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "calls").mkdir(parents=True)
        (self.folder / "run").mkdir()
        if self.program is not None:
            recorder = self.folder / "hook"
            recorder.write_text(_RECORDER.format(folder=self.folder, program=self.program))
            recorder.chmod(0o755)

    def start(self) -> None:
        """Start charon, and wait for it. Its hook finds a /run of its own, as on a host of its own."""
        conf = self.folder / "strongswan.conf"
        conf.write_text(
            _STRONGSWAN_CONF.format(
                folder=self.folder,
                plugins=PLUGINS,
                make_before_break="yes" if self.make_before_break else "no",
                retransmit_tries=self.retransmit_tries,
            )
        )
        RUN.mkdir(exist_ok=True)
        mount = f"mount --bind {self.folder}/run {RUN} && exec charon-systemd"
        environment = {**os.environ, "STRONGSWAN_CONF": str(conf)}
        environment.pop("NOTIFY_SOCKET", None)
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, "sh", "-c", mount],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(self._answers, f"{self.name}: charon does not answer", START)
        with self.charon.client() as vici:
            vici.request("load-shared", {"id": "all", "type": "ike", "data": SECRET.encode()})

    def _answers(self) -> bool:
        try:
            with self.charon.client():
                return True
        except StrongswanError:
            return False

    def stop(self) -> None:
        """End charon as systemd does: SAs are deleted, the hook is called."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End charon at once: nobody is told."""
        self._end(signal.SIGKILL)

    def reset(self) -> None:
        """End as when the host is reset: neither the kernel's devices, SAs and policies nor /run outlive it."""
        self.kill()
        links = {link["ifname"] for link in self.show("link show")} - self.foreign
        self.ip(*(f"link del {name}" for name in sorted(links)))
        for what in ("state", "policy"):
            shell.run(f"ip -n {self.name} xfrm {what} flush")
        shutil.rmtree(self.folder / "run")
        (self.folder / "run").mkdir()

    def _end(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(START)
            self._process = None
            with contextlib.suppress(FileNotFoundError):
                (self.folder / "vici").unlink()

    def clean(self) -> None:
        """Do what the unit does after charon has ended, and before it starts."""
        if self.program == HOOK:
            done = subprocess.run(
                [
                    *("ip", "netns", "exec", self.name, "sh", "-c"),
                    f"mount --bind {self.folder}/run {RUN} && exec {HOOK} --clean",
                ],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{self.name}: --clean: {done.stdout}{done.stderr}"

    def inside(self, command: str) -> str:
        """Run a shell's command as charon's child would: in its network and mount namespace."""
        words = ["nsenter", "-t", str(self.pid), "-m", "-n", "sh", "-ec", command]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{self.name}: {command}: {done.stdout}{done.stderr}"
        return done.stdout

    # --- charon

    def load(self, name: str, connection: Message) -> None:
        """Give charon a connection."""
        with self.charon.client() as vici:
            vici.request("load-conn", {name: connection})

    def load_pools(self, **pools: str) -> None:
        """Give charon pools of virtual addresses."""
        with self.charon.client() as vici:
            for name, addresses in pools.items():
                vici.request("load-pool", {name: {"addrs": addresses}})

    def initiate(self, child: str, must: bool = True, timeout: int = 8000) -> None:
        """Bring a child up."""
        self._ask("initiate", {"child": child, "timeout": str(timeout)}, must)

    def terminate(self, must: bool = True, **what: str) -> None:
        """Take an SA down: child=NAME, ike=NAME, or child-id and ike-id."""
        message = {key.replace("_", "-"): value for key, value in what.items()}
        self._ask("terminate", {**message, "timeout": "8000"}, must)

    def rekey(self, **what: str) -> None:
        """Ask charon for other keys: child=NAME, or ike=NAME; with reauth="yes" anew from the start."""
        self._ask("rekey", what, True)

    def _ask(self, command: str, message: Message, must: bool) -> None:
        try:
            with self.charon.client() as vici:
                list(vici.stream(command, "control-log", {**message, "loglevel": "0"})) if (
                    command in {"initiate", "terminate"}
                ) else vici.request(command, message)
        except RefusedError:
            if must:
                raise AssertionError(f"{self.name}: {command} {message}: refused") from None

    def sas(self) -> list[Message]:
        """Return the IKE SAs."""
        return self.charon.sas()

    def children(self) -> list[tuple[Message, Message]]:
        """Return the CHILD SAs that carry traffic, with the IKE SA of each."""
        return [
            (ike, child)
            for ike in self.sas()
            for child in ike.get("child-sas", {}).values()
            if child["state"] in {"INSTALLED", "REKEYING"} and ike["state"] != "DELETING"
        ]

    def busy(self) -> bool:
        """Whether something is on its way."""
        return any(
            ike["state"] != "ESTABLISHED"
            or ike.get("tasks-queued")
            or ike.get("tasks-active")
            or any(one["state"] not in {"INSTALLED", "ROUTED"} for one in ike["child-sas"].values())
            for ike in self.sas()
        )

    @property
    def version(self) -> tuple[int, ...]:
        """Return charon's version."""
        with self.charon.client() as vici:
            found = parse_version(daemon_version(vici))
        assert found, "charon tells no version"
        return found

    def log(self) -> str:
        """Return charon's log."""
        return (self.folder / "log").read_text(errors="replace")

    # --- the hook

    @property
    def hook(self) -> str:
        """Return what updown is set to, without arguments."""
        return str(self.folder / "hook") if self.program is not None else ""

    def calls(self) -> list[Call]:
        """Return the calls of the hook so far, in order."""
        found = []
        for path in sorted((self.folder / "calls").glob("*.env")):
            parts = path.read_bytes().decode(errors="surrogateescape").split("\0")
            pairs = (part.split("=", 1) for part in parts if "=" in part)
            found.append(Call(dict(pairs)))
        return found

    def verbs(self) -> list[str]:
        """Return the verbs of the calls so far."""
        return [call.verb for call in self.calls()]

    def forget_calls(self) -> None:
        """Begin to note calls anew."""
        for path in (self.folder / "calls").glob("*.env"):
            path.unlink()

    def said(self) -> list[str]:
        """Return what the hook said, a line each, as charon logs it."""
        marker = "updown: "
        return [
            line.split(marker, 1)[1] for line in self.log().splitlines() if f" {marker}" in line
        ]

    @contextlib.contextmanager
    def killing(self, seconds: float) -> t.Iterator[None]:
        """Kill each run of the hook so long after it has begun."""
        path = self.folder / "kill-after"
        path.write_text(str(seconds))
        yield
        path.unlink()

    def killed(self) -> int:
        """Return how many runs of the hook were killed so far: those that had not ended before."""
        path = self.folder / "killed"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def break_ip(self) -> None:
        """Let all that its charon starts find an C(ip) that fails."""
        broken = self.folder / "ip"
        broken.write_text(
            "#!/bin/sh\necho 'RTNETLINK answers: No buffer space available' >&2\nexit 2\n"
        )
        broken.chmod(0o755)
        self.inside(f"mount --bind {broken} /usr/bin/ip")

    def mend_ip(self) -> None:
        """Let it find the right one again."""
        self.inside("umount /usr/bin/ip")

    # --- the kernel

    def xfrm_leftovers(self) -> list[str]:
        """Return the SAs and policies with a mark or an if_id that its kernel holds."""
        lines = []
        for what in ("state", "policy"):
            shown = shell.run(f"ip -n {self.name} -o xfrm {what} show")
            lines += [line for line in shown.splitlines() if " mark " in line or " if_id " in line]
        return lines

    def ip(self, *lines: str) -> None:
        """Run lines of C(ip -batch) in its namespace."""
        shell.ip_batch(*lines, netns=self.name)

    def show(self, arguments: str) -> list[dict[str, t.Any]]:
        """Return what C(ip -j) shows in its namespace."""
        return shell.ip_json(f"-n {self.name} {arguments}")


def settle(*nodes: Node, seconds: float = 15) -> None:
    """Wait until no charon has anything on its way."""
    wait_until(lambda: not any(node.busy() for node in nodes), "SAs do not settle", seconds)
    time.sleep(0.05)
