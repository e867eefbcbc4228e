// What happens at the desk meanwhile: counts, what came in, and what the others have open and decide.
// Told on a stream; where there is none it is asked for now and then. A hidden tab asks for nothing.
import { said } from "../words.js";

const JUST_NOW = {
  approve: (name) => said("It was approved by {name} just now.", { name }),
  reject: (name) => said("It was rejected by {name} just now.", { name }),
  spam: (name) => said("It was marked as spam by {name} just now.", { name }),
  hold: (name) => said("It was put back to wait by {name} just now.", { name }),
  delete: (name) => said("It was deleted by {name} just now.", { name }),
};

const POLL = 10000;
const AGAIN = 1500;
const PATIENCE = 3;
const OPENED_AFTER = 400;
const STILL_OPEN = 60000;

function opened(who) {
  const names = who.join(", ");
  return who[1] ? said("{names} have this open", { names }) : said("{names} has this open", { names });
}

export function watch(desk, list, say) {
  const { dataset } = desk;
  const arrivals = desk.querySelector("[data-arrivals]");
  const button = arrivals.querySelector("button");
  const isNewest = dataset.newest !== undefined;
  let source = null;
  let timer = null;
  let failed = 0;
  let entry = "";
  let opening = null;

  function address(from) {
    const url = new URL(from, location.href);
    url.searchParams.set("since", dataset.since);
    url.searchParams.set("entry", entry);
    return url;
  }

  function show(told) {
    entry = told.entry;
    for (const shown of document.querySelectorAll("[data-count]")) {
      shown.textContent = told.lanes[shown.dataset.count];
    }
    for (const item of list.items()) {
      const names = told.open[item.dataset.item];
      const badge = item.querySelector("[data-opened]");
      badge.hidden = !names;
      if (names) badge.textContent = opened(names);
    }
    for (const [id, act, by] of told.acts) {
      const item = list.find(id);
      if (!item || !JUST_NOW[act]) continue;
      const words = JUST_NOW[act](by || said("the rules"));
      if (item === list.current()) list.note(item, words);
      else list.take([item]);
      say(words);
    }
    const fresh = told.new.filter((id) => !list.seen.has(String(id))).length;
    // What comes at the end of a list that is not all here yet will come in its turn.
    arrivals.hidden = !fresh || (list.hasMore() && !isNewest);
    button.textContent = said("{count} new", { count: fresh });
  }

  async function poll() {
    timer = setTimeout(listen, POLL);
    const answer = await fetch(address(dataset.countsFrom));
    if (answer.ok) show(await answer.json());
  }

  function listen() {
    source?.close();
    clearTimeout(timer);
    if (document.hidden) return;
    // What gets no answer is asked again in ten seconds.
    if (failed > PATIENCE) return poll().catch(() => {});
    source = new EventSource(address(dataset.liveFrom));
    source.onmessage = ({ data }) => {
      failed = 0;
      show(JSON.parse(data));
    };
    source.onerror = () => {
      failed = source.readyState === EventSource.CLOSED ? Infinity : failed + 1;
      source.close();
      timer = setTimeout(listen, AGAIN);
    };
  }

  function tell() {
    clearTimeout(opening);
    opening = setTimeout(() => {
      const item = list.current();
      opening = setTimeout(tell, STILL_OPEN);
      if (!item || document.hidden) return;
      const body = new URLSearchParams({ csrf_token: desk.querySelector("[name=csrf_token]").value });
      const to = dataset.openTo.replace("/0/", `/${item.dataset.item}/`);
      // What gets no answer is told again in a minute.
      fetch(to, { method: "POST", body }).catch(() => {});
    }, OPENED_AFTER);
  }

  button.addEventListener("click", async () => {
    const { found } = await list.fetchRows(address(dataset.rowsFrom));
    const isFirst = (item) => isNewest || "red" in item.dataset;
    list.add(found.filter(isFirst), true);
    list.add(found);
    arrivals.hidden = true;
  });
  desk.addEventListener("chosen", tell);
  document.addEventListener("visibilitychange", () => {
    listen();
    tell();
  });
  listen();
}
