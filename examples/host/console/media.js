// Pictures and videos of a session. They need the token, so that they are fetched, and shown from memory.

import { blob } from "/api.js";
import { element } from "/transcript.js";

/** What was fetched, by its path; the oldest are forgotten. */
const fetched = new Map();
const KEPT = 100;

function url(path) {
  if (!fetched.has(path)) {
    fetched.set(path, blob(path).then((content) => URL.createObjectURL(content)));
    if (fetched.size > KEPT) {
      const [oldest, gone] = fetched.entries().next().value;
      fetched.delete(oldest);
      gone.then((old) => URL.revokeObjectURL(old)).catch(() => {});
    }
  }
  return fetched.get(path);
}

/** A picture or video that was kept: `stored` is its event. */
export function media(stored) {
  const of = stored.provider ? `?provider=${encodeURIComponent(stored.provider)}` : "";
  const path = `/sessions/${stored.session}/media/${encodeURIComponent(stored.message)}/${stored.index}${of}`;
  const video = ["mp4", "three_gpp", "quick_time"].includes(stored.kind);
  const node = video
    ? element("video", { controls: true, className: "media" })
    : element("img", { alt: `Picture ${stored.index + 1} of this message`, className: "media" });
  url(path)
    .then((source) => (node.src = source))
    .catch(() => node.replaceWith(element("small", { textContent: "a picture or video, not shown to you" })));
  return node;
}
