// An agent's desk: status, offers, chats.

import { attempt, Drafts, get, oneAtATime, send, transcript } from "/api.js";
import { conversation, element, fill, fillTexts, time } from "/transcript.js";

const $ = (id) => document.getElementById(id);

/** How long until an instant, in words. */
function left(until) {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000));
  return seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

function countdown(until) {
  return element("time", { className: "chip countdown", dateTime: until, textContent: left(until) });
}

export class Desk {
  constructor(me, failed) {
    this.me = me;
    this.failed = failed;
    this.session = null;
    this.refresh = oneAtATime(() => this.load());
    this.drafts = new Drafts($("chat-body"));
    /** The chat that the server knows to be before the agent's eyes. */
    this.shown = null;
    this.own = [];
    /** The chats that are put aside. */
    this.aside = [];
    /** The sessions that are phone calls. */
    this.calls = [];
    $("desk-agent").addEventListener("change", () => {
      this.session = null;
      this.refresh().catch(failed);
    });
    $("desk-status").addEventListener("change", (event) => {
      const status = event.target.value;
      this.act(() => send("PUT", `/agents/${this.agent}/status`, { status }));
    });
    $("chat-shortcut").addEventListener("change", (event) => {
      $("chat-body").value = event.target.value;
      event.target.selectedIndex = 0;
      $("chat-body").focus();
    });
    $("transfer").addEventListener("close", () => {
      $("chat-body").focus();
      if ($("transfer").returnValue === "transfer") this.transfer();
    });
    this.due = null;
    /** Offers that the server knows to be before the agent's eyes. */
    this.seen = new Set();
    setInterval(() => {
      this.showDue();
      this.showCountdowns();
    }, 1000);
    for (const status of me.statuses) {
      const radio = element("input", { type: "radio", name: "status", value: status });
      const name = status.replace("custom:", "").replaceAll(/[-_.]/g, " ");
      $("desk-status").append(element("label", {}, radio, element("span", { textContent: name })));
    }
    $("desk-back").addEventListener("click", () => {
      this.act(() => send("PUT", `/agents/${this.agent}/status`, { status: "available" }));
    });
    // A chat that nobody looks at any more may be put aside.
    addEventListener("pagehide", () => this.tellShown(null, { keepalive: true }));
    $("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer().catch(failed);
    });
  }

  get agent() {
    return $("desk-agent").value;
  }

  /** The session before the agent is a phone call. */
  get isCall() {
    return this.calls.includes(this.session);
  }

  act(what) {
    return attempt(what, () => this.refresh(), this.failed);
  }

  async answer() {
    const [agent, agreed] = [this.agent, this.isCall && $("chat-agreed").checked];
    await this.drafts.send((session, body) => send("POST", `/sessions/${session}/messages`, { agent, body, agreed }));
    await this.refresh();
  }

  /** To the field of the chat, unless the person has gone on elsewhere since they pressed that button. */
  write(pressed) {
    const now = document.activeElement;
    if (now === document.body || now.dataset.key === pressed) $("chat-body").focus();
  }

  async load() {
    const agents = await get("/agents");
    this.showAgents(agents);
    const own = agents.find((agent) => agent.id === this.agent);
    if (!own) return;
    // A status can be chosen once it is known whose it is.
    $("desk-status").hidden = false;
    this.showStatus(own);
    const whose = new URLSearchParams({ agent: this.agent });
    const [offers, chats] = await Promise.all([get(`/offers?${whose}`), get(`/sessions?open=true&${whose}`)]);
    this.showOffers(offers);
    const calls = chats.filter((chat) => chat.status === "connected").map((call) => call.id);
    const mine = [...own.sessions, ...calls];
    // A call that was put through is before the agent, unless they are at something.
    const connected = calls.find((call) => !this.calls.includes(call));
    if (connected !== undefined && !mine.includes(this.session)) this.session = connected;
    this.calls = calls;
    this.showChats(chats.filter((chat) => mine.includes(chat.id)));
    const aside = chats.filter((chat) => chat.status === "dismissed");
    this.aside = aside.map((chat) => chat.id);
    this.showAside(aside);
    await this.showChat(mine);
  }

  showAgents(agents) {
    if ($("desk-agent").options.length === agents.length) return;
    const own = this.agent;
    const options = agents.map((agent) => element("option", { value: agent.id, textContent: agent.name }));
    $("desk-agent").replaceChildren(...options);
    if (own) $("desk-agent").value = own;
  }

  /** What the agent does: being in a chat, a wrap-up, a missed offer follow from what happens. */
  showStatus({ status, wrap_up_until: until }) {
    const working = ["in_chat", "in_call", "wrap_up"].includes(status);
    for (const radio of document.querySelectorAll("#desk-status input")) {
      radio.checked = radio.value === (working ? "available" : status);
    }
    const states = {
      wrap_up: "Wrap-up",
      missed_chat: "You have missed a chat",
      missed_call: "You have missed a call",
      unresponsive: "This desk did not answer",
      special_task: "Special task",
    };
    $("desk-state").hidden = $("desk-back").hidden = !states[status];
    $("desk-back").textContent = status === "wrap_up" ? "End wrap-up" : "Available again";
    $("desk-state").replaceChildren(states[status] ?? "", ...(until ? [" · ", countdown(until)] : []));
  }

  /** Tells the server that an offer is before the agent's eyes: what is never shown is skipped, not missed. */
  acknowledge(offers) {
    const key = (offer) => `${this.agent} ${offer.session} ${offer.until}`;
    const alone = offers.filter((offer) => offer.until !== null);
    for (const offer of alone.filter((offer) => !this.seen.has(key(offer)))) {
      // Somebody may have been faster: then there is nothing to see any more.
      send("POST", `/sessions/${offer.session}/acknowledge`, { agent: this.agent }).catch(() => {});
    }
    this.seen = new Set(alone.map(key));
  }

  showCountdowns() {
    for (const node of document.querySelectorAll("time.countdown")) {
      node.textContent = left(node.dateTime);
    }
    // What has ended cannot be taken, also when nobody could be asked whether it has.
    for (const card of document.querySelectorAll(".card.alone")) {
      const over = Date.parse(card.querySelector("time.countdown").dateTime) <= Date.now();
      for (const button of card.querySelectorAll("button")) button.disabled = over;
    }
  }

  showOffers(offers) {
    $("offer-count").textContent = offers.length || "";
    this.acknowledge(offers);
    const items = offers.map((offer) => {
      const accept = element("button", { textContent: "Accept" });
      accept.dataset.key = `offer-${offer.session}`;
      accept.addEventListener("click", () => {
        this.session = offer.session;
        const accepted = () => send("POST", `/sessions/${offer.session}/accept`, { agent: this.agent });
        // The field can be written in, and so be focused, once the chat is there.
        this.act(accepted).then(() => this.write(accept.dataset.key));
      });
      const what = element("span", {}, element("strong", { textContent: offer.queue_name }));
      what.append(element("small", { textContent: `session ${offer.session} · since ${time(offer.since)}` }));
      const card = element("div", { className: "card offer" }, what, accept);
      if (offer.until) {
        const decline = element("button", { textContent: "Decline", type: "button", className: "quiet" });
        decline.dataset.key = `decline-${offer.session}`;
        const declined = () => send("POST", `/sessions/${offer.session}/decline`, { agent: this.agent });
        decline.addEventListener("click", () => this.act(declined));
        card.classList.add("alone");
        what.firstChild.append(countdown(offer.until));
        card.append(decline);
      }
      return element("li", {}, card);
    });
    fill($("offers"), items, "Nobody waits.");
  }

  showChats(chats) {
    const items = chats.map((chat) => {
      const what = element("span", {}, element("strong", { textContent: chat.consumer }));
      const states = { switching: " · being transferred", connected: " · on the phone" };
      const state = states[chat.status] ?? "";
      what.append(element("small", { textContent: `session ${chat.id} · ${chat.queue}${state}` }));
      const card = element("button", { className: "card", type: "button" }, what);
      card.dataset.key = `chat-${chat.id}`;
      card.setAttribute("aria-current", String(chat.id === this.session));
      card.addEventListener("click", () => {
        this.open(chat.id);
        this.refresh().then(() => this.write(card.dataset.key)).catch(this.failed);
      });
      return element("li", {}, card);
    });
    fill($("chats"), items, "No chats.");
  }

  /** Puts a chat before the agent at once: head, texts and draft are of one chat at any time. */
  open(session) {
    this.session = session;
    if (this.drafts.reader === session) return;
    this.drafts.show(session);
    const name = session === null ? "No chat" : `Session ${session}`;
    $("chat-head").replaceChildren(element("strong", { textContent: name }));
    fillTexts($("chat-texts"), [], "");
  }

  showAside(chats) {
    $("aside-title").hidden = chats.length === 0;
    const items = chats.map((chat) => {
      const what = element("span", {}, element("strong", { textContent: chat.consumer }));
      what.append(element("small", { textContent: `session ${chat.id} · ${chat.queue}` }));
      const resume = element("button", { textContent: "Resume", type: "button" });
      resume.dataset.key = `resume-${chat.id}`;
      resume.addEventListener("click", () => this.act(() => send("POST", `/sessions/${chat.id}/resume`)));
      return element("li", {}, element("div", { className: "card offer" }, what, resume));
    });
    fill($("aside"), items);
  }

  /** Tells the server which chat is before the agent's eyes: it is not put aside by itself. */
  async tellShown(session, options) {
    const before = this.shown;
    if (before === session) return;
    this.shown = session;
    const tell = (which, open) =>
      send("PUT", `/sessions/${which}/shown`, { agent: this.agent, open }, options).catch(() => {});
    // One that is gone from the desk is not there to be closed.
    if (before !== null && this.own.includes(before) && !this.calls.includes(before)) await tell(before, false);
    if (session !== null && !this.calls.includes(session)) await tell(session, true);
  }

  async showShortcuts(session) {
    const shortcuts = session === null ? [] : await get(`/sessions/${session}/shortcuts`).catch(() => []);
    $("chat-shortcut").hidden = shortcuts.length === 0;
    const categories = new Map();
    for (const { category, keyword, message } of shortcuts) {
      if (!categories.has(category)) categories.set(category, element("optgroup", { label: category || "Texts" }));
      categories.get(category).append(element("option", { value: message, textContent: keyword, title: message }));
    }
    $("chat-shortcut").replaceChildren(element("option", { value: "", textContent: "Texts…" }), ...categories.values());
  }

  async chooseTransfer() {
    const { queues, agents } = await get(`/sessions/${this.session}/transfer`);
    const group = (label, kind, all) =>
      element("optgroup", { label }, ...all.map(({ id, name }) => element("option", { value: `${kind} ${id}`, textContent: name })));
    $("transfer-to").replaceChildren(group("Queues", "queue", queues), group("Agents", "agent", agents));
    $("transfer").returnValue = "";
    $("transfer").showModal();
  }

  transfer() {
    const [kind, id] = $("transfer-to").value.split(" ");
    const session = this.session;
    if (id) this.act(() => send("POST", `/sessions/${session}/transfer`, { agent: this.agent, to: { [kind]: id } }));
  }

  async showChat(own) {
    if (this.session === null && own.length > 0) this.session = own.at(-1);
    this.own = own;
    const mine = own.includes(this.session);
    const shown = mine ? this.session : null;
    if (mine) this.open(this.session);
    else this.drafts.show(null);
    this.drafts.retain([...own, ...this.aside]);
    $("chat-agreed-label").hidden = !this.isCall;
    if (shown !== this.shown) $("chat-agreed").checked = false;
    if (shown !== this.shown) await Promise.all([this.tellShown(shown), this.showShortcuts(shown)]);
    $("chat-body").disabled = !mine;
    $("chat-form").querySelector("button").disabled = !mine;
    if (this.session === null) {
      $("chat-head").replaceChildren(element("span", { className: "hint", textContent: "No chat" }));
      fillTexts($("chat-texts"), [], "Set yourself available and accept a chat.");
      return;
    }
    const session = this.session;
    const gone = (error) => {
      if (error.status !== 403) throw error;
      this.session = null;
      return [];
    };
    const [events, state] = await Promise.all([
      transcript(session).catch(gone),
      get(`/sessions/${session}`).catch(gone),
    ]);
    // Another chat was opened meanwhile: it is looked at next.
    if (this.session !== session && this.session !== null) return;
    this.due = state.response_due ? Date.parse(state.response_due) : null;
    const head = [element("strong", { textContent: `Session ${session}` })];
    if (mine) head.push(element("span", { id: "response-due", className: "chip", title: "until an answer is due" }));
    if (mine && this.isTransferring(events)) {
      head.push(element("span", { className: "chip", textContent: "being transferred" }));
      head.push(this.button("Take back", "transfer/end", "quiet"), this.button("End chat", "end", "danger"));
    } else if (mine && this.isCall) {
      head.push(element("span", { className: "chip", textContent: "on the phone" }));
      const link = element("button", { type: "button", textContent: "Send app link", className: "quiet" });
      const agreed = () => ({ agent: this.agent, agreed: $("chat-agreed").checked });
      link.addEventListener("click", () => this.act(() => send("POST", `/calls/${session}/app-link`, agreed())));
      head.push(link);
    } else if (mine) {
      const transfer = element("button", { type: "button", textContent: "Transfer…", className: "quiet" });
      transfer.addEventListener("click", () => this.chooseTransfer().catch(this.failed));
      head.push(transfer, this.button("Dismiss", "dismiss", "quiet"));
      head.push(this.button("Return to queue", "return", "quiet"), this.button("End chat", "end", "danger"));
    } else head.push(element("span", { className: "chip", textContent: "not yours any more" }));
    if (!$("chat-head").contains(document.activeElement)) $("chat-head").replaceChildren(...head);
    this.showDue();
    fillTexts($("chat-texts"), conversation(events), "");
  }

  /** How long until an answer is due (SMS-24): yellow, orange below 45 s, red below 15 s. */
  showDue() {
    const chip = $("response-due");
    if (!chip) return;
    chip.hidden = this.due === null;
    if (this.due === null) return;
    const left = Math.round((this.due - Date.now()) / 1000);
    chip.textContent = left > 0 ? `answer within ${left} s` : "answer overdue";
    chip.dataset.urgency = left > 45 ? "yellow" : left >= 15 ? "orange" : "red";
  }

  isTransferring(events) {
    const last = events.findLast((event) => event.type.startsWith("transfer_") || event.type === "assigned");
    return last?.type === "transfer_started";
  }

  button(label, what, className) {
    const button = element("button", { type: "button", textContent: label, className });
    const session = this.session;
    button.addEventListener("click", () => {
      $("chat-body").focus();
      this.act(() => send("POST", `/sessions/${session}/${what}`, { agent: this.agent }));
    });
    return button;
  }
}
