# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's part of strongswan_secret: reads the files that O(src) names."""

from __future__ import annotations

import base64
import typing as t

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase

Options = t.Dict[str, t.Any]
PEM = "-----BEGIN "


class ActionModule(ActionBase):  # type: ignore[misc]  # Ansible has no types
    """Gives the module the content of files in the place of their names."""

    def run(self, tmp: t.Optional[str] = None, task_vars: t.Optional[Options] = None) -> Options:
        """Read the files and run the module. No result of this holds what was read."""
        result: Options = super().run(tmp, task_vars)
        arguments = self._read(dict(self._task.args))
        if isinstance(arguments.get("secrets"), list):
            arguments["secrets"] = [self._read(one) for one in arguments["secrets"]]
        result.update(self._execute_module(module_args=arguments, task_vars=task_vars))
        return result

    def _read(self, entry: t.Any) -> t.Any:
        """Return an entry with O(content) in the place of O(src); the module checks the rest."""
        if not isinstance(entry, dict) or not entry.get("src"):
            return entry
        if entry.get("content"):
            raise AnsibleActionFail(
                f"strongswan_secret: src '{entry['src']}': content is given, too; keep one of them"
            )
        if entry.get("state") == "absent":
            return {**entry, "src": None}
        return {**entry, "src": None, "content": self._content(str(entry["src"]))}

    def _content(self, source: str) -> str:
        try:
            path = self._find_needle("files", source)
            # Decrypts what Ansible Vault encrypted, in memory; latin-1 keeps each byte.
            content = self._loader.get_text_file_contents(path, encoding="latin-1")
        except (AnsibleError, OSError) as error:
            raise AnsibleActionFail(
                f"strongswan_secret: src '{source}': cannot be read on the controller: {error}"
            ) from error
        if PEM in content:
            return str(content)
        return "0s" + base64.b64encode(content.encode("latin-1")).decode()
