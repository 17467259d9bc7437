// How campaigns do: their limits and what of them is used, who opts out day by day, what the gate refuses and holds.

import { get } from "/api.js";
import { element, fill, time } from "/transcript.js";

const $ = (id) => document.getElementById(id);
const DAYS = 30;
const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const SPANS = { minute: "a minute", pacific_day: "a day (Pacific)" };

/** The last days, those on which nothing happened too. */
function lastDays(days) {
  const known = new Map(days.map((day) => [day.date, day]));
  const pacific = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Los_Angeles" });
  return Array.from({ length: DAYS }, (_, n) => {
    const date = pacific.format(new Date(Date.now() - (DAYS - 1 - n) * 86_400_000));
    return known.get(date) ?? { date, sent: 0, opted_out: 0, opt_outs_per_thousand: null };
  });
}

/** Bars: opt-outs of a thousand texts, by day. */
function chart(programme, days) {
  const [width, height, base] = [600, 120, 96];
  const most = Math.max(1, ...days.map((day) => day.opt_outs_per_thousand ?? 0));
  const step = width / days.length;
  const bars = days.map((day, n) => {
    const rate = day.opt_outs_per_thousand;
    // Opt-outs of too few texts for a rate are a low bar.
    const least = day.opted_out > 0 ? 4 : 0;
    const tall = rate === null ? least : Math.max(1.5, (rate / most) * (base - 14));
    const told = rate === null ? `${day.opted_out} opted out, of ${day.sent} texts: too few for a rate` : `${rate.toFixed(1)} of a thousand opted out (${day.opted_out} of ${day.sent})`;
    return svg(
      "rect",
      { x: n * step + 1, y: base - tall, width: step - 2, height: tall, class: day.opted_out > 0 ? "bar-some" : "bar-none" },
      svg("title", {}, `${day.date}: ${told}`),
    );
  });
  const label = (x, anchor, text) => svg("text", { x, y: height - 6, "text-anchor": anchor }, text);
  const opted = days.reduce((sum, day) => sum + day.opted_out, 0);
  const sent = days.reduce((sum, day) => sum + day.sent, 0);
  const alternative = `Opt-outs of ${programme} by day: ${opted} of ${sent} texts in ${DAYS} days`;
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": alternative, class: "chart" },
    svg("line", { x1: 0, x2: width, y1: base, y2: base }),
    svg("text", { x: 0, y: 10 }, `Opt-outs of a thousand texts, by day; the most: ${most.toFixed(most < 10 ? 1 : 0)}`),
    ...bars,
    label(0, "start", days[0].date),
    label(width, "end", days.at(-1).date),
  );
}

function meter(usage) {
  const told = `${usage.used} of ${usage.most} ${SPANS[usage.span]}`;
  const bar = element("meter", { min: 0, max: usage.most, high: usage.most * 0.9, value: usage.used, title: told });
  bar.setAttribute("aria-label", `${usage.of}: ${told}`);
  return element("li", {}, element("span", { textContent: usage.of }), bar, element("small", { textContent: told }));
}

function refusals(days) {
  const rules = new Map();
  for (const day of days) {
    for (const [rule, count] of Object.entries(day.refused ?? {})) rules.set(rule, (rules.get(rule) ?? 0) + count);
  }
  const rows = [...rules].sort((one, other) => other[1] - one[1]);
  if (rows.length === 0) return element("p", { className: "hint", textContent: `Nothing was refused in ${DAYS} days.` });
  const row = ([rule, count]) =>
    element("tr", {}, element("td", { textContent: rule.replaceAll("_", " ") }), element("td", { textContent: String(count) }));
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, element("th", { textContent: "Refused by" }), element("th", { textContent: "texts" }))),
    element("tbody", {}, ...rows.map(row)),
  );
}

function campaign(one) {
  const days = lastDays(one.days);
  const total = (of) => days.reduce((sum, day) => sum + (day[of] ?? 0), 0);
  const head = element(
    "div",
    { className: "section-head" },
    element("h3", { textContent: one.programme }),
    element("span", { className: `chip ${one.status === "active" ? "" : "queued"}`, textContent: one.status }),
    element("small", { textContent: one.numbers.join(", ") }),
  );
  const counts = `${total("sent")} sent, ${total("delivered")} delivered, ${total("failed")} failed, ${total("held")} held in ${DAYS} days`;
  return element(
    "section",
    { className: "campaign" },
    head,
    element("ul", { className: "usage" }, ...one.usage.map(meter)),
    element("p", { className: "hint", textContent: counts }),
    chart(one.programme, days),
    refusals(days),
  );
}

function stopped(text) {
  const fate = text.until ? `held until ${time(text.until)}` : "refused";
  return element(
    "tr",
    {},
    element("td", {}, element("small", { textContent: new Date(text.at).toLocaleString([], { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }) })),
    element("td", { textContent: text.consumer }),
    element("td", {}, element("span", { className: `chip ${text.until ? "" : "queued"}`, textContent: fate })),
    element("td", { textContent: text.reasons.join("; ") }),
  );
}

export class Compliance {
  constructor(me, failed) {
    this.open = false;
    $("compliance-open").hidden = me.role === "agent";
    $("compliance-open").addEventListener("click", () => {
      this.open = true;
      $("compliance").showModal();
      this.refresh().catch(failed);
    });
    $("compliance").addEventListener("close", () => (this.open = false));
  }

  async refresh() {
    if (!this.open) return;
    const [campaigns, texts] = await Promise.all([get("/compliance/campaigns"), get("/compliance/stopped")]);
    const none = element("p", { className: "hint", textContent: "No campaign is configured, and no number has sent anything yet." });
    $("campaigns").replaceChildren(...(campaigns.length ? campaigns.map(campaign) : [none]));
    $("stopped-empty").hidden = texts.length > 0;
    fill($("stopped-rows"), texts.map(stopped));
  }
}
