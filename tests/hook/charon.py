# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CHILD SAs, the calls that charon makes for them, and what the hook made of them."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import typing as t
from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.support import shell

COLLECTION = Path(__file__).resolve().parents[2]
HOOK = COLLECTION / "roles/strongswan_vti/files/updown"
STAND_IN = Path(__file__).with_name("standin.py")
ALIAS = "ipsec.strongswan:updown"
PROTOCOL = 158
STATE = "run/strongswan-vti/updown"
ME, PEER = "192.0.2.1", "192.0.2.2"
ME6, PEER6 = "2001:db8::1", "2001:db8::2"
Pair = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Sa:
    """A CHILD SA as charon tells of it; the seed's road warrior by default."""

    child: str = "net"
    uid: int = 1
    reqid: int = 1
    me: str = ME
    peer: str = PEER
    peer_id: str = "gw"
    pairs: tuple[Pair, ...] = (("10.3.0.1/32", "10.1.0.0/16"),)
    vips: tuple[str, ...] = ("10.3.0.1",)
    mark: tuple[int, int] | None = (42, 42)
    if_id: tuple[int, int] | None = None
    extra: tuple[tuple[str, str], ...] = ()

    def but(self, **changes: t.Any) -> Sa:
        """Return another SA that differs in this."""
        return dataclasses.replace(self, **changes)

    def environments(self, verb: str) -> list[dict[str, str]]:
        """Return what charon exports, a call for each pair of selectors."""
        return [self._environment(verb, *pair) for pair in self.pairs]

    def _environment(self, verb: str, mine: str, theirs: str) -> dict[str, str]:
        where = "host" if mine.split("/", maxsplit=1)[0] == self.me else "client"
        found = {
            "VERSION": "1.1",
            "VERB": f"{verb}-{where}{'-v6' if ':' in mine else ''}",
            "CONNECTION": self.child,
            "INTERFACE": "eth0",
            "REQID": str(self.reqid),
            "PROTO": "esp",
            "UNIQUEID": str(self.uid),
            "ME": self.me,
            "MY_ID": "rw",
            "MY_CLIENT": mine,
            "MY_PORT": "0",
            "MY_PROTOCOL": "0",
            "PEER": self.peer,
            "PEER_ID": self.peer_id,
            "PEER_CLIENT": theirs,
            "PEER_PORT": "0",
            "PEER_PROTOCOL": "0",
        }
        if self.vips:
            found["MY_SOURCEIP"] = self.vips[0]
        for family, sign in ((4, "."), (6, ":")):
            for number, address in enumerate((one for one in self.vips if sign in one), 1):
                found[f"MY_SOURCEIP{family}_{number}"] = address
        for number, side in enumerate(("IN", "OUT")):
            if self.mark:
                found[f"MARK_{side}"] = f"{self.mark[number]}/0xffffffff"
            if self.if_id:
                found[f"IF_ID_{side}"] = str(self.if_id[number])
        found.update(self.extra)
        return {f"PLUTO_{name}": value for name, value in found.items()}


@dataclasses.dataclass
class Answer:
    """What a call of the hook gave."""

    code: int
    output: str
    seconds: float
    calls: int


class Charon:
    """A process that stands in for charon, with a /run of its own in the namespace of the test."""

    def __init__(self, namespace: str, size: str = "4m", path: str = "") -> None:
        """Start it; its run directory holds as much as O(size) says, commands are found in O(path) first."""
        self.namespace, self.size = namespace, size
        self.environment = {"PATH": ":".join(filter(None, (path, os.environ["PATH"])))}
        self.arguments = ""
        Path("/run/strongswan-vti").mkdir(parents=True, exist_ok=True)
        self.mounts = subprocess.Popen(
            [
                *("ip", "netns", "exec", namespace, "sh", "-c"),
                f"mount -t tmpfs -o size={size} none /run/strongswan-vti && echo && exec cat",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.mounts.stdout
        self.mounts.stdout.readline()
        self.start()

    def start(self) -> None:
        """Start charon, in the same file system as the one before."""
        self.process = subprocess.Popen(
            [
                *("nsenter", f"--target={self.mounts.pid}", "--mount", "--net"),
                *("/usr/bin/python3", str(STAND_IN)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill(self) -> None:
        """End charon as kill -9 does: nothing is called."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Kill charon, and start another one as starter does: nothing was cleaned."""
        self.kill()
        self.start()

    def close(self) -> None:
        """End all."""
        for process in (self.process, self.mounts):
            process.kill()
            process.wait()

    @property
    def state(self) -> Path:
        """Return the folder of the hook's state, seen from here."""
        return Path(f"/proc/{self.mounts.pid}/root/{STATE}")

    def call(
        self, environment: dict[str, str], arguments: str | None = None, **more: t.Any
    ) -> Answer:
        """Call the hook once."""
        words = self.arguments if arguments is None else arguments
        assert self.process.stdin
        assert self.process.stdout
        request = {
            "environment": {**self.environment, **environment},
            "command": f"{HOOK} {words}",
            **more,
        }
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return Answer(**json.loads(self.process.stdout.readline()))

    def event(self, verb: str, sa: Sa, arguments: str | None = None) -> list[str]:
        """Make all calls of an event; fail if one fails or says more than a line; return the lines."""
        answers = [self.call(one, arguments) for one in sa.environments(verb)]
        for answer in answers:
            assert answer.code == 0, answer.output
            assert answer.output.count("\n") == 1, answer.output
        return [answer.output.rstrip("\n") for answer in answers]

    def up(self, sa: Sa, arguments: str | None = None) -> list[str]:
        """Call as when a CHILD SA came up."""
        return self.event("up", sa, arguments)

    def down(self, sa: Sa, arguments: str | None = None) -> list[str]:
        """Call as when a CHILD SA goes."""
        return self.event("down", sa, arguments)

    def refused(self, sa: Sa, arguments: str | None = None, verb: str = "up", code: int = 1) -> str:
        """Call once; return the one line that says why it is not done."""
        answer = self.call(sa.environments(verb)[0], arguments)
        assert answer.code == code, answer.output
        assert answer.output.count("\n") == 1, answer.output
        return answer.output.rstrip("\n")

    def clean(self) -> Answer:
        """Run C(updown --clean) as the unit does."""
        return self.call({}, "--clean")


@dataclasses.dataclass(frozen=True)
class Device:
    """A device that the hook made."""

    kind: str = "vti"
    keys: tuple[int, int] = (42, 42)
    ends: Pair | None = (ME, PEER)
    mtu: int = 1400
    master: str = ""
    up: bool = True
    addresses: tuple[str, ...] = ("10.3.0.1/32",)
    routes: tuple[str, ...] = ("10.1.0.0/16",)

    def but(self, **changes: t.Any) -> Device:
        """Return another device that differs in this."""
        return dataclasses.replace(self, **changes)


def devices() -> dict[str, Device]:
    """Return all devices with the hook's mark; fail if one of the kinds has none, or is stray."""
    routes = routes_by_device()
    found = {}
    for link in shell.ip_json("-d link show"):
        info = link.get("linkinfo", {})
        kind = info.get("info_kind", "")
        if kind not in {"vti", "vti6", "xfrm"} or link["ifname"] in {"ip_vti0", "ip6_vti0"}:
            continue
        if link.get("ifalias", "").startswith("ipsec.strongswan:static") or link[
            "ifname"
        ].startswith("foreign"):
            continue
        assert link.get("ifalias") == ALIAS, link
        name, data = link["ifname"], info["info_data"]
        if kind == "xfrm":
            number = int(str(data["if_id"]), 0)
            keys, ends = (number, number), None
        else:
            keys = (dotted(data["ikey"]), dotted(data["okey"]))
            ends = (data["local"], data["remote"])
        found[name] = Device(
            kind=kind,
            keys=keys,
            ends=ends,
            mtu=link["mtu"],
            master=link.get("master", ""),
            up="UP" in link["flags"],
            addresses=tuple(shell.addresses(name)),
            routes=tuple(sorted(routes.pop(name, []))),
        )
    assert not {name for name in routes if not name.startswith(("static", "foreign"))}, routes
    return found


def routes_by_device() -> dict[str, list[str]]:
    """Return the hook's routes, C(prefix[@table][@metric]) where they are not the default."""
    found: dict[str, list[str]] = {}
    for family, metric in ((4, 0), (6, 1024)):
        for route in shell.ip_json(f"-N -{family} route show table all proto {PROTOCOL}"):
            text = route["dst"]
            if route.get("table", "254") != "254":
                text += f"@{route['table']}"
            if route.get("metric", 0) != metric:
                text += f" metric {route['metric']}"
            found.setdefault(route["dev"], []).append(text)
    return found


def dotted(text: str) -> int:
    """Return the number that C(ip) shows as 0.0.0.42."""
    return int.from_bytes(bytes(int(part) for part in text.split(".")), "big")


def fake_ip(folder: Path, script: str) -> str:
    """Put a program C(ip) into a folder that is searched first; the real one is C($IP)."""
    real = shutil.which("ip")
    program = folder / "ip"
    program.write_text(f"#!/bin/sh\nIP={real}\n{script}\n")
    program.chmod(0o755)
    return str(folder)
