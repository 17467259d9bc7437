use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks that are not for the public, by the IANA special-purpose registries (RFC 6890 and its updates):
/// address and length of the prefix.
const PRIVATE_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// What is special within the global unicast addresses, 2000::/3: protocol assignments (2001::/23, Teredo among
/// them), documentation, 6to4 (which leads to an IPv4 address).
const PRIVATE_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is one of the public Internet. IPv4 addresses that are written as IPv6 are looked at as what
/// they are; whatever is not global unicast is not public.
///
/// ```
/// use frontdesk_media::is_public;
///
/// assert!(is_public("93.184.215.14".parse()?));
/// assert!(!is_public("169.254.169.254".parse()?), "the metadata service of a cloud");
/// assert!(!is_public("::ffff:10.0.0.1".parse()?));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let within = |&(network, length): &(Ipv4Addr, u32)| {
        (address.to_bits() ^ network.to_bits()) >> (32 - length) == 0
    };
    !PRIVATE_V4.iter().any(within)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |&(network, length): &(Ipv6Addr, u32)| {
        (address.to_bits() ^ network.to_bits()) >> (128 - length) == 0
    };
    address.segments()[0] >> 13 == 1 && !PRIVATE_V6.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Judged by Python's `ipaddress` (`tests/public_addresses.py` wrote the file): whatever it says is not
    /// global is not public.
    #[test]
    fn no_address_is_public_that_python_says_is_not() {
        let judged = include_str!("../tests/addresses.tsv");
        let (mut public, mut stricter) = (0, Vec::new());
        for line in judged.lines() {
            let (text, global) = line.split_once('\t').unwrap();
            let address: IpAddr = text.parse().unwrap();
            match (is_public(address), global == "global") {
                (true, false) => panic!("{address} is not for the public"),
                (true, true) => public += 1,
                (false, true) => stricter.push(address),
                (false, false) => {}
            }
        }
        assert!(public > 1_000, "{public}");
        // Ours is the stricter one: multicast, relays to IPv4, and what is not global unicast.
        for address in stricter {
            let expected = match address {
                IpAddr::V4(v4) => {
                    v4.is_multicast()
                        || v4.octets()[..3] == [192, 88, 99]
                        || v4.octets()[..3] == [192, 0, 0]
                }
                IpAddr::V6(v6) => {
                    v6.segments()[0] >> 13 != 1
                        || matches!(v6.segments()[0], 0x2001 | 0x2002 | 0x3fff)
                }
            };
            assert!(expected, "{address}");
        }
    }
}
