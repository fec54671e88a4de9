/** Why: what is to be done to many orders is chosen by keys as fast as by taps, asked once, and watched until it is through. */

import { machine, to, type Said } from "../../core/machine";

export type Action = "hold" | "release" | "cancel" | "service" | "tag" | "untag";
/** What is done most, then what is done now and then: what ends orders comes last. */
export const OFTEN: readonly Action[] = ["release", "hold"];
export const SELDOM: readonly Action[] = ["service", "tag", "untag", "cancel"];

const NEEDED: Readonly<Record<Action, string>> = {
  hold: "orders.hold",
  release: "orders.release_hold",
  cancel: "orders.cancel",
  service: "orders.edit",
  tag: "orders.edit",
  untag: "orders.edit",
};
export const mayDo = (actions: readonly Action[], permissions: readonly string[]): readonly Action[] => actions.filter((action) => permissions.includes(NEEDED[action]));

/** What an action needs besides the orders: the name of the field in the request, and how long it may be. */
export const NEEDS: Readonly<Record<Action, { readonly field: "note" | "service" | "tag"; readonly longest: number; readonly must: boolean }>> = {
  hold: { field: "note", longest: 500, must: false },
  release: { field: "note", longest: 500, must: false },
  cancel: { field: "note", longest: 500, must: false },
  service: { field: "service", longest: 64, must: true },
  tag: { field: "tag", longest: 30, must: true },
  untag: { field: "tag", longest: 30, must: true },
};
export const TAG = /^[a-z0-9][a-z0-9-]*$/;

/** As the server's `JobView`. */
export interface Job {
  readonly id: string;
  readonly action: Action;
  readonly state: "running" | "done" | "cancelled";
  readonly total: number;
  readonly done: number;
  readonly refused: number;
}

/** As the server's `JobRow`. */
export interface JobRow {
  readonly position: number;
  readonly number: number;
  readonly code: string | null;
  readonly why: { readonly en: string; readonly de: string } | null;
}

/** What the list was asked for. */
export interface Found {
  readonly q: string | null;
  readonly status: string | null;
}

/** Chosen by their numbers, or all that the list finds, also on its other pages. */
interface Chosen {
  readonly chosen: readonly number[];
  readonly all: boolean;
}

export type State =
  /** `from`: where a range begins that is extended with the shift key. */
  | (Chosen & { readonly mode: "picking"; readonly from: number | null })
  | (Chosen & Asked);

/** `key` names what is begun: sent again it is begun once. What is edited, or was refused, is another one. */
interface Asked {
  readonly mode: "asking";
  readonly action: Action;
  readonly found: Found;
  readonly text: string;
  readonly key: string;
  readonly edits: number;
  readonly busy: boolean;
  readonly fault: Said | null;
}

export type Input =
  | { readonly type: "toggle"; readonly number: number }
  /** Everything of the page between where the range began and here. */
  | { readonly type: "extend"; readonly page: readonly number[]; readonly number: number }
  | { readonly type: "page"; readonly page: readonly number[] }
  | { readonly type: "found" }
  | { readonly type: "none" }
  | { readonly type: "ask"; readonly action: Action; readonly found: Found; readonly key: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "back" }
  | { readonly type: "go" }
  | { readonly type: "begun" }
  | { readonly type: "failed"; readonly why: Said; readonly refused: boolean };

export interface Begin {
  readonly type: "begin";
  readonly action: Action;
  /** Their numbers, or all that are found by this. */
  readonly orders: readonly number[] | Found;
  readonly text: string;
  readonly key: string;
}

export const start: State = { mode: "picking", chosen: [], all: false, from: null };

const has = (chosen: readonly number[], number: number): boolean => chosen.includes(number);

export const picking = machine<State, Input, Begin>({
  picking: {
    toggle: ({ chosen }, { number }) => to({ mode: "picking", all: false, from: number, chosen: has(chosen, number) ? chosen.filter((each) => each !== number) : [...chosen, number] }),
    extend: ({ chosen, from }, { page, number }) => {
      const [one, other] = [page.indexOf(from ?? number), page.indexOf(number)];
      const range = page.slice(Math.max(0, Math.min(one, other)), Math.max(one, other) + 1);
      return to({ mode: "picking", all: false, from: from ?? number, chosen: [...new Set([...chosen, ...range])] });
    },
    page: ({ chosen }, { page }) => to({ mode: "picking", all: false, from: null, chosen: page.every((each) => has(chosen, each)) ? chosen.filter((each) => !has(page, each)) : [...new Set([...chosen, ...page])] }),
    found: () => to({ mode: "picking", all: true, from: null, chosen: [] }),
    none: () => to(start),
    ask: ({ chosen, all, from }, { action, found, key }) =>
      all || chosen.length > 0
        ? to({ mode: "asking", chosen, all, action, found, key, text: "", edits: 0, busy: false, fault: null })
        : to({ mode: "picking", chosen, all, from }),
  },
  asking: {
    text: (state, { text }) => to({ ...state, text, edits: state.edits + 1, fault: null }),
    // Another list is looked at: what is on its way is waited for.
    none: (state) => to(state.busy ? state : start),
    back: (state) => to(state.busy ? state : { mode: "picking", chosen: state.chosen, all: state.all, from: null }),
    go: (state) => {
      if (state.busy) return to<State, Begin>(state);
      const text = state.text.trim();
      const fault = faultOf(state.action, text);
      if (fault !== null) return to<State, Begin>({ ...state, fault });
      return to<State, Begin>({ ...state, busy: true, fault: null }, { type: "begin", action: state.action, orders: state.all ? state.found : state.chosen, text, key: `${state.key}-${state.edits}` });
    },
    begun: () => to(start),
    failed: (state, { why, refused }) => to({ ...state, edits: state.edits + Number(refused), busy: false, fault: why }),
  },
});

function faultOf(action: Action, text: string): Said | null {
  if (NEEDS[action].must && text === "") return { key: `orders.bulk.must.${NEEDS[action].field}` };
  return NEEDS[action].field === "tag" && !TAG.test(text) ? { key: "orders.bulk.must.tag" } : null;
}

/** The body of the request. */
export const bodyOf = ({ action, orders, text }: Begin) => ({
  action,
  ...("q" in orders ? { found: { q: orders.q ?? "", status: orders.status } } : { orders: [...orders] }),
  [NEEDS[action].field]: text,
});

/** Where a key leads among the rows of a page; null: it is none of ours. */
export function moved(key: string, at: number, rows: number): number | null {
  const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows - 1 };
  const step = steps[key];
  return step === undefined ? null : Math.min(Math.max(step, 0), rows - 1);
}
