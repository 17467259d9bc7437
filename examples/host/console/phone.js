// The simulated phone: texts the center as a consumer would, and shows what has arrived.

import { get, oneAtATime, send } from "/api.js";
import { bubble, element, fillTexts, time } from "/transcript.js";

const $ = (id) => document.getElementById(id);

export class Phone {
  constructor(numbers, failed) {
    this.refresh = oneAtATime(() => this.load());
    $("phone").hidden = false;
    $("phone-number").replaceChildren(...numbers.map((number) => element("option", { textContent: number })));
    $("phone-consumer").addEventListener("change", () => this.refresh().catch(failed));
    $("phone-number").addEventListener("change", () => this.refresh().catch(failed));
    $("phone-media").addEventListener("change", () => this.showChosen());
    $("phone-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.text().catch(failed);
    });
  }

  /** How many pictures go along. */
  showChosen() {
    const chosen = $("phone-media").files.length;
    $("phone-attach").textContent = chosen || "";
  }

  async text() {
    const body = $("phone-body").value;
    const media = await Promise.all([...$("phone-media").files].map(read));
    if (!body && media.length === 0) return;
    $("phone-body").value = "";
    try {
      const text = { from: $("phone-consumer").value.trim(), to: $("phone-number").value, body, media };
      await send("POST", "/simulator/texts", text);
      $("phone-media").value = "";
      this.showChosen();
    } catch (error) {
      $("phone-body").value = body;
      throw error;
    }
    await this.refresh();
  }

  async load() {
    const line = new URLSearchParams({ consumer: $("phone-consumer").value.trim(), number: $("phone-number").value });
    const texts = await get(`/simulator/texts?${line}`);
    const items = texts.map((text) => {
      const shown = text.media.map((type) => element("small", { textContent: `attached: ${type}` }));
      return bubble(text.mine ? "mine" : "theirs", text.body, time(text.at), shown);
    });
    fillTexts($("phone-texts"), items, "No texts yet. Say hello.");
  }
}

/** A file as the simulator takes it. */
async function read(file) {
  let data = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) data += String.fromCharCode(byte);
  return { content_type: file.type || "application/octet-stream", data: btoa(data) };
}
