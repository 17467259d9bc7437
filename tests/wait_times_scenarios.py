"""Centers, days and consumers for tests/wait_times.py: each scenario is data that the example `estimate` runs through the router.

A scenario is a function of a seed that returns lines: the staff, then what comes from outside, in order of time. The
consumers' durations and patience are in the lines, because they do not depend on routing; when an agent takes whom is
the router's to decide. docs/wait-times.md says what each kind is for.
"""
import math, random

HOUR, DAY = 3600.0, 86400.0


def exponential(mean): return lambda rnd, t: rnd.expovariate(1 / mean)
def lognormal(mean, sd=1.0): return lambda rnd, t: rnd.lognormvariate(math.log(mean) - sd * sd / 2, sd)
def fixed(mean): return lambda rnd, t: mean
def scaled(draw, factor): return lambda rnd, t: draw(rnd, t) * factor(t)


class Queue:
    """Where consumers come: how many per second at t, how long each takes, when they give up."""

    def __init__(self, name, rate, takes, patience=None, silent=False, kind="chat", wrap_up=None, fixed_wrap=True,
                 skills=(), priorities=((0, 1.0),), wrap=None):
        self.name, self.rate, self.takes, self.patience, self.silent, self.kind = name, rate, takes, patience, silent, kind
        self.wrap_up, self.fixed_wrap, self.skills, self.priorities, self.wrap = wrap_up, fixed_wrap, skills, priorities, wrap


class Agent:
    """Serves queues (name to priority); `there` is when (spans, seconds), `planned` what the roster says of it."""

    def __init__(self, name, queues, chats=1, skills=(), there=None, planned=None):
        self.name, self.queues, self.chats, self.skills = name, queues, chats, list(skills)
        self.there, self.planned = there, planned


def lines(seed, queues, agents, horizon, rules=None, restarts=(), ask=0.25):
    """The scenario as the example reads it. `ask` is the part of consumers whose wait is estimated."""
    rnd = random.Random(seed)
    staff = {"agents": [{"id": a.name, "chats": a.chats, "skills": a.skills} for a in agents],
             "queues": [{"id": q.name, "wrap_up": q.wrap_up, "fixed": q.fixed_wrap,
                         "members": [[a.name, a.queues[q.name]] for a in agents if q.name in a.queues]} for q in queues],
             **(rules or {})}
    out = [(at, 2, {"restart": True}) for at in restarts]
    for a in agents:
        spans = a.there(rnd) if callable(a.there) else a.there or [(0.0, horizon * 2)]
        for begin, end in spans:
            out += [(begin, 1, {"agent": a.name, "status": "available"}), (end, 1, {"agent": a.name, "status": "break"})]
        if a.planned is not None:
            changes = sorted([(b, True) for b, _ in a.planned] + [(e, False) for _, e in a.planned])
            out.append((0.0, 0, {"agent": a.name, "roster": changes}))
    number = 0
    for q in queues:
        t, most = 0.0, max(q.rate(60.0 * k) for k in range(int(horizon / 60)))
        while True:
            t += rnd.expovariate(most)
            if t >= horizon: break
            if rnd.random() * most > q.rate(t): continue
            number += 1
            draw, priority = rnd.random(), 0
            for level, part in q.priorities:
                if draw < part: priority = level; break
                draw -= part
            skills = [skill for skill, part in q.skills if rnd.random() < part]
            out.append((t, 3, {"came": number, "queue": q.name, "kind": q.kind, "takes": q.takes(rnd, t),
                               "patience": rnd.expovariate(1 / q.patience) if q.patience else None, "silent": q.silent,
                               "priority": priority, "skills": skills, "wrap": q.wrap(rnd) if q.wrap else None,
                               "ask": rnd.random() < ask}))
    out.sort(key=lambda line: (line[0], line[1]))
    return [{"staff": staff}] + [{"at": at, **what} for at, _, what in out if at < horizon * 2]


def team(n, queues, first=0, **more): return [Agent(f"a{first + k}", queues, **more) for k in range(n)]


def steady(rate): return lambda t: rate


def lunch(n, few, many_spans, horizon, queue="q", planned=True):
    """`few` of n agents stay; the others are there in spans. The roster says the same, or what `planned` says."""
    stay = [Agent(f"a{k}", {queue: 1}) for k in range(few)]
    go = [Agent(f"a{k}", {queue: 1}, there=many_spans, planned=many_spans if planned is True else planned) for k in range(few, n)]
    return stay + go


def outside(lunches, horizon):
    """The spans between lunches."""
    spans, at = [], 0.0
    for begin, end in lunches: spans.append((at, begin)); at = end
    return spans + [(at, horizon * 2)]


LUNCHES = [(k * 28800 + 14400.0, k * 28800 + 18000.0) for k in range(8)]


def of_baselines(name, ask=0.25):
    """One of the five of wait_times_baselines.py, whose agents have names and work in the router."""
    import wait_times_baselines as baselines
    s = baselines.SCENARIOS[name]
    takes = lognormal(s["aht"]) if s.get("handle") == "lognormal" else exponential(s["aht"])
    queue = Queue("q", s["rate"], takes, patience=s.get("patience"), silent=bool(s.get("patience")))
    n, horizon = s["agents"](0), s["horizon"]
    agents = team(n, {"q": 1}) if "lunch" not in name else lunch(n, 5, outside(LUNCHES, horizon), horizon)
    return lambda seed: lines(seed, [queue], agents, horizon, ask=ask)


def one(rate, takes, agents, horizon=2 * DAY, ask=0.25, restarts=(), rules=None, **more):
    return lambda seed: lines(seed, [Queue("q", rate, takes, **more)], agents, horizon, ask=ask, restarts=restarts, rules=rules)


def several(queues, agents, horizon=2 * DAY, ask=0.25, rules=None, restarts=()):
    return lambda seed: lines(seed, queues, agents, horizon, rules=rules, ask=ask, restarts=restarts)


def shared(ratio, agents, load=0.9, short=120.0, parts=(0.5, 0.5)):
    """Two queues whose sessions take `short` and ratio times as long; each has a part of the consumers."""
    n, mean = len(agents), parts[0] * short + parts[1] * short * ratio
    rate = n * load / mean
    return several([Queue("quick", steady(rate * parts[0]), exponential(short)),
                    Queue("slow", steady(rate * parts[1]), exponential(short * ratio))], agents)


def shifts(rnd, late):
    """Two shifts a day of one agent each, every one begun and ended `late(rnd)` seconds after the roster's time."""
    return [(max(0.0, day * DAY + 8 * HOUR + late(rnd)), day * DAY + 18 * HOUR + late(rnd)) for day in range(4)]


def after(step, factor): return lambda t: factor if t > step else 1.0
def during(begin, end, factor, period=DAY): return lambda t: factor if begin < t % period < end else 1.0
def saw(low, high, period): return lambda t: low + (high - low) * (0.5 - 0.5 * math.cos(2 * math.pi * t / period))


EVENING = [(day * DAY, day * DAY + 10 * HOUR) for day in range(4)]
MORNING = [(day * DAY + 4 * HOUR, day * DAY + 22 * HOUR) for day in range(4)]
BOTH, CALLS = {"quick": 1, "slow": 1}, {"chats": 1, "phone": 1}
SPANISH = [Agent(f"a{k}", {"q": 1}, skills=["es"] if k < 3 else []) for k in range(10)]
LANGUAGES = [Agent(f"a{k}", {"q": 1}, skills=[["es"], ["fr"], ["es", "fr"], []][k % 4]) for k in range(12)]

FIVE = {name: of_baselines(name) for name in (
    "steady, 10 agents, load 0.9", "steady, 50 agents, load 0.95, lognormal", "noon spike x1.6", "half the agents at lunch",
    "load 1.1, patience 5 min")}
MORE = {
    "3 agents, load 0.85": one(steady(3 * .85 / 240), exponential(240), team(3, {"q": 1}), horizon=4 * DAY),
    "25 agents, load 0.97, hang up after 8 min": one(steady(25 * .97 / 300), lognormal(300), team(25, {"q": 1}), patience=480, horizon=DAY),
    "12 agents, load 1.2, hang up after 4 min": one(steady(12 * 1.2 / 360), lognormal(360), team(12, {"q": 1}), patience=240, horizon=DAY),
    "8 agents, durations all the same": one(steady(8 * .93 / 180), fixed(180), team(8, {"q": 1}), horizon=DAY),
    "4 agents of 3 chats": one(steady(12 * .92 / 400), lognormal(400), team(4, {"q": 1}, chats=3)),
    "wrap-up 120 s": one(steady(10 * .9 / 420), exponential(300), team(10, {"q": 1}), wrap_up=120),
    "wrap-up 300 s, 4 agents": one(steady(4 * .88 / 480), lognormal(180), team(4, {"q": 1}), wrap_up=300, horizon=4 * DAY),
    "wrap-up 240 s, ended early": one(steady(8 * .9 / 360), exponential(300), team(8, {"q": 1}), wrap_up=240, fixed_wrap=False,
                                      wrap=lambda rnd: rnd.uniform(0, 120)),
    "calls and chats, 10 agents": several([Queue("phone", steady(10 * .45 / 300), exponential(300), kind="call"),
                                           Queue("chats", steady(10 * .45 / 300), exponential(300))], team(10, CALLS)),
    "calls beside 2 chats each": several([Queue("phone", steady(8 * .4 / 400), lognormal(400), kind="call"),
                                          Queue("chats", steady(16 * .5 / 500), lognormal(500))], team(8, CALLS, chats=2)),
    "calls first, chats second": several([Queue("phone", steady(10 * .5 / 240), exponential(240), kind="call"),
                                          Queue("chats", steady(10 * .35 / 300), exponential(300))],
                                         team(10, {"phone": 1, "chats": 2})),
    "shared, 1:2": shared(2, team(10, BOTH)),
    "shared, 1:7": shared(7.5, team(10, BOTH)),
    "shared by half, 1:7": shared(7, team(5, BOTH) + team(3, {"quick": 1}, 5) + team(6, {"slow": 1}, 8), load=0.85, parts=(0.55, 0.45)),
    "shared by half, 1:2": shared(2, team(5, BOTH) + team(3, {"quick": 1}, 5) + team(5, {"slow": 1}, 8), load=0.88, parts=(0.5, 0.5)),
    "second for all agents": several([Queue("first", steady(10 * .45 / 300), exponential(300)),
                                      Queue("second", steady(10 * .45 / 300), exponential(300))], team(10, {"first": 1, "second": 2})),
    "second for half of the agents": several([Queue("first", steady(10 * .5 / 240), exponential(240)),
                                              Queue("second", steady(10 * .4 / 360), exponential(360))],
                                             team(5, {"first": 1, "second": 2}) + team(2, {"first": 1}, 5) + team(3, {"second": 1}, 7)),
    "a fifth of the consumers has priority": one(steady(10 * .92 / 300), exponential(300), team(10, {"q": 1}),
                                                 priorities=((3, 0.2), (0, 0.8))),
    "durations double at noon": one(steady(10 * .5 / 300), scaled(exponential(300), after(12 * HOUR, 1.9)), team(10, {"q": 1}), horizon=DAY),
    "durations double each afternoon": one(lambda t: 10 * .9 / (600 if t % DAY > DAY / 2 else 300),
                                           scaled(lognormal(300), during(DAY / 2, DAY, 2.0)), team(10, {"q": 1}), horizon=3 * DAY),
    "durations halve": one(lambda t: 10 * .92 / (300 if t > DAY else 600), scaled(exponential(600), after(DAY, 0.5)), team(10, {"q": 1})),
    "incident of 3 h, longer sessions": one(lambda t: 12 * .6 / 300, scaled(exponential(300), during(9 * HOUR, 12 * HOUR, 2.2)),
                                            team(12, {"q": 1}), patience=2400),
    "incident of 3 h, many short sessions": one(lambda t: 12 * (2.2 if 9 * HOUR < t % DAY < 12 * HOUR else .7) / 300,
                                                scaled(exponential(300), during(9 * HOUR, 12 * HOUR, 0.5)), team(12, {"q": 1})),
    "roster kept: shifts": one(lambda t: 8 * .85 / 300 if 4 * HOUR < t % DAY < 10 * HOUR else 4 * .85 / 300, exponential(300),
                               team(4, {"q": 1}) + team(4, {"q": 1}, 4, there=EVENING, planned=EVENING)),
    "roster kept, a little late": one(steady(8 * .7 / 300), exponential(300), team(6, {"q": 1}) + [
        Agent(f"a{k}", {"q": 1}, there=lambda rnd: shifts(rnd, lambda rnd: rnd.uniform(-120, 300)), planned=[(b, e) for b, e in shifts(None, lambda _: 0.0)])
        for k in range(6, 10)]),
    "roster not kept: nobody goes to lunch": one(steady(10 * .93 / 300), exponential(300), lunch(10, 5, [(0.0, 8 * DAY)], 2 * DAY, planned=outside(LUNCHES, 2 * DAY))),
    "roster not kept: nobody comes to help": one(lambda t: 8 * (1.3 if 4 * HOUR < t % 28800 < 5 * HOUR else .88) / 300, exponential(300),
                                                 team(8, {"q": 1}) + team(6, {"q": 1}, 8, there=[], planned=[(b, e) for b, e in LUNCHES])),
    "roster not kept: half an hour late": one(steady(9 * .72 / 300), exponential(300), team(6, {"q": 1}) + [
        Agent(f"a{k}", {"q": 1}, there=lambda rnd: shifts(rnd, lambda rnd: rnd.uniform(900, 2700)), planned=[(b, e) for b, e in shifts(None, lambda _: 0.0)])
        for k in range(6, 10)]),
    "skills: 3 of 10 speak Spanish": one(steady(10 * .85 / 300), exponential(300), SPANISH, skills=(("es", 0.25),)),
    "skills: two languages, 12 agents": one(steady(12 * .85 / 300), lognormal(300), LANGUAGES, skills=(("es", 0.25), ("fr", 0.3))),
    "restart every 6 hours": one(steady(10 * .9 / 300), exponential(300), team(10, {"q": 1}), restarts=[6 * HOUR * k + 1 for k in range(1, 8)]),
    "restart, then second for all agents": several([Queue("first", steady(10 * .4 / 300), exponential(300)),
                                                    Queue("second", steady(10 * .5 / 600), exponential(600))],
                                                   team(10, {"first": 1, "second": 2}), restarts=[3 * HOUR * k + 1 for k in range(1, 16)]),
}
