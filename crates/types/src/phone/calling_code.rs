//! The country calling codes in use (ITU-T E.164, as libphonenumber lists them; a test compares the
//! table with `rlibphonenumber`).

/// Every assigned calling code.
#[rustfmt::skip]
const ASSIGNED: [u16; 215] = [
    1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54,
    55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98, 211,
    212, 213, 216, 218, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234,
    235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253,
    254, 255, 256, 257, 258, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 290, 291, 297, 298,
    299, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359, 370, 371, 372, 373, 374, 375, 376, 377,
    378, 380, 381, 382, 383, 385, 386, 387, 389, 420, 421, 423, 500, 501, 502, 503, 504, 505, 506,
    507, 508, 509, 590, 591, 592, 593, 594, 595, 596, 597, 598, 599, 670, 672, 673, 674, 675, 676,
    677, 678, 679, 680, 681, 682, 683, 685, 686, 687, 688, 689, 690, 691, 692, 800, 808, 850, 852,
    853, 855, 856, 870, 878, 880, 881, 882, 883, 886, 888, 960, 961, 962, 963, 964, 965, 966, 967,
    968, 970, 971, 972, 973, 974, 975, 976, 977, 979, 992, 993, 994, 995, 996, 998,
];

/// The calling codes whose national numbers may start with 0: it is part of the number there, not a
/// national prefix.
const KEEPS_LEADING_ZERO: [u16; 6] = [39, 225, 229, 241, 242, 378];

const fn bits<const N: usize>(codes: [u16; N]) -> [u64; 16] {
    let mut bits = [0; 16];
    let mut i = 0;
    while i < N {
        bits[(codes[i] / 64) as usize] |= 1 << (codes[i] % 64);
        i += 1;
    }
    bits
}

static ASSIGNED_BITS: [u64; 16] = bits(ASSIGNED);
static KEEPS_LEADING_ZERO_BITS: [u64; 16] = bits(KEEPS_LEADING_ZERO);

fn contains(bits: &[u64; 16], code: u16) -> bool {
    bits.get(usize::from(code / 64)).is_some_and(|word| word >> (code % 64) & 1 == 1)
}

/// The calling code that the digits start with. No code is the start of another, so there is at most one.
pub(super) fn at_start(digits: &[u8]) -> Option<u16> {
    let mut code = 0;
    for byte in digits.iter().take(3) {
        code = code * 10 + u16::from(byte - b'0');
        if code == 0 {
            return None;
        }
        if contains(&ASSIGNED_BITS, code) {
            return Some(code);
        }
    }
    None
}

/// How many digits the code has.
pub(super) fn len(code: u16) -> usize {
    match code {
        0..10 => 1,
        10..100 => 2,
        _ => 3,
    }
}

pub(super) fn keeps_leading_zero(code: u16) -> bool {
    contains(&KEEPS_LEADING_ZERO_BITS, code)
}

#[cfg(test)]
mod tests {
    use rlibphonenumber::PHONE_NUMBER_UTIL;

    use super::*;

    #[test]
    fn the_table_is_that_of_libphonenumber() {
        let theirs: std::collections::BTreeSet<u16> = PHONE_NUMBER_UTIL
            .get_supported_calling_codes()
            .map(|code| u16::try_from(code).unwrap())
            .collect();
        let ours: std::collections::BTreeSet<u16> = ASSIGNED.into_iter().collect();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn a_code_is_found_at_the_start() {
        assert_eq!(at_start(b"12025550123"), Some(1));
        assert_eq!(at_start(b"442079460958"), Some(44));
        assert_eq!(at_start(b"3525550123"), Some(352));
        assert_eq!(at_start(b"0123"), None);
        assert_eq!(at_start(b"999"), None);
    }
}
