// What the parts of the page share: finding, filling and keeping elements, and asking the sandbox.
// Text goes in as textContent only, so that nothing which came from outside is ever markup.

export const byId = (id) => document.getElementById(id);

export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

export function say(node, text) {
  const wanted = String(text ?? "");
  // What is the same is left alone: a selection in it stays, and no screen reader repeats it.
  if (node.textContent !== wanted) node.textContent = wanted;
}

export function fill(root, texts) {
  for (const [name, text] of Object.entries(texts)) say(part(root, name), text);
}

/** The text of a row's cell, or a dash; a narrow page leaves an empty cell out. */
export function cell(root, name, text) {
  const node = part(root, name);
  say(node, text || "–");
  node.closest(".cell").toggleAttribute("data-empty", !text);
}

export function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

const REFERRING = ["id", "for", "list", "aria-controls", "aria-describedby", "aria-labelledby"];
let stamped = 0;

/** A copy of a template's element; its ids, which begin with "N-", become its own. */
export function stamp(template) {
  const made = byId(template).content.firstElementChild.cloneNode(true);
  stamped += 1;
  for (const node of [made, ...made.querySelectorAll("*")]) {
    for (const name of REFERRING) {
      const value = node.getAttribute(name);
      if (value?.startsWith("N-")) node.setAttribute(name, `${stamped}${value.slice(1)}`);
    }
  }
  return made;
}

/** A list whose rows stay the same elements while their items change, so that nothing is lost. */
export class KeyedList {
  #list;
  #make;
  #update;
  #rows = new Map();

  constructor(list, make, update) {
    this.#list = list;
    this.#make = make;
    this.#update = update;
  }

  /** Show these: pairs of key and item, in order. */
  show(pairs) {
    const wanted = new Set(pairs.map(([key]) => key));
    for (const [key, row] of this.#rows) {
      if (!wanted.has(key)) {
        row.remove();
        this.#rows.delete(key);
      }
    }
    let place = this.#list.firstElementChild;
    for (const [key, item] of pairs) {
      const row = this.#rows.get(key) ?? this.#make(item);
      this.#rows.set(key, row);
      if (row === place) place = place.nextElementSibling;
      else this.#list.insertBefore(row, place);
      this.#update(row, item);
    }
  }
}

/** Terms with their texts into a <dl>. */
export function pairs(list, entries) {
  const wanted = entries.filter(([, text]) => text !== null && text !== undefined && text !== "");
  if (list.childElementCount !== wanted.length) {
    list.replaceChildren(
      ...wanted.map(() => {
        const group = element("div");
        group.append(element("dt"), element("dd"));
        return group;
      }),
    );
  }
  wanted.forEach(([term, text], index) => {
    const [dt, dd] = list.children[index].children;
    say(dt, term);
    say(dd, text);
  });
}

export const count = (number) => number.toLocaleString("en-GB");

export const moment = (seconds) =>
  new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");

/** The time of day, with the whole moment as what machines read and as a tooltip. */
export function time(node, seconds) {
  say(node, moment(seconds).slice(11));
  node.dateTime = new Date(seconds * 1000).toISOString();
  node.title = `${moment(seconds)} UTC`;
}

export function status(node, word) {
  say(node, word);
  node.dataset.word = word;
}

const SHOWN_FOR = 15_000;
let forgetting = 0;

/** Announced to screen readers, and shown at the top for a while. */
export function announce(text) {
  clearTimeout(forgetting);
  say(byId("said"), text);
  forgetting = setTimeout(() => say(byId("said"), ""), SHOWN_FOR);
}

async function ask(path, options) {
  try {
    const response = await fetch(path, { cache: "no-store", ...options });
    const text = await response.text();
    try {
      return { ok: response.ok, status: response.status, body: JSON.parse(text), text };
    } catch {
      return { ok: false, status: response.status, body: null, text };
    }
  } catch {
    return { ok: false, status: 0, body: null, text: "" };
  }
}

/** Ask for something. `status` is 0 when no whole answer came; `body` is null when it is no JSON. */
export const get = (path) => ask(path, { signal: AbortSignal.timeout(10_000) });

export const post = (path, fields) =>
  ask(path, { method: "POST", body: new URLSearchParams(fields) });

/** Why an answer is no success, in words. */
export function reason(answer) {
  const error = answer.body?.error;
  if (error) return [error.text, ...(error.details ?? [])].join("\n");
  if (answer.status === 0) return "No whole answer came.";
  return `The answer is no JSON: ${answer.text.slice(0, 300)}`;
}
