# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message that the lab can end with. One line each: what is wrong, then what to do about it."""

from __future__ import annotations


class LabError(Exception):
    """A failure that the user can act on; its text is one line and names the remedy."""


class Interrupted(Exception):
    """SIGINT, SIGTERM or SIGHUP came: unwind, clean up, exit with 128 + signal."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"interrupted by signal {signal_number}")
        self.signal_number = signal_number


def missing_command(command: str, package: str) -> LabError:
    return LabError(
        f"the command {command} is missing: install it, on Debian by "
        f"'apt-get install {package}' (lab/packages.txt lists all that the lab needs)"
    )


def ending() -> LabError:
    return LabError("another step failed or was interrupted: run the command again")


def not_root() -> LabError:
    return LabError(
        "building the lab's images needs root and sudo does not work without a password here: "
        "run 'sudo -v' first, or run the command as root"
    )


def port_taken(port: int) -> LabError:
    return LabError(
        f"port {port} on 127.0.0.1 is taken by another process: stop that one, set LAB_SSH_PORT "
        "to another port, or unset it to let the lab choose a free one"
    )


def no_space(folder: str, free_mib: int, needed_mib: int) -> LabError:
    return LabError(
        f"no disk space in {folder}: {free_mib} MiB free, {needed_mib} MiB needed: free some, "
        "run 'lab/lab prune', or set XDG_CACHE_HOME to a folder on a larger disk"
    )


def mirror_unreachable(url: str, reason: str) -> LabError:
    return LabError(
        f"the Debian mirror does not answer at {url} ({reason}): check the network and "
        "http_proxy, or set LAB_MIRROR to a mirror that can be reached"
    )


def unknown_name(kind: str, name: str, known: list[str]) -> LabError:
    return LabError(f"there is no {kind} named {name!r}: choose one of {', '.join(sorted(known))}")


def bad_setting(variable: str, value: str, expected: str) -> LabError:
    return LabError(f"{variable}={value!r} is not valid: expected {expected}; correct or unset it")


def unsafe_folder(folder: str, reason: str) -> LabError:
    return LabError(
        f"{folder} cannot hold the lab's keys ({reason}): remove it, or set XDG_RUNTIME_DIR to a "
        "folder of your own"
    )


def path_too_long(path: str, limit: int) -> LabError:
    return LabError(
        f"the socket path {path} is {len(path)} characters long, the kernel allows {limit}: set "
        "XDG_RUNTIME_DIR or LAB_NAME to something shorter"
    )


def not_up(name: str) -> LabError:
    return LabError(f"the lab {name!r} is not up: run 'lab/lab up' first")


def build_failed(what: str, log: str, last_line: str) -> LabError:
    return LabError(f"building {what} failed: {last_line} (whole log: {log}); mend that, run again")


def guest_died(reason: str, log: str) -> LabError:
    return LabError(
        f"QEMU ended early: {reason} (the guest's console: {log}); try LAB_ACCEL=tcg, or less of "
        "LAB_MEMORY"
    )


def guest_silent(seconds: float, log: str) -> LabError:
    return LabError(
        f"the guest did not come up within {seconds:.0f} s (its console: {log}): look there, then "
        "run 'lab/lab down' and 'lab/lab up' again, with a higher LAB_BOOT_TIMEOUT on a slow machine"
    )


def wrong_guest(name: str, running: str, asked: str) -> LabError:
    return LabError(
        f"the lab {name!r} is up with the guest {running}, not {asked}: run 'lab/lab down' first, "
        "or set LAB_NAME to have a second lab"
    )


def engine_refused(action: str, status: int, message: str) -> LabError:
    return LabError(
        f"the container engine refused to {action} (HTTP {status}: {message}): see "
        "'lab/lab run -- journalctl -u docker'"
    )


def engine_unreachable(where: str, reason: str) -> LabError:
    return LabError(
        f"the container engine does not answer at {where} ({reason}): run 'lab/lab up' again, or "
        "'lab/lab down' and 'lab/lab up'"
    )


def still_up(name: str) -> LabError:
    return LabError(f"the lab {name!r} is up and uses the cache: run 'lab/lab down' first")
