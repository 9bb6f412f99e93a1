#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_file
short_description: Hold text files of a host in a declared state, many in one call
version_added: 0.1.0
description:
  - Writes small text files, one or many in a call. M(ansible.builtin.copy) and
    M(ansible.builtin.template) run two modules for each file; the role
    C(ipsec.strongswan.strongswan_vti) has a dozen of them on each host, and installs them with
    this module.
  - A file is replaced in one step, so that a program that reads it, or runs it, has the former one
    or the new one as a whole. What was read, compared and planned is the same in check mode.
  - Directories above a file are made where they are missing, with the mode 0755. None is removed.
  - Files belong to the user and the group that the module runs as, so usually to root.
  - A symbolic link in the place of a file is replaced, and what it leads to is left alone.
extends_documentation_fragment:
  - ipsec.strongswan._attributes.runtime_module
options:
  path: &path
    description:
      - The absolute path of the file.
    type: path
  files:
    description:
      - The files, if there are several; excludes O(path).
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      path: {<<: *path, required: true}
      content: &content
        description:
          - The text of the file. Required if O(state=present).
          - Texts are shown by C(--diff), so secrets do not belong here. For these there is
            M(ipsec.strongswan.strongswan_secret).
        type: str
      mode: &mode
        description:
          - The permissions of the file, a C(0) and three octal digits, in quotes. Without
            quotes YAML takes them for another number, which is refused.
          - V(0644) unless given.
        type: str
      state: &state
        description:
          - Whether the file is there, V(present) unless given.
        type: str
        choices: [present, absent]
  content: *content
  mode: {<<: *mode, default: "0644"}
  state: {<<: *state, default: present}
requirements:
  - root, for files of root, so usually C(become=true)
seealso:
  - module: ansible.builtin.copy
  - module: ansible.builtin.template
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: A setting of charon
  ipsec.strongswan.strongswan_file:
    path: /etc/strongswan.d/zz-mine.conf
    content: |
      charon-systemd {
        install_routes = no
      }

- name: A script of the controller and a rendered template, and a former file is gone
  ipsec.strongswan.strongswan_file:
    mode: "0644"
    files:
      - path: /usr/local/lib/mine/on-up
        content: "{{ lookup('ansible.builtin.file', 'on-up', rstrip=false) }}"
        mode: "0755"
      - path: /etc/mine.conf
        content: "{{ lookup('ansible.builtin.template', 'mine.conf.j2') }}"
      - path: /etc/mine.conf.old
        state: absent
  register: held

- name: Read it again, where it changed
  ansible.builtin.command:
    argv: [/usr/local/lib/mine/on-up]
  changed_when: true
  when: "'file /etc/mine.conf' in held.actions | map(attribute='object')"
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, and why.
  returned: always
  type: list
  elements: dict
  contains:
    object:
      description: The file.
      type: str
    action:
      description: One of V(create), V(change), V(remove).
      type: str
    reason:
      description: Why it was needed.
      type: str
  sample:
    - action: change
      object: file /etc/mine.conf
      reason: the content differs, mode is 0600, wanted 0644
files:
  description: The files as they were asked for, without their content.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /etc/mine.conf
      state: present
      mode: "0644"
    - path: /etc/mine.conf.old
      state: absent
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.file import Files
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(Files())


if __name__ == "__main__":
    main()
