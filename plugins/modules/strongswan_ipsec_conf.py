#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_ipsec_conf
short_description: Hold connections of ipsec.conf in a declared state, for charon run by starter
version_added: 0.1.0
description:
  - For hosts that still run strongSwan by C(ipsec.conf), starter and the stroke plugin. New hosts
    are better served by M(ipsec.strongswan.strongswan_conn), as ipsec.conf knows no XFRM
    interfaces (if_id) and strongSwan 6 has it off unless the distribution turns it on.
  - Writes connections and their secrets to files of their own, which C(ipsec.conf) and
    C(ipsec.secrets) include, and loads them by C(ipsec update) and C(ipsec rereadsecrets), one or
    many in a call. The options have the names of ipsec.conf; what is left out has strongSwan's
    default.
  - Only what changed is loaded, and what charon lacks; the daemon is never restarted, and other
    connections are not touched.
  - starter judges the new files before they are written, and charon when it loads them. If one of
    them refuses a connection, what it says is returned, and files and connections are as they were.
  - A running SA keeps its old configuration until it is established anew, also when its connection
    is removed (C(ipsec down NAME) ends it).
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._ipsec_conf
requirements:
  - strongSwan's starter with the stroke plugin (package C(strongswan-starter)), running
  - root, so usually C(become=true)
notes:
  - With O(auto=start) a connection that changed is initiated when it is loaded. If it is up, a
    second CHILD SA with the new configuration comes up beside the old one, and the updown script is
    called for it, too.
  - Debian has C(strongswan-starter) beside C(charon-systemd), and from version 13 on they exclude
    each other.
  - Times are compared by their value, so V(1h) and V(3600s) are the same.
  - A name that another file defines, or a section that is to be removed and that another one
    inherits from, is an error that names file and line.
  - C(ipsec rereadsecrets) reads all secrets of the host again; running SAs do not notice.
seealso:
  - module: ipsec.strongswan.strongswan_conn
  - module: ipsec.strongswan.vti_tunnel
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: A client whose updown script makes its VTI
  ipsec.strongswan.strongswan_ipsec_conf:
    name: vpngw
    left: "%defaultroute"
    leftid: rw.example.org
    leftsourceip: ["%config4", "%config6"]
    leftupdown: /usr/local/sbin/ipsec-notify.sh
    right: vpngw.example.org
    rightid: vpngw.example.org
    rightsubnet: [0.0.0.0/0, "::/0"]
    authby: secret
    auto: route
    mark: 2
    secrets:
      - ids: [rw.example.org, vpngw.example.org]
        secret: "{{ vpngw_psk }}"

- name: Several connections that inherit from one, and no others of this owner
  ipsec.strongswan.strongswan_ipsec_conf:
    owner: hub
    purge: true
    directory: /etc/ipsec.d/ipsec.strongswan
    config_file: /etc/ipsec.conf
    secrets_file: /etc/ipsec.secrets
    command: /usr/sbin/ipsec
    timeout: 60
    connections:
      - name: branches
        keyexchange: ikev2
        type: tunnel
        ike: aes256-sha256-modp2048!
        esp: aes256gcm16!
        ikelifetime: 4h
        lifetime: 1h
        margintime: 9m
        rekeyfuzz: 100%
        rekey: true
        reauth: false
        keyingtries: "%forever"
        dpdaction: restart
        dpddelay: 30s
        dpdtimeout: 150s
        closeaction: restart
        mobike: false
        forceencaps: false
        fragmentation: "yes"
        left: 192.0.2.1
        leftid: hub.example.org
        leftauth: pubkey
        leftcert: hub.pem
        leftsendcert: always
        leftsubnet: [0.0.0.0/0]
        leftupdown: /etc/strongswan/updown follow
        lefthostaccess: true
        rightauth: pubkey
        rightca: "%same"
        rightsubnet: [0.0.0.0/0]
        secrets:
          - type: ECDSA
            file: hub.pem
      - name: branch1
        also: [branches]
        right: 198.51.100.1
        rightid: branch1.example.org
        rightallowany: true
        mark_in: 1
        mark_out: 1
        reqid: 1
        auto: start
      - name: branch2
        also: [branches]
        right: branch2.example.org
        mark: 2
        inactivity: 1h
        installpolicy: true
        auto: start
        settings:
          tfc: "%mtu"

- name: A gateway for clients with a password
  ipsec.strongswan.strongswan_ipsec_conf:
    name: road
    adopt: true
    left: "%any"
    leftcert: gw.pem
    leftca: CN=Example CA
    leftsubnet: [10.1.0.0/16]
    leftprotoport: tcp/https
    leftikeport: 500
    right: "%any"
    rightauth: eap-mschapv2
    rightauth2: eap-md5
    rightsourceip: [10.3.0.0/24]
    rightdns: [10.1.0.53]
    eap_identity: "%identity"
    aaa_identity: aaa.example.org
    xauth_identity: carol
    auto: add
    secrets:
      - type: EAP
        ids: [carol]
        secret: "{{ carol_password }}"

- name: Traffic of one protocol between two hosts that know each other's certificate
  ipsec.strongswan.strongswan_ipsec_conf:
    name: l2tp
    type: transport
    left: 192.0.2.1
    leftallowany: false
    leftauth: pubkey
    leftauth2: xauth
    leftcert: moon.pem
    leftdns: ["%config4"]
    leftfirewall: true
    leftprotoport: udp/1701
    right: 192.0.2.2
    rightcert: sun.pem
    rightsendcert: never
    rightprotoport: udp/1701
    rightikeport: 4500
    rightupdown: /usr/local/sbin/of-the-peer.sh
    righthostaccess: false
    auto: add

- name: The same without that script
  ipsec.strongswan.strongswan_ipsec_conf:
    name: l2tp
    left: 192.0.2.1
    right: 192.0.2.2
    rightfirewall: false
    auto: add

- name: No such connection
  ipsec.strongswan.strongswan_ipsec_conf:
    name: vpngw
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
      description: The object, a connection, or a file that is to include ours.
      type: str
    action:
      description: One of V(create), V(change), V(adopt), V(load), V(remove).
      type: str
    reason:
      description: Why it was needed.
      type: str
  sample:
    - action: change
      object: file /etc/ipsec.conf
      reason: it does not include /etc/ipsec.d/ipsec.strongswan/*.conf
    - action: create
      object: connection vpngw
      reason: it does not exist
connections:
  description:
    - The connections as they were asked for, as in their files, without the secrets themselves.
      Values are texts as starter reads them, or lists of these.
  returned: success
  type: list
  elements: dict
  sample:
    - name: vpngw
      state: present
      auto: route
      authby: secret
      mark: "2"
      left: "%defaultroute"
      leftid: rw.example.org
      leftsourceip: ["%config4", "%config6"]
      leftupdown: /usr/local/sbin/ipsec-notify.sh
      right: vpngw.example.org
      rightid: vpngw.example.org
      rightsubnet: [0.0.0.0/0, "::/0"]
      secrets:
        - type: PSK
          ids: [rw.example.org, vpngw.example.org]
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.ipsec_conf import IpsecConf
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(IpsecConf())


if __name__ == "__main__":
    main()
