// Outbound Services: each with a gearwheel that opens its settings and its test.

import { detailOf, instanceOf } from "./instances.js";
import { KeyedList, announce, byId, count, element, fill, part, post, reason, say, stamp, status } from "./page.js";

const KINDS = { telephone: "Telephone number or SIP address", conference: "Conference" };
const SHOWN = 10;
const followed = new Map(); // the answer of each service's last test: a function that brings it up to date
const open = new Set();
let destinations = [];
let refresh = () => {};

export function setDestinations(found) {
  destinations = found;
}

// A service's own list: numbers for those that call telephones, rooms for the others.
const address = (scenario, kind) =>
  kind === "conference" ? `sandbox-${scenario.word}` : scenario.number;

function offerDestinations(row, kind) {
  const list = part(row, "destinations");
  if (list.dataset.kind === kind || destinations.length === 0) return;
  list.dataset.kind = kind;
  list.replaceChildren(
    ...destinations.map((scenario) => {
      const option = element("option", `${scenario.word}: ${scenario.meaning}`);
      option.value = address(scenario, kind);
      return option;
    }),
  );
}

function tellMeaning(row, kind) {
  const to = part(row, "test").elements.to.value;
  const found = destinations.find((scenario) => address(scenario, kind) === to);
  const example = destinations.length ? `Such as ${address(destinations[0], kind)}.` : "";
  say(part(row, "meaning"), found ? `${found.word}: ${found.meaning}` : example);
}

function setOpen(row, wanted) {
  const gear = part(row, "gear");
  part(row, "panel").hidden = !wanted;
  gear.setAttribute("aria-expanded", String(wanted));
  if (wanted) {
    open.add(row);
    part(row, "title").focus();
  } else {
    open.delete(row);
    gear.focus();
  }
}

function fillSettings(form, service) {
  const { elements } = form;
  elements.kind.value = service.kind;
  elements.first_page.value = service.first_page;
  elements.final_page.value = service.final_page;
  elements.api_version.value = service.api_version;
  elements.calls_per_second.value = service.calls_per_second ?? "";
  elements.far_end_classification.checked = service.far_end_classification;
}

async function save(row, form) {
  const { elements } = form;
  const answer = await post("/sandbox/service", {
    user: row.dataset.user,
    kind: elements.kind.value,
    first_page: elements.first_page.value.trim(),
    final_page: elements.final_page.value.trim(),
    api_version: elements.api_version.value,
    calls_per_second: elements.calls_per_second.value.trim(),
    far_end_classification: String(elements.far_end_classification.checked),
  });
  const saved = part(row, "saved");
  saved.dataset.outcome = answer.ok ? "good" : "bad";
  say(saved, answer.ok ? "Saved." : `Not saved. ${reason(answer)}`);
  if (answer.ok) delete form.dataset.typed;
  await refresh();
}

function idsOf(body) {
  return (Array.isArray(body) ? body : []).filter((id) => typeof id === "string");
}

function showStarted(result, ids) {
  const lines = ids.slice(0, SHOWN).map((id) => {
    const line = element("p");
    line.append(element("span", "", "status"), " ", element("span"), " ", element("code", id));
    return line;
  });
  result.append(element("p", ids.length === 1 ? "Started." : `Started ${count(ids.length)} calls.`));
  result.append(...lines);
  return () => {
    lines.forEach((line, index) => {
      const [word, detail] = line.children;
      const instance = instanceOf(ids[index]);
      if (!instance) return;
      status(word, instance.status);
      say(detail, detailOf(instance));
    });
  };
}

function showRefused(result, answer) {
  const error = answer.body?.error;
  const lost = answer.status === 0 || answer.status < 400;
  const head = lost
    ? "The answer did not come, or not whole. Whether a call was started cannot be told from it; " +
      "a program that tries again may call twice. The list of live instances knows."
    : `Refused: ${error?.code?.startsWith("HTTP") ? "" : "error "}${error?.code ?? `HTTP ${answer.status}`}`;
  result.append(element("p", head));
  if (!lost) result.append(element("p", error?.text ?? reason(answer)));
  if (error?.details?.length) {
    const list = element("ul");
    list.append(...error.details.map((text) => element("li", text)));
    result.append(list);
  }
}

async function startTest(row, form) {
  const result = part(row, "answer");
  const button = form.querySelector("button");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  followed.delete(row);
  result.replaceChildren(element("p", "Starting…"));
  delete result.dataset.outcome;
  const fields = new FormData(form);
  fields.set("user", row.dataset.user);
  const answer = await post("/sandbox/test", fields);
  button.removeAttribute("aria-disabled");
  const ids = answer.ok ? idsOf(answer.body) : [];
  result.replaceChildren();
  result.dataset.outcome = ids.length ? "good" : "bad";
  if (ids.length) followed.set(row, showStarted(result, ids));
  else showRefused(result, answer);
  await refresh();
}

async function purge(row) {
  const answer = await post("/sandbox/purge", { user: row.dataset.user });
  announce(
    answer.ok ? `${count(answer.body.purged)} taken from the queue of ${row.dataset.name}.` : reason(answer),
  );
  // The button goes away with the queue.
  if (answer.ok && document.activeElement === part(row, "purge")) part(row, "gear").focus();
  await refresh();
}

function make(service) {
  const row = stamp("service-row");
  const settings = part(row, "settings");
  const test = part(row, "test");
  row.dataset.user = service.user;
  row.dataset.name = service.name;
  part(row, "gear").setAttribute("aria-label", `Settings of ${service.name}`);
  part(row, "purge").setAttribute("aria-label", `Purge queue of ${service.name}`);
  part(row, "gear").addEventListener("click", () => setOpen(row, !open.has(row)));
  part(row, "close").addEventListener("click", () => setOpen(row, false));
  part(row, "purge").addEventListener("click", () => purge(row));
  part(row, "panel").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) setOpen(row, false);
  });
  settings.addEventListener("input", () => {
    settings.dataset.typed = "yes";
    say(part(row, "saved"), "");
  });
  settings.addEventListener("submit", (event) => {
    event.preventDefault();
    save(row, settings);
  });
  test.addEventListener("submit", (event) => {
    event.preventDefault();
    startTest(row, test);
  });
  test.elements.to.addEventListener("input", () => tellMeaning(row, row.dataset.kind));
  return row;
}

function update(row, service) {
  const settings = part(row, "settings");
  fill(row, {
    name: service.name,
    owner: `${service.cloud_id} / ${service.username}`,
    kind: KINDS[service.kind] ?? service.kind,
    queue: service.queue ? `${count(service.queue)} in the queue` : "Queue empty",
    title: `Settings of ${service.name}`,
  });
  row.dataset.kind = service.kind;
  part(row, "purge").hidden = service.queue === 0;
  // What somebody is changing is theirs until it is saved.
  if (!settings.dataset.typed && !settings.contains(document.activeElement)) {
    fillSettings(settings, service);
  }
  offerDestinations(row, service.kind);
  tellMeaning(row, service.kind);
}

const rows = new KeyedList(byId("service-list"), make, update);

export function showServices(state, askAgain) {
  refresh = askAgain;
  rows.show(state.services.map((service) => [service.user, service]));
}

/** Bring the answers of the tests up to date. */
export function followTests() {
  for (const bring of followed.values()) bring();
}
