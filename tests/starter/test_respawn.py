# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The updown hook when charon is killed and starter respawns it: real starters on two hosts, by packets."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import typing as t
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.charon.pair import wait_until
from ansible_collections.ipsec.strongswan.tests.updown import expect
from ansible_collections.ipsec.strongswan.tests.updown import site as hosts
from ansible_collections.ipsec.strongswan.tests.updown.host import HOOK, PLUGINS, Node

PATIENCE = (
    60.0  # seconds: starter waits 5 s before it starts another charon, and an emulated one is slow
)
ROUTES = ("10.2.0.0/24", "fd02::/64")
VIPS = {"10.3.0.1/32": ROUTES[0], "fd33::1/128": ROUTES[1]}
SETTINGS = f"""\
charon {{
  load = {PLUGINS.replace("vici", "stroke")}
  install_routes = no
  install_virtual_ip = no
  retransmit_timeout = 0.4
  retransmit_base = 1.2
  retransmit_tries = 4
  syslog {{
  }}
  filelog {{
    log {{
      path = /run/strongswan-log
      flush_line = yes
      time_format = %T
    }}
  }}
}}
"""
CONFIG = {
    "client": """\
config setup
conn rw
  keyexchange=ikev2
  left={client}
  leftid=rw
  leftsourceip=%config4,%config6
  leftupdown="{hook}"
  right={gateway}
  rightid=gw
  rightsubnet=0.0.0.0/0,::/0
  authby=secret
  mobike=no
  mark=2
  dpddelay=1s
  dpdaction=restart
  keyingtries=%forever
  auto=start
""",
    "gateway": """\
config setup
conn gw
  keyexchange=ikev2
  left={gateway}
  leftid=gw
  leftsubnet=0.0.0.0/0,::/0
  leftupdown="{hook}"
  right=%any
  rightid=rw
  rightsourceip=10.3.0.0/28,fd33::/120
  authby=secret
  mobike=no
  mark=42
  auto=add
""",
}
SECRETS = 'rw gw : PSK "a starter on each host"\n'


@dataclass
class Starter:
    """A host with a starter, whose files and /run are its own."""

    node: Node
    process: subprocess.Popen[bytes]

    @classmethod
    def started(cls, node: Node, addresses: dict[str, str]) -> Starter:
        """Start it."""
        arguments = " ".join(f"--route {one}" for one in ROUTES) if node.name == "client" else ""
        hook = f"{node.hook} {arguments}".strip()
        files = {
            "/etc/ipsec.conf": CONFIG[node.name].format(hook=hook, **addresses),
            "/etc/ipsec.secrets": SECRETS,
            "/etc/strongswan.conf": SETTINGS,
        }
        mounts = ["mount -t tmpfs none /run"]
        for target, text in files.items():
            path = node.folder / Path(target).name
            path.write_text(text)
            mounts.append(f"mount --bind {path} {target}")
        command = " && ".join([*mounts, "exec ipsec start --nofork"])
        words = ["ip", "netns", "exec", node.name, "sh", "-c", command]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(
            words, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        return cls(node, process)

    def end(self) -> None:
        """End it as its unit does: SAs are deleted, the hook is called."""
        self.process.terminate()
        self.process.wait(PATIENCE)

    def charon(self) -> int:
        """Return the process that charon is now; 0 when there is none."""
        path = Path(f"/proc/{self.process.pid}/root/run/charon.pid")
        with contextlib.suppress(OSError, ValueError):
            number = int(path.read_text())
            os.kill(number, 0)
            return number
        return 0

    def log(self) -> str:
        """Return what its charons logged."""
        path = Path(f"/proc/{self.process.pid}/root/run/strongswan-log")
        return path.read_text(errors="replace") if path.exists() else ""

    def wait_until_loaded(self, times: int) -> None:
        """Wait until as many of its charons have got their configuration."""
        log = "added configuration"
        wait_until(lambda: self.log().count(log) >= times, f"{self.node.name}: {log}", PATIENCE)

    def run(self, command: str) -> None:
        """Run a command as on that host."""
        words = ["nsenter", "-t", str(self.process.pid), "-m", "-n", *command.split()]
        subprocess.run(words, check=False, capture_output=True)

    def state(self) -> str:
        """Return to which charon the hook's state belongs: process and start time."""
        folder = Path(f"/proc/{self.process.pid}/root/run/strongswan-vti/updown")
        return (folder / "charon").read_text()


@dataclass
class Pair:
    """A client and a gateway, the wire between them, and their starters."""

    site: hosts.Site
    client: Starter
    gateway: Starter

    def flows(self) -> bool:
        """Whether pings of both families are answered."""
        return all(
            self.site.ping(self.client.node, vip.split("/")[0], hosts.INNER[6 if ":" in vip else 4])
            == 3
            for vip in VIPS
        )

    def wait_until_it_flows(self) -> None:
        """Wait for the tunnel, and check what is there for it, and that nothing was in the clear."""
        wait_until(self.flows, "no answer through the tunnel", PATIENCE)
        before = self.site.wire.esp.copy()
        assert self.flows()
        for node in (self.client.node, self.gateway.node):
            more = self.site.wire.esp[node.addresses[0]] - before[node.addresses[0]]
            assert more >= 6, f"{more} packets of ESP from {node.name}"
        assert tunnels(self.client.node) == {"vti2": (sorted(VIPS), sorted(ROUTES))}
        assert tunnels(self.gateway.node) == {"vti42": ([], sorted(VIPS))}
        assert not self.site.wire.clear, self.site.wire.clear[0]

    def take_down(self) -> None:
        """End the tunnel, and wait until no host has a device of it."""
        self.client.run("ipsec down rw")
        for node in (self.client.node, self.gateway.node):
            wait_until(partial(_has_none, node), f"{node.name} keeps a device", 20)


def _has_none(node: Node) -> bool:
    return not tunnels(node)


def tunnels(node: Node) -> dict[str, tuple[list[str], list[str]]]:
    """Return the tunnel devices of a host, each with its addresses and routes."""
    kernel = expect.Kernel.of(node)
    return {
        link["ifname"]: (
            sorted(expect.global_addresses(link)),
            sorted(
                one if "/" in one else f"{one}/{128 if ':' in one else 32}"
                for one in (
                    route["dst"]
                    for route in kernel.routes
                    if route.get("dev") == link["ifname"] and route.get("protocol") == "158"
                )
            ),
        )
        for link in kernel.tunnels()
    }


@pytest.fixture
def pair() -> t.Iterator[Pair]:
    """Return two hosts with a tunnel that is up."""
    with hosts.running(HOOK, HOOK) as site, contextlib.ExitStack() as stack:
        addresses = {node.name: node.addresses[0] for node in site.nodes}
        starters = []
        for node in (site.gateway, site.client):  # a refusal is final for who initiates
            node.foreign = {link["ifname"] for link in expect.Kernel.of(node).links}
            starters.append(Starter.started(node, addresses))
            stack.callback(starters[-1].end)
            starters[-1].wait_until_loaded(1)
        gateway, client = starters
        found = Pair(site, client, gateway)
        try:
            found.wait_until_it_flows()
            yield found
        finally:  # shown of a test that fails
            for one in starters:
                print(f"log of {one.node.name}:", *one.log().splitlines()[-30:], sep="\n")


@pytest.mark.parametrize("which", ["client", "gateway"])
def test_charon_is_killed(pair: Pair, which: str) -> None:
    """Killed and respawned: it all comes back by itself, once, and goes with the SA.

    The kernel goes on with the gateway's SAs, and as long as packets come in the client's charon
    sees no dead peer: here the SAs end at once, in the place of at the end of their lifetime.
    """
    host = {"client": pair.client, "gateway": pair.gateway}[which]
    killed, state, calls = host.charon(), host.state(), len(host.node.calls())
    assert killed
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: host.charon() not in (0, killed), f"{which}: no other charon", PATIENCE)
    host.wait_until_loaded(2)
    if which == "gateway":
        host.node.ip("xfrm state flush")
    wait_until(lambda: len(host.node.calls()) >= calls + 2, f"{which}: no event", PATIENCE)
    pair.wait_until_it_flows()
    assert host.state() != state
    assert str(host.charon()) in host.state().split()
    assert set(host.node.verbs()[calls:]) == {"up-client", "up-client-v6"}
    pair.take_down()
    assert not pair.site.wire.clear, pair.site.wire.clear[0]
