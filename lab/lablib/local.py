# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The local case: this kernel has VTI and an engine answers, so no guest is needed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import node_image, process, recipe
from .cache import Cache
from .config import Settings
from .engine import Engine
from .progress import say
from .run_folder import Record

DEFAULT_SOCKET = "unix:///var/run/docker.sock"
SHELL_NODE = "debian13"
PROBE_DEVICE = "labprobe0"


def decide(wanted: str, kernel_has_vti: bool, engine_answers: bool) -> bool:
    """Whether to use this kernel and engine: both will do, and the user did not say no."""
    return wanted != "never" and kernel_has_vti and engine_answers


def usable_engine(wanted: str) -> str | None:
    """DOCKER_HOST of the local engine if lab and tests can use it and this kernel, else None."""
    if wanted == "never" or not kernel_has_vti():
        return None
    host = os.environ.get("DOCKER_HOST") or DEFAULT_SOCKET
    answers = host.startswith("unix://") and runs_on_this_kernel(Engine(socket_path(host)))
    return host if decide(wanted, kernel_has_vti(), answers) else None


def runs_on_this_kernel(engine: Engine) -> bool:
    """Whether an engine answers and its containers have this kernel, not that of some guest."""
    if not engine.answers(timeout=5.0):
        return False
    _status, information = engine.request("GET", "/info")
    return bool(information.get("KernelVersion") == os.uname().release)


def socket_path(docker_host: str) -> Path:
    return Path(docker_host.removeprefix("unix://"))


def kernel_has_vti() -> bool:
    """Whether this kernel has VTI: loaded, built in, or as a module that it can load."""
    if Path("/sys/module/ip_vti").is_dir():
        return True
    for name in ("modules.dep", "modules.builtin"):
        try:
            if "/ip_vti.ko" in (Path("/lib/modules") / os.uname().release / name).read_text():
                return True
        except OSError:
            continue
    return False


def container_name(settings: Settings) -> str:
    return f"ipsec-strongswan-lab-{settings.name}"


def container_configuration(image: str) -> dict[str, object]:
    """The long-lived container that stands for the guest: the host's network and kernel."""
    return {
        "Image": image,
        "Cmd": ["sleep", "infinity"],
        "StopSignal": "SIGKILL",
        "HostConfig": {"Privileged": True, "NetworkMode": "host", "Init": True},
    }


def start(docker_host: str, store: Cache, settings: Settings) -> Record:
    """Start that container; the record of a lab without a guest."""
    say("this kernel has VTI and a container engine answers: no guest is needed")
    engine = Engine(socket_path(docker_host))
    node = recipe.node(SHELL_NODE)
    node_image.ensure_all_imported([node], engine, store, settings.mirror)
    name = container_name(settings)
    remove(engine, name)
    configuration = container_configuration(node_image.reference(node))
    try:
        engine.request("POST", f"/containers/create?name={name}", configuration)
        engine.request("POST", f"/containers/{name}/start")
    except BaseException:
        remove(engine, name)
        raise
    return Record(
        guest="none",
        state="local",
        accelerator="none",
        ssh_port=0,
        container=name,
        docker_host=docker_host,
    )


def is_up(record: Record) -> bool:
    """Whether the engine answers and the container runs."""
    engine = Engine(socket_path(record.docker_host or ""))
    if not engine.answers():
        return False
    path = f"/containers/{record.container}/json"
    status, body = engine.request("GET", path, absent_ok=True)
    return status == 200 and bool(body["State"]["Running"])


def remove(engine: Engine, name: str) -> None:
    engine.request("DELETE", f"/containers/{name}?force=1&v=1", absent_ok=True)


def stop(record: Record) -> None:
    """Remove the container. An engine that is gone took it along."""
    engine = Engine(socket_path(record.docker_host or ""))
    if engine.answers():
        remove(engine, record.container or "")


def run(record: Record, command: Sequence[str], *, terminal: bool) -> int:
    """A command in the container; its exit code."""
    process.require("docker")
    argv = ["docker", "--host", record.docker_host or "", "exec", "--interactive"]
    argv += ["--tty"] if terminal else []
    argv += [record.container or "", *(command or ["/bin/bash"])]
    return subprocess.run(argv, check=False).returncode
