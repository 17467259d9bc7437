// Starts the console: who am I, what may I see, and everything again whenever something changes.

import { follow, forget, get, oneAtATime, remember, showPage, token } from "/api.js";
import { PhoneCall } from "/call.js";
import { Compliance } from "/compliance.js";
import { Desk } from "/desk.js";
import { Phone } from "/phone.js";
import { Sessions } from "/sessions.js";

const $ = (id) => document.getElementById(id);

let hiding;
function failed(error) {
  if (error.status === 401) return signIn(error.message);
  $("problem").textContent = error.message;
  $("problem").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => ($("problem").hidden = true), 6000);
}

function signIn(reason) {
  forget();
  $("console").hidden = true;
  $("sign-in").hidden = false;
  $("problem").hidden = !reason;
  $("problem").textContent = reason ?? "";
  $("token").focus();
}

async function start() {
  if (!token()) return signIn();
  let me;
  try {
    me = await get("/me");
  } catch (error) {
    return error.status === 401 ? signIn(error.message) : failed(error);
  }
  $("sign-in").hidden = true;
  $("console").hidden = false;
  $("company").textContent = me.company;
  document.title = `${me.company} · frontdesk`;
  const parts = [new Sessions(me, failed), new Compliance(me, failed)];
  $("metrics").hidden = me.role === "agent";
  // A supervisor's token acts for no agent.
  if (me.role === "supervisor" && !me.agent) $("desk").hidden = true;
  else parts.push(new Desk(me, failed));
  if (me.role === "admin" && me.simulated) {
    parts.push(new Phone(me.call_number ? [...me.numbers, me.call_number] : me.numbers, failed));
    if (me.call_number) parts.push(new PhoneCall(me.call_queues, failed));
  } else $("console").classList.add("no-phone");
  const connected = (live) => {
    $("connection").textContent = live ? "live" : "reconnecting…";
    $("connection").classList.toggle("live", live);
  };
  const all = oneAtATime(() => Promise.all(parts.map((part) => part.refresh())));
  follow(() => all().catch(failed), connected).catch(failed);
}

$("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  remember($("token").value.trim());
  location.reload();
});
for (const page of ["openapi", "metrics"]) {
  $(page).addEventListener("click", () => showPage($(page).dataset.path).catch(failed));
}
$("forget").addEventListener("click", () => {
  forget();
  location.reload();
});
start();
