"""Writes crates/tendlc/src/place/area_codes.txt: the area codes of the United States with their state and time zones, as
libphonenumber has them (PyPI `phonenumbers`, Apache-2.0). `tests/run` makes it again and compares.

Zones that have kept the same time since 2010 are written as one. An overlay whose area was split between zones is
like the codes that it lies over, of which libphonenumber knows the finer prefixes.
"""

import collections

import phonenumbers
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

# Overlays (NANPA) without finer prefixes in libphonenumber, and the code that they lie over.
OVERLAYS = {"448": "850", "364": "270", "930": "812", "458": "541", "986": "208"}
# Codes that are in service, or announced, and that libphonenumber does not have yet, with the code that they lie over (November 2026: commissions of
# the states). An overlay has the state and the zones of its parent. What libphonenumber has by now must go from here.
NEW = {
    "357": "559", "436": "440", "457": "318", "465": "718", "471": "662", "483": "334", "565": "912", "621": "713", "624": "716", "679": "313",
    "729": "423", "837": "530", "861": "309", "924": "507",
}
# Overlays of which libphonenumber has the zone wrong.
MENDED = {"689": "407"}
# Exchanges of which libphonenumber has the zone wrong: Unalaska, east of 169° 30′ west, has Alaska's time (49 CFR 71.11, 71.12), not Hawaii's.
MENDED_EXCHANGES = {"907581": "America/Anchorage"}
SAME_TIME = {
    "America/Boise": "America/Denver",
    "America/Juneau": "America/Anchorage",
    "America/North_Dakota/Center": "America/Chicago",
    "Pacific/Saipan": "Pacific/Guam",
    "Pacific/Midway": "Pacific/Pago_Pago",
    "America/St_Thomas": "America/Puerto_Rico",
}
TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}
STATES = dict(
    zip(
        """Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Washington D.C.|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington State|West Virginia|Wisconsin|Wyoming""".split("|"),
        """AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY""".split(),
        strict=True,
    )
)


def longest(table, digits, at_least):
    for length in range(len(digits), at_least - 1, -1):
        if digits[:length] in table:
            return table[digits[:length]]
    return None


def state_in(name):
    return STATES.get(name) or (name[-2:] if name[-4:-2] == ", " else None)


def state_of(code, region):
    if region in TERRITORIES:
        return region
    named = longest(GEOCODE_DATA, f"1{code}", 4)
    if named:
        return state_in(named["en"])
    # Not told for the code as a whole: what most of its exchanges say.
    told = collections.Counter()
    for exchange in range(200, 1000):
        finer = longest(GEOCODE_DATA, f"1{code}{exchange}", 5)
        told[state_in(finer["en"]) if finer else None] += 1
    del told[None]
    return told.most_common(1)[0][0] if told else None


def zones_of(code, exchange):
    zones = longest(TIMEZONE_DATA, f"1{code}{exchange}5555", 2) or ()
    if mended := MENDED_EXCHANGES.get(f"{code}{exchange}"):
        assert zones != (mended,), f"libphonenumber has mended {code} {exchange}"
        return (mended,)
    return tuple(sorted({SAME_TIME.get(zone, zone) for zone in zones}))


def ranges(exchanges):
    """200,201,202,240 → 200-202,240"""
    out = []
    for exchange in exchanges:
        if out and out[-1][1] == exchange - 1:
            out[-1][1] = exchange
        else:
            out.append([exchange, exchange])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in out)


def overlay(code, parent):
    known = phonenumbers.region_code_for_number(phonenumbers.parse(f"+1{code}2345678"))
    assert code in MENDED or known is None, f"libphonenumber has {code} by now"
    zones = sorted({zone for exchange in range(200, 1000) for zone in zones_of(parent, exchange)})
    its_own = sorted({zone for exchange in range(200, 1000) for zone in zones_of(code, exchange)})
    assert code not in MENDED or zones != its_own, f"libphonenumber has mended {code}"
    return f"{code} {state_of(parent, 'US')} {' '.join(zones)}"


def lines():
    for code in range(200, 1000):
        code = str(code)
        parent = NEW.get(code) or MENDED.get(code)
        if parent:
            yield overlay(code, parent)
            continue
        region = phonenumbers.region_code_for_number(phonenumbers.parse(f"+1{code}2345678"))
        if region not in TERRITORIES | {"US"}:
            if region:
                yield f"{code} abroad"
            continue
        state = state_of(code, region)
        if state is None:
            continue
        fine = collections.defaultdict(list)
        for exchange in range(200, 1000):
            fine[zones_of(OVERLAYS.get(code, code), exchange)].append(exchange)
        every = sorted({zone for zones in fine for zone in zones})
        yield f"{code} {state} {' '.join(every)}"
        if len(fine) > 1 and code not in OVERLAYS:
            # What is most of the code may be what nobody looked at closely: only the rest is certain.
            most = max(fine, key=lambda zones: len(fine[zones]))
            for zones, exchanges in sorted(fine.items()):
                if zones != most and len(zones) == 1:
                    yield f"  {zones[0]} {ranges(exchanges)}"


print(f"# Made by tests/area_codes.py from libphonenumber {phonenumbers.__version__} (Apache-2.0).")
print("# Code, state, every zone in it; below, exchanges of which the zone is known. Codes of other countries of +1: abroad.")
for line in lines():
    print(line)
