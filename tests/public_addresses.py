#!/usr/bin/env python3
"""Addresses and whether Python's ipaddress holds them for global: what crates/media is checked against.

Written to standard output; crates/media/tests/addresses.tsv is this file's.
"""

import ipaddress
import random

random.seed(4711)
texts = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "100.128.0.0", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.15.255.255", "172.16.0.1", "172.31.255.255", "172.32.0.0", "192.0.0.1", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "192.169.0.0", "198.17.255.255", "198.18.0.1", "198.19.255.255", "198.20.0.0",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "1.1.1.1", "8.8.8.8",
    "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:169.254.169.254", "64:ff9b::a00:1", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:2::1", "2001:db8::1", "2001:20::1", "2002:a00:1::1", "2606:4700:4700::1111", "2a00:1450::1",
    "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
]
for _ in range(2000):
    texts.append(str(ipaddress.IPv4Address(random.getrandbits(32))))
for _ in range(1000):
    texts.append(str(ipaddress.IPv6Address(0x2000 << 112 | random.getrandbits(125))))
    texts.append(str(ipaddress.IPv6Address(random.getrandbits(128))))
for text in texts:
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    print(f"{text}\t{'global' if (mapped or address).is_global else 'private'}")
