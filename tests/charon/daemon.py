# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The node's charon: start and stop it, and ask it by swanctl, strongSwan's own client."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import DependencyError
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import Client
from ansible_collections.ipsec.strongswan.tests.support import shell

UNIT = "strongswan"
SWANCTL = Path("/etc/swanctl")
FOLDER = SWANCTL / "conf.d"
SOCKET = Path("/run/charon.vici")
SWANCTL_PLUGINS = Path("/etc/strongswan.d/zz-tests-swanctl.conf")


def start() -> None:
    """Start charon unless it runs; its unit loads what is in the files."""
    try:
        with client():
            return
    except DependencyError:
        shell.run(f"systemctl start {UNIT}")


def stop() -> None:
    """Stop charon."""
    shell.run(f"systemctl stop {UNIT}")


def restart() -> None:
    """Stop and start charon."""
    shell.run(f"systemctl restart {UNIT}")


def pid() -> str:
    """Return charon's process id: another one means that it was restarted."""
    return shell.run(f"systemctl show --property=MainPID --value {UNIT}").strip()


def version() -> tuple[int, ...]:
    """Return strongSwan's version, its three numbers."""
    found = re.search(r"swanctl (\d+)\.(\d+)\.(\d+)", shell.run("swanctl --version"))
    assert found
    return tuple(int(number) for number in found.groups())


def listing() -> str:
    """Return what charon tells of all its connections."""
    return shell.run("swanctl --list-conns")


def connections() -> dict[str, str]:
    """Return what charon tells of each of its connections, by name."""
    parts = re.split(r"^(\S+): (?=IKEv)", listing(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def secrets() -> set[str]:
    """Return the ids of the secrets that charon holds.

    swanctl asks for them before it loads those of the files, and shows the answer.
    """
    output = shell.run("swanctl --load-creds --noprompt --raw")
    match = re.search(r"get-shared reply \{keys=\[(.*?)\]", output)
    assert match, output
    return set(match.group(1).split())


def load_files() -> None:
    """Let swanctl load the files, as the unit's start and reload do it."""
    shell.run("swanctl --load-all --noprompt")


def client() -> Client:
    """Return our own client: quicker than a process of swanctl, for preparation."""
    return Client(str(SOCKET), 30)


def held() -> set[str]:
    """Return the names of connections and secrets that charon holds, as our own client tells."""
    with client() as vici:
        return {*charon.loaded_connections(vici), *charon.loaded_secrets(vici)}


def forget() -> None:
    """Let charon forget all connections, secrets, pools and authorities; the files stay."""
    with client() as vici:
        for name in charon.loaded_connections(vici):
            charon.unload_connection(vici, name)
        for name in charon.loaded_secrets(vici):
            charon.unload_secret(vici, name)
        for name in charon.loaded_pools(vici):
            charon.unload_pool(vici, name)
        for name in charon.loaded_authorities(vici):
            charon.unload_authority(vici, name)


def journal(cursor: str = "") -> str:
    """Return what charon and all others logged, from a cursor on."""
    since = f"--after-cursor={cursor}" if cursor else ""
    shell.run("journalctl --sync")
    return shell.run(f"journalctl --no-pager --output=cat {since}")


def cursor() -> str:
    """Return the place where the journal ends now."""
    output = shell.run("journalctl --no-pager --lines=1 --show-cursor")
    return output.rsplit("-- cursor: ", 1)[1].strip()


def write(name: str, text: str, mode: int = 0o600) -> Path:
    """Write a file into swanctl's directory by hand."""
    path = FOLDER / name
    path.write_text(text)
    path.chmod(mode)
    return path
