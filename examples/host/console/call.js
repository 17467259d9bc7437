// The simulated telephone's call: what a telephony would tell the center, by hand.

import { attempt, get, oneAtATime, send } from "/api.js";
import { alternative, element } from "/transcript.js";

const $ = (id) => document.getElementById(id);
const KEY = "frontdesk-call";

/** What a voice would say. */
const QUESTIONS = {
  deflection: "“Would you rather text than wait? Press 1 for yes, 2 for no.”",
  keep_waiting: "“Many are waiting. Press 1 to keep waiting",
  wait_time: "“May we text you while you wait? Press 1 for yes, 2 for no.”",
};

export class PhoneCall {
  constructor(queues, failed) {
    this.failed = failed;
    this.refresh = oneAtATime(() => this.load());
    this.slots = oneAtATime(() => this.showSlots());
    this.session = Number(sessionStorage.getItem(KEY)) || null;
    $("call").hidden = false;
    $("call-queue").replaceChildren(...queues.map(({ id, name }) => element("option", { value: id, textContent: name })));
    $("call-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.act(() => this.begin());
    });
    for (const field of ["call-queue", "call-wait"]) $(field).addEventListener("change", () => this.slots().catch(failed));
    $("call-cancel").addEventListener("click", () => this.happens({ type: "cancelled" }));
    this.slots().catch(failed);
    $("call-hang-up").addEventListener("click", () => this.happens({ type: "ended", by: "caller" }));
    $("call-answer").addEventListener("click", () => this.happens({ type: "connected", agent: $("desk-agent").value }));
  }

  act(what) {
    return attempt(what, () => this.refresh(), this.failed);
  }

  /** When the queue can call instead (HRS-10). */
  async showSlots() {
    const queue = $("call-queue").value;
    if (queue === "") return;
    const slots = await get(`/queues/${queue}/slots?wait_minutes=${$("call-wait").valueAsNumber || 0}`);
    const slot = ({ from }) => {
      const when = new Date(from).toLocaleString(undefined, { weekday: "short", hour: "numeric", minute: "2-digit" });
      return element("option", { value: from, textContent: when });
    };
    const field = $("call-slot"), chosen = field.value;
    field.replaceChildren(element("option", { value: "", textContent: "now" }), ...slots.slice(0, 20).map(slot));
    // A time that was chosen stays chosen while it is free.
    if (slots.slice(0, 20).some(({ from }) => from === chosen)) field.value = chosen;
  }

  async begin() {
    const call = `sim-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    const caller = $("phone-consumer").value.trim();
    const begun = await send("POST", "/calls", {
      call, caller, queue: $("call-queue").value, wait_minutes: $("call-wait").valueAsNumber || null, slot: $("call-slot").value || null,
    });
    this.remember(begun.session);
    await this.slots();
  }

  remember(session) {
    this.session = session;
    if (session === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, session);
  }

  happens(event) {
    return this.act(() => send("POST", `/calls/${this.session}/events`, event));
  }

  async load() {
    const gone = (error) => {
      if (error.status !== 404 && error.status !== 409) throw error;
      return null;
    };
    const asked = this.session;
    const call = asked === null ? null : await get(`/calls/${asked}`).catch(gone);
    // Another call may have begun meanwhile: what is told of the one before says nothing of it.
    if (this.session !== asked) return this.load();
    if (call === null) this.remember(null);
    const open = call !== null && call.end_reason === null;
    $("call-form").hidden = open;
    $("call-open").hidden = !open;
    $("call-answer").hidden = !open || call.status !== "waiting";
    const scheduled = open && call.chosen === "scheduled_call";
    $("call-cancel").hidden = !scheduled;
    $("call-hang-up").hidden = scheduled;
    $("call-state").textContent = call === null ? "" : said(call);
    const keys = (call?.asked?.keys ?? []).map((key) => {
      const button = element("button", { type: "button", textContent: key, className: "key" });
      button.setAttribute("aria-label", `Press ${key}`);
      button.addEventListener("click", () => this.happens({ type: "key", question: call.asked.question, key }));
      return button;
    });
    $("call-keys").replaceChildren(...keys);
  }
}

/** As a voice would offer it. */
function offer(of) {
  if (of === "callback") return "to be called back";
  if (of === "message") return "to hear a message";
  if (of === "voicemail") return "to leave a voice message";
  if (of.pre_session_sms) return "to go on by text";
  return `for ${alternative(of)}`;
}

function said(call) {
  if (call.asked) {
    if (call.asked.question !== "keep_waiting") return QUESTIONS[call.asked.question];
    const choices = call.asked.choices.map(({ key, alternative }) => `, ${key} ${offer(alternative)}`);
    return `${QUESTIONS.keep_waiting}${choices.join("")}.”`;
  }
  if (call.chosen === "scheduled_call" && !call.end_reason) {
    return call.status === "scheduled" ? `To be called ${new Date(call.slot).toLocaleString()}.` : "To be called now: whoever gets the call makes it.";
  }
  if (call.instead.length > 0) return `Closed: ${call.instead.map(alternative).join(" or ")} instead.`;
  if (call.chosen === "callback") return "Hung up: to be called back, the place is kept.";
  if (call.chosen && call.end_reason !== "cancelled") return `The call is over: ${alternative(call.chosen)}.`;
  if (call.hang_up) return "The call is over: it goes on by text.";
  if (call.end_reason) return `The call is over: ${call.end_reason}.`;
  if (call.going_on_by_text && call.status === "waiting") return "“Look at your phone: we have sent you a text.”";
  const states = { menu: "In the phone menu.", waiting: "♪ Waiting…", connected: "Connected.", leaving: "Hung up; a text is on its way." };
  return states[call.status] ?? call.status;
}
