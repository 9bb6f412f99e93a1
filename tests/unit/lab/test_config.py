# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings from the environment."""

from __future__ import annotations

import os

import pytest
from lablib import config
from lablib.errors import LabError

HOME = {"HOME": "/home/user"}


def settings(**environment: str) -> config.Settings:
    return config.read({**HOME, **environment}, host_memory=16384, host_processors=8)


def test_defaults() -> None:
    found = settings()
    assert str(found.cache) == "/home/user/.cache/ipsec-strongswan-lab"
    assert str(found.run) == f"/tmp/ipsec-strongswan-lab-{os.getuid()}-default"
    assert (found.memory, found.processors, found.ssh_port) == (4096, 4, None)
    assert (found.accelerator, found.local_kernel, found.use_saved_state) == ("auto", "auto", True)


def test_a_second_lab_shares_the_cache_only() -> None:
    first, second = settings(), settings(LAB_NAME="other")
    assert first.cache == second.cache
    assert first.run != second.run


@pytest.mark.parametrize(("host", "guest"), [(1024, 1024), (4096, 2048), (65536, 4096)])
def test_memory_follows_the_host(host: int, guest: int) -> None:
    assert config.default_memory(host) == guest


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LAB_NAME", "../etc"),
        ("LAB_NAME", "Upper"),
        ("LAB_NAME", "seventeen-letters"),
        ("LAB_SSH_PORT", "0"),
        ("LAB_SSH_PORT", "65536"),
        ("LAB_SSH_PORT", "ssh"),
        ("LAB_MEMORY", "512"),
        ("LAB_CPUS", "-1"),
        ("LAB_ACCEL", "xen"),
        ("LAB_LOCAL", "always"),
        ("LAB_BOOT_TIMEOUT", "1.5"),
    ],
)
def test_a_bad_value_is_named(variable: str, value: str) -> None:
    with pytest.raises(LabError) as raised:
        settings(**{variable: value})
    assert variable in str(raised.value)
    assert value in str(raised.value)


def test_a_socket_path_that_the_kernel_refuses() -> None:
    with pytest.raises(LabError, match="XDG_RUNTIME_DIR"):
        settings(XDG_RUNTIME_DIR="/tmp/" + "x" * 60)
