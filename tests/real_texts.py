"""The 5,574 real texts of tests/data, each from its own consumer, posted as forms that Twilio's own
package has signed to the running host over HTTP, while agents answer by the API. Every text must be in
exactly one transcript, and every consumer who reached an agent must have got exactly one answer. Every tenth text brings a picture;
a program sends notices, of which the gate holds some until tomorrow. What leaves goes to a provider of the test's own: none is lost,
each consumer's are in order, and none arrives twice but where the process died between the provider's answer and its own commit.

    python3 tests/real_texts.py --program target/debug/frontdesk once
    python3 tests/real_texts.py --program target/debug/frontdesk twice   # each form is posted twice
    python3 tests/real_texts.py --program target/debug/frontdesk kill    # SIGKILL at random moments

Exit code 1 if anything is lost, doubled or changed.
"""

import argparse
import base64
import collections
import http.client
import http.server
import json
import pathlib
import queue
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import parse_qs, urlencode, urlsplit

from twilio.request_validator import RequestValidator

HERE = pathlib.Path(__file__).parent
AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
NUMBER = "+12025550100"
NOTICES = "+12025550120"
ACCOUNT = "AC" + "0" * 32
SENDERS, AGENTS = 12, 6
PATIENCE = 120
# Every so many texts bring a picture; so many consumers get notices.
PICTURES, NOTIFIED = 10, 24
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
# Nothing has left for so long: everything that may leave has.
QUIET = 4

CENTER = f"""
[center]
id = "real"
company = "Acme"
[[queues]]
id = "support"
name = "Support"
numbers = ["{NUMBER}"]
agents = [{", ".join(f'"agent-{n}"' for n in range(AGENTS))}]
[notifications]
numbers = ["{NOTICES}"]
[compliance]
caps = [{{ count = 1, hours = 24 }}]
""" + "".join(f'[[agents]]\nid = "agent-{n}"\nname = "Agent {n}"\nchats = 20\n' for n in range(AGENTS))


class Provider:
    """Takes texts as Twilio does, and keeps pictures. Knows by which process each text came."""

    def __init__(self):
        self.lock, self.process, self.texts, self.last = threading.Lock(), 0, [], time.monotonic()
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, kind, body):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                time.sleep(random.random() * 0.05)
                self.answer(200, "image/png", PNG)

            def do_POST(self):
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                # Of `center/id`, the id.
                text = parse_qs(urlsplit(form["StatusCallback"][0]).query)["text"][0].partition("/")[2]
                sid = provider.take(text, (form["From"][0], form["To"][0]), form["Body"][0])
                time.sleep(random.random() * 0.02)
                self.answer(201, "application/json", json.dumps({"sid": sid}).encode())

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 512

            def handle_error(self, *_):
                """The host was killed in the middle of a request."""

        server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def take(self, text, line, body):
        with self.lock:
            self.last = time.monotonic()
            self.texts.append((text, line, body, self.process))
            return f"SM{len(self.texts):032x}"

    def is_quiet(self):
        with self.lock:
            return time.monotonic() - self.last > QUIET


class Host:
    """The host, which may be killed and started again on the same port and file."""

    def __init__(self, program, folder, provider):
        self.program, self.folder, self.lock = program, folder, threading.Lock()
        self.provider = provider
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(folder / "log", "ab")
        # Tokens of ours, so that they stay the same over restarts.
        self.token, admin = self.make_token("admin")
        self.program_token, program_section = self.make_token("api")
        own = (f'[host]\ncarrier = "twilio"\npublic_url = "{self.url}"\n'
               f'[host.twilio]\naccount_sid = "{ACCOUNT}"\napi_base = "{provider.url}"\n')
        (folder / "center.toml").write_text(CENTER + own + admin + program_section)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "center.toml", "--listen", f"127.0.0.1:{self.port}"],
            cwd=self.folder, env={"FRONTDESK_TWILIO_AUTH_TOKEN": AUTH_TOKEN},
            stdout=subprocess.PIPE, stderr=self.log, text=True,
        )
        line = self.process.stdout.readline()
        if "is open at" not in line:
            sys.exit(f"the host did not start: {(self.folder / 'log').read_text()}")

    def make_token(self, role):
        made = subprocess.run([self.program, "token", role], capture_output=True, text=True, check=True).stdout
        token, _, section = made.split("\n", 2)
        return token, section[section.index("[[host.tokens]]"):]

    def kill_and_start(self):
        self.process.kill()
        self.process.wait()
        with self.provider.lock:
            self.provider.process += 1
        self.start()


class Connection:
    """A kept-alive connection that is made again when the host has died."""

    def __init__(self, host):
        self.host, self.connection = host, None

    def request(self, method, path, body=None, headers=None):
        """Status and body; (0, b"") when there was no answer."""
        try:
            if self.connection is None:
                address = urlsplit(self.host.url)
                self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
            self.connection.request(method, path, body, headers or {})
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return 0, b""

    def api(self, method, path, body=None):
        """Status and JSON, tried again until there is an answer."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            headers = {"Authorization": f"Bearer {self.host.token}", "Content-Type": "application/json"}
            status, answer = self.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            if status not in (0, 503):
                return status, json.loads(answer) if answer else None
            time.sleep(0.01)
        sys.exit(f"no answer to {method} {path}")


def read_texts():
    lines = (HERE / "data" / "sms-spam-collection.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t", 1)[1] for line in lines if line]


class Run:
    def __init__(self, host, texts, mode, seed):
        self.host, self.texts, self.mode = host, texts, mode
        self.random = random.Random(seed)
        self.jobs = queue.Queue()
        order = list(range(len(texts))) * (2 if mode == "twice" else 1)
        self.random.shuffle(order)
        for n in order:
            self.jobs.put(n)
        self.acknowledged, self.refused, self.kills = 0, 0, 0
        self.count = threading.Condition()
        self.done = threading.Event()

    def sid(self, n):
        return f"SM{n:032x}"

    def sender(self):
        connection, validator = Connection(self.host), RequestValidator(AUTH_TOKEN)
        path = "/webhooks/twilio/messages"
        while True:
            try:
                n = self.jobs.get_nowait()
            except queue.Empty:
                return
            form = {
                "MessageSid": self.sid(n), "AccountSid": "AC" + "0" * 32, "From": f"+1202{2_000_000 + n}",
                "To": NUMBER, "Body": self.texts[n], "NumMedia": "0", "ApiVersion": "2010-04-01",
            }
            if n % PICTURES == 0:
                url = f"{self.host.provider.url}/2010-04-01/Media/{n}"
                form |= {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": "image/png"}
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": validator.compute_signature(self.host.url + path, form),
            }
            # What was not acknowledged is sent again, as a provider does.
            while True:
                status, answer = connection.request("POST", path, urlencode(form), headers)
                if status == 200:
                    break
                if status not in (0, 503):
                    sys.exit(f"{status}: {answer}")
                with self.count:
                    self.refused += 1
                time.sleep(0.005)
            with self.count:
                self.acknowledged += 1
                self.count.notify_all()

    def notifier(self):
        """Two promotions, of which a cap holds the second until tomorrow, and a code that must not wait for it."""
        connection = Connection(self.host)
        basic = base64.b64encode(f"real:{self.host.program_token}".encode()).decode()
        for n in range(NOTIFIED):
            for what, kind in [("offer A", "promotional"), ("offer B", "promotional"), ("code 4711", "informational")]:
                body = {
                    "end_user_number": f"+1303{2_000_000 + n}", "outbound_number": NOTICES, "content_type": kind,
                    "message": f"Acme: {what}. Reply STOP to opt out.",
                    "consent": {"method": "web_form", "level": "written", "wording": "I agree to get offers.", "evidence": "form 7, box ticked"},
                }
                headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/json",
                           "Idempotency-Key": f"{n}-{what[-1]}"}
                while True:
                    status, answer = connection.request("POST", "/apps/api/v1/notifications", json.dumps(body), headers)
                    if status == 202:
                        break
                    if status not in (0, 429, 503):
                        sys.exit(f"{status}: {answer}")
                    time.sleep(0.05)

    def killer(self):
        """Pulls the plug after a random number of acknowledged texts, again and again."""
        total = self.jobs.qsize()
        at = 0
        while True:
            at += self.random.randrange(150, 700)
            if at >= total:
                return
            with self.count:
                self.count.wait_for(lambda: self.acknowledged >= at or self.done.is_set())
            # Somewhere in the middle of whatever it is doing then.
            time.sleep(self.random.random() * 0.02)
            self.host.kill_and_start()
            self.kills += 1

    def agent(self, n):
        connection, me = Connection(self.host), f"agent-{n}"
        connection.api("PUT", f"/agents/{me}/status", {"status": "available"})
        while not self.done.is_set():
            _, mine = connection.api("GET", f"/sessions?open=true&agent={me}")
            _, offers = connection.api("GET", f"/offers?agent={me}")
            for offer in offers:
                # Somebody else may have been faster: 409.
                if connection.api("POST", f"/sessions/{offer['session']}/accept", {"agent": me})[0] == 204:
                    mine.append({"id": offer["session"]})
            for session in {session["id"] for session in mine}:
                self.answer(connection, me, session)
            if not offers and not mine:
                time.sleep(0.01)

    def answer(self, connection, me, session):
        # The host may have died after it had taken the answer: look before writing again.
        _, transcript = connection.api("GET", f"/sessions/{session}/transcript")
        if not any(is_answer(event) for event in transcript):
            body = {"agent": me, "body": f"This is {me}, I am looking into it."}
            headers = {"Authorization": f"Bearer {self.host.token}", "Content-Type": "application/json"}
            status, _ = connection.request("POST", f"/api/v1/sessions/{session}/messages", json.dumps(body), headers)
            if status != 202:
                return
        connection.api("POST", f"/sessions/{session}/end", {"agent": me})

    def run(self):
        agents = [threading.Thread(target=self.agent, args=(n,), daemon=True) for n in range(AGENTS)]
        senders = [threading.Thread(target=self.sender, daemon=True) for _ in range(SENDERS)]
        killer = threading.Thread(target=self.killer, daemon=True)
        notifier = threading.Thread(target=self.notifier, daemon=True)
        for thread in agents + senders + [notifier]:
            thread.start()
        if self.mode == "kill":
            killer.start()
        for thread in senders + [notifier]:
            thread.join()
        if self.mode == "kill":
            killer.join()
        connection = Connection(self.host)
        until = time.monotonic() + PATIENCE
        # Until nobody waits and everything has left.
        while time.monotonic() < until:
            _, still_open = connection.api("GET", "/sessions?open=true&limit=1")
            if not still_open and self.host.provider.is_quiet():
                break
            time.sleep(0.05)
        self.done.set()
        for thread in agents:
            thread.join()
        return connection


def is_answer(event):
    return event["type"] == "outbound_message" and isinstance(event["author"], dict)


def pending(connection):
    """How many pieces of work wait."""
    headers = {"Authorization": f"Bearer {connection.host.token}"}
    metrics = connection.request("GET", "/metrics", headers=headers)[1].decode()
    return int(next(line.split()[1] for line in metrics.splitlines() if line.startswith("frontdesk_outbox_pending ")))


def check_provider(run, connection, sent, accepted, pictures):
    """What the provider got: sent is each session's messages in order, accepted what the host knows to have left."""
    texts = run.host.provider.texts
    first, again, twice = {}, 0, 0
    for place, (text, _, _, process) in enumerate(texts):
        if text in first:
            again += 1
            twice += texts[first[text]][3] == process
        first.setdefault(text, place)
    lost = [id for id in accepted if id not in first]
    order = [[first[id] for id in ids if id in first] for ids in sent]
    unordered = sum(places != sorted(places) for places in order)
    notices = collections.defaultdict(list)
    for text, place in sorted(first.items(), key=lambda item: item[1]):
        (_, line, body, _) = texts[place]
        if line[0] == NOTICES:
            notices[line[1]].append(body.split(": ")[1].split(".")[0])
    codes = sum("code 4711" in got for got in notices.values())
    offers = [[what for what in got if what.startswith("offer")] for got in notices.values()]
    held, left = pending(connection), sum(map(len, offers))
    wrong_offers = sum(len(got) > 1 for got in offers)
    lost_pictures = [sid for sid, count in pictures.items() if count != 1]
    print(f"    provider: {len(first)} texts, {again} again after a kill, {twice} twice by one process, {len(lost)} lost, "
          f"{unordered} sessions out of order; {codes} codes of {NOTIFIED}, {left} offers left and {held} held of {2 * NOTIFIED}; "
          f"{len(pictures)} pictures, {len(lost_pictures)} not kept exactly once")
    all_there = codes == NOTIFIED and left + held == 2 * NOTIFIED
    return not (twice or lost or unordered or wrong_offers or lost_pictures) and all_there


def check(run, connection):
    """Counts, from the transcripts as the API gives them."""
    sent, pictures = [], {}
    where = collections.defaultdict(list)
    bodies, answers, delivered, sessions, before = {}, [], set(), 0, ""
    while True:
        _, page = connection.api("GET", f"/sessions?limit=500{before}")
        for session in page:
            sessions += 1
            _, transcript = connection.api("GET", f"/sessions/{session['id']}/transcript")
            for event in transcript:
                if event["type"] == "inbound_message":
                    where[event["provider_id"]].append(f"session {session['id']}")
                    bodies[event["provider_id"]] = event["body"]
                    if event["media"] if "media" in event else []:
                        pictures.setdefault(event["provider_id"], 0)
                elif event["type"] == "media_stored":
                    pictures[event["message"]] = pictures.get(event["message"], 0) + 1
                elif event["type"] == "delivery" and event["status"] == "accepted":
                    delivered.add(event["id"])
            sent.append([event["id"] for event in transcript if event["type"] == "outbound_message"])
            answers.append([event["id"] for event in transcript if is_answer(event)])
        if not page:
            break
        before = f"&before={page[-1]['id']}"
    # Command words outside of a session are kept with the consumer and the number.
    outside, after = 0, 0
    while True:
        _, page = connection.api("GET", f"/events?after={after}")
        if not page:
            break
        after = page[-1]["position"]
        for event in page:
            if event["type"] == "inbound_message" and event["session"] is None:
                where[event["provider_id"]].append("outside of sessions")
                bodies[event["provider_id"]] = event["body"]
                outside += 1
    wanted = {run.sid(n): text for n, text in enumerate(run.texts)}
    lost = [sid for sid in wanted if sid not in where]
    doubled = {sid: places for sid, places in where.items() if len(places) > 1}
    changed = [sid for sid in wanted if sid in bodies and bodies[sid] != wanted[sid]]
    unanswered = sum(len(ids) == 0 for ids in answers)
    twice = sum(len(ids) > 1 for ids in answers)
    undelivered = sum(id not in delivered for ids in answers for id in ids)
    print(f"{run.mode}: {len(wanted)} texts, {run.acknowledged} acknowledged, {run.refused} tried again, {run.kills} kills; "
          f"in exactly one transcript {sum(len(places) == 1 for places in where.values())} "
          f"({sessions} sessions, {outside} outside of sessions); lost {len(lost)}, doubled {len(doubled)}, "
          f"changed {len(changed)}; sessions answered once {sum(len(ids) == 1 for ids in answers)}, "
          f"never {unanswered}, more than once {twice}, answers not delivered {undelivered}")
    failed = not check_provider(run, connection, sent, delivered, pictures)
    failed = failed or lost or doubled or changed or unanswered or twice or undelivered or len(where) != len(wanted)
    if run.mode == "kill" and run.kills < 5:
        print("too few kills to say anything")
        failed = True
    return not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("modes", nargs="+", choices=["once", "twice", "kill"])
    arguments = parser.parse_args()
    texts, well = read_texts(), True
    for mode in arguments.modes:
        with tempfile.TemporaryDirectory() as folder:
            started = time.monotonic()
            host = Host(arguments.program.resolve(), pathlib.Path(folder), Provider())
            try:
                run = Run(host, texts, mode, arguments.seed)
                well = check(run, run.run()) and well
            finally:
                host.process.kill()
                host.process.wait()
            print(f"    {time.monotonic() - started:.0f} s")
    # A plain closing line for those who count.
    print(f"{len(arguments.modes) if well else 0} passed, {0 if well else 1} failed")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
