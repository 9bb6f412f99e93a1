# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""QEMU's command line, the choice of an accelerator, and which saved state fits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lablib import kvm, qemu, recipe, saved_state
from lablib.guest_image import GuestImage

IMAGE = GuestImage(recipe.GUESTS["debian13"], Path("/cache/guest"))
EMULATED = qemu.Machine("tcg", 2, 4096)
WIRING = qemu.Wiring(
    disk=Path("/c/tmp/disk.qcow2"),
    monitor=Path("/run/lab/monitor.sock"),
    agent=Path("/run/lab/agent.sock"),
    console=Path("/run/lab/console.log"),
    ssh_port=2222,
)


def value_after(argv: list[str], option: str) -> str:
    return argv[argv.index(option) + 1]


def test_only_ssh_listens_and_on_loopback_only() -> None:
    argv = qemu.arguments(EMULATED, IMAGE, WIRING, "default")
    forwards = [word for word in argv if "hostfwd" in word]
    assert forwards == ["user,id=net,ipv6=off,hostfwd=tcp:127.0.0.1:2222-:22"]
    assert not [word for word in argv if word.startswith(("tcp:", "telnet:", "vnc"))]
    assert value_after(argv, "-display") == "none"
    for word in argv:
        if word.startswith("socket,"):
            assert "path=/run/lab/" in word


@pytest.mark.parametrize(
    ("accelerator", "acceleration", "processor"),
    [("kvm", "kvm", "host"), ("tcg", "tcg,thread=multi", "qemu64")],
)
def test_accelerators(accelerator: str, acceleration: str, processor: str) -> None:
    machine = replace(EMULATED, accelerator=accelerator)
    for argv in (
        qemu.arguments(machine, IMAGE, WIRING, "default"),
        qemu.probe_arguments(machine, IMAGE),
    ):
        assert value_after(argv, "-accel") == acceleration
        assert value_after(argv, "-cpu") == processor


def test_a_saved_state_comes_in_quoted() -> None:
    assert "-incoming" not in qemu.arguments(EMULATED, IMAGE, WIRING, "default")
    wiring = replace(WIRING, incoming=Path("/c ache/machine"))
    argv = qemu.arguments(EMULATED, IMAGE, wiring, "default")
    assert value_after(argv, "-incoming") == "exec:cat '/c ache/machine'"


def test_commas_in_paths_are_doubled() -> None:
    wiring = replace(WIRING, disk=Path("/c,d/disk.qcow2"))
    argv = qemu.arguments(EMULATED, IMAGE, wiring, "default")
    assert any("file=/c,,d/disk.qcow2," in word for word in argv)


@pytest.mark.parametrize(
    ("wanted", "opens", "boots", "chosen", "probes"),
    [
        ("auto", True, True, "kvm", 1),
        ("auto", True, False, "tcg", 1),
        ("auto", False, True, "tcg", 0),
        ("tcg", True, True, "tcg", 0),
        ("kvm", False, False, "kvm", 0),
    ],
)
def test_kvm_is_chosen_only_when_it_boots(
    wanted: str, opens: bool, boots: bool, chosen: str, probes: int
) -> None:
    asked = []

    def probe() -> bool:
        asked.append(True)
        return boots

    assert kvm.choose(wanted, opens, probe) == chosen
    assert len(asked) == probes


def test_a_probes_answer_holds_for_one_boot_one_qemu_one_kernel() -> None:
    keys = {
        kvm.answer_key("guest-a", "QEMU 7", "boot-1"),
        kvm.answer_key("guest-b", "QEMU 7", "boot-1"),
        kvm.answer_key("guest-a", "QEMU 8", "boot-1"),
        kvm.answer_key("guest-a", "QEMU 7", "boot-2"),
    }
    assert len(keys) == 4


def test_the_device_node_alone_is_not_enough(tmp_path: Path) -> None:
    assert not kvm.device_opens(tmp_path / "kvm")
    (tmp_path / "kvm").touch()
    assert kvm.device_opens(tmp_path / "kvm")


def test_a_state_fits_one_machine_only() -> None:
    guest, nodes = recipe.GUESTS["debian13"], list(recipe.NODES.values())
    names = {
        saved_state.entry_name(guest, nodes, EMULATED, "QEMU 7", ""),
        saved_state.entry_name(recipe.GUESTS["debian12"], nodes, EMULATED, "QEMU 7", ""),
        saved_state.entry_name(guest, nodes[:1], EMULATED, "QEMU 7", ""),
        saved_state.entry_name(guest, nodes, replace(EMULATED, memory=2048), "QEMU 7", ""),
        saved_state.entry_name(guest, nodes, replace(EMULATED, processors=1), "QEMU 7", ""),
        saved_state.entry_name(guest, nodes, EMULATED, "QEMU 8", ""),
        saved_state.entry_name(guest, nodes, EMULATED, "QEMU 7", "another processor"),
    }
    assert len(names) == 7
    assert saved_state.entry_name(guest, nodes[::-1], EMULATED, "QEMU 7", "") in names


def test_the_hosts_processor_counts_under_kvm_only() -> None:
    text = "processor\t: 0\nmodel name\t: A\nflags\t\t: x y\ncpu MHz\t: 1\n\nprocessor\t: 1\n"
    assert saved_state.host_processor(EMULATED, text) == ""
    found = saved_state.host_processor(replace(EMULATED, accelerator="kvm"), text)
    assert found == "model name\t: A\nflags\t\t: x y"
