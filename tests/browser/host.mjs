// Starts the host for tests in a browser.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const program = resolve(process.env.FRONTDESK_BIN ?? "target/debug/frontdesk");
// As root, and without a network.
export const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export async function host(t, ...more) {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-"));
  const child = spawn(program, ["serve", "--listen", "127.0.0.1:0", ...more], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  t.after(async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill();
    await ended;
    await rm(folder, { recursive: true });
  });
  const line = await new Promise((done, failed) => {
    child.stdout.once("data", (data) => done(String(data)));
    child.once("exit", (code) => failed(new Error(`the host ended with ${code}`)));
  });
  return line.trim().split(" is open at ")[1];
}
