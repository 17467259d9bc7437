// The list of sessions and queues; a session's whole story in a dialog.

import { get, oneAtATime, send, transcript } from "/api.js";
import { alternative, conversation, element, fill, fillTexts, time } from "/transcript.js";

const $ = (id) => document.getElementById(id);

/** The states of a phone call: the telephony says who gets one. */
const CALLS = new Set(["scheduled", "menu", "waiting", "connected", "leaving"]);

export class Sessions {
  constructor(me, failed) {
    this.me = me;
    this.failed = failed;
    this.detail = null;
    this.refresh = oneAtATime(() => this.load());
    $("sessions-open").addEventListener("change", () => this.refresh().catch(failed));
    $("detail-close").addEventListener("click", () => $("detail").close());
    $("detail").addEventListener("close", () => {
      this.detail = null;
      $("needs-problem").value = "";
    });
    const priorities = ["as its queue", ...Array.from({ length: 11 }, (_, n) => String(n))];
    $("needs-priority").replaceChildren(
      ...priorities.map((textContent, n) => element("option", { value: n === 0 ? "" : textContent, textContent })),
    );
    $("needs").addEventListener("submit", (event) => {
      event.preventDefault();
      $("needs-problem").value = "";
      this.setNeeds().catch((error) => ($("needs-problem").value = error.message));
    });
    $("detail-end").addEventListener("click", () => {
      send("POST", `/sessions/${this.detail}/end`).then(() => this.refresh()).catch(failed);
    });
  }

  async load() {
    const open = $("sessions-open").checked ? "&open=true" : "";
    const [sessions, queues] = await Promise.all([get(`/sessions?limit=100${open}`), get("/queues")]);
    fill($("session-rows"), sessions.map((session) => this.row(session)));
    const phone = this.me.role === "agent" ? [] : this.me.call_queues.map((queue) => this.phoneChip(queue));
    fill($("queues"), [...queues.map((queue) => this.queueChip(queue)), ...phone]);
    if (this.me.role !== "agent") {
      const dead = await get("/dead-letters");
      $("dead-letters").hidden = dead.length === 0;
      $("dead-letters").textContent = `${dead.length} pieces of work were given up; see /api/v1/dead-letters.`;
    }
    if (this.detail !== null) await this.show(this.detail);
  }

  queueChip(queue) {
    const className = queue.waiting > 0 ? "waiting" : queue.open ? "" : "closed";
    const wait = queue.waiting > 0 && queue.estimated_wait !== null ? ` · about ${Math.max(1, Math.round(queue.estimated_wait / 60))} min` : "";
    const state = queue.open ? `${queue.waiting} waiting${wait}` : "closed";
    const button = element("button", { type: "button", textContent: `${queue.name}: ${state}` });
    button.title = `${queue.free} of ${queue.logged_in} agents free; show the settings`;
    button.dataset.key = `queue-${queue.id}`;
    button.addEventListener("click", () => this.showSettings(queue).catch(this.failed));
    return element("li", { className }, button);
  }

  /** A queue of the phone menu: who waits there the telephony knows. */
  phoneChip(queue) {
    const button = element("button", { type: "button", textContent: `☎ ${queue.name}`, title: "Show hours and settings" });
    button.dataset.key = `queue-${queue.id}`;
    button.addEventListener("click", () => this.showSettings(queue).catch(this.failed));
    return element("li", {}, button);
  }

  /** A queue's week, and what is set for it, each with the node of the menu that it comes from. */
  async showSettings(queue) {
    const [settings, hours] = await Promise.all([get(`/queues/${queue.id}/settings`), get(`/queues/${queue.id}/hours`)]);
    $("settings-title").textContent = `${queue.name}: hours and settings`;
    this.showWeeks(hours);
    const rows = settings.map(({ name, value, from, from_name }) =>
      element(
        "tr",
        {},
        element("td", { textContent: name }),
        element("td", { textContent: typeof value === "object" ? JSON.stringify(value) : String(value) }),
        element("td", {}, element("span", { className: "chip", textContent: from === queue.id ? "its own" : `from ${from_name}` })),
      ),
    );
    if (rows.length === 0) rows.push(element("tr", {}, element("td", { colSpan: 3, textContent: "Nothing is set: the defaults hold." })));
    $("settings-rows").replaceChildren(...rows);
    $("settings").showModal();
  }

  /** How urgent the session is, and what its agent must be able to do. */
  async setNeeds() {
    const priority = $("needs-priority").value;
    const skills = $("needs-skills").value.split(",").map((skill) => skill.trim()).filter((skill) => skill !== "");
    await send("PUT", `/sessions/${this.detail}/needs`, { priority: priority === "" ? null : Number(priority), skills });
    await this.refresh();
  }

  /** The week of each of a queue's hours, and what those find who come now. */
  showWeeks(hours) {
    const day = ({ date, open, holidays }) => {
      const name = new Date(`${date}T12:00:00Z`).toLocaleDateString(undefined, { weekday: "long", month: "short", day: "numeric", timeZone: "UTC" });
      const spans = open.length > 0 ? open.join(", ") : "closed";
      return element("tr", {}, ...[name, spans, holidays.join(", ")].map((textContent) => element("td", { textContent })));
    };
    const week = (week) => {
      const head = ["Day", "Open", "Holiday"].map((textContent) => element("th", { textContent }));
      return element(
        "table",
        { className: "week" },
        element("caption", { textContent: `${forWhom(week)}, on the clock of ${week.zone}` }),
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...week.days.map(day)),
      );
    };
    $("weeks").replaceChildren(...hours.weeks.map(week));
    const change = hours.next_change === null ? "" : `, ${hours.open ? "closes" : "opens"} ${new Date(hours.next_change).toLocaleString()} here`;
    const state = hours.weeks.length === 0 ? "Always open." : `${hours.open ? "Open" : "Closed"} now${change}.`;
    $("week-note").textContent = [state, found(hours.answer)].join(" ").trim();
  }

  row(session) {
    const button = element("button", { type: "button", textContent: session.id });
    button.dataset.key = `session-${session.id}`;
    button.setAttribute("aria-label", `Session ${session.id}`);
    button.addEventListener("click", () => this.show(session.id).catch(this.failed));
    const status = element("span", { className: `chip ${session.status}`, textContent: session.end_reason ?? session.status });
    const where = session.agent && session.status === "assigned" ? `${session.queue} · ${session.agent}` : (session.queue ?? "—");
    const groups = session.groups_asked ? ` · ${session.groups_asked} ${session.groups_asked > 1 ? "groups" : "group"} asked` : "";
    const urgent = session.priority !== null && session.status === "queued" ? ` · priority ${session.priority}` : "";
    const place = (session.place ? ` · place ${session.place}` : "") + urgent + groups;
    return element(
      "tr",
      {},
      element("td", {}, button, element("br"), element("small", { className: "hint", textContent: time(session.started) })),
      element("td", { textContent: session.consumer }),
      element("td", { textContent: where + place }),
      element("td", {}, status),
    );
  }

  async show(session) {
    this.detail = session;
    const [about, events] = await Promise.all([get(`/sessions/${session}`), transcript(session)]);
    $("detail-title").textContent = `Session ${session} · ${about.consumer} · ${about.end_reason ?? about.status}`;
    $("needs").hidden = this.me.role === "agent" || about.ended !== null || CALLS.has(about.status);
    if (!$("needs").contains(document.activeElement)) {
      $("needs-priority").value = about.priority ?? "";
      $("needs-skills").value = about.skills.join(", ");
    }
    $("detail-end").hidden = this.me.role === "agent" || about.ended !== null;
    fillTexts($("detail-texts"), conversation(events), "");
    if (!$("detail").open) $("detail").showModal();
  }
}

/** For whom hours hold, as one would say it. */
function forWhom({ name, channels, entry_points, languages }) {
  const some = [...channels.map((of) => `${of}s`), ...entry_points.map((of) => `through ${of}`), ...languages.map((of) => `in ${of}`)];
  const who = some.length === 0 ? "everybody" : some.join(", ");
  return name === null ? `For ${who}` : `${name} (${who})`;
}

/** What those find who come now, where it is not simply that they wait. */
function found(answer) {
  if (answer.is !== "deflected") return "";
  return `Instead, there is ${answer.offers.map(alternative).join(" or ")}.`;
}
