// The live instances: newest first, each with its timeline.

import { KeyedList, byId, cell, count, element, moment, pairs, part, say, stamp, status, time } from "./page.js";

const ORDER = ["QUEUED", "RUNNING", "COMPLETED", "COULDNOTRUN", "CANCELLED"];
const known = new Map();

/** An instance of the last state by its id, or undefined when it is not among those shown. */
export const instanceOf = (id) => known.get(id);

/** What became of it, in a line; the cause only where it says more. */
export function detailOf(instance) {
  const { status_detail: detail, call_cause: cause } = instance;
  if (instance.status === "COMPLETED" && /^-?\d+$/.test(detail)) return `Return code ${detail}`;
  return detail.includes(cause) ? detail : [detail, cause].filter(Boolean).join(" · ");
}

function showTimeline(list, instance) {
  const first = instance.timeline.length ? instance.timeline[0][0] : 0;
  instance.timeline.forEach(([at, what], index) => {
    let row = list.children[index];
    if (!row) {
      row = element("li");
      row.append(element("time"), " ", element("span"));
      list.append(row);
    }
    const [when, text] = row.children;
    say(when, `+${(at - first).toFixed(1)} s`);
    when.dateTime = new Date(at * 1000).toISOString();
    when.title = `${moment(at)} UTC`;
    say(text, what);
  });
  while (list.childElementCount > instance.timeline.length) list.lastElementChild.remove();
}

function update(row, instance) {
  status(part(row, "status"), instance.status);
  cell(row, "to", instance.to);
  cell(row, "from", instance.from);
  cell(row, "service", instance.service.split("/").at(-1));
  cell(row, "detail", detailOf(instance));
  time(part(row, "started"), instance.started_at);
  showTimeline(part(row, "timeline"), instance);
  const ended = instance.ended_at;
  pairs(part(row, "pairs"), [
    ["To", instance.to],
    ["From", instance.from],
    ["Token", instance.token],
    ["Outbound parameters", instance.outbound_parameters],
    ["Reference id", instance.id],
    ["Application instance id", instance.application_instance_id],
    ["Service", instance.service],
    ["Status detail", instance.status_detail],
    ["Cause", instance.call_cause],
    ["Raw cause", instance.call_raw_cause],
    ["Far end", instance.far_end],
    ["Started", `${moment(instance.started_at)} UTC`],
    ["Ended", ended === null || ended === undefined ? "" : `${moment(ended)} UTC`],
  ]);
}

const rows = new KeyedList(byId("instance-list"), () => stamp("instance-row"), update);
const counts = new KeyedList(
  byId("counts"),
  ([word]) => {
    const row = element("li");
    row.append(element("span", "", "status"), " ", element("strong"));
    status(row.firstElementChild, word);
    return row;
  },
  (row, [, number]) => say(row.lastElementChild, count(number)),
);

function showCounts(found) {
  const words = Object.keys(found).filter((word) => found[word] > 0);
  const place = (word) => (ORDER.indexOf(word) + ORDER.length + 1) % (ORDER.length + 1);
  words.sort((one, other) => place(one) - place(other));
  counts.show(words.map((word) => [word, [word, found[word]]]));
  byId("counts").hidden = words.length === 0;
}

export function showInstances(state) {
  const { instances } = state;
  const all = Object.values(state.counts).reduce((sum, number) => sum + number, 0);
  known.clear();
  for (const instance of instances) known.set(instance.id, instance);
  rows.show(instances.map((instance) => [instance.id, instance]));
  showCounts(state.counts);
  byId("instances-none").hidden = instances.length > 0;
  byId("instance-head").hidden = instances.length === 0;
  const some = instances.length < all;
  say(
    byId("instances-shown"),
    some ? `the latest ${count(instances.length)} of ${count(all)}` : "",
  );
}
