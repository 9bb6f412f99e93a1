#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_sa
short_description: Bring SAs of strongSwan up or down, or a change of their connection into force
version_added: 0.1.0
description:
  - Initiates and ends SAs of connections that the running charon holds, one or many in a call, and
    waits until they are installed or gone. If one cannot be established, the message has what
    charon logged of it.
  - An SA keeps the configuration with which it was made, through rekeying and reauthentication. So
    a change that M(ipsec.strongswan.strongswan_conn) loaded may not be in force;
    O(state=reestablished) establishes anew what has a former configuration, and nothing else.
  - What it does is not kept in a file; what comes up when charon starts is up to
    O(ipsec.strongswan.strongswan_conn#module:children[].start_action).
extends_documentation_fragment:
  - ipsec.strongswan._attributes.RUNTIME_MODULE
  - ipsec.strongswan._sa
requirements:
  - strongSwan with the vici plugin (packages C(charon-systemd) and C(strongswan-swanctl))
  - root, so usually C(become=true)
notes:
  - O(state=reestablished) makes the new SA before it ends the former one, so that hardly a packet
    is lost. Where charon cannot, the former one ends before. That is so where the
    connection asks for virtual addresses, for options that charon does not compare
    (C(dpd_timeout) and C(dscp)), and often with O(force).
  - Change the connection on both hosts before, then call this module on one of them. A host that
    only responds cannot initiate; there, end the SA by O(state=down) and let the peer initiate.
  - An IKE SA that is not in force takes all its children along.
  - Where charon says that an SA has the present configuration after all, it is left.
seealso:
  - module: ipsec.strongswan.strongswan_conn
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: The tunnel to sun is up
  ipsec.strongswan.strongswan_sa:
    connection: sun
    child: sun-net
    timeout: 60

- name: Bring the change of two connections into force
  ipsec.strongswan.strongswan_sa:
    state: reestablished
    sas:
      - connection: branch1
      - connection: branch2
        child: branch2

- name: Make the SAs of a connection anew, whatever configuration they have
  ipsec.strongswan.strongswan_sa:
    connection: sun
    state: reestablished
    force: true

- name: No SA of a connection that another charon holds
  ipsec.strongswan.strongswan_sa:
    connection: sun
    state: down
    socket: /run/other/charon.vici
    directory: /etc/other/conf.d
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, and why.
  returned: always
  type: list
  elements: dict
  contains:
    object:
      description: The SA.
      type: str
    action:
      description: One of V(initiate), V(terminate), V(reestablish).
      type: str
    reason:
      description: Why it was needed.
      type: str
  sample:
    - action: reestablish
      object: SA of connection sun
      reason: >-
        IKE SA #1: dpd_delay changed while it was up, so it may have the former configuration;
        CHILD SA sun-net #1: it does not have the present esp_proposals
sas:
  description: The SAs as they are at the end; in check mode, as they are before.
  returned: success
  type: list
  elements: dict
  contains:
    connection:
      description: The connection.
      type: str
    child:
      description: The child, null if all are meant.
      type: str
    in_force:
      description:
        - Whether all that is meant and up has the present configuration, as
          RV(ipsec.strongswan.strongswan_conn#module:connections[].in_force) tells. Also V(true) if
          nothing is up.
      type: bool
    in_force_reason:
      description: Which SAs have not, or may not, and why; empty if all have it.
      type: str
    ike_sas:
      description: The IKE SAs of the connection, with charon's id and state.
      type: list
      elements: dict
    children:
      description: The CHILD SAs that are meant and carry traffic, with charon's id and state.
      type: list
      elements: dict
  sample:
    - connection: sun
      child: null
      in_force: true
      in_force_reason: ""
      ike_sas:
        - uniqueid: 2
          state: ESTABLISHED
      children:
        - name: sun-net
          uniqueid: 2
          state: INSTALLED
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.sa import Sas
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(Sas())


if __name__ == "__main__":
    main()
