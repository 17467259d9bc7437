// An agent's desk: status, offers, chats.

import { get, send } from "/api.js";
import { conversation, element, fill, fillTexts, time } from "/transcript.js";

const $ = (id) => document.getElementById(id);

export class Desk {
  constructor(me, failed) {
    this.me = me;
    this.failed = failed;
    this.session = null;
    $("desk-agent").addEventListener("change", () => {
      this.session = null;
      this.refresh().catch(failed);
    });
    $("desk-status").addEventListener("change", (event) => {
      const status = event.target.value;
      this.act(() => send("PUT", `/agents/${this.agent}/status`, { status }));
    });
    $("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer().catch(failed);
    });
  }

  get agent() {
    return $("desk-agent").value;
  }

  async act(what) {
    try {
      await what();
    } catch (error) {
      this.failed(error);
    }
    await this.refresh().catch(this.failed);
  }

  async answer() {
    const body = $("chat-body").value;
    $("chat-body").value = "";
    try {
      await send("POST", `/sessions/${this.session}/messages`, { agent: this.agent, body });
    } catch (error) {
      $("chat-body").value = body;
      throw error;
    }
    await this.refresh();
  }

  async refresh() {
    const agents = await get("/agents");
    this.showAgents(agents);
    const own = agents.find((agent) => agent.id === this.agent);
    if (!own) return;
    for (const radio of document.querySelectorAll("#desk-status input")) radio.checked = radio.value === own.status;
    const whose = new URLSearchParams({ agent: this.agent });
    const [offers, chats] = await Promise.all([get(`/offers?${whose}`), get(`/sessions?open=true&${whose}`)]);
    this.showOffers(offers);
    this.showChats(chats.filter((chat) => own.sessions.includes(chat.id)));
    await this.showChat(own.sessions);
  }

  showAgents(agents) {
    if ($("desk-agent").options.length === agents.length) return;
    const own = this.agent;
    const options = agents.map((agent) => element("option", { value: agent.id, textContent: agent.name }));
    $("desk-agent").replaceChildren(...options);
    if (own) $("desk-agent").value = own;
  }

  showOffers(offers) {
    $("offer-count").textContent = offers.length || "";
    const items = offers.map((offer) => {
      const accept = element("button", { textContent: "Accept" });
      accept.dataset.key = `offer-${offer.session}`;
      accept.addEventListener("click", () => {
        this.session = offer.session;
        const accepted = () => send("POST", `/sessions/${offer.session}/accept`, { agent: this.agent });
        // The field can be written in, and so be focused, once the chat is there.
        this.act(accepted).then(() => $("chat-body").focus());
      });
      const what = element("span", {}, element("strong", { textContent: offer.queue_name }));
      what.append(element("small", { textContent: `session ${offer.session} · since ${time(offer.since)}` }));
      return element("li", {}, element("div", { className: "card offer" }, what, accept));
    });
    fill($("offers"), items, "Nobody waits.");
  }

  showChats(chats) {
    const items = chats.map((chat) => {
      const what = element("span", {}, element("strong", { textContent: chat.consumer }));
      what.append(element("small", { textContent: `session ${chat.id} · ${chat.queue}` }));
      const card = element("button", { className: "card", type: "button" }, what);
      card.dataset.key = `chat-${chat.id}`;
      card.setAttribute("aria-current", String(chat.id === this.session));
      card.addEventListener("click", () => {
        this.session = chat.id;
        this.refresh().then(() => $("chat-body").focus()).catch(this.failed);
      });
      return element("li", {}, card);
    });
    fill($("chats"), items, "No chats.");
  }

  async showChat(own) {
    if (this.session === null && own.length > 0) this.session = own.at(-1);
    const mine = own.includes(this.session);
    $("chat-body").disabled = !mine;
    $("chat-form").querySelector("button").disabled = !mine;
    if (this.session === null) {
      $("chat-head").replaceChildren(element("span", { className: "hint", textContent: "No chat" }));
      fillTexts($("chat-texts"), [], "Set yourself available and accept a chat.");
      return;
    }
    const session = this.session;
    const events = await get(`/sessions/${session}/transcript`).catch((error) => {
      if (error.status !== 403) throw error;
      this.session = null;
      return [];
    });
    const head = [element("strong", { textContent: `Session ${session}` })];
    if (mine) head.push(this.button("Return to queue", "return", "quiet"), this.button("End chat", "end", "danger"));
    else head.push(element("span", { className: "chip", textContent: "not yours any more" }));
    if (!$("chat-head").contains(document.activeElement)) $("chat-head").replaceChildren(...head);
    fillTexts($("chat-texts"), conversation(events), "");
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
