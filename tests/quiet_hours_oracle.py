#!/usr/bin/env python3
"""Judges quiet hours of promotions by a slow model of the laws, second by second, with tables made by hand (DLC-4).

    tests/quiet_hours_oracle.py [--share S] [--seed S] PROGRAM

PROGRAM is the example `quiet` of crates/tendlc. The model knows nothing of our code, nor of its tables: hours, holidays, area
codes and zones of states stand below, from the laws and from what NANPA and the states say. A promotion may arrive in a
minute when, in every zone in which the consumer may be, the clock shows an hour that is open by federal law and by the law of every
state in which they may be; holidays and Sundays are closed where a law says so, and consent lifts what its law says it lifts.
Whether it may arrive, and the first second from which it may, are asked at every consent level: one second around edges of the
hours, four hours around every clock change, and around Sundays, Saturdays, and the holidays of every state (so that one
state's are asked in the others too), all in 2026 and 2027; at noon of every day; and at random. Any disagreement fails. The
holidays are compared with PyPI `holidays`, with every day that differs explained.
"""
import argparse, json, os, random, subprocess, sys
from datetime import date, datetime, timedelta, timezone

os.environ["PYTHONTZPATH"] = ""
import holidays as public_holidays
import numpy
import tzdata
from zoneinfo import ZoneInfo, reset_tzpath

reset_tzpath(())

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
ARIZONA, ALASKA, ALEUTIANS, HAWAII = "America/Phoenix", "America/Anchorage", "America/Adak", "Pacific/Honolulu"
ATLANTIC, GUAM, SAMOA = "America/Puerto_Rico", "Pacific/Guam", "Pacific/Pago_Pago"

# ── Hours ────────────────────────────────────────────────────────────────────────────────────────────────────────
# For each day from Monday to Sunday: from which hour on, until which (that hour is closed already); on which of these days holidays
# are closed; from which consent on the law does not hold.
LEVELS = [None, "implied", "express", "written"]
NO_HOLIDAYS, WEEKDAYS, ANY_DAY = range(0), range(5), range(7)


def daily(opens, closes):
    return [(opens, closes)] * 7


def no_sunday(opens, closes):
    return [(opens, closes)] * 6 + [None]


FEDERAL = (daily(8, 21), NO_HOLIDAYS, None)  # 47 CFR 64.1200(c)(1)
LAWS = {
    "AL": (no_sunday(8, 20), ANY_DAY, None),  # the Public Service Commission's telephone rules
    "CA": (daily(9, 21), NO_HOLIDAYS, None),  # Cal. Pub. Util. Code 2872
    "CT": (daily(9, 20), NO_HOLIDAYS, "written"),  # Conn. Gen. Stat. 42-288a: not with "prior express written consent"; P.A. 23-98
    "FL": (daily(8, 20), NO_HOLIDAYS, None),  # Fla. Stat. 501.616(6)(a)
    "KY": (daily(10, 21), NO_HOLIDAYS, None),  # KRS 367.46955
    "LA": (no_sunday(8, 20), ANY_DAY, None),  # PSC General Order R-29617, V(A)(2); V(A)(1): with consent, too
    "MA": (daily(8, 20), NO_HOLIDAYS, None),  # M.G.L. c. 159C
    "MD": (daily(8, 20), NO_HOLIDAYS, None),  # Stop the Spam Calls Act of 2023
    "MI": (daily(9, 21), NO_HOLIDAYS, None),  # charts of telephone hours
    "MN": (daily(9, 21), NO_HOLIDAYS, None),  # Minn. Stat. 325E.30
    # Miss. Code 77-3-723(1), at Central time, which is all of Mississippi's. That holidays are closed was a rule of its Public Service
    # Commission, whose rules went when the attorney general took over (HB 1225 of 2023).
    "MS": (no_sunday(8, 20), ANY_DAY, None),
    "NM": (daily(9, 21), NO_HOLIDAYS, None),  # N.M. Stat. 57-12-22
    "NV": (daily(9, 20), NO_HOLIDAYS, None),  # charts of telephone hours
    "OK": (daily(8, 20), NO_HOLIDAYS, None),  # 15 O.S. 775C.4
    "OR": (daily(8, 20), NO_HOLIDAYS, None),  # HB 3865, since 2026-01-01
    "PA": (daily(8, 21), ANY_DAY, "express"),  # 73 P.S. 2245(a)(10): no legal holidays; 2242: not what was asked for expressly
    # R.I.G.L. 5-61-2(2): "Monday through Friday, except a state or federal holiday, [9 to 6]; Saturday [10 to 5]"; 5-61-3.6(a): "unsolicited"
    "RI": ([(9, 18)] * 5 + [(10, 17), None], WEEKDAYS, "express"),
    "TX": ([(9, 21)] * 6 + [(12, 21)], NO_HOLIDAYS, "express"),  # Bus. & Com. Code 301.051, of unsolicited calls; SB 140: of texts
    "UT": (no_sunday(8, 21), ANY_DAY, "express"),  # Utah Code 13-25a-103(3): "without prior express consent"
    "VA": (daily(8, 21), NO_HOLIDAYS, "express"),  # Va. Code 59.1-511, SB 1339
    "WA": (daily(8, 20), NO_HOLIDAYS, None),  # RCW 80.36.390
}
# IL, NJ, SD, and hours of PA: sources contradict each other, or speak of automatic dialers only. Nothing is held for them.

# ── Holidays ─────────────────────────────────────────────────────────────────────────────────────────────────────
# 5 U.S.C. 6103, own days and the days on which federal offices are closed instead.
FEDERAL_HOLIDAYS = """
2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-07-04 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-06-19 2027-07-04 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25
2027-12-24 2027-12-25 2027-12-31 2028-01-01 2028-01-17
"""
# New Year, Martin Luther King, Washington, Memorial Day, Labor Day, Veterans Day, Thanksgiving, Christmas, where no state moves them.
EVERYWHERE = """
2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-09-07 2026-11-11 2026-11-26 2026-12-25
2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-07-04 2027-07-05 2027-09-06 2027-11-11 2027-11-25 2028-01-17
"""
# The second Monday of October.
COLUMBUS = "2026-10-12 2027-10-11"
STATE_HOLIDAYS = {
    # Ala. Code 1-3-8: with Juneteenth; Confederate Memorial Day, the fourth Monday of April; Jefferson Davis' birthday, the first Monday
    # of June. Of a Saturday, "the preceding day is the holiday". Mardi Gras is Mobile's and Baldwin County's only.
    "AL": EVERYWHERE + COLUMBUS + " 2026-04-27 2026-06-01 2026-06-19 2026-07-03 2027-04-26 2027-06-07 2027-06-18 2027-12-24 2027-12-31",
    # La. R.S. 1:55(A)(1): January 8, Mardi Gras, Good Friday, August 30, November 1; (B): the general election of even years; of a Saturday,
    # the day before, too. Juneteenth is not among them.
    "LA": EVERYWHERE + COLUMBUS + """ 2026-01-08 2026-02-17 2026-04-03 2026-07-03 2026-07-04 2026-08-30 2026-11-01 2026-11-03
             2027-01-08 2027-02-09 2027-03-26 2027-08-30 2027-11-01 2027-12-24 2027-12-25 2027-12-31 2028-01-01 2028-01-08""",
    # Miss. Code 3-3-7: Confederate Memorial Day, the last Monday of April; of a Sunday only, the day after. Neither Juneteenth nor Columbus.
    "MS": EVERYWHERE + " 2026-04-27 2026-07-04 2027-04-26 2027-12-25 2028-01-01",
    # 44 P.S. 11: Good Friday, Flag Day, Election Day (each year); of a Sunday only, the day after. No Juneteenth.
    "PA": EVERYWHERE + COLUMBUS + """ 2026-04-03 2026-06-14 2026-07-04 2026-11-03
             2027-03-26 2027-06-14 2027-11-02 2027-12-25 2028-01-01""",
    # "A state or federal holiday". R.I.G.L. 25-1-1: Rhode Island Independence Day, Victory Day, the election of state officers; New Year, the
    # Fourth of July, Veterans' Day and Christmas of a Saturday are celebrated on Monday (so the Secretary of State's list of holidays).
    # Whether Juneteenth is, the text of 2023 was not seen: no.
    "RI": FEDERAL_HOLIDAYS + " 2026-05-04 2026-07-06 2026-08-10 2026-11-03 2027-05-04 2027-08-09 2027-12-27 2028-01-03",
    # Utah Code 63G-1-301: Pioneer Day; of a Saturday "the preceding Friday is the legal holiday"; Juneteenth is on the Monday before, of a
    # Saturday or Sunday on the Monday after; Good Friday since 2026-05-06.
    "UT": EVERYWHERE + COLUMBUS + """ 2026-06-15 2026-07-03 2026-07-24
             2027-03-26 2027-06-21 2027-07-23 2027-12-24 2027-12-31""",
}
# Days that PyPI `holidays` has for a state besides, and the reason.
OTHERS_KNOW = {
    "AL": {"2026-07-04": "Friday instead", "2027-06-19": "Friday instead", "2027-12-25": "Friday instead"},
    "LA": {"2026-06-19": "Juneteenth", "2027-06-18": "Juneteenth", "2027-06-19": "Juneteenth"},
    "MS": {
        "2026-06-19": "Juneteenth", "2027-06-18": "Juneteenth", "2027-06-19": "Juneteenth",
        "2026-07-03": "Saturday itself", "2027-12-24": "Saturday itself", "2027-12-31": "Saturday itself",
    },
    "PA": {
        "2026-06-19": "Juneteenth", "2027-06-18": "Juneteenth", "2027-06-19": "Juneteenth", "2026-07-03": "Saturday itself",
        "2027-12-24": "Saturday itself", "2027-12-31": "Saturday itself", "2026-11-27": "offices only", "2027-11-26": "offices only",
    },
    "UT": {
        "2026-06-19": "on Monday", "2027-06-18": "on Monday", "2027-06-19": "on Monday", "2026-07-04": "Friday instead",
        "2027-07-24": "Friday instead", "2027-12-25": "Friday instead",
    },
}
# Days that it has not.
OTHERS_MISS = {
    "LA": ["2026-01-08", "2026-08-30", "2026-11-01", "2027-01-08", "2027-08-30", "2027-11-01", "2026-10-12", "2027-10-11"],
    "PA": ["2026-04-03", "2027-03-26", "2026-06-14", "2027-06-14", "2026-11-03", "2027-11-02"],
    "RI": ["2026-05-04", "2027-05-04", "2026-11-03", "2026-07-06", "2027-12-27"],
    "UT": ["2026-06-15", "2027-06-21", "2027-03-26"],
}

# ── Places ───────────────────────────────────────────────────────────────────────────────────────────────────────
STATES = """AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC
SD TN TX UT VT VA WA WV WI WY""".split()
# 49 CFR 71; the Navajo Nation in Arizona keeps daylight saving time.
ZONES = {
    EASTERN: "CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV", CENTRAL: "AL AR IL IA LA MN MS MO OK WI",
    MOUNTAIN: "CO MT NM UT WY", PACIFIC: "CA WA", HAWAII: "HI", ATLANTIC: "PR VI", GUAM: "GU MP", SAMOA: "AS",
}
ZONES = {state: [zone] for zone, states in ZONES.items() for state in states.split()} | {
    "AK": [ALASKA, ALEUTIANS], "AZ": [ARIZONA, MOUNTAIN], "FL": [EASTERN, CENTRAL], "ID": [MOUNTAIN, PACIFIC],
    "IN": ["America/Indiana/Indianapolis", "America/Indiana/Knox"], "KS": [CENTRAL, MOUNTAIN], "KY": ["America/Kentucky/Louisville", CENTRAL],
    "MI": ["America/Detroit", "America/Menominee"], "ND": [CENTRAL, MOUNTAIN], "NE": [CENTRAL, MOUNTAIN], "NV": [PACIFIC, MOUNTAIN],
    "OR": [PACIFIC, "America/Boise"], "SD": [CENTRAL, MOUNTAIN], "TN": [EASTERN, CENTRAL], "TX": [CENTRAL, MOUNTAIN],
}
# Area codes by the plan of NANPA, with the zones in them; longer ones are exchanges of which the place is certain.
AREA_CODES = {
    "305": ("FL", [EASTERN]), "407": ("FL", [EASTERN]), "689": ("FL", [EASTERN]), "850": ("FL", [EASTERN, CENTRAL]),
    "448": ("FL", [EASTERN, CENTRAL]), "850432": ("FL", [CENTRAL]),  # Pensacola
    "405": ("OK", [CENTRAL]), "512": ("TX", [CENTRAL]), "915": ("TX", [MOUNTAIN]), "206": ("WA", [PACIFIC]),
    "410": ("MD", [EASTERN]), "203": ("CT", [EASTERN]), "703": ("VA", [EASTERN]), "401": ("RI", [EASTERN]),
    "801": ("UT", [MOUNTAIN]), "504": ("LA", [CENTRAL]), "205": ("AL", [CENTRAL]), "601": ("MS", [CENTRAL]),
    "215": ("PA", [EASTERN]), "312": ("IL", [CENTRAL]), "605": ("SD", [CENTRAL, MOUNTAIN]), "605394": ("SD", [MOUNTAIN]),  # Rapid City
    "602": ("AZ", [ARIZONA]), "928": ("AZ", [ARIZONA, MOUNTAIN]), "928871": ("AZ", [ARIZONA, MOUNTAIN]),  # Window Rock
    "808": ("HI", [HAWAII]), "907": ("AK", [ALASKA, ALEUTIANS]), "907581": ("AK", [ALASKA]),  # Unalaska
    "787": ("PR", [ATLANTIC]), "340": ("VI", [ATLANTIC]),
    "671": ("GU", [GUAM]), "684": ("AS", [SAMOA]), "812": ("IN", [EASTERN, CENTRAL]), "317": ("IN", [EASTERN]),
    "219": ("IN", [EASTERN, CENTRAL]), "270": ("KY", [EASTERN, CENTRAL]), "364": ("KY", [EASTERN, CENTRAL]), "502": ("KY", [EASTERN]),
    "423": ("TN", [EASTERN, CENTRAL]), "615": ("TN", [CENTRAL]), "701": ("ND", [CENTRAL, MOUNTAIN]), "308": ("NE", [CENTRAL, MOUNTAIN]),
    "620": ("KS", [CENTRAL, MOUNTAIN]), "316": ("KS", [CENTRAL]), "541": ("OR", [PACIFIC, MOUNTAIN]), "541889": ("OR", [MOUNTAIN]),  # Ontario
    "503": ("OR", [PACIFIC]), "208": ("ID", [MOUNTAIN, PACIFIC]), "986": ("ID", [MOUNTAIN, PACIFIC]), "906": ("MI", [EASTERN, CENTRAL]),
    "313": ("MI", [EASTERN]), "679": ("MI", [EASTERN]), "775": ("NV", [PACIFIC, MOUNTAIN]), "702": ("NV", [PACIFIC]),
    "212": ("NY", [EASTERN]), "415": ("CA", [PACIFIC]), "617": ("MA", [EASTERN]), "612": ("MN", [CENTRAL]), "505": ("NM", [MOUNTAIN]),
    "303": ("CO", [MOUNTAIN]), "201": ("NJ", [EASTERN]), "202": ("DC", [EASTERN]),
}
TORONTO, TOLL_FREE, PERSONAL = "416", "800", "500"  # abroad; of no place
# Addresses: the number's code, the state, the zone that the consumer told.
ADDRESSES = [
    ("212", "TX", None), ("212", "TX", MOUNTAIN), ("915", "TX", None), ("415", "FL", None), ("850", "FL", CENTRAL), ("305", "CA", None),
    ("401", "HI", None), ("303", "RI", None), ("601", "NY", None), ("602", "AZ", None), ("602", "AZ", MOUNTAIN), ("928", "AZ", ARIZONA),
    ("801", "LA", None), ("504", "UT", None), ("203", "RI", None), ("512", "CT", None), ("405", "PA", None), ("205", "MS", None),
    ("907", "AK", ALASKA), ("303", "AK", None), ("312", "IN", None), ("312", "KY", None), ("312", "TN", None), ("312", "ND", None),
    ("312", "SD", None), ("312", "NE", None), ("312", "KS", None), ("312", "OR", None), ("312", "ID", None), ("312", "MI", None),
    ("312", "NV", None), ("303", "PR", None), ("671", "WA", None), ("212", None, PACIFIC), ("504", None, EASTERN),
    (TOLL_FREE, "MD", None), (TOLL_FREE, "TX", CENTRAL), (TORONTO, "NY", None), (TOLL_FREE, None, CENTRAL),
    (TOLL_FREE, None, EASTERN), (TOLL_FREE, None, MOUNTAIN), (TOLL_FREE, None, PACIFIC), (TOLL_FREE, None, HAWAII),
]


def laws_at(code, state, zone):
    """Pairs of a state (none: federal law only) and a zone in which a promotion must be allowed; nothing where our laws do not hold."""
    if code == TORONTO and state is None: return []
    of_code, zones_of_code = AREA_CODES.get(code, (None, []))
    zones = [zone] if zone else ZONES[state] if state else zones_of_code
    states = {state, of_code} - {None}
    # Where a zone is told and no state known, it may be any that has such a time.
    if zone and not states: states = {state for state in STATES if any(clock(zone).offsets == clock(other).offsets for other in ZONES[state])}
    if not zones: return [(state, zone) for state in STATES for zone in ZONES[state]]
    return [(state, zone) for state in sorted(states) for zone in zones]


# ── The model ────────────────────────────────────────────────────────────────────────────────────────────────────
UTC = timezone.utc
GRID = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
MINUTES = int(datetime(2028, 2, 1, tzinfo=UTC).timestamp() - GRID) // 60
# Asked from the first second that is of 2026 in every zone, to the last that is of 2027 in every one but Guam.
FIRST, LAST = GRID + 11 * 3600, int(datetime(2028, 1, 1, 4, tzinfo=UTC).timestamp())
WAIT = 15 * 86_400


def days(text):
    return {date.fromisoformat(day) for day in text.split()}


HOLIDAYS = {state: days(text) for state, text in STATE_HOLIDAYS.items()}
OF_ANY = set.union(days(FEDERAL_HOLIDAYS), *HOLIDAYS.values())
EVERY_HOLIDAY = sorted(OF_ANY | {day - timedelta(days=1) for day in OF_ANY} | {day + timedelta(days=1) for day in OF_ANY})


def span(law, day, state):
    """The minutes of a date that are open by a law; the first and the one after the last."""
    hours, holidays, _ = law
    opens = hours[day.weekday()]
    if opens is None or (day.weekday() in holidays and day in HOLIDAYS[state]): return 0, 0
    return opens[0] * 60, opens[1] * 60


class Clock:
    """What the clocks of a zone show, minute by minute. Offsets are asked every quarter of an hour: no zone of the United States
    changes its clocks but on the hour, nor is off by less."""

    def __init__(self, zone):
        zone = ZoneInfo(zone)
        offsets = [datetime.fromtimestamp(GRID + 900 * n, zone).utcoffset().total_seconds() // 60 for n in range(MINUTES // 15)]
        shown = numpy.arange(MINUTES) + numpy.repeat(numpy.array(offsets, dtype=int), 15)
        self.offsets = offsets
        self.day, self.minute = shown // 1440 + 1, shown % 1440  # day 1 is 2026-01-01
        self.changes = [GRID + 900 * n for n in range(1, len(offsets)) if offsets[n] != offsets[n - 1] and GRID + 900 * n < LAST]


CLOCKS, OPEN = {}, {}


def clock(zone):
    if zone not in CLOCKS: CLOCKS[zone] = Clock(zone)
    return CLOCKS[zone]


def open_by(law, state, zone):
    """For each minute, whether it is open by a law in a zone."""
    key = state, zone
    if key not in OPEN:
        first = date(2025, 12, 31)
        spans = numpy.array([span(law, first + timedelta(days=n), state) for n in range(MINUTES // 1440 + 2)])
        at = clock(zone)
        OPEN[key] = (at.minute >= spans[at.day, 0]) & (at.minute < spans[at.day, 1])
    return OPEN[key]


def lifted(law, consent):
    return law[2] is not None and LEVELS.index(consent) >= LEVELS.index(law[2])


class Model:
    """Every minute of two years at a place, with a consent."""

    def __init__(self, pairs, consent):
        self.open = numpy.ones(MINUTES, dtype=bool)
        # Where nobody knows the place, nobody knows which law consent would lift: it lifts none.
        if len(pairs) > len(STATES): consent = None
        for state, zone in pairs:
            self.open &= open_by(FEDERAL, None, zone)
            if state in LAWS and not lifted(LAWS[state], consent): self.open &= open_by(LAWS[state], state, zone)
        ahead = numpy.where(self.open, numpy.arange(MINUTES), MINUTES)
        self.next = numpy.minimum.accumulate(ahead[::-1])[::-1]

    def answer(self, second):
        minute = (second - GRID) // 60
        if self.open[minute]: return True, None
        until = GRID + 60 * int(self.next[minute])
        return False, until if until <= second + WAIT else None

    def edges(self):
        changes = GRID + 60 * (numpy.flatnonzero(self.open[1:] != self.open[:-1]) + 1)
        return changes[(changes > FIRST) & (changes < LAST)].tolist()


# ── Instants ─────────────────────────────────────────────────────────────────────────────────────────────────────
def local(zone, day, hour):
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).timestamp())


def instants(model, zones, rng, share):
    """A share of what can be asked of a place, and all of what is rare: clock changes and holidays."""
    asked = set()
    every_day = [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]
    for zone in zones:
        for change in clock(zone).changes:
            asked |= {change + seconds for seconds in range(-14_400, 14_401, 1800)} | {change - 1, change + 1}
            asked |= {change + rng.randrange(-14_400, 14_400) for _ in range(10)}
        for day in EVERY_HOLIDAY:
            for hour in (0, 8, 9, 10, 12, 17, 18, 20, 21):
                asked |= {local(zone, day, hour) + seconds for seconds in (-1, 0)}
        asked |= {local(zone, day, 12) for day in every_day}
        for day in every_day:
            if day.weekday() >= 5 and rng.random() < share:
                asked |= {local(zone, day, hour) + rng.choice((-1, 0, 1)) for hour in range(7, 23)}
    for edge in model.edges():
        if rng.random() < share: asked |= {edge - 1, edge, edge + 1}
    asked |= {rng.randrange(FIRST, LAST) for _ in range(int(1000 * share))}
    return sorted(second for second in asked if FIRST <= second < LAST)


# ── The comparison ───────────────────────────────────────────────────────────────────────────────────────────────
def ask(program, lines):
    said = "".join(json.dumps(line) + "\n" for line in lines)
    told = subprocess.run([program], input=said, capture_output=True, text=True, check=True).stdout
    answers = [json.loads(line) for line in told.splitlines()]
    assert len(answers) == len(lines), f"{len(answers)} answers to {len(lines)} questions"
    return [(answer["open"], answer["until"]) for answer in answers]


def shown(code, state, zone):
    return " ".join(part for part in (f"+1{code}", state, zone) if part)


def moment(second, zone):
    return "never" if second is None else datetime.fromtimestamp(second, ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M:%S %Z")


def places():
    codes = [(code, None, None) for code in [*AREA_CODES, TORONTO, TOLL_FREE, PERSONAL]]
    return codes + ADDRESSES


def compare(program, share, rng):
    everywhere = places()
    done, wrong = 0, 0
    for place in everywhere:
        code, state, zone = place
        pairs = laws_at(*place)
        zones = sorted({zone for _, zone in pairs} or {EASTERN})
        if len(zones) > 3: zones = [EASTERN, CENTRAL, HAWAII]
        answers_differ, lines, truths = [], [], []
        for consent in LEVELS:
            model = Model(pairs, consent)
            # What consent cannot change is asked in full once.
            matters = any(state in LAWS and LAWS[state][2] for state, _ in pairs)
            for at in instants(model, zones, rng, share):
                if consent is not None and not matters and rng.random() > 0.1: continue
                number = f"+1{code}{'0123' if len(code) == 6 else '5550123'}"
                lines.append({"number": number, "state": state, "zone": zone, "at": at, "consent": consent})
                truths.append(model.answer(at))
        for line, truth, answer in zip(lines, truths, ask(program, lines)):
            done += 2
            if answer != truth: answers_differ.append((line, truth, answer))
        wrong += len(answers_differ)
        by_day = {}
        for line, truth, answer in answers_differ:
            by_day.setdefault(datetime.fromtimestamp(line["at"], ZoneInfo(zones[0])).date(), []).append((line, truth, answer))
        for day, of_day in sorted(by_day.items())[:12]:
            line, truth, answer = of_day[0]
            tell = lambda said: "open" if said[0] else f"until {moment(said[1], zones[0])}"
            print(f"DISAGREE {shown(*place)}, {len(of_day)} on {day}: at {moment(line['at'], zones[0])}, consent {line['consent']}: {tell(answer)}; the model: {tell(truth)}")
    changes = sum(len(clock(zone).changes) for zone in CLOCKS)
    print(f"{len(everywhere)} places, {changes} clock changes of {len(CLOCKS)} zones, {len(EVERY_HOLIDAY)} days around holidays")
    print(f"{done} comparisons with the model: {f'{wrong} answers differ' if wrong else 'no difference'}")
    return wrong


def check_holidays():
    """The lists of holidays against PyPI's; what differs must be explained above."""
    years = (2026, 2027)
    federal = {day for day in public_holidays.US(years=(*years, 2028)) if day.year in years}
    ours = {day for day in days(FEDERAL_HOLIDAYS) if day.year in years}
    if ours != federal: sys.exit(f"federal holidays: {sorted(map(str, ours ^ federal))}")
    compared = len(ours)
    for state, ours in HOLIDAYS.items():
        theirs = {str(day) for day in public_holidays.US(subdiv=state, years=(*years, 2028)) if day.year in years}
        ours = {str(day) for day in ours if day.year in years}
        compared += len(ours)
        if theirs - ours != OTHERS_KNOW.get(state, {}).keys() or ours - theirs != set(OTHERS_MISS.get(state, [])):
            sys.exit(f"holidays of {state}: PyPI has {sorted(theirs - ours)} too, and has not {sorted(ours - theirs)}")
    print(f"{compared} holidays as PyPI holidays has them, or with a reason why not")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--share", type=float, default=0.05, help="of all edges, of Sundays and Saturdays that are asked; clock changes and holidays always are")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    print(f"tz database {tzdata.IANA_VERSION}")
    check_holidays()
    if compare(options.program, options.share, random.Random(options.seed)): sys.exit(1)


main()
