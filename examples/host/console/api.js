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

async function call(path, options = {}) {
  const headers = { Authorization: `Bearer ${token()}`, ...options.headers };
  const response = await fetch(`/api/v1${path}`, { ...options, headers });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ApiError(response.status, problem.message ?? response.statusText);
  }
  return response;
}

export async function get(path) {
  return (await call(path)).json();
}

export async function blob(path) {
  return (await call(path)).blob();
}

/** POSTs or PUTs JSON. */
export async function send(method, path, body = {}, options = {}) {
  const response = await call(path, {
    ...options,
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
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
 * Sends what is written in a field: what is for the same reader one text after the other, in the order in which they were written. The field
 * is free for the next at once; what could not be sent is there again, before what was written since.
 */
export function inTurn(field) {
  const last = new Map();
  return (reader, post) => {
    const body = field.value;
    field.value = "";
    const sent = Promise.resolve(last.get(reader)).then(() => post(body));
    const told = sent.catch(() => {
      field.value = [body, field.value].filter(Boolean).join(" ");
    });
    last.set(reader, told);
    return sent;
  };
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

/** Follows the live updates for ever; `connected(true | false)` says how it goes. */
export async function follow(changed, connected) {
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    try {
      const response = await call("/live");
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      connected(true);
      pause = 250;
      for (let rest = ""; ; ) {
        const { value, done } = await reader.read();
        if (done) break;
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        if (events.some((event) => event.includes("event:"))) changed();
      }
    } catch (error) {
      if (error.status === 401) throw error;
    }
    connected(false);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
