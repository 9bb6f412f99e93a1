#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vti_verify
short_description: Tell whether tunnels are healthy, by their state and by pings through them
version_added: 0.1.0
description:
  - Compares what a play wants with what M(ipsec.strongswan.strongswan_info) and
    M(ipsec.strongswan.vti_info) tell, before and after pings through the devices, and names all
    that is wrong as RV(problems), and in lines for a person as RV(summary).
  - Looked for are SAs that are not there or do not have what the files say, counters that do not
    rise in both directions, devices, routes and files that differ from what is wanted, devices,
    routes, connections and IPsec policies that nobody wants, charon's own routes in table 220, and
    certificates that end.
  - It changes nothing; the pings may make charon set up an SA.
  - The role C(ipsec.strongswan.strongswan_vti) calls it with C(tasks_from) verify.
extends_documentation_fragment:
  - ipsec.strongswan._attributes.info_module
  - ipsec.strongswan._vici
  - ipsec.strongswan._wanted
options:
  pings:
    description:
      - Addresses to ping, by the device that leads to them. Four pings each, and again up to two
        times if none is answered.
      - For a device that is not pinged, a missing SA is only a warning.
    type: dict
    default: {}
  install_routes:
    description:
      - Charon's setting C(install_routes). If it is on, table 220 need not be empty.
    type: bool
    default: false
  certificate_days:
    description:
      - A certificate that ends within so many days is an error.
    type: int
    default: 14
  purge:
    description:
      - Whether objects of this owner that are in no list are an error; otherwise they are a
        warning.
    type: bool
    default: false
  persist:
    description:
      - Whether the files from which devices and routes are made at boot are looked at, too.
    type: bool
    default: false
  swanctl:
    description:
      - Whether charon and swanctl's files are looked at; not so with starter.
    type: bool
    default: true
requirements:
  - pyroute2 >= 0.7.2 (package C(python3-pyroute2))
  - root (C(become=true))
seealso:
  - module: ipsec.strongswan.vti_info
  - module: ipsec.strongswan.strongswan_info
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: Look at one tunnel, and at what answers behind it
  ipsec.strongswan.vti_verify:
    tunnels:
      - name: vti42
        local: 192.0.2.1
        remote: 192.0.2.2
        key: 42
    routes:
      - dst: 10.2.0.0/24
        dev: vti42
    pings:
      vti42: 10.2.0.1
    owner: default
    purge: false
    persist: false
    swanctl: false
  register: health

- name: Fail if something is wrong
  ansible.builtin.assert:
    that: health.healthy
    fail_msg: "{{ health.summary }}"

- name: Look at charon alone, and want certificates to last for a month
  ipsec.strongswan.vti_verify:
    connections: []
    certificate_days: 30
    install_routes: true
    directory: /etc/swanctl/conf.d
    socket: /run/charon.vici
    timeout: 10
"""

RETURN = r"""
healthy:
  description: Whether there is no error.
  returned: success
  type: bool
  sample: false
problems:
  description: All that was found, errors and warnings.
  returned: success
  type: list
  elements: dict
  contains:
    check:
      description:
        - One of V(charon), V(sas), V(devices), V(pings), V(counters), V(drift), V(orphans),
          V(table_220), V(input).
      type: str
    severity:
      description: V(error) or V(warning).
      type: str
    object:
      description: What it is about.
      type: str
    found:
      description: What is.
      type: str
    expected:
      description: What should be; may be empty.
      type: str
    remedy:
      description: What to do; may be empty.
      type: str
  sample:
    - check: pings
      severity: error
      object: tunnel vti42
      found: none of 4 pings to 10.2.0.1 was answered
      expected: an answer
      remedy: see whether the peer has the tunnel up, the route back, and no filter
summary:
  description: The state in lines, errors first.
  returned: success
  type: str
  sample: |-
    not healthy: 1 error
    error: tunnel vti42: none of 4 pings to 10.2.0.1 was answered; expected an answer; ...
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.verify import (
    Verify,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(Verify())


if __name__ == "__main__":
    main()
