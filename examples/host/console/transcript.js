// Small pieces of the page: elements, times, and a session's events as a conversation.

import { media } from "/media.js";

export function element(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

/** Replaces a list's items; what is focused stays focused if it is still there. */
export function fill(list, items, empty) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  if (items.length === 0 && empty) items = [element("li", { className: "empty", textContent: empty })];
  list.replaceChildren(...items);
  if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

/** Replaces a conversation, and shows its end unless the reader has scrolled up. */
export function fillTexts(list, items, empty) {
  // The head of a chat may have grown by a row since.
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 120;
  fill(list, items, empty);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

export function time(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

const SERVICES = { deflection: "go on by text", wait_time: "texts while waiting" };

const NOTES = {
  queued: (event) => `waits in ${event.queue}`,
  assigned: (event) => `${event.agent} has taken the chat`,
  offer_missed: (event) => `${event.agent} ${event.seen ? "did not answer" : "did not see the offer"}`,
  offer_declined: (event) => `${event.agent} declined`,
  groups_asked: (event) => `${event.groups} groups are asked`,
  group_allocated: (event) => `belongs to group ${event.group + 1}`,
  returned_to_queue: (event) => `${event.agent} has left; back in ${event.queue}`,
  menu_entered: (event) => `menu: ${event.node}`,
  language_changed: (event) => `language: ${event.language}`,
  needs_changed: ({ needs }) => `needs: ${[needs.priority === null ? "" : `priority ${needs.priority}`, ...needs.skills].filter(Boolean).join(", ") || "what its queue asks for"}`,
  opted_out: () => "opted out",
  opted_in: () => "opted in",
  help_asked: () => "asked for help",
  contact_ambiguous: () => "several contacts have this number",
  contact_linked: (event) => `contact ${event.contact}${event.created ? " (new)" : ""}`,
  agent_left: (event) => `${event.agent} has left`,
  dismissed: (event) => (event.by === "agent" ? "chat dismissed" : "chat dismissed: nobody wrote"),
  resumed: () => "chat resumed",
  transfer_started: (event) => `${event.agent} transfers to ${event.to.queue ?? event.to.agent}`,
  transfer_failed: (event) => `transfer failed (${event.reason.replaceAll("_", " ")}); ${event.agent} goes on`,
  forwarded: (event) => `${event.from} is closed: forwarded to ${event.to}`,
  handed_over: (event) => `${event.agent} hands over to ${event.queue}`,
  response_overdue: () => "the consumer has waited too long for an answer",
  revocation_suspected: (event) => `may mean to opt out: “${event.phrase}”`,
  call_scheduled: (event) => `a call is scheduled in ${event.queue} for ${new Date(event.slot).toLocaleString()}`,
  scheduled_call_near: () => "the scheduled call is near",
  deflected_after_hours: (event) => {
    const offers = event.offers.map(alternative).join(" or ");
    return `${event.queue} is closed${event.holiday ? ` (${event.holiday})` : ""}${offers ? `: ${offers} instead` : ""}`;
  },
  call_queued: (event) => `calls; waits in ${event.queue}`,
  call_connected: (event) => `${event.agent} has the call`,
  call_deflected: (event) => `goes on by text in ${event.queue}, session ${event.chat}`,
  continued_from_call: (event) => `goes on from the call, session ${event.call}`,
  caller_left: () => "the caller has hung up; the text is on its way",
  over_capacity: (event) => ["many wait: asked whether to keep waiting", ...event.offers.map(alternative)].join(", or "),
  alternative_chosen: (event) => `chose instead of waiting: ${alternative(event.alternative)}`,
  caller_returned: () => "calls again, and has their place",
  kept_waiting: () => "keeps waiting",
  service_offered: (event) => `asked: ${SERVICES[event.service]}?`,
  service_accepted: (event) => `accepted: ${SERVICES[event.service]}`,
  service_declined: (event) => `declined: ${SERVICES[event.service]}${event.answered ? "" : " (no key pressed)"}`,
  service_failed: (event) => `did not work: ${SERVICES[event.service]}`,
  app_opened: () => "the app is open: its SmartActions can be used",
  ended: (event) => `ended: ${event.reason.replaceAll("_", " ")}`,
};

const WORDS = { callback: "a callback", email: "an email", message: "a message", scheduled_call: "a scheduled call", voicemail: "a voice message" };

/** What a caller can choose instead of waiting, in words. */
export function alternative(of) {
  if (typeof of === "string") return WORDS[of] ?? of;
  if (of.phone_number) return `the number ${of.phone_number}`;
  return of.queue ? `the queue ${of.queue}` : `a chat by text in ${of.pre_session_sms}`;
}

/** The items of a session's transcript; `mine` is who reads it from the right side. */
export function conversation(events) {
  const failed = new Map();
  const pictures = new Map();
  for (const event of events) {
    if (["media_stored", "media_refused"].includes(event.type)) pictures.set(picture(event.provider, event.message, event.index), event);
    if (event.type === "delivery" && ["failed", "refused"].includes(event.status)) {
      const why = (event.reasons ?? []).join("; ");
      failed.set(event.id, `not delivered (${event.status}${why && `: ${why}`})`);
    }
    if (event.type === "delivery" && event.status === "held") {
      failed.set(event.id, `held until ${time(event.until)} (${event.reasons.join("; ")})`);
    }
    if (event.type === "delivery" && event.status === "accepted") failed.delete(event.id);
  }
  return events.flatMap((event) => {
    if (event.type === "inbound_message") {
      const shown = (event.media ?? []).map((said, index) => attached(said, pictures.get(picture(event.provider, event.provider_id, index))));
      return [bubble("theirs", event.body, time(event.at), shown)];
    }
    if (event.type === "outbound_message") {
      const agent = event.author?.agent;
      const trouble = failed.has(event.id) ? ` · ${failed.get(event.id)}` : "";
      return [bubble(agent ? "mine" : "system", event.body, `${agent ?? "automatic"} · ${time(event.at)}${trouble}`)];
    }
    const note = NOTES[event.type]?.(event);
    return note ? [element("li", { className: "note", textContent: `${note} · ${time(event.at)}` })] : [];
  });
}

/** A picture or video, or why it is not there. */
/** Tells pictures apart: two providers may give two messages the same id. */
function picture(provider, message, index) {
  return JSON.stringify([provider ?? null, message, index]);
}

function attached(said, what) {
  if (what?.type === "media_stored") return media(what);
  const why = what ? ` · not taken: ${what.reason.replaceAll("_", " ")}` : " · being fetched";
  return element("small", { textContent: `attached: ${said.content_type}${why}` });
}

export function bubble(className, body, small, shown = []) {
  return element("li", { className }, body, ...shown, element("small", { textContent: small }));
}
