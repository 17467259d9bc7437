// The API, as the console uses it. The token comes in the URL's fragment, which never leaves the browser.

const KEY = "frontdesk-token";

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The token, from the URL's fragment or this tab's storage. */
export function token() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY);
}

export function remember(value) {
  sessionStorage.setItem(KEY, value);
}

export function forget() {
  sessionStorage.removeItem(KEY);
}

/** Milliseconds that an answer may take; pictures and videos may take longer. */
const PATIENCE = 8_000;
const UPLOAD_PATIENCE = 60_000;

/** Ends what is being read, when the network is known to be gone: an answer that will never come holds nothing up. */
let reading = new AbortController();

async function request(path, options = {}) {
  const headers = { Authorization: `Bearer ${token()}`, ...options.headers };
  const response = await fetch(path, { ...options, headers }).catch(unreachable);
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ApiError(response.status, problem.message ?? response.statusText);
  }
  return response;
}

function unreachable() {
  throw new ApiError(0, "the server does not answer");
}

/** Reads an answer to its end, or gives up. */
async function read(path, how) {
  const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE), reading.signal]);
  const response = await request(path, { signal });
  return response[how]().catch(unreachable);
}

export async function get(path) {
  return read(`/api/v1${path}`, "json");
}

export async function blob(path) {
  return read(`/api/v1${path}`, "blob");
}

/** Shows a page that takes the token, in a tab of its own. */
export async function showPage(path) {
  const tab = open("about:blank");
  const page = await read(path, "blob").catch((error) => {
    tab?.close();
    throw error;
  });
  if (tab) tab.location = URL.createObjectURL(page);
}

/** Records that the server gives at a time. */
const RECORDS = 1000;

/** Everything that happened in a session, however many answers that takes. */
export async function transcript(session) {
  const all = [];
  for (let after = 0; ; after = all.at(-1).position) {
    const events = await get(`/sessions/${session}/transcript?after=${after}`);
    all.push(...events);
    if (new Set(events.map((event) => event.position)).size < RECORDS) return all;
  }
}

/** POSTs or PUTs JSON. */
export async function send(method, path, body = {}, options = {}) {
  const content = JSON.stringify(body);
  const signal = AbortSignal.timeout(content.length > 10_000 ? UPLOAD_PATIENCE : PATIENCE);
  const headers = { "Content-Type": "application/json" };
  const response = await request(`/api/v1${path}`, { signal, ...options, method, headers, body: content });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/**
 * A load that never overlaps with itself, so that no older answer overwrites a newer one: asked for during a run, it
 * runs once more, however that run ends, and whoever asked waits for that.
 */
export function oneAtATime(load) {
  let running = null;
  let again = false;
  return () => {
    again = true;
    running ??= (async () => {
      try {
        while (again) {
          again = false;
          await load().catch((error) => {
            if (!again) throw error;
          });
        }
      } finally {
        running = null;
      }
    })();
    return running;
  };
}

/**
 * What is written in a field, for each reader by itself: what was begun for one never stands before another. Texts for the same reader are
 * sent one after the other, in the order in which they were written. The field is free for the next at once; what could not be sent is
 * there again, before what was written since.
 */
export class Drafts {
  constructor(field) {
    this.field = field;
    /** The reader whom the field is for; `null` is nobody. */
    this.reader = null;
    this.kept = new Map();
    this.last = new Map();
  }

  /** The field is for another reader from now on. */
  show(reader) {
    if (reader === this.reader) return;
    this.keep(this.reader, this.field.value);
    this.reader = reader;
    this.field.value = this.kept.get(reader) ?? "";
  }

  keep(reader, text) {
    if (reader !== null && text) this.kept.set(reader, text);
    else this.kept.delete(reader);
  }

  /** Forgets what was begun for readers who are none any more. */
  retain(readers) {
    for (const reader of this.kept.keys()) if (!readers.includes(reader)) this.kept.delete(reader);
  }

  /** Sends what is in the field to its reader. */
  send(post) {
    const reader = this.reader;
    const body = this.field.value;
    this.field.value = "";
    const sent = Promise.resolve(this.last.get(reader)).then(() => post(reader, body));
    this.last.set(reader, sent.catch(() => this.putBack(reader, body)));
    return sent;
  }

  putBack(reader, body) {
    const all = (since) => [body, since].filter(Boolean).join(" ");
    if (reader === this.reader) this.field.value = all(this.field.value);
    else this.keep(reader, all(this.kept.get(reader)));
  }
}

/** Does something, says what went wrong, and shows how things stand then. */
export async function attempt(what, refresh, failed) {
  try {
    await what();
  } catch (error) {
    failed(error);
  }
  await refresh().catch(failed);
}

/** The server says something every 5 seconds: a stream that is silent for longer than this leads nowhere. */
const SILENCE = 12_000;
/** Milliseconds that the beginning of a stream may take, and the longest pause before the next try. */
const CONNECTING = 5_000;
const LONGEST_PAUSE = 2_000;

/** Ends a stream that has been silent for too long; each sign of life gives it more time. */
class Watchdog {
  constructor() {
    this.controller = new AbortController();
    this.signal = this.controller.signal;
    this.heard(CONNECTING);
  }

  heard(patience = SILENCE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.controller.abort(), patience);
  }

  done() {
    clearTimeout(this.timer);
  }
}

async function listen(watchdog, changed, connected) {
  const response = await request("/api/v1/live", { signal: watchdog.signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  watchdog.heard();
  connected(true);
  for (let rest = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    watchdog.heard();
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    if (events.some((event) => event.includes("event:"))) changed();
  }
}

/** A pause that ends early when the browser says that the network is there again. */
function pauseFor(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/** Follows the live updates for ever; `connected(true | false)` says how it goes. */
export async function follow(changed, connected) {
  for (let pause = 250; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const watchdog = new Watchdog();
    try {
      await listen(watchdog, changed, (live) => {
        pause = 125;
        connected(live);
      });
    } catch (error) {
      if (error.status === 401) throw error;
    } finally {
      watchdog.done();
    }
    connected(false);
    reading.abort();
    reading = new AbortController();
    await pauseFor(pause);
  }
}
