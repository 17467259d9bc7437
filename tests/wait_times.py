#!/usr/bin/env python3
"""Judges the estimated wait time against waits that really came, with the router itself (RTE-12).

    tests/wait_times.py [--seeds N] [--only TEXT] [--all] [--jobs N] [--keep FOLDER] [--table] PROGRAM
    tests/wait_times.py --floor

PROGRAM is the example `estimate` of crates/routing: it runs a center in virtual time, in which the router decides. The
scenarios are those of wait_times_scenarios.py. What comes out is a log; the rules in use elsewhere are computed from it.
Printed for each scenario: mean absolute error of each rule in seconds, of the estimate, and their ratio; the estimate's
bias, how many of the waits are in the range that it gives, and how often it did not know. Those who were served at once
or gave up are left out. Fails when the estimate is worse than promised. --all asks for every consumer's wait. --keep writes
what a scenario gave to a folder, and takes it from there when the same program, scenarios and seeds are asked again. --table prints
the table of docs/wait-times.md at the end.

--floor asks how well anybody could do in the scenario of 50 agents: for a sample of those who had to wait, the wait is
drawn 400 times from the true distribution of durations, knowing how long each session has taken so far; the median of
those is the best estimate there is.
"""
import argparse, hashlib, json, math, random, re, statistics, subprocess, sys
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import wait_times_scenarios as scenarios

# A center is compared with the best of the rules in every scenario: at most so many times its error.
EVERY, MEDIAN, NEAR_THE_FLOOR = 1.02, 0.85, 0.943
# The same with fewer seeds than five, which scatter.
EVERY_OF_FEW, MEDIAN_OF_FEW = 1.12, 0.87
LEAST_IN_RANGE, MOST_IN_MEDIAN = 0.75, 0.90


class Recent:
    """The mean of what came in the last hour."""

    def __init__(self): self.seen, self.sum = deque(), 0.0
    def push(self, now, value): self.seen.append((now, value)); self.sum += value
    def mean(self, now):
        while self.seen and self.seen[0][0] < now - 3600: self.sum -= self.seen.popleft()[1]
        return self.sum / len(self.seen) if self.seen else None


class Rules:
    """The rules in use elsewhere (docs/wait-times.md), for every queue; `pooled` ones look at all queues that share agents."""

    def __init__(self, staff):
        self.members = {q["id"]: {m for m, _ in q["members"]} for q in staff["queues"]}
        self.first = {q["id"]: {m: p for m, p in q["members"]} for q in staff["queues"]}
        self.wrap = {q["id"]: q.get("wrap_up") or 0.0 for q in staff["queues"]}
        self.chats = {a["id"]: a["chats"] for a in staff["agents"]}
        self.took, self.all = {q: Recent() for q in self.members}, Recent()
        self.hold, self.last = defaultdict(float), defaultdict(float)
        self.last10 = defaultdict(lambda: deque(maxlen=10))
        self.waiting, self.there = defaultdict(int), set()

    def began(self, queue, wait):
        self.hold[queue] = (3 * self.hold[queue] + wait) / 4; self.last[queue] = wait; self.last10[queue].appendleft(wait)

    def ended(self, now, queue, took, wrap):
        took += min(self.wrap[queue], wrap if wrap is not None else self.wrap[queue]); self.took[queue].push(now, took); self.all.push(now, took)

    def estimates(self, now, queue, free, kind):
        own = self.took[queue].mean(now)
        pooled = self.all.mean(now)
        if own is None: own = pooled if pooled is not None else 300.0
        if pooled is None: pooled = own
        here = self.members[queue] & self.there
        places = sum(1 if kind == "call" else self.chats[a] for a in here) or 1
        w10 = self.last10[queue]
        q, weights = self.waiting[queue], sum(10 - j for j in range(len(w10)))
        shared = q
        for other, members in self.members.items():
            if other == queue or not self.waiting[other]: continue
            active = members & self.there
            common = {a for a in active & here if self.first[other][a] <= self.first[queue][a]}
            shared += self.waiting[other] * len(common) / (len(active) or 1)
        return {"Asterisk": self.hold[queue], "Salesforce": sum(w * (10 - j) for j, w in enumerate(w10)) / weights if weights else 0.0,
                "CCAI": max(0.0, own / places * (shared + 1 - free)) + 10, "CCAI pooled": max(0.0, pooled / places * (shared + 1 - free)) + 10,
                "(q+1)*AHT/n": (q + 1) * own / places, "(q+1)*AHT/n pooled": (shared + 1) * pooled / places, "last served": self.last[queue]}


def run(program, lines):
    """({rule: estimate}, [at least, likely, at most] or None, wait) of every asked consumer who had to wait."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([program], input=text, capture_output=True, text=True)
    if done.returncode: raise RuntimeError(done.stderr)
    rules, consumers, records = Rules(lines[0]["staff"]), {}, []
    inputs = iter([line for line in lines[1:] if "status" in line or "came" in line])
    for line in done.stdout.splitlines():
        event = json.loads(line)
        now = event["at"]
        if "came" in event:
            for given in inputs:
                if "came" in given: break
                (rules.there.add if given["status"] == "available" else rules.there.discard)(given["agent"])
            assert given["came"] == event["came"]
            estimates = rules.estimates(now, event["queue"], event["free"], given["kind"]) if given["ask"] else None
            consumers[event["came"]] = {"queue": event["queue"], "at": now, "rules": estimates, "asked": event.get("asked"), "wrap": given["wrap"]}
            rules.waiting[event["queue"]] += 1
        elif "began" in event:
            c = consumers[event["began"]]
            wait = now - c["at"]
            c["began"], c["gone"] = now, event["gone"]
            rules.waiting[c["queue"]] -= 1
            if event["gone"]: continue
            rules.began(c["queue"], wait)
            if c["rules"] and wait > 0.002: records.append((c["rules"], c["asked"], wait))
        elif "ended" in event:
            c = consumers.pop(event["ended"])
            if not c["gone"]: rules.ended(now, c["queue"], now - c["began"], c["wrap"])
        else:
            rules.waiting[consumers.pop(event["gave_up"])["queue"]] -= 1
    return records


def judge(program, name, scenario, seeds):
    errors, bias, inside, below, unknown, waits = defaultdict(list), [], 0, 0, 0, []
    for seed in range(seeds):
        for rules, answer, wait in run(program, scenario(seed)):
            if answer is None: unknown += 1; continue
            for rule, estimate in rules.items(): errors[rule].append(abs(estimate - wait))
            least, likely, most = answer
            errors["frontdesk"].append(abs(likely - wait)); bias.append(likely - wait); waits.append(wait)
            below += wait < least - 1; inside += least - 1 <= wait <= most + 1
    mean = {rule: statistics.mean(error) for rule, error in errors.items()}
    ours = mean.pop("frontdesk")
    best = min(mean, key=mean.get)
    return {"name": name, "rules": mean, "ours": ours, "best": best, "ratio": ours / mean[best], "bias": statistics.mean(bias),
            "wait": statistics.mean(waits), "count": len(bias), "inside": inside / len(bias), "below": below / len(bias), "unknown": unknown}


def floor(name="steady, 50 agents, load 0.95, lognormal", sample=1500, draws=400):
    """Prints the error of the best estimate there is, beside that of the best rule, on the same consumers."""
    import heapq
    import numpy as np
    import wait_times_baselines as baselines
    s = baselines.SCENARIOS[name]
    n, aht = s["agents"](0), s["aht"]
    mu, normal, rng, pick = math.log(aht) - 0.5, statistics.NormalDist(), np.random.default_rng(1), random.Random(1)
    grid = np.linspace(1e-6, 1 - 1e-6, 20001)
    quantiles = np.exp(mu + np.array([normal.inv_cdf(p) for p in grid]))
    best, rule, each = [], [], np.arange(draws)
    for seed in range(5):
        rnd, t, asked, busy, recent = random.Random(seed), 0.0, [], [], deque()
        waiting, recent_sum, arrivals = deque(), 0.0, []
        while t < s["horizon"]: t += rnd.expovariate(s["rate"](t)); arrivals.append(t)
        a = 0
        while a < len(arrivals) or waiting:
            if busy and (a >= len(arrivals) or busy[0][0] <= arrivals[a]):
                now, took, _ = heapq.heappop(busy); recent.append((now, took)); recent_sum += took
                while recent and recent[0][0] < now - 3600: recent_sum -= recent.popleft()[1]
            else:
                now, q = arrivals[a], len(waiting); a += 1
                mean = recent_sum / len(recent) if recent else aht
                waiting.append(c := {"came": now, "k": q + 1, "ages": [now - b for *_, b in busy], "rule": (q + 1) * mean / n})
                if len(busy) == n: asked.append(c)
            while waiting and len(busy) < n:
                c = waiting.popleft(); c["wait"] = now - c["came"]
                took = rnd.lognormvariate(mu, 1.0); heapq.heappush(busy, (now + took, took, now))
        for c in pick.sample(asked, min(sample, len(asked))):
            ages = np.array(c["ages"])
            passed = np.array([normal.cdf(math.log(max(age, 1e-9)) - mu) for age in ages])
            ends = np.maximum(np.interp(passed + (1 - passed) * rng.random((draws, n)), grid, quantiles) - ages, 0)
            # The floor runs forward, each draw by itself: who ends first takes the next in line, until it is this one's turn.
            for _ in range(c["k"] - 1): ends[each, ends.argmin(axis=1)] += np.exp(mu + rng.standard_normal(draws))
            best.append(abs(float(np.median(ends.min(axis=1))) - c["wait"])); rule.append(abs(c["rule"] - c["wait"]))
    ours, theirs = statistics.mean(best), statistics.mean(rule)
    print(f"{name}: the best there is {ours:.2f} s = {ours / theirs:.3f} x (q+1)*AHT/n ({theirs:.2f} s), of {len(best)} waits")


def show(found):
    rules = ", ".join(f"{rule} {error:.0f}" for rule, error in found["rules"].items())
    print(f"{found['name']} (mean wait {found['wait']:.0f} s): {rules}; frontdesk {found['ours']:.1f} s = {found['ratio']:.2f} x "
          f"{found['best']}; bias {found['bias']:+.0f} s; of {found['count']} waits {100 * found['inside']:.0f} % in the range, "
          f"{100 * found['below']:.0f} % shorter; {found['unknown']} unknown", flush=True)


RULES = ["Asterisk", "Salesforce", "CCAI", "CCAI pooled", "(q+1)*AHT/n", "(q+1)*AHT/n pooled", "last served"]


def table(all_found):
    """The rows of docs/wait-times.md."""
    print("| scenario | mean wait | Asterisk | Salesforce | CCAI | CCAI pooled | (q+1)·AHT/n | the same, pooled | last served | frontdesk | to the best | bias | in the range |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for found in all_found:
        rules = " | ".join(f"{found['rules'][rule]:.0f}" for rule in RULES)
        print(f"| {found['name']} | {found['wait']:.0f} | {rules} | **{found['ours']:.1f}** | {found['ratio']:.2f} | {found['bias']:+.0f} | {100 * found['inside']:.0f} % |")


class Kept:
    """What scenarios gave, in files: for the same program, the same scenarios, as many seeds."""

    def __init__(self, folder, arguments):
        self.folder = folder and Path(folder)
        if not self.folder: return
        self.folder.mkdir(parents=True, exist_ok=True)
        here = Path(__file__).parent
        parts = [Path(arguments.program), *sorted(here.glob("wait_times*.py"))]
        self.key = hashlib.sha256(b"".join(part.read_bytes() for part in parts) + repr((arguments.seeds, arguments.all)).encode()).hexdigest()

    def file(self, name): return self.folder / (re.sub(r"[^a-z0-9]+", "-", name.lower()) + ".json")

    def read(self, name):
        if not self.folder or not self.file(name).exists(): return None
        kept = json.loads(self.file(name).read_text())
        return kept["found"] if kept["key"] == self.key else None

    def write(self, name, found):
        if self.folder: self.file(name).write_text(json.dumps({"key": self.key, "found": found}))


def broken(all_found, seeds):
    """What is worse than promised. Fewer seeds than five say less."""
    every, median = (EVERY, MEDIAN) if seeds >= 5 else (EVERY_OF_FEW, MEDIAN_OF_FEW)
    for found in all_found:
        if found["ratio"] > every: yield f"{found['name']}: {found['ratio']:.3f} times the error of {found['best']}"
        if found["inside"] < LEAST_IN_RANGE: yield f"{found['name']}: {100 * found['inside']:.0f} % in the range"
        if found["name"].startswith("steady, 50") and found["ratio"] > NEAR_THE_FLOOR: yield f"{found['name']}: {found['ratio']:.3f}, not near the floor"
    if len(all_found) < 10: return
    ratio, inside = (statistics.median(found[key] for found in all_found) for key in ("ratio", "inside"))
    print(f"of {len(all_found)} scenarios: median ratio {ratio:.3f}, {100 * inside:.0f} % in the range in the median scenario")
    if ratio > median: yield f"the median ratio is {ratio:.3f}"
    if inside > MOST_IN_MEDIAN: yield f"{100 * inside:.0f} % are in the range in the median scenario: it is too wide"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", nargs="?")
    arguments.add_argument("--floor", action="store_true")
    arguments.add_argument("--seeds", type=int, default=5)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--all", action="store_true", help="ask for every consumer, not for a quarter of them")
    arguments.add_argument("--keep", metavar="FOLDER")
    arguments.add_argument("--table", action="store_true")
    arguments = arguments.parse_args()
    if arguments.floor: return floor()
    kept = Kept(arguments.keep, arguments)
    every = {**scenarios.FIVE, **scenarios.MORE}
    chosen = [(name, scenario) for name, scenario in every.items() if arguments.only in name]

    def one(named):
        name, scenario = named
        def asked(seed):
            lines = scenario(seed)
            if arguments.all:
                for line in lines: line.update({"ask": True} if "came" in line else {})
            return lines
        found = kept.read(name) or judge(arguments.program, name, asked, arguments.seeds)
        kept.write(name, found)
        show(found)
        return found

    with ThreadPoolExecutor(arguments.jobs) as pool: found = list(pool.map(one, chosen))
    if arguments.table: table(found)
    wrong = list(broken(found, arguments.seeds))
    if wrong: sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
