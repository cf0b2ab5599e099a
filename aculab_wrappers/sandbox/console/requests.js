// The last requests, what was wrong with those refused, and the facts that they broke.

import { KeyedList, byId, cell, count, element, moment, pairs, part, say, stamp, status, time } from "./page.js";

const facts = new Map();

/** The pages that say so, as links where they have an address. */
function sourcesOf(fact) {
  const cell = element("td");
  for (const { name, address } of fact.sources) {
    const node = element(address ? "a" : "span", name);
    if (address) {
      node.href = address;
      node.rel = "noreferrer";
    }
    if (cell.childNodes.length) cell.append("; ");
    cell.append(node);
  }
  return cell;
}

function factRow(fact) {
  const row = element("tr");
  const behaviour = element("td", fact.behaviour);
  behaviour.append(" ", element("code", fact.id, "quiet"));
  const evidence = element("td");
  evidence.append(element("span", fact.evidence, "evidence"));
  evidence.firstElementChild.dataset.word = fact.evidence;
  row.append(behaviour, evidence, sourcesOf(fact));
  return row;
}

export function showFacts(found) {
  const made = [];
  let area = null;
  for (const fact of found) {
    facts.set(fact.id, fact);
    if (fact.area !== area) {
      area = fact.area;
      const head = element("th", area);
      head.colSpan = 3;
      head.scope = "colgroup";
      const row = element("tr", "", "area");
      row.append(head);
      made.push(row);
    }
    made.push(factRow(fact));
  }
  byId("fact-list").replaceChildren(...made);
}

function what(request) {
  const asked = request.simulated ? "An error that was asked for, by a destination or in advance." : "";
  if (request.status >= 400) return request.text || asked;
  const { calls } = request;
  if (!calls) return "";
  const more = calls.count > calls.to.length ? ", …" : "";
  return `${count(calls.count)} ${calls.count === 1 ? "call" : "calls"} to ${calls.to.join(", ")}${more}`;
}

const BUTTON = "Start Test of ";

/** cloudID/username/service_name, without what is the same for nearly all. */
const short = (user) => (user.includes("/") ? user.split("/").slice(1).reverse().join(", ") : user);

/** Who asked, and by what: this page's own button needs no login, and names the service. */
const asker = ({ user, agent }) =>
  agent.startsWith(BUTTON) ? [agent.slice(BUTTON.length), "Start Test on this page"] : [user, agent];

const refused = (request) => request.status >= 400;

/** Made once for each request: what was answered never changes. */
function make(request) {
  const row = stamp("request-row");
  status(part(row, "status"), refused(request) ? `${request.status} refused` : request.status);
  part(row, "status").dataset.word = refused(request) ? "REFUSED" : "ANSWERED";
  cell(row, "line", `${request.method} ${request.path}`);
  const [user, program] = asker(request);
  cell(row, "who", user ? short(user) : "no login");
  cell(row, "what", what(request));
  say(part(row, "agent"), program);
  time(part(row, "at"), request.at);
  const why = part(row, "why");
  if (refused(request)) explain(why, request);
  pairs(part(row, "pairs"), [
    ["User", user],
    ["Program", program],
    ["Parameters", request.parameters.join(", ")],
    ["Calls", request.calls && what({ ...request, status: 200 })],
    ["Code", request.code],
    ["Time", `${moment(request.at)} UTC`],
  ]);
  return row;
}

function explain(why, request) {
  why.append(element("h3", `Why it was refused${request.code ? ` (${request.code})` : ""}`));
  if (request.details.length) {
    const list = element("ul");
    list.append(...request.details.map((text) => element("li", text)));
    why.append(list);
  } else {
    why.append(element("p", what(request)));
  }
  if (request.hint) why.append(element("p", request.hint));
  const fact = facts.get(request.rule);
  if (!fact) return;
  const table = element("table", "", "rule");
  table.append(element("caption", "The rule"), factRow(fact));
  why.append(table);
}

const rows = new KeyedList(byId("request-list"), make, () => {});

export function showRequests({ requests, polls_left_out: polls }) {
  // A sandbox that was started anew counts from the beginning again.
  const key = ({ number, at, path, status }) => [number, at, path, status].join(" ");
  rows.show(requests.map((request) => [key(request), request]));
  byId("requests-none").hidden = requests.length > 0;
  byId("request-head").hidden = requests.length === 0;
  const what = polls === 1 ? "status request" : "status requests";
  say(byId("requests-left-out"), polls ? `without ${count(polls)} earlier ${what}` : "");
}
