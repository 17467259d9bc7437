// The simulated phone: texts the center as a consumer would, and shows what has arrived.

import { get, inTurn, oneAtATime, send } from "/api.js";
import { bubble, element, fillTexts, time } from "/transcript.js";

const $ = (id) => document.getElementById(id);

export class Phone {
  constructor(numbers, failed) {
    this.refresh = oneAtATime(() => this.load());
    this.written = inTurn($("phone-body"));
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
    const line = { from: $("phone-consumer").value.trim(), to: $("phone-number").value };
    const chosen = [...$("phone-media").files];
    if (!$("phone-body").value && chosen.length === 0) return;
    this.choose([]);
    try {
      await this.written(`${line.from} ${line.to}`, async (body) => {
        const media = await Promise.all(chosen.map(read));
        return send("POST", "/simulator/texts", { ...line, body, media });
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
