// The simulated phone: texts the center as a consumer would, and shows what has arrived.

import { Drafts, get, oneAtATime, send } from "/api.js";
import { bubble, element, fillTexts, time } from "/transcript.js";

const $ = (id) => document.getElementById(id);

export class Phone {
  constructor(numbers, failed) {
    this.refresh = oneAtATime(() => this.load());
    this.drafts = new Drafts($("phone-body"));
    $("phone").hidden = false;
    $("phone-number").replaceChildren(...numbers.map((number) => element("option", { textContent: number })));
    for (const field of ["phone-consumer", "phone-number"]) {
      $(field).addEventListener("change", () => {
        this.drafts.show(this.reader);
        this.refresh().catch(failed);
      });
    }
    this.drafts.show(this.reader);
    $("phone-media").addEventListener("change", () => this.showChosen());
    $("phone-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.text().catch(failed);
    });
  }

  /** Who is texted, and by whom. */
  get reader() {
    return `${$("phone-consumer").value.trim()}\n${$("phone-number").value}`;
  }

  /** How many pictures go along. */
  showChosen() {
    const chosen = $("phone-media").files.length;
    $("phone-attach").textContent = chosen || "";
  }

  async text() {
    this.drafts.show(this.reader);
    const chosen = [...$("phone-media").files];
    if (!$("phone-body").value && chosen.length === 0) return;
    this.choose([]);
    try {
      await this.drafts.send(async (reader, body) => {
        const [from, to] = reader.split("\n");
        const media = await Promise.all(chosen.map(read));
        return send("POST", "/simulator/texts", { from, to, body, media });
      });
    } catch (error) {
      this.choose([...chosen, ...$("phone-media").files]);
      throw error;
    }
    await this.refresh();
  }

  choose(files) {
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(file);
    $("phone-media").files = chosen.files;
    this.showChosen();
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
