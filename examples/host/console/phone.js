// The simulated phone: texts the center as a consumer would, and shows what has arrived.

import { get, send } from "/api.js";
import { bubble, element, fillTexts, time } from "/transcript.js";

const $ = (id) => document.getElementById(id);

export class Phone {
  constructor(numbers, failed) {
    $("phone").hidden = false;
    $("phone-number").replaceChildren(...numbers.map((number) => element("option", { textContent: number })));
    $("phone-consumer").addEventListener("change", () => this.refresh().catch(failed));
    $("phone-number").addEventListener("change", () => this.refresh().catch(failed));
    $("phone-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.text().catch(failed);
    });
  }

  async text() {
    const body = $("phone-body").value;
    $("phone-body").value = "";
    try {
      const text = { from: $("phone-consumer").value.trim(), to: $("phone-number").value, body };
      await send("POST", "/simulator/texts", text);
    } catch (error) {
      $("phone-body").value = body;
      throw error;
    }
    await this.refresh();
  }

  async refresh() {
    const line = new URLSearchParams({ consumer: $("phone-consumer").value.trim(), number: $("phone-number").value });
    const texts = await get(`/simulator/texts?${line}`);
    const items = texts.map((text) => bubble(text.mine ? "mine" : "theirs", text.body, time(text.at)));
    fillTexts($("phone-texts"), items, "No texts yet. Say hello.");
  }
}
