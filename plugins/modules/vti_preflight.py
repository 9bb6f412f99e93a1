#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vti_preflight
short_description: Name all that stands in the way of tunnels, before anything is changed
version_added: 0.1.0
description:
  - Compares what a play wants with what a host is, and names every problem at once, as
    RV(problems), and as one message, RV(summary). It changes nothing.
  - An C(error) would make the run fail half-way, break somebody else's tunnels, or let traffic
    out in the clear. What is only doubtful is a C(warning), which is also one of Ansible's.
  - The connections of O(connections) replace those of the same name in swanctl's files.
  - It needs neither pyroute2 nor strongSwan, so it works on a host that has nothing yet.
  - The role C(ipsec.strongswan.strongswan_vti) calls it first (C(tasks_from) preflight).
extends_documentation_fragment:
  - ipsec.strongswan._attributes.info_module
  - ipsec.strongswan._wanted
options:
  ipsec_conf_connections:
    description:
      - The connections that are wanted, as C(connections) of
        M(ipsec.strongswan.strongswan_ipsec_conf). Leave their C(secrets) out.
    type: list
    elements: dict
    default: []
  networks:
    description:
      - The networks behind this host, for which it has to forward. An empty list says that there
        are none; leave it out if it is not known.
    type: list
    elements: str
  install_routes:
    description:
      - Charon's setting C(install_routes), as it will be.
    type: bool
    default: false
  service:
    description:
      - The unit of systemd that runs, or will run, charon. Each IKE daemon of another unit is a
        problem.
    type: str
    default: strongswan.service
  packages:
    description:
      - Names of packages that are installed and must not be.
    type: list
    elements: str
    default: []
  adopt:
    description:
      - Whether the run takes over devices that are not this owner's.
    type: bool
    default: false
  purge:
    description:
      - Whether the run removes devices of this owner that are not in O(tunnels).
    type: bool
    default: false
  tolerate:
    description:
      - Checks whose errors count as warnings, for a host where they do not apply.
      - V(adoption), V(daemons), V(endpoints), V(forwarding), V(input), V(kernel), V(marks),
        V(networkd), V(networks), V(packages), V(policy_based), V(rp_filter), V(wildcards).
    type: list
    elements: str
    default: []
  directory:
    description:
      - The directory of swanctl's files, whose connections are looked at, too.
    type: path
    default: /etc/swanctl/conf.d
requirements:
  - CAP_NET_ADMIN for IPsec policies, so usually C(become=true)
seealso:
  - module: ipsec.strongswan.vti_tunnel
  - module: ipsec.strongswan.vti_info
  - module: ipsec.strongswan.strongswan_info
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: Look for what stands in the way of a tunnel
  ipsec.strongswan.vti_preflight:
    tunnels:
      - name: vti42
        local: 192.0.2.1
        remote: 192.0.2.2
        key: 42
        addresses: [10.99.0.1/30]
    routes:
      - dst: 10.2.0.0/24
        dev: vti42
        guard: true
    connections:
      - name: moon-sun
        local_addrs: [192.0.2.1]
        remote_addrs: [192.0.2.2]
        children:
          - name: net
            mark_in: 42
            mark_out: 42
            remote_ts: [0.0.0.0/0]
    owner: default
  register: looked

- name: Go on only if nothing does
  ansible.builtin.assert:
    that: looked.summary == ''
    fail_msg: "{{ looked.summary }}"

- name: The same for a host with ipsec.conf, as far as it is not a gateway
  ipsec.strongswan.vti_preflight:
    ipsec_conf_connections:
      - name: vpngw
        left: "%defaultroute"
        rightsubnet: [0.0.0.0/0]
        mark: 2
    networks: []
    service: strongswan-starter.service
    packages: []
    adopt: false
    purge: true
    install_routes: false

- name: Take doubts about forwarding for warnings, and look at another directory
  ipsec.strongswan.vti_preflight:
    networks: [10.1.0.0/24]
    tolerate:
      - forwarding
    directory: /etc/swanctl/conf.d
"""

RETURN = r"""
problems:
  description: All that was found, errors and warnings.
  returned: success
  type: list
  elements: dict
  contains:
    check:
      description: Which check found it; the name that O(tolerate) takes.
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
    - check: forwarding
      severity: error
      object: net.ipv4.ip_forward
      found: it is 0, and networks are behind this host (10.1.0.0/24)
      expected: "1"
      remedy: "set it before the role runs (ansible.posix.sysctl, name: net.ipv4.ip_forward)"
summary:
  description: The errors as one message, a line each. Empty if there is none.
  returned: success
  type: str
  sample: |-
    1 problem stands in the way, and nothing was changed:
    1. net.ipv4.ip_forward: it is 0, and networks are behind this host (10.1.0.0/24); expected 1; set it
    before the role runs (ansible.posix.sysctl, name: net.ipv4.ip_forward)
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.preflight import (
    Preflight,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(Preflight())


if __name__ == "__main__":
    main()
