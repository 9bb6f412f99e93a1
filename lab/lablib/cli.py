# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of lab/lab."""

from __future__ import annotations

import argparse
import signal
import sys
from types import FrameType

from . import config, process, recipe
from .errors import Interrupted, LabError
from .lab import Lab, interactive

DESCRIPTION = """\
A guest kernel with VTI and a container engine, for machines whose own kernel has none.
Environment: LAB_NAME (an independent lab), LAB_SSH_PORT, LAB_MEMORY (MiB), LAB_CPUS, LAB_ACCEL
(auto, kvm, tcg), LAB_MIRROR, LAB_BOOT_TIMEOUT (s), LAB_SAVED_STATE (yes, no), LAB_APPARMOR (yes,
no), LAB_LOCAL (auto, never)."""
STATUS_CODES = {"up": 0, "lost:": 4}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="lab/lab", description=DESCRIPTION, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="bring the lab up (nothing to do when it is)")
    up.add_argument("--guest", choices=sorted(recipe.GUESTS), help="default: debian13")
    commands.add_parser("down", help="end it; leaves nothing but the cache")
    commands.add_parser(
        "status",
        help="say what is up; exit code 3 when it is down, 4 when it was lost: QEMU or ssh ended,\n"
        "not by `down`, nor by a fault of the guest's kernel",
    )
    commands.add_parser("env", help="print KEY=value lines, first DOCKER_HOST")
    commands.add_parser("shell", help="a root shell in the guest")
    run = commands.add_parser("run", help="run -- COMMAND ...: a command in the guest as root")
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND ...")
    images = commands.add_parser("images", help="make sure the engine has these node images")
    images.add_argument("names", nargs="*", help=f"of {', '.join(recipe.NODES)}")
    commands.add_parser("prune", help="remove the cache: built images and saved states")
    return top


def main() -> int:
    """Run the command line; the exit code."""
    arguments = parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return _run(arguments)
    except LabError as error:
        sys.stderr.write(f"lab: error: {error}\n")
        return 1
    except Interrupted as interrupted:
        sys.stderr.write("lab: interrupted, cleaned up\n")
        return 128 + interrupted.signal_number


def _interrupt(number: int, _frame: FrameType | None) -> None:
    # Once is enough: what cleans up must not be interrupted in turn.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    process.end_all()
    raise Interrupted(number)


def _run(arguments: argparse.Namespace) -> int:
    lab = Lab(config.from_process())
    command = arguments.command
    if command == "up":
        lab.up(arguments.guest)
    elif command == "down":
        lab.down()
    elif command == "status":
        text = lab.status()
        sys.stdout.write(text + "\n")
        return STATUS_CODES.get(text.splitlines()[0].split()[2], 3)
    elif command == "env":
        for key, value in lab.environment().items():
            sys.stdout.write(f"{key}={value}\n")
    elif command == "shell":
        return lab.run([], terminal=interactive())
    elif command == "run":
        words = arguments.words[1:] if arguments.words[:1] == ["--"] else arguments.words
        if not words:
            raise LabError("run needs a command: 'lab/lab run -- COMMAND ...'; see 'lab/lab shell'")
        return lab.run(words, terminal=interactive())
    elif command == "images":
        lab.images(arguments.names)
    elif command == "prune":
        lab.prune()
    return 0
