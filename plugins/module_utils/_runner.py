# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one way a module runs: params, read, plan, apply, exit.

This is the only place that makes an AnsibleModule.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import sys
import typing as t

from ansible.module_utils import basic
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    DependencyError,
    StrongswanError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import check_owner
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Change,
    actions_result,
    diff_result,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Info,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    Spec,
    argument_spec,
    constraints,
    entries,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.hidden import hide
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.narrow import narrowed

SHOWN = 10  # names in a failure's message; RV(actions) has all of them


def run(resource: Resource[t.Any, t.Any, t.Any]) -> None:
    """Run a module that holds one kind of object in a declared state, and exit."""
    with _quick():
        _run(resource)


def _run(resource: Resource[t.Any, t.Any, t.Any]) -> None:
    module = _Module(
        argument_spec=argument_spec(resource.list_option, resource.fields, resource.call),
        supports_check_mode=True,
        no_log=resource.quiet,
        **constraints(resource.list_option, resource.fields, resource.call),
    )
    if module.no_text:
        names = ", ".join(dict.fromkeys(module.no_text))
        module.fail_json(
            msg=f"{names}: expected a text, found a list or a dictionary; give the secret itself"
        )
    if not module.no_log_values:
        basic.remove_values = _nothing_removed
    applied: t.List[Change[t.Any]] = []
    invocation = {"module_args": _given(module.params, resource.long)}
    try:
        with contextlib.closing(Host(module)) as host:
            result = _converge(resource, host, module, applied)
    except StrongswanError as error:
        module.fail_json(
            msg=_failure(str(error), applied),
            changed=bool(applied),
            actions=actions_result(applied),
            invocation=invocation,
            **_diff(module, applied),
        )
    module.exit_json(invocation=invocation, **result)


class _Module(AnsibleModule):  # type: ignore[misc]  # Ansible has no types
    """An AnsibleModule that checks the entries of a list against the options they use only."""

    argument_spec: Spec
    no_text: t.Sequence[str] = ()

    def _load_params(self) -> None:
        super()._load_params()
        if self.no_log:  # a module that takes secrets
            self.no_text = hide(self.argument_spec, self.params)
        self.argument_spec = narrowed(self.argument_spec, self.params)
        for name, value in self.params.items():
            if isinstance(value, list):
                self.params[name] = _Own(value)

    def _record_module_result(self, o: t.Dict[str, t.Any]) -> None:
        """Print the result; from ansible-core 2.19 Ansible goes through it in Python, value by value.

        Only what holds an object of Ansible's, as warnings do, is left to it.
        """
        parts, others = [], {}
        for name, value in o.items():
            try:
                parts.append(f"{json.dumps(name)}: {json.dumps(value)}")
            except TypeError:
                others[name] = value
        if others:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                super()._record_module_result(others)
            parts.append(printed.getvalue().strip()[1:-1])
        sys.stdout.write(f"\n{{{', '.join(parts)}}}\n")


class _Own(t.List[t.Any]):
    """A list that nobody else holds: Ansible copies all that it checks, and need not copy this."""

    def __deepcopy__(self, _copied: t.Dict[int, t.Any]) -> _Own:
        return self


@contextlib.contextmanager
def _quick() -> t.Iterator[None]:
    """Leave out what has nothing to find: of a thousand objects, each takes a fifth of the time.

    These are Python's search for circles of objects, as none are made and the process ends soon,
    and Ansible's search of the result for secrets (M(_nothing_removed)), if the call has none.
    """
    enabled, remove_values = gc.isenabled(), basic.remove_values
    gc.disable()
    try:
        yield
    finally:
        basic.remove_values = remove_values
        if enabled:
            gc.enable()


def _nothing_removed(value: t.Any, _secrets: t.Iterable[str]) -> t.Any:
    """Stand in for Ansible's M(remove_values) where there are no secrets to remove."""
    return value


def _given(params: t.Mapping[str, t.Any], long: t.AbstractSet[str]) -> t.Dict[str, t.Any]:
    """Return the options of a call for its result; those that list entries leave out are many.

    :param long: Options that are left out, too.
    """
    return {
        name: [_entry(one, long) for one in value] if isinstance(value, list) else value
        for name, value in params.items()
        if name not in long
    }


def _entry(one: t.Any, long: t.AbstractSet[str]) -> t.Any:
    if not isinstance(one, dict):
        return one
    return {name: value for name, value in one.items() if value is not None and name not in long}


def run_info(info: Info) -> None:
    """Run a module that reports what is there, and exit."""
    with _quick():
        _run_info(info)


def _run_info(info: Info) -> None:
    module = AnsibleModule(
        argument_spec={field.name: field.spec(with_default=True) for field in info.fields},
        supports_check_mode=True,
    )
    if not module.no_log_values:
        basic.remove_values = _nothing_removed
    host = Host(module)
    try:
        try:
            result = info.read(host, module.params)
        except DependencyError as error:
            if not module.check_mode:
                raise
            host.warn(f"{error}. Check mode goes on as if nothing were there yet.")
            result = info.nothing()
    except StrongswanError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **result)


def _converge(
    resource: Resource[t.Any, t.Any, t.Any],
    host: Host,
    module: AnsibleModule,
    applied: t.List[Change[t.Any]],
) -> t.Dict[str, t.Any]:
    params = module.params
    if "owner" in params:
        check_owner(params["owner"])
    wanted = [
        resource.parse(entry) for entry in entries(resource.list_option, resource.fields, params)
    ]
    resource.check(wanted)
    try:
        found = resource.read(host, params, wanted)
    except DependencyError as error:
        if not module.check_mode:
            raise
        host.warn(f"{error}. Check mode goes on as if nothing were there yet.")
        found = resource.nothing()
    plan = resource.plan(wanted, found, {**params, "check_mode": module.check_mode})
    for warning in plan.warnings:
        host.warn(warning)
    if plan.changes and not module.check_mode:
        resource.apply(host, params, plan, applied.append)
    return {
        "changed": bool(plan.changes),
        "actions": actions_result(plan.changes),
        **_diff(module, plan.changes),
        resource.list_option: resource.result(wanted),
    }


def _diff(
    module: AnsibleModule, changes: t.Sequence[Change[t.Any]]
) -> t.Dict[str, t.List[t.Dict[str, str]]]:
    """Return the diff where it is asked for: of many objects it takes longer than their plan."""
    return {"diff": diff_result(changes)} if module._diff else {}  # noqa: SLF001 - Ansible's way


def _failure(message: str, applied: t.Sequence[Change[t.Any]]) -> str:
    if not applied:
        return message
    names = ", ".join(change.object for change in applied[:SHOWN])
    if len(applied) > SHOWN:
        names += f" and {len(applied) - SHOWN} more"
    return (
        f"{message} (already changed before the failure: {names}; the next run goes on from here)"
    )
