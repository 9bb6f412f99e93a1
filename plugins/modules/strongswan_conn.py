#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_conn
short_description: Hold strongSwan's connections in a declared state
version_added: 0.1.0
description:
  - Writes connections and their children as files for swanctl and loads them into the running
    charon through its vici socket, one or many in a call. The options have swanctl.conf's own
    names; what is left out has strongSwan's default.
  - The files survive a restart of charon. Only what changed is loaded, and what charon lacks; the
    daemon is never restarted, and other connections are not touched.
  - If charon refuses a connection, its own message is returned, and files and connections are as
    they were.
  - A running SA keeps its old configuration until it is established anew.
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._vici
  - ipsec.strongswan._conn
requirements:
  - strongSwan with the vici plugin (packages C(charon-systemd) and C(strongswan-swanctl))
  - root, so usually C(become=true)
notes:
  - Times and sizes are compared by their value, so V(1h) and V(3600s) are the same.
  - A name that another file of O(directory) or C(swanctl.conf) defines is an error that names
    file and line, and so is the name of a child that another connection has.
seealso:
  - module: ipsec.strongswan.strongswan_secret
  - module: ipsec.strongswan.vti_tunnel
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: A route-based connection, its mark is the key of the VTI
  ipsec.strongswan.strongswan_conn:
    name: sun
    local_addrs: [192.0.2.1]
    remote_addrs: [192.0.2.2]
    local:
      - auth: psk
        id: moon.example.org
    remote:
      - auth: psk
        id: sun.example.org
    children:
      - name: sun-net
        local_ts: [0.0.0.0/0, "::/0"]
        remote_ts: [0.0.0.0/0, "::/0"]
        mark_in: 42
        mark_out: 42
        esp_proposals: [aes256gcm16-x25519]
        start_action: start
        close_action: start
        dpd_action: restart

- name: Several connections, and no others of this owner
  ipsec.strongswan.strongswan_conn:
    owner: hub
    purge: true
    local:
      - id: hub.example.org
        certs: [hub.pem]
    connections:
      - name: branch1
        remote_addrs: [198.51.100.1]
        remote:
          - id: branch1.example.org
        children:
          - name: branch1
            if_id_in: 1
            if_id_out: 1
      - name: branch2
        remote_addrs: [branch2.example.org]
        dpd_delay: 30s
        children:
          - name: branch2
            if_id_in: 2
            if_id_out: 2

- name: No such connection
  ipsec.strongswan.strongswan_conn:
    name: sun
    state: absent
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, and why.
  returned: always
  type: list
  elements: dict
  contains:
    object:
      description: The object.
      type: str
    action:
      description: One of V(create), V(change), V(adopt), V(load), V(remove).
      type: str
    reason:
      description: Why it was needed.
      type: str
  sample:
    - action: change
      object: connection sun
      reason: children.sun-net.mark_in is 42, wanted 43; children.sun-net.mark_out is 42, wanted 43
    - action: load
      object: connection sun
      reason: not loaded in the daemon
connections:
  description:
    - The connections as they were asked for, as in their files. Values are texts as charon gets
      them, or lists of these.
  returned: success
  type: list
  elements: dict
  sample:
    - name: sun
      state: present
      version: "2"
      local_addrs: [192.0.2.1]
      remote_addrs: [192.0.2.2]
      local:
        auth: psk
        id: moon.example.org
      remote:
        auth: psk
        id: sun.example.org
      children:
        sun-net:
          local_ts: [0.0.0.0/0, "::/0"]
          remote_ts: [0.0.0.0/0, "::/0"]
          esp_proposals: [aes256gcm16-x25519]
          mark_in: "42"
          mark_out: "42"
          start_action: start
          close_action: start
          dpd_action: restart
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.connection import (
    ConnectionFiles,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(ConnectionFiles())


if __name__ == "__main__":
    main()
