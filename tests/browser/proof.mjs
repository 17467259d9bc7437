// Prints the proof of consent in headless Chromium on A4 and on Letter: nothing runs out of its column or off the paper.
//
//   FRONTDESK_BIN=target/debug/frontdesk FRONTDESK_PICTURES=folder node --test tests/browser/proof.mjs

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { chromium } from "playwright-core";
import { FLAGS, host, program } from "./host.mjs";

const pictures = process.env.FRONTDESK_PICTURES;
// Width of the paper less its margins, in pixels of CSS.
const PAPERS = { A4: Math.floor(((210 - 32) / 25.4) * 96), Letter: Math.floor((8.5 - 32 / 25.4) * 96) };
const CONSUMER = "+12025550123";

/** A host with a signed and anchored ledger, and a function that asks its API. */
async function center(t) {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-proof-"));
  t.after(() => rm(folder, { recursive: true }));
  const [key, config] = [join(folder, "ledger.key"), join(folder, "center.toml")];
  execFileSync(program, ["ledger", "key", "--name", "harbor-2026", "--out", key]);
  const demo = await readFile(new URL("../../examples/host/demo.toml", import.meta.url), "utf8");
  const number = /numbers = \["(\+\d+)"\]/.exec(demo)[1];
  await writeFile(config, `${demo}
[compliance]
legal_name = "Harbor Outfitters Incorporated"
address = "1 Harbor Street, Portland, ME 04101, United States"
[host.ledger]
origin = "frontdesk.example.com/harbor"
key = ${JSON.stringify(key)}
[[host.ledger.anchors]]
kind = "file"
name = "vault"
path = ${JSON.stringify(join(folder, "heads.jsonl"))}
`);
  const [place, token] = (await host(t, config)).split("/#token=");
  const ask = async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${place}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.text();
  };
  return { ask, number };
}

/** Elements that reach beyond the paper, or whose text reaches beyond them. */
function overflowing() {
  const all = [...document.body.querySelectorAll("*")];
  const wide = all.filter((it) => it.getBoundingClientRect().right > document.documentElement.clientWidth + 1 || it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0);
  return wide.map((it) => `${it.tagName}: ${it.textContent.slice(0, 60)}`);
}

test("a proof of consent prints on A4 and on Letter, whatever a consumer wrote", async (t) => {
  const { ask, number } = await center(t);
  const text = (body) => ask("POST", "/simulator/texts", { from: CONSUMER, to: number, body });
  await text(`<script>document.title = "taken"</script> ${"w".repeat(300)}`);
  await text("Please do not text me any more");
  const letter = { channel: "mail", given: "2026-02-01", wording: "No more.", evidence: { reference: "letter 7", form: `https://forms.example/${"x".repeat(200)}` } };
  await ask("POST", `/consumers/${CONSUMER}/revocations`, letter);
  await ask("POST", "/ledger/heads");
  const html = await ask("GET", `/consumers/${CONSUMER}/consent?format=html`);

  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  t.after(() => browser.close());
  for (const [format, width] of Object.entries(PAPERS)) {
    const page = await browser.newPage({ viewport: { width, height: 1000 } });
    await page.emulateMedia({ media: "print" });
    await page.setContent(html);
    assert.equal(await page.title(), `Consent of ${CONSUMER}`, "no program of a consumer runs");
    assert.equal(await page.locator("script").count(), 0);
    assert.deepEqual(await page.evaluate(overflowing), [], format);
    await page.locator("dd", { hasText: "Harbor Outfitters Incorporated" }).waitFor();
    // One head or two, by how long the texts took.
    await page.locator("pre", { hasText: "\u2014 harbor-2026 " }).last().waitFor();
    const pdf = await page.pdf({ format, preferCSSPageSize: false });
    assert.ok(pdf.subarray(0, 5).equals(Buffer.from("%PDF-")));
    if (pictures) {
      await writeFile(join(pictures, `proof-${format}.pdf`), pdf);
      await page.screenshot({ path: join(pictures, `proof-${format}.png`), fullPage: true });
    }
  }
});
