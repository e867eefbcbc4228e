// The texts of a list: which one is open, where the next ones come from before they are needed, and the
// decisions on them. A text leaves at once and its decision follows behind the ones before it; what is
// refused brings the text back. Undoing stands in the same line.
import { start as count } from "../behaviours/seconds.js";
import { said } from "../words.js";

const AT_ONCE = 150;
const DONE = {
  approve: () => said("One text approved."),
  reject: () => said("One text rejected."),
  spam: () => said("One text marked as spam."),
  hold: () => said("One text put back to wait."),
  delete: () => said("One text deleted."),
};
const MANY_DONE = {
  approve: (many) => said("{count} texts approved.", { count: many }),
  reject: (many) => said("{count} texts rejected.", { count: many }),
  spam: (many) => said("{count} texts marked as spam.", { count: many }),
  hold: (many) => said("{count} texts put back to wait.", { count: many }),
  delete: (many) => said("{count} texts deleted.", { count: many }),
};
const noAnswer = () => said("No answer came, so this may not be done. Check the connection and decide again.");
const reload = () => ` ${said("Reload the page and look again.")}`;
const AHEAD = 12;
const SHEETS_AHEAD = 20;
const PATIENCE = 20000;

export function makeList(desk, say) {
  const rows = desk.querySelector("[data-items]");
  const moreLine = desk.querySelector("[data-more-line]");
  const seen = new Set();
  let loading = false;
  let first = 0;
  let last = 0;

  const items = () => [...rows.children];
  const current = () => rows.querySelector(':scope > [aria-current="true"]');
  const find = (id) => rows.querySelector(`:scope > [data-item="${id}"]`);
  const hasMore = () => !moreLine.hidden;
  const drawn = (root) => root.dispatchEvent(new Event("drawn", { bubbles: true }));

  function settle() {
    const isEmpty = !rows.firstElementChild;
    desk.querySelector("[data-nothing]").hidden = !isEmpty || hasMore();
    desk.querySelector("#bulk").hidden = isEmpty;
  }

  // The sheets of what will be read next, some at once, before half of those that are there are read.
  function prepare(item) {
    const all = items();
    const next = all.slice(all.indexOf(item)).slice(0, SHEETS_AHEAD);
    const bare = next.filter((one) => "bare" in one.dataset && !one.filling);
    if (next.indexOf(bare[0]) > SHEETS_AHEAD / 2) return;
    const filled = bare[0] && fill(bare);
    for (const one of bare) one.filling = filled;
  }

  async function fill(bare) {
    try {
      const url = new URL(desk.dataset.sheetsFrom, location.href);
      for (const item of bare) url.searchParams.append("id", item.dataset.item);
      const { found } = await fetchRows(url);
      for (const item of bare) {
        const now = found.find((one) => one.dataset.item === item.dataset.item);
        if (now) dress(item, now);
      }
    } catch {
      if (bare.includes(current())) say(said("This text could not be fetched. Choose it again."));
    }
    for (const item of bare) item.filling = null;
  }

  function dress(item, now) {
    item.dataset.version = now.dataset.version;
    item.querySelector("[data-choose]").value = now.querySelector("[data-choose]").value;
    item.querySelector("a[data-open]").href = now.querySelector("a[data-open]").href;
    item.append(now.querySelector(".item-body"));
    delete item.dataset.bare;
    note(item, item.why);
    drawn(item);
  }

  function choose(item, focus = true) {
    current()?.removeAttribute("aria-current");
    if (!item) return;
    item.setAttribute("aria-current", "true");
    desk.dispatchEvent(new CustomEvent("chosen", { detail: item }));
    const all = items();
    if (all.length - all.indexOf(item) <= AHEAD) load();
    prepare(item);
    if (!focus) return;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  // Out of the list, and the next one open.
  function take(taken) {
    const all = items();
    const open = current();
    const place = all.indexOf(open);
    const stays = (one) => !taken.includes(one);
    const next = [...all.slice(place), ...all.slice(0, place).reverse()].find(stays);
    for (const item of taken) item.remove();
    if (next !== open) choose(next);
    if (!next) load();
    settle();
  }

  function note(item, why = "") {
    item.why = why;
    const line = item.querySelector("[data-refusal]");
    if (!line) return;
    line.textContent = why;
    line.hidden = !why;
  }

  // Back where it stood, with what happened to it.
  function putBack(item, why = "") {
    note(item, why);
    for (const details of item.querySelectorAll("details[open]")) details.open = false;
    item.querySelector("[data-choose]").checked = false;
    item.removeAttribute("aria-current");
    rows.insertBefore(item, items().find((other) => other.order > item.order) ?? null);
    settle();
    if (!current()) choose(item);
  }

  function add(found, before) {
    const fresh = found.filter((item) => !seen.has(item.dataset.item));
    if (before) fresh.reverse();
    for (const item of fresh) {
      seen.add(item.dataset.item);
      item.order = before ? --first : ++last;
      if (before) rows.prepend(item);
      else rows.append(item);
    }
    drawn(rows);
    settle();
    if (!current()) choose(rows.firstElementChild);
  }

  async function fetchRows(address) {
    const url = new URL(address, location.href);
    url.searchParams.set("fragment", "1");
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("ol[data-rows]");
    if (!answer.ok || !found) throw new Error(`no rows: ${answer.status}`);
    return { found: [...found.children].map((one) => document.adoptNode(one)), more: found.dataset.more };
  }

  async function load() {
    if (!hasMore() || loading) return;
    loading = true;
    const link = moreLine.querySelector("a");
    try {
      const { found, more } = await fetchRows(link.href);
      moreLine.hidden = !more;
      link.href = more ?? "";
      add(found);
    } catch {
      say(said("More texts could not be fetched. The link below the list tries again."));
    }
    loading = false;
  }

  // The text as it is on the server now, in the place of what is shown of it.
  async function refresh(item) {
    const { found: [now] } = await fetchRows(desk.dataset.oneFrom.replace("/0", `/${item.dataset.item}`));
    now.order = item.order;
    note(now, item.why);
    const hadFocus = item.contains(document.activeElement);
    if (item.ariaCurrent) now.ariaCurrent = item.ariaCurrent;
    item.replaceWith(now);
    drawn(now);
    if (hadFocus) now.focus({ preventScroll: true });
  }

  for (const item of items()) {
    item.order = ++last;
    seen.add(item.dataset.item);
  }
  return { add, choose, current, fetchRows, find, hasMore, items, note, putBack, refresh, seen, take };
}

async function post(address, fields) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    const told = await answer.json();
    return answer.ok ? told : { problem: told.problem.replace(reload(), "") };
  } catch {
    return { problem: noAnswer() };
  }
}

function* parts(all) {
  for (let at = 0; at < all.length; at += AT_ONCE) yield all.slice(at, at + AT_ONCE);
}

export function makeLine(desk, list, say) {
  const bar = document.querySelector("[data-undo]");
  const words = bar.querySelector("[data-undo-words]");
  const done = [];
  let line = Promise.resolve();

  // `data-unsent` says how many acts are on their way.
  const unsent = () => Number(desk.dataset.unsent ?? 0);

  function enqueue(work) {
    desk.dataset.unsent = unsent() + 1;
    line = line.then(work).finally(() => (desk.dataset.unsent = unsent() - 1));
  }

  // To undo the last of what is not undone yet.
  function offer() {
    bar.hidden = !done.length;
    words.textContent = done.at(-1)?.words ?? "";
    bar.dataset.seconds = 30;
    count(bar);
  }

  function bringBack(items, why) {
    for (const item of items) {
      list.putBack(item, why);
      // Without a connection it stays as it was.
      list.refresh(item).catch(() => {});
    }
    say(why);
  }

  async function carryOut(decision) {
    if (decision.dropped) return;
    decision.sent = true;
    for (const part of parts(decision.items)) {
      const seen = part.map(({ dataset }) => ["item", `${dataset.item}:${dataset.version}`]);
      const told = await post(decision.address, [...decision.fields, ...seen]);
      const find = (id) => part.find((item) => item.dataset.item === String(id));
      for (const { id, version } of told.done ?? []) find(id).dataset.version = version;
      decision.entries.unshift(...(told.undo ?? []));
      const refused = told.problem ? part : told.refused.map(({ id }) => find(id));
      if (refused.length) bringBack(refused, told.problem ?? told.refused[0].why);
      else decision.words = told.words;
    }
    if (decision.entries.length || !done.includes(decision)) return;
    done.splice(done.indexOf(decision), 1);
    offer();
  }

  function decide(address, fields, items) {
    const sent = [...fields].filter(([name]) => name !== "item");
    const decision = { address, fields: sent, items, entries: [] };
    done.push(decision);
    list.take(items);
    decision.words = (items.length > 1 ? MANY_DONE : DONE)[fields.get("verb")](items.length);
    offer();
    enqueue(() => carryOut(decision));
  }

  async function takeBack({ entries, items }) {
    const token = ["csrf_token", desk.querySelector("[name=csrf_token]").value];
    for (const part of parts(entries)) {
      const told = await post(desk.dataset.undoTo, [token, ...part.map((entry) => ["entry", entry])]);
      if (told.problem) return bringBack(items, told.problem);
    }
    if (!entries.length) return;
    for (const item of items) {
      // An undone decision is one version more; who decides again meanwhile has seen that one.
      item.dataset.version = Number(item.dataset.version) + 1;
      if (item.isConnected) await list.refresh(item).catch(() => {});
    }
  }

  function undo() {
    const decision = done.pop();
    for (const item of decision.items) list.putBack(item);
    list.choose(decision.items[0]);
    if (decision.sent) enqueue(() => takeBack(decision));
    else decision.dropped = true;
    offer();
    say("Undone.");
  }

  bar.addEventListener("submit", (event) => {
    if (!done.length) return;
    event.preventDefault();
    undo();
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsent()) event.preventDefault();
  });

  return { decide, idle: () => line };
}
