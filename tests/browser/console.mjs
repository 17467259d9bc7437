// Drives the console in headless Chromium, as a person would: a text from the phone, the menu, an agent
// accepting, an answer on the phone, STOP ending it. Some of it by keyboard alone.
//
//   FRONTDESK_BIN=target/debug/frontdesk node tests/browser/console.mjs [folder for the screenshots]

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import test from "node:test";
import { chromium } from "playwright-core";
import { FLAGS, host } from "./host.mjs";

const pictures = process.argv[2] ?? process.env.FRONTDESK_PICTURES;

async function console_(t, url, options = {}) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(url);
  return { page, problems };
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, name) });
}

const onPhone = (page, text) => page.locator("#phone-texts li.theirs", { hasText: text });

async function text(page, body) {
  await page.fill("#phone-body", body);
  await page.press("#phone-body", "Enter");
}

/** Lets the next request to a path wait until it is told to go on, or to fail. */
async function holdBack(page, path) {
  const held = {};
  let first = true;
  const arrived = new Promise((done) => (held.arrived = done));
  const decided = new Promise((done) => ([held.goOn, held.fail] = [() => done("continue"), () => done("abort")]));
  // The route stays: a request that comes while one is taken away may never be answered.
  await page.route(path, async (route) => {
    if (!first) return route.fallback();
    first = false;
    held.arrived();
    await route[await decided]();
  });
  return { ...held, arrived };
}

test("a text reaches an agent, an answer goes back, STOP ends it", async (t) => {
  const { page, problems } = await console_(t, await host(t));
  await page.locator("#connection.live").waitFor();
  assert.equal(await page.locator("h1").textContent(), "Harbor Outfitters");
  assert.equal(new URL(page.url()).hash, "", "the token does not stay in the address");

  await page.getByText("Available", { exact: true }).click();
  await text(page, "hello");
  await onPhone(page, "1. Orders & delivery").waitFor();
  await text(page, "3");
  await onPhone(page, "assigning a representative").waitFor();

  // A supervisor says that it is urgent (RTE-18).
  await page.getByRole("button", { name: "Session 1", exact: true }).click();
  await page.selectOption("#needs-priority", "5");
  await page.fill("#needs-skills", "nobody-has-this");
  await page.locator("#needs").getByRole("button", { name: "Set" }).click();
  await page.locator("#needs-problem", { hasText: "no agent has the skill" }).waitFor();
  await page.fill("#needs-skills", "");
  await page.locator("#needs").getByRole("button", { name: "Set" }).click();
  await page.locator("#detail li.note", { hasText: "needs: priority 5" }).waitFor();
  await picture(page, "needs.png");
  await page.locator("#detail-close").click();
  await page.locator("#session-rows", { hasText: "priority 5" }).waitFor();

  const offer = page.locator(".card.offer", { hasText: "Billing" });
  await offer.getByRole("button", { name: "Accept" }).click();
  await onPhone(page, "Ana will chat with you").waitFor();
  await page.fill("#chat-body", "Hi, this is Ana. Which order is it?");
  await page.press("#chat-body", "Enter");
  await onPhone(page, "Which order is it?").waitFor();
  await text(page, "4711, I was charged twice");
  await page.locator("#chat-texts li.theirs", { hasText: "charged twice" }).waitFor();
  await page.locator("#session-rows .chip.assigned").waitFor();
  await picture(page, "console.png");

  await text(page, "stop");
  await onPhone(page, "no more messages").waitFor();
  await page.locator("#session-rows .chip.failed, #session-rows .chip.finished").waitFor();
  await page.locator("#chat-head", { hasText: "not yours any more" }).waitFor();
  const before = await page.locator("#phone-texts li.theirs").count();
  await text(page, "are you there?");
  await page.locator("#phone-texts li.mine", { hasText: "are you there?" }).waitFor();
  assert.equal(await page.locator("#phone-texts li.theirs").count(), before, "nothing leaves after STOP");

  await page.getByRole("button", { name: "Session 1", exact: true }).click();
  await page.locator("#detail li.note", { hasText: "ended: opted out" }).waitFor();
  await picture(page, "session.png");
  assert.deepEqual(problems.filter((problem) => !problem.includes("400")), []);
});

test("a supervisor sees how campaigns do, and what the gate stopped", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-config-"));
  t.after(() => rm(folder, { recursive: true }));
  const config = join(folder, "center.toml");
  const demo = await readFile(new URL("../../examples/host/demo.toml", import.meta.url), "utf8");
  const number = /numbers = \["(\+\d+)"\]/.exec(demo)[1];
  const compliance = `[compliance.content]\nprohibited_in_conversation = "refuse"\n[[compliance.campaigns]]\nid = "CARE"\nuse_case = "CUSTOMER_CARE"\nnumbers = ["${number}"]\n`;
  await writeFile(config, `${demo}\n${compliance}`);
  const { page, problems } = await console_(t, await host(t, config));
  await page.locator("#connection.live").waitFor();
  await page.getByText("Available", { exact: true }).click();
  await text(page, "hello");
  await text(page, "3");
  await page.locator(".card.offer").getByRole("button", { name: "Accept" }).click();
  await onPhone(page, "Ana will chat with you").waitFor();
  await page.fill("#chat-body", "Come to our casino!");
  await page.press("#chat-body", "Enter");
  await page.locator("#chat-texts", { hasText: "offers betting or casino games" }).waitFor();
  await text(page, "stop");
  await onPhone(page, "no more messages").waitFor();

  await page.getByRole("button", { name: "Compliance" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Compliance" });
  await dialog.getByRole("img", { name: /^Opt-outs of CARE by day: 1 of \d texts/ }).waitFor();
  assert.equal(await dialog.locator(".bar-some").count(), 1, "one day with opt-outs");
  await dialog.getByRole("row", { name: "prohibited content 1" }).waitFor();
  await dialog.getByRole("row", { name: /refused.*offers betting or casino games/ }).waitFor();
  const used = await dialog.locator("meter").first().getAttribute("title");
  assert.match(used, /^[1-9]\d* of \d+ a minute$/);
  await picture(page, "compliance.png");
  // It stays true while it is open.
  await page.keyboard.press("Escape");
  await text(page, "start");
  await page.getByRole("button", { name: "Compliance" }).click();
  await dialog.locator(".hint", { hasText: "sent" }).waitFor();
  assert.deepEqual(problems, []);
});

test("an offer to one agent has a countdown, can be declined and missed; a wrap-up can be ended", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-config-"));
  t.after(() => rm(folder, { recursive: true }));
  const config = join(folder, "center.toml");
  const demo = await readFile(new URL("../../examples/host/demo.toml", import.meta.url), "utf8");
  const routing = '[routing]\nassignment = "deltacast"\ndeltacast_seconds = 6\nwrap_up_seconds = 90\n';
  await writeFile(config, `${demo}\n${routing}[staff]\nstatuses = ["training"]\n`);
  const { page, problems } = await console_(t, await host(t, config));
  await page.locator("#connection.live").waitFor();
  await page.locator("#desk-status").getByText("training").waitFor();
  await page.getByText("Available", { exact: true }).click();
  await text(page, "return");
  const offer = page.locator(".card.offer");
  await offer.locator("time.countdown", { hasText: /^[1-6] s$/ }).waitFor();
  await picture(page, "offer.png");
  // The next agent would be asked; there is only this one.
  await offer.getByRole("button", { name: "Decline" }).click();
  await page.locator("#desk-state").waitFor({ state: "hidden" });
  await offer.locator("time.countdown").waitFor();
  // Nobody answers: the chat is missed, and comes back with the agent.
  await page.locator("#desk-state", { hasText: "You have missed a chat" }).waitFor();
  await offer.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Available again" }).click();
  await offer.getByRole("button", { name: "Accept" }).click();
  await onPhone(page, "Ana will chat with you").waitFor();
  await page.getByRole("button", { name: "End chat" }).click();
  await page.locator("#desk-state", { hasText: /Wrap-up · \d+ s/ }).waitFor();
  await picture(page, "wrap-up.png");
  await page.getByRole("button", { name: "End wrap-up" }).click();
  await page.locator("#desk-state").waitFor({ state: "hidden" });
  // Where settings come from (RTE-2).
  await page.locator("#queues").getByRole("button", { name: /^Returns/ }).click();
  const wrapUp = page.locator("#settings-rows tr", { hasText: "routing.wrap_up_seconds" });
  await wrapUp.getByText("from Harbor Outfitters").waitFor();
  await page.locator("#week-note", { hasText: "Always open." }).waitFor();
  await picture(page, "settings.png");
  await page.locator("#settings").getByRole("button", { name: "Close" }).click();
  // A queue with hours shows its week (HRS-1).
  await page.locator("#queues").getByRole("button", { name: /^Repairs/ }).click();
  const all = page.locator(".week", { hasText: "For everybody, on the clock of America/New_York" });
  await all.locator("tbody tr", { hasText: "09:00-12:00, 13:00-17:00" }).first().waitFor();
  assert.equal(await all.locator("tbody tr").count(), 7);
  assert.equal(await all.locator("tbody tr", { hasText: "closed" }).count(), 2);
  // Those for some beside it (HRS-2).
  const some = page.locator(".week", { hasText: "En español (in es)" });
  assert.equal(await some.locator("tbody tr", { hasText: "10:00-12:00" }).count(), 3);
  await picture(page, "week.png");
  await page.locator("#settings").getByRole("button", { name: "Close" }).click();
  await page.locator("#queues").getByRole("button", { name: /Repairs by phone/ }).click();
  await page.locator("#settings-title", { hasText: "Repairs by phone" }).waitFor();
  assert.equal(await page.locator(".week").count(), 2);
  await page.locator("#settings").getByRole("button", { name: "Close" }).click();
  assert.deepEqual(problems, []);
});

test("a chat is put aside, taken up, and transferred; ready-made texts fill the field", async (t) => {
  const { page, problems } = await console_(t, await host(t));
  await page.locator("#connection.live").waitFor();
  await page.getByText("Available", { exact: true }).click();
  await text(page, "return");
  await page.locator(".card.offer").getByRole("button", { name: "Accept" }).click();
  await onPhone(page, "Ana will chat with you").waitFor();

  // The demo wants an answer within 90 seconds.
  await page.locator('#response-due[data-urgency="yellow"]', { hasText: "answer within" }).waitFor();
  await page.selectOption("#chat-shortcut", { label: "hello" });
  assert.match(await page.inputValue("#chat-body"), /^Hello Customer, this is Ana of Harbor Outfitters/);
  await page.press("#chat-body", "Enter");
  await onPhone(page, "this is Ana").waitFor();
  await page.locator("#response-due").waitFor({ state: "hidden" });

  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.locator("#chat-texts li.note", { hasText: "chat dismissed" }).waitFor();
  await page.locator("#aside").getByRole("button", { name: "Resume" }).waitFor();
  await text(page, "my shoes do not fit");
  await onPhone(page, "Welcome back!").waitFor();
  await page.locator(".card.offer").getByRole("button", { name: "Accept" }).click();
  await page.locator("#chat-texts li.theirs", { hasText: "do not fit" }).waitFor();

  // Ben takes it over.
  await page.getByRole("button", { name: "Transfer…" }).click();
  await page.selectOption("#transfer-to", { label: "Billing" });
  await picture(page, "transfer.png");
  await page.getByRole("button", { name: "Transfer", exact: true }).click();
  await page.locator("#chat-head .chip", { hasText: "being transferred" }).waitFor();
  await page.getByRole("button", { name: "Take back" }).click();
  await page.locator("#chat-texts li.note", { hasText: "transfer failed" }).waitFor();
  await page.getByRole("button", { name: "Transfer…" }).waitFor();
  await picture(page, "chat.png");
  assert.deepEqual(problems, []);
});

test("a caller texts while waiting, the agent texts during the call, another caller goes on by text", async (t) => {
  const { page, problems } = await console_(t, await host(t));
  await page.locator("#connection.live").waitFor();
  await page.selectOption("#call-queue", { label: "Billing by phone" });
  await page.getByRole("button", { name: "Call", exact: true }).click();
  // The demo asks after five seconds.
  await page.locator("#call-state", { hasText: "Many are waiting" }).waitFor();
  await page.getByRole("button", { name: "Press 1" }).click();
  await page.locator("#call-state", { hasText: "May we text you" }).waitFor();
  await page.getByRole("button", { name: "Press 1" }).click();
  await page.selectOption("#phone-number", "+12025550160");
  await onPhone(page, "thanks for holding").waitFor();
  await text(page, "It is about order 4711");

  await page.getByRole("button", { name: "Agent answers" }).click();
  await page.locator("#chat-head .chip", { hasText: "on the phone" }).waitFor();
  await page.locator("#chat-texts li.theirs", { hasText: "order 4711" }).waitFor();
  await page.fill("#chat-body", "Here is the form");
  await page.press("#chat-body", "Enter");
  await onPhone(page, "Here is the form").waitFor();
  await page.getByRole("button", { name: "Send app link" }).click();
  await onPhone(page, "https://harbor.example/app").waitFor();
  await picture(page, "call.png");
  await page.getByRole("button", { name: "Hang up" }).click();
  await page.locator("#call-state", { hasText: "The call is over" }).waitFor();

  // Without consent on record nobody is texted.
  await page.fill("#phone-consumer", "+12025550124");
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await page.getByRole("button", { name: "Agent answers" }).click();
  await page.locator("#chat-head", { hasText: "Session 2" }).waitFor();
  await page.fill("#chat-body", "Your form");
  await page.press("#chat-body", "Enter");
  await page.locator("#problem", { hasText: "no consent" }).waitFor();
  assert.equal(await page.inputValue("#chat-body"), "Your form", "what was written is still there");
  await page.check("#chat-agreed");
  await page.press("#chat-body", "Enter");
  await onPhone(page, "Your form Harbor Outfitters: recurring messages").waitFor();
  await page.getByRole("button", { name: "Hang up" }).click();

  await page.getByText("Available", { exact: true }).click();
  await page.selectOption("#call-queue", { label: "Orders by phone" });
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await page.locator("#call-state", { hasText: "rather text" }).waitFor();
  await picture(page, "deflection.png");
  await page.getByRole("button", { name: "Press 1" }).click();
  await page.locator("#call-state", { hasText: "goes on by text" }).waitFor();
  await page.selectOption("#phone-number", "+12025550100");
  await onPhone(page, "let's go on by text").waitFor();
  await page.locator(".card.offer", { hasText: "Orders & delivery" }).getByRole("button", { name: "Accept" }).click();
  await page.locator("#chat-texts li.note", { hasText: "goes on from the call" }).waitFor();

  // Where the wait is very long, something else than to wait is offered (RTE-13).
  await page.fill("#phone-consumer", "+12025550125");
  await page.selectOption("#call-queue", { label: "Billing by phone" });
  await page.fill("#call-wait", "25");
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await page.locator("#call-state", { hasText: "rather text" }).waitFor();
  await page.getByRole("button", { name: "Press 2" }).click();
  await page.locator("#call-state", { hasText: "2 to be called back, 3 to leave a voice message, 4 for the queue" }).waitFor();
  await picture(page, "over-capacity.png");
  await page.getByRole("button", { name: "Press 2" }).click();
  await page.locator("#call-state", { hasText: "the place is kept" }).waitFor();
  await page.getByRole("button", { name: "Hang up" }).click();
  await page.locator("#call-state", { hasText: "the place is kept" }).waitFor();
  assert.deepEqual(problems.filter((problem) => !problem.includes("409")), []);
});

test("a caller is called at a time of their choice, and does not want it any more", async (t) => {
  const { page, problems } = await console_(t, await host(t));
  await page.locator("#connection.live").waitFor();
  await page.selectOption("#call-queue", { label: "Billing by phone" });
  // Two agents: one place a quarter of an hour (HRS-10).
  const slots = page.locator("#call-slot option");
  await slots.nth(2).waitFor({ state: "attached" });
  const second = await slots.nth(2).textContent();
  await page.selectOption("#call-slot", { label: second });
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await page.locator("#call-state", { hasText: "To be called" }).waitFor();
  await picture(page, "scheduled.png");
  await page.waitForFunction((taken) => ![...document.querySelectorAll("#call-slot option")].some((slot) => slot.textContent === taken), second);
  assert.ok((await slots.count()) > 10, "the others are free");
  await page.getByRole("button", { name: "Cancel the call" }).click();
  await page.locator("#call-state", { hasText: "The call is over: cancelled" }).waitFor();
  await page.selectOption("#call-queue", { label: "Orders by phone" });
  await page.waitForFunction(() => document.querySelectorAll("#call-slot option").length === 1);
  await page.selectOption("#call-queue", { label: "Billing by phone" });
  await page.locator("#call-slot option", { hasText: second }).waitFor({ state: "attached" });
  assert.deepEqual(problems, []);
});

test("a picture reaches the agent as a picture, and what only says it is one does not", async (t) => {
  const { page, problems } = await console_(t, await host(t));
  await page.locator("#connection.live").waitFor();
  await page.getByText("Available", { exact: true }).click();
  await text(page, "return");
  await page.locator(".card.offer").getByRole("button", { name: "Accept" }).click();
  await onPhone(page, "Ana will chat with you").waitFor();
  const folder = resolve("tests/../crates/sms/tests/media");
  await page.setInputFiles("#phone-media", [join(folder, "a.png"), join(folder, "a.gif")]);
  await text(page, "This is what it looks like");
  const pictures_ = page.locator("#chat-texts img.media");
  await pictures_.nth(1).waitFor();
  // Really a picture, as large as the file's.
  await page.waitForFunction(() => [...document.querySelectorAll("#chat-texts img.media")].every((image) => image.naturalWidth === 12));
  await picture(page, "picture.png");
  await page.setInputFiles("#phone-media", [
    { name: "a.png", mimeType: "image/png", buffer: Buffer.from("<script>alert(1)</script>") },
  ]);
  await text(page, "And this");
  await page.locator("#chat-texts", { hasText: "not taken: unsupported" }).waitFor();
  await onPhone(page, "we cannot take this file").waitFor();
  assert.equal(await pictures_.count(), 2);
  await page.setInputFiles("#phone-media", [join(folder, "a.mp4")]);
  await page.press("#phone-body", "Enter");
  await page.waitForFunction(() => document.querySelector("#chat-texts video.media")?.videoWidth === 128);
  assert.deepEqual(problems, []);
});

test("a status is chosen for an agent who is known, however slow the network is", async (t) => {
  const url = await host(t);
  const { page, problems } = await console_(t, "about:blank");
  const agents = await holdBack(page, "**/api/v1/agents");
  await page.goto(url);
  await page.locator("#connection.live").waitFor();
  await agents.arrived;
  const available = page.getByText("Available", { exact: true });
  assert.equal(await available.isVisible(), false, "whose status it is, is not known yet");
  agents.goOn();
  await available.click();
  await text(page, "return");
  await page.locator(".card.offer").getByRole("button", { name: "Accept" }).waitFor();
  assert.deepEqual(problems, []);
});

test("however slow the network is, texts keep their order, what was typed stays, and nothing shown is old", async (t) => {
  const { page } = await console_(t, await host(t));
  await page.locator("#connection.live").waitFor();
  const first = await holdBack(page, "**/simulator/texts");
  await text(page, "return");
  await first.arrived;
  await text(page, "of my shoes");
  first.goOn();
  await page.locator("#phone-texts li.mine").nth(1).waitFor();
  const mine = await page.locator("#phone-texts li.mine").evaluateAll((texts) => texts.map((text) => text.firstChild.textContent));
  assert.deepEqual(mine, ["return", "of my shoes"]);

  // Whoever has gone on to write elsewhere is not torn from it.
  await page.getByText("Available", { exact: true }).click();
  const accept = await holdBack(page, "**/accept");
  await page.locator(".card.offer").getByRole("button", { name: "Accept" }).click();
  await accept.arrived;
  await page.locator("#phone-body").focus();
  await page.evaluate(() => document.querySelector("#chat-body").addEventListener("focus", () => (document.title = "torn away")));
  await page.keyboard.type("and ");
  accept.goOn();
  await page.locator("#chat-head", { hasText: "Session 1" }).waitFor();
  for (const more of ["of my hat", "and of my coat"]) {
    await page.keyboard.type(more);
    await page.keyboard.press("Enter");
    await page.locator("#chat-texts li.theirs", { hasText: more }).waitFor();
  }
  assert.equal(await page.title(), "Harbor Outfitters · frontdesk");

  // What could not be sent is there again, with what was typed since.
  const lost = await holdBack(page, "**/messages");
  await page.fill("#chat-body", "Which");
  await page.press("#chat-body", "Enter");
  await lost.arrived;
  await page.fill("#chat-body", "order?");
  lost.fail();
  await page.waitForFunction(() => document.querySelector("#chat-body").value === "Which order?");

  // Something happens while a look at how things stand fails: there is another look.
  const look = await holdBack(page, "**/api/v1/agents");
  await page.press("#chat-body", "Enter");
  await look.arrived;
  await text(page, "4711");
  await page.locator("#phone-texts li.mine", { hasText: "4711" }).waitFor();
  look.fail();
  await page.locator("#chat-texts li.theirs", { hasText: "4711" }).waitFor();
});

/** A text from a phone that leads to an offer; the agent takes it. */
async function accepted(page, consumer, session) {
  await page.fill("#phone-consumer", consumer);
  await text(page, "return");
  await page.locator(".card.offer").getByRole("button", { name: "Accept" }).click();
  await page.locator("#chat-head", { hasText: `Session ${session}` }).waitFor();
  await page.locator("#chat-body:enabled").waitFor();
}

test("what an agent has begun to write belongs to its chat", async (t) => {
  const { page, problems } = await console_(t, await host(t));
  await page.locator("#connection.live").waitFor();
  await page.getByText("Available", { exact: true }).click();
  await accepted(page, "+12025550123", 1);
  await accepted(page, "+12025550124", 2);
  const chat = (session) => page.locator("#chats .card", { hasText: `session ${session} ` });
  const value = () => page.inputValue("#chat-body");
  await page.fill("#chat-body", "for the second");
  // Head, texts and draft change at once, also while the network is slow.
  const slow = await holdBack(page, "**/sessions/1/transcript*");
  await chat(1).click();
  assert.deepEqual([await value(), await page.textContent("#chat-head strong")], ["", "Session 1"]);
  await slow.arrived;
  await page.fill("#chat-body", "for the first");
  slow.goOn();
  await page.locator("#chat-texts li").first().waitFor();
  await page.press("#chat-body", "Enter");
  await onPhone(page, "Ana will chat with you").waitFor();
  await page.fill("#phone-consumer", "+12025550123");
  await page.locator("#phone-consumer").blur();
  await onPhone(page, "for the first").waitFor();
  assert.equal(await onPhone(page, "for the second").count(), 0);
  await chat(2).click();
  assert.equal(await value(), "for the second");

  // What could not be sent comes back to its own chat, and not to the one that is open.
  const lost = await holdBack(page, "**/sessions/2/messages");
  await page.press("#chat-body", "Enter");
  await lost.arrived;
  await chat(1).click();
  await page.fill("#chat-body", "something else");
  lost.fail();
  await page.locator("#problem:visible").waitFor();
  assert.equal(await value(), "something else");
  await chat(2).click();
  assert.equal(await value(), "for the second");

  // The phone's field belongs to its line.
  await page.fill("#phone-body", "from the one");
  await page.fill("#phone-consumer", "+12025550124");
  await page.locator("#phone-consumer").blur();
  assert.equal(await page.inputValue("#phone-body"), "");
  await page.fill("#phone-consumer", "+12025550123");
  await page.locator("#phone-consumer").blur();
  assert.equal(await page.inputValue("#phone-body"), "from the one");
  await picture(page, "drafts.png");
  assert.deepEqual(problems.filter((problem) => !problem.includes("ERR_FAILED")), []);
});

for (const width of [1440, 1280, 390]) {
  test(`an agent can say at ${width} pixels that the caller has just agreed`, async (t) => {
    const { page } = await console_(t, await host(t), { viewport: { width, height: 800 } });
    await page.locator("#connection.live").waitFor();
    await page.selectOption("#call-queue", { label: "Billing by phone" });
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.getByRole("button", { name: "Agent answers" }).click();
    await page.locator("#chat-agreed:visible").waitFor();
    const box = await page.locator("#chat-agreed").boundingBox();
    assert.ok(box.width >= 14 && box.width <= 30 && box.height >= 14, JSON.stringify(box));
    const label = await page.locator("#chat-agreed-label").boundingBox();
    assert.ok(label.x >= 0 && label.x + label.width <= width, JSON.stringify(label));
    const field = await page.locator("#chat-body").boundingBox();
    assert.ok(field.width >= 100, JSON.stringify(field));
    await page.locator("#chat-agreed-label").scrollIntoViewIfNeeded();
    await page.getByText("The caller has just agreed to be texted").click();
    assert.ok(await page.isChecked("#chat-agreed"));
    await picture(page, `agreed-${width}.png`);
  });
}

/** A network between browser and host that can fall silent: connections stay open, and nothing comes through any more. */
async function network(t, url) {
  const { port } = new URL(url);
  const sockets = new Set();
  let silent = false;
  const server = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    const pair = { near, far, dead: silent };
    sockets.add(pair);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.on("data", (data) => pair.dead || to.write(data));
      from.on("error", () => {});
      from.on("close", () => pair.dead || to.destroy());
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.close();
    for (const { near, far } of sockets) {
      near.destroy();
      far.destroy();
    }
  });
  const address = new URL(url);
  address.port = server.address().port;
  return {
    url: address.href,
    /** Connections that are open now are dead for ever. */
    fallSilent() {
      silent = true;
      for (const pair of sockets) pair.dead = true;
    },
    comeBack: () => (silent = false),
  };
}

test("a network that is silently gone is noticed, and the desk goes on when it is back", async (t) => {
  const between = await network(t, await host(t));
  const { page } = await console_(t, between.url);
  await page.locator("#connection.live").waitFor();
  await page.getByText("Available", { exact: true }).click();
  await accepted(page, "+12025550123", 1);
  between.fallSilent();
  await page.locator("#connection:not(.live)").waitFor();
  // Something is asked meanwhile: it ends, and says so.
  await page.fill("#chat-body", "Are you there?");
  await page.press("#chat-body", "Enter");
  await page.locator("#problem", { hasText: "does not answer" }).waitFor();
  await page.waitForFunction(() => document.querySelector("#chat-body").value === "Are you there?");
  await picture(page, "silent.png");
  between.comeBack();
  await page.locator("#connection.live").waitFor();
  await page.press("#chat-body", "Enter");
  await onPhone(page, "Are you there?").waitFor();
});

test("the desk can be worked by keyboard alone", async (t) => {
  const { page, problems } = await console_(t, await host(t));
  await page.locator("#connection.live").waitFor();
  const tabTo = async (what) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((selector) => document.activeElement?.matches(selector), what)) return;
    }
    assert.fail(`${what} cannot be reached by keyboard`);
  };
  await tabTo("#phone-body");
  await page.keyboard.type("pay");
  await page.keyboard.press("Enter");
  await onPhone(page, "representative").waitFor();
  await tabTo("#desk-status input");
  // From "Off", round to "Available".
  await page.keyboard.press("ArrowRight");
  await page.locator(".card.offer").waitFor();
  await page.locator("#phone-body").focus();
  await tabTo(".card.offer button");
  await page.keyboard.press("Enter");
  await page.locator("#chat-body:focus:enabled").waitFor();
  await page.keyboard.type("Hello from the keyboard");
  await page.keyboard.press("Enter");
  await onPhone(page, "Hello from the keyboard").waitFor();
  assert.deepEqual(problems, []);
});

test("a wrong token leads to the sign-in, and what people write is text, not markup", async (t) => {
  const url = await host(t);
  const { page } = await console_(t, url.replace(/token=.*/, "token=fd_wrong"));
  await page.locator("#sign-in").waitFor();
  await page.fill("#token", url.split("token=")[1]);
  await page.getByRole("button", { name: "Open the console" }).click();
  await page.locator("#connection.live").waitFor();
  await text(page, "<img src=x onerror=document.title='hacked'>");
  await page.locator("#phone-texts li.mine", { hasText: "<img src=x" }).waitFor();
  assert.notEqual(await page.title(), "hacked");
});

test("it is good to look at on a phone, and in the dark", async (t) => {
  const { page, problems } = await console_(t, await host(t), { viewport: { width: 420, height: 900 }, colorScheme: "dark" });
  await page.locator("#connection.live").waitFor();
  await text(page, "hello");
  await onPhone(page, "1. Orders").waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 420, `the page is ${wide} pixels wide`);
  await picture(page, "narrow.png");
  assert.deepEqual(problems, []);
});
