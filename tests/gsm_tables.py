#!/usr/bin/env python3
"""The national language tables of 3GPP TS 23.038 (annex A), as Rust: crates/sms/src/segments/tables.rs.

PyPI's `gsmcodecs` (MIT) has them from the standard, release 18. `tests/run` makes them again and compares.
"""

import textwrap

from gsmcodecs import GSMCHARMAPS

ESCAPE = 0x1B
# What gsmcodecs 1.0.0 reads otherwise than the standard has it, as Android's GsmAlphabet and lib3gpp23038 do:
# the comma of the Indic locking tables (0x2C) is taken for an apostrophe; and Kannada's 0x24 is U+0CA1, whatever
# the standard's own misprint says (U+0CAA, which stands at 0x3D).
INDIC = range(4, 14)
KANNADA = 7


def characters(language, kind):
    encode = GSMCHARMAPS.get(language, {}).get(kind, {}).get("encode", {})
    points = {point for point, code in encode.items() if code != ESCAPE}
    if kind == "locking" and language in INDIC:
        points = points - {ord("'")} | {ord(",")}
    if kind == "locking" and language == KANNADA:
        points |= {0x0CA1, 0x0CAA}
    return sorted(points)


def table(name, kind, comment):
    print(f"/// {comment}")
    print("#[rustfmt::skip]")
    print(f"pub(super) const {name}: [&[u16]; {len(GSMCHARMAPS)}] = [")
    for language in sorted(GSMCHARMAPS):
        points = ", ".join(f"0x{point:x}" for point in characters(language, kind))
        if not points:
            print("    &[],")
            continue
        print("    &[")
        print(textwrap.indent(textwrap.fill(points, 100), "        ") + ",")
        print("    ],")
    print("];")


print("//! Made by tests/gsm_tables.py from PyPI's `gsmcodecs` (MIT, Nathan Fraser), which has them from")
print("//! 3GPP TS 23.038 release 18. Indexed by the national language identifier of its table 6.2.1.2.4.1;")
print("//! sorted Unicode code points; empty where the standard has no table.")
print()
table("LOCKING", "locking", "Characters of one septet: the default alphabet (6.2.1), then annex A.3.")
print()
table("SINGLE", "singleShift", "Characters of two septets, after an escape: the extension table (6.2.1.1), then annex A.2.")
