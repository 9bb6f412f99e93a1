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
  - A running SA keeps its old configuration until it is established anew, which
    M(ipsec.strongswan.strongswan_sa) does on request. What a change interrupts of its own accord
    is told beforehand, in check mode too, and can be limited by O(allow_disruption).
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
  - There is a warning of what loads and still does not work. That is one mark on connections with
    different endpoints, here or in other files; C(install_routes) of C(strongswan.conf) on together
    with marks; a route through the tunnel device of a child's mark or if_id that is in none of
    O(children[].remote_ts); a proposal with an algorithm that none of charon's plugins has.
  - When a connection is loaded, charon ends SAs only of children with
    O(children[].start_action=start) that change or go, and of all of these if an option outside
    O(children) changes; then it initiates them anew. Up to version 5.9 it ends the IKE SA if
    nothing else is in it, from 6.0 only if nothing is initiated in it. All other SAs live on.
  - The forecast takes what the connection's file held until now for what charon holds. A file that
    was changed by hand and not loaded misleads it.
  - RV(connections[].in_force) is conservative, as charon does not tell with which configuration an
    SA was made, and neither rekeying nor reauthentication nor O(children[].dpd_action=restart)
    gives an SA a new one. Configurations that were replaced while an SA was up are noted in the
    folder C(ipsec.strongswan) beside O(socket), until the connection is seen without an SA, the SAs
    are established anew by M(ipsec.strongswan.strongswan_sa), or charon restarts. An SA counts as
    having the present one if what it shows (algorithms, marks, if_ids, selectors, identities,
    lifetime, mode, virtual addresses) comes from the present one, and cannot come from a noted one
    that was loaded before the SA was made.
seealso:
  - module: ipsec.strongswan.strongswan_sa
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
    allow_disruption: child
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

- name: Times and volumes, and keywords without an option of their own
  ipsec.strongswan.strongswan_conn:
    name: tuned
    version: 2
    local_addrs: ["%any"]
    local_port: 500
    remote_addrs: [tuned.example.org]
    remote_port: 500
    proposals: [aes256gcm16-prfsha384-ecp384, default]
    mobike: false
    encap: true
    fragmentation: accept
    keyingtries: 0
    rekey_time: 4h
    over_time: 30m
    rand_time: 10m
    settings:
      childless: force
      dscp: "101110"
    local:
      - auth: psk
        id: moon.example.org
    remote:
      - auth: psk
        id: tuned.example.org
    children:
      - name: tuned-net
        local_ts: [10.1.0.0/16]
        remote_ts: ["10.2.0.0/16[6/443]"]
        mode: tunnel
        mark_in: "%unique"
        mark_in_sa: true
        mark_out: "%unique"
        set_mark_in: "%same"
        set_mark_out: 7/0xff
        reqid: 7
        rekey_time: 1h
        life_time: 70m
        rand_time: 5m
        rekey_bytes: 500M
        life_bytes: 600M
        inactivity: 1d
        updown: /usr/local/sbin/tunnel-changed --quiet
        hostaccess: true
        policies: true
        replay_window: 128
        copy_df: false
        hw_offload: auto
        settings:
          rekey_packets: 1000000
          tfc_padding: mtu
          copy_dscp: in
      - name: tuned-ah
        local_ts: [10.3.0.0/16]
        remote_ts: [10.4.0.0/16]
        ah_proposals: [sha256-x25519]

- name: A gateway for roaming clients, which get addresses from a pool
  ipsec.strongswan.strongswan_conn:
    name: roaming
    remote_addrs: ["%any"]
    pools: [roaming]
    send_cert: always
    unique: replace
    dpd_delay: 30s
    if_id_in: "%unique"
    if_id_out: "%unique"
    local:
      - auth: pubkey
        certs: [gateway.pem]
        id: gateway.example.org
    remote:
      - round: 1
        auth: pubkey
        cacerts: [users.pem]
        ca_id: C=DE, CN=users
        groups: [staff]
        revocation: strict
        settings:
          cert_policy: [1.3.6.1.4.1.99999.1]
      - round: 2
        auth: eap-mschapv2
        eap_id: "%any"
    children:
      - name: roaming
        local_ts: [0.0.0.0/0]

- name: A client with EAP-TLS, whose gateway is known by its raw public key
  ipsec.strongswan.strongswan_conn:
    name: client
    remote_addrs: [gateway.example.org]
    vips: [0.0.0.0, "::"]
    reauth_time: 1d
    local:
      - auth: eap-tls
        eap_id: alice@example.org
        aaa_id: radius.example.org
    remote:
      - auth: pubkey
        id: gateway.example.org
        pubkeys: [gateway.pem]
    children:
      - name: client
        remote_ts: [0.0.0.0/0]

- name: An old gateway, IKE version 1 with XAuth
  ipsec.strongswan.strongswan_conn:
    name: old
    version: 1
    remote_addrs: [198.51.100.9]
    dpd_delay: 30s
    dpd_timeout: 2m
    local:
      - auth: psk
      - auth: xauth
        xauth_id: alice
    remote:
      - auth: psk
    children:
      - name: old
        remote_ts: [10.9.0.0/16]

- name: Take over a connection that was written by hand, where strongSwan keeps its files elsewhere
  ipsec.strongswan.strongswan_conn:
    name: byhand
    adopt: true
    directory: /etc/strongswan/swanctl/conf.d
    socket: /run/strongswan/charon.vici
    timeout: 60
    remote_addrs: [192.0.2.3]
    children:
      - name: byhand

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
      description: Why it was needed, and, if SAs are up, what it interrupts.
      type: str
  sample:
    - action: change
      object: connection sun
      reason: >-
        dpd_delay is not set, wanted 30s; children.sun-net.updown is not set, wanted /usr/bin/logger;
        disruption none: dpd_delay changes, and charon leaves SAs alone without start_action start
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
  contains:
    disruption:
      description:
        - How much the change interrupts, or would in check mode. One of V(none), V(child) for CHILD
          SAs, V(ike) for IKE SAs with all their children.
        - V(child) also tells of a child that is to be started while it is up. charon makes a second
          SA of it then, and a packet may be lost when that takes over.
      type: str
    disruption_reason:
      description: Why, with the options that change.
      type: str
    in_force:
      description:
        - Whether all live SAs of the connection have its present configuration, see the notes. Also
          V(true) if there is no SA.
      type: bool
    in_force_reason:
      description: Which SAs have not, or may not, and why; empty if all have it.
      type: str
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
          start_action: trap
          updown: /usr/bin/logger
      dpd_delay: 30s
      disruption: none
      disruption_reason: >-
        dpd_delay changes, and charon leaves SAs alone without start_action start
      in_force: false
      in_force_reason: >-
        IKE SA #1: dpd_delay changed while it was up, so it may have the former configuration;
        CHILD SA sun-net #2: updown changed while it was up, so it may have the former configuration
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.connection import (
    ConnectionFiles,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(ConnectionFiles())


if __name__ == "__main__":
    main()
