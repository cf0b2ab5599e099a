// The console of the sandbox: asks for its state once a second and shows it in place.

import { showInstances } from "./instances.js";
import { announce, byId, count, get, moment, post, reason, say } from "./page.js";
import { showFacts, showRequests } from "./requests.js";
import { followTests, setDestinations, showServices } from "./services.js";

const EVERY = 1000;
const MODES = {
  immediate: "everything happens at once",
  polls: "a status request moves it 1 s",
  manual: "moves only when advanced",
  real: "the time that passes",
};

let timer = 0;
let asking = null;
let loaded = false;

function showHeader(state) {
  say(byId("accepted"), count(state.accepted));
  const clock = byId("clock");
  say(clock, `${moment(state.now)} UTC`);
  clock.dateTime = new Date(state.now * 1000).toISOString();
  say(byId("time-mode"), `${state.time}: ${MODES[state.time] ?? ""}`);
  byId("advance").hidden = !["manual", "polls"].includes(state.time);
}

/** What never changes while a sandbox runs. Asked for until it came. */
async function loadOnce() {
  if (loaded) return;
  const [facts, destinations] = await Promise.all([
    get("/sandbox/facts"),
    get("/sandbox/destinations"),
  ]);
  if (!facts.ok || !destinations.ok) return;
  loaded = true;
  showFacts(facts.body);
  setDestinations(destinations.body);
}

async function ask() {
  const answer = await get("/sandbox/state");
  const gone = byId("gone");
  if (!answer.ok) {
    say(
      gone,
      `The sandbox at ${location.origin} does not answer. What is shown is its last state; ` +
        "this page goes on trying.",
    );
    gone.hidden = false;
    return;
  }
  if (!gone.hidden) {
    gone.hidden = true;
    announce("The sandbox answers again.");
  }
  await loadOnce();
  showHeader(answer.body);
  showServices(answer.body, refresh);
  showInstances(answer.body);
  followTests();
  showRequests(answer.body);
}

/** Ask now, and again after a second for as long as somebody can see it. */
async function refresh() {
  clearTimeout(timer);
  // A change that was just made is not in an answer that is already on its way.
  while (asking) await asking;
  clearTimeout(timer);
  asking = ask();
  await asking;
  asking = null;
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, EVERY);
}

async function change(path, fields, done) {
  const answer = await post(path, fields);
  announce(answer.ok ? done(answer.body) : reason(answer));
  await refresh();
}

byId("advance").addEventListener("submit", (event) => {
  event.preventDefault();
  change("/sandbox/advance", new FormData(event.target), (body) => {
    return `The clock stands at ${moment(body.now)} UTC.`;
  });
});

byId("reset").addEventListener("click", () => byId("reset-dialog").showModal());
byId("reset-no").addEventListener("click", () => byId("reset-dialog").close());
byId("reset-yes").addEventListener("click", () => {
  byId("reset-dialog").close();
  change("/sandbox/reset", {}, () => "The sandbox is reset.");
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else refresh();
});

say(byId("address"), location.origin);
say(byId("address-again"), location.origin);
refresh();
