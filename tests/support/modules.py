# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module of the collection for real, in this process: Python starts slowly when emulated."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import time
import typing as t

from ansible.module_utils import basic
from ansible.module_utils.common import warnings as ansible_warnings

COLLECTION = "ansible_collections.ipsec.strongswan."
PREFIX = COLLECTION + "plugins.modules."
Result = dict[str, t.Any]


def run_module(module_name: str, /, check: bool = False, **options: t.Any) -> Result:
    """Run a module and return what it prints: its result, or its failure with V(failed)."""
    return run_timed(module_name, {**options, "_ansible_check_mode": check, "_ansible_diff": True})[
        0
    ]


def run_timed(module_name: str, arguments: dict[str, t.Any]) -> tuple[Result, float]:
    """Run a module; return its result, and the seconds that it took without imports.

    It remembers nothing of the runs before: each one is a process of its own elsewhere.
    """
    text = json.dumps({"ANSIBLE_MODULE_ARGS": arguments})
    basic._ANSIBLE_ARGS = text.encode()
    if hasattr(basic, "_ANSIBLE_PROFILE"):  # from ansible-core 2.19
        basic._ANSIBLE_PROFILE = "legacy"
    for kept in ("_global_warnings", "_global_deprecations"):
        getattr(ansible_warnings, kept).clear()
    output = io.StringIO()
    module = importlib.import_module(PREFIX + module_name)
    _forget()
    started = time.perf_counter()
    with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        module.main()
    seconds = time.perf_counter() - started
    result: Result = json.loads(output.getvalue().strip().splitlines()[-1])
    result["warnings"] = [  # from ansible-core 2.19 a warning is an event
        one if isinstance(one, str) else one["event"]["msg"] for one in result.get("warnings", ())
    ]
    return result, seconds


def _forget() -> None:
    """Empty the caches of the collection's functions."""
    for module in [one for name, one in sys.modules.items() if name.startswith(COLLECTION)]:
        for function in vars(module).values():
            if hasattr(function, "cache_clear"):
                function.cache_clear()


def changed(module_name: str, /, **options: t.Any) -> Result:
    """Run a module that must change something: first in check mode, then for real, then again.

    Check mode must promise what the run does, and a second run must change nothing.
    """
    promised = run_module(module_name, check=True, **options)
    result = run_module(module_name, **options)
    assert not result.get("failed"), result["msg"]
    assert result["changed"], "the module changed nothing"
    assert promised["actions"] == result["actions"], "check mode promised something else"
    assert promised["diff"] == result["diff"], "check mode showed another diff"
    unchanged(module_name, **options)
    return result


def unchanged(module_name: str, /, **options: t.Any) -> Result:
    """Run a module that must change nothing."""
    result = run_module(module_name, **options)
    assert not result.get("failed"), result["msg"]
    assert not result["changed"], result["actions"]
    assert result["actions"] == []
    assert result["diff"] == []
    return result


def refused(module_name: str, /, **options: t.Any) -> str:
    """Run a module that must fail without a change; return its message."""
    result = run_module(module_name, **options)
    assert result.get("failed"), f"expected a failure: {result}"
    assert not result.get("changed")
    assert "Traceback" not in result["msg"]
    message: str = result["msg"]
    return message
