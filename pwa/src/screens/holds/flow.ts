/** Why: what is held is let go one by one or many at once; what cannot go is named, and the others go all the same. */

import { machine, to, type Effect, type Said } from "../../core/machine";

/** Words in both languages, as the server's `Both`: without German ones the English ones are said. */
export interface Both {
  readonly en: string;
  readonly de?: string;
}

/** As the server's `QueuedHold`. */
export interface Held {
  readonly id: string;
  readonly order: number;
  readonly customer: string;
  readonly total_minor: number;
  readonly currency: string;
  readonly reason: string;
  readonly en: string;
  readonly de: string;
  readonly rule: { readonly kind: string; readonly version: number; readonly name: Both } | null;
  readonly owner: string;
  readonly placed_at: string;
  readonly due_at: string;
  readonly escalated_at: string | null;
  readonly placed_by: string;
  readonly note: string;
  readonly mine: boolean;
}

/** As the server's `HoldQueue`: what is due first at the top. */
export interface Queue {
  readonly items: readonly Held[];
  readonly next: string | null;
  readonly open: number;
  readonly overdue: number;
}

/** What became of one of them: its order's status, or why it stays. */
export interface Released {
  readonly hold: string;
  readonly status: string | null;
  readonly code: string;
  readonly why: Both | null;
}

export const PAGE = 50;
/** So many are released in one request: the progress moves, and a closed window loses little. */
export const PORTION = 10;

export type State =
  | { readonly mode: "list"; readonly chosen: readonly string[]; readonly results: readonly Released[]; readonly fault: Said | null }
  | { readonly mode: "asking"; readonly chosen: readonly string[]; readonly note: string }
  | { readonly mode: "going"; readonly left: readonly string[]; readonly total: number; readonly note: string; readonly results: readonly Released[] };

export type Input =
  | { readonly type: "toggle"; readonly id: string }
  | { readonly type: "all"; readonly ids: readonly string[] }
  /** Only these, without asking first which: one row's own button. */
  | { readonly type: "ask"; readonly ids?: readonly string[] }
  | { readonly type: "note"; readonly note: string }
  | { readonly type: "close" }
  | { readonly type: "go" }
  | { readonly type: "went"; readonly results: readonly Released[] }
  | { readonly type: "failed"; readonly why: Said };

export type HoldsEffect = { readonly type: "release"; readonly holds: readonly string[]; readonly note: string } | { readonly type: "reload" };
export type All = Effect | HoldsEffect;

export const start: State = { mode: "list", chosen: [], results: [], fault: null };

export const flow = machine<State, Input, All>({
  list: {
    toggle: (state, { id }) => to({ ...state, chosen: state.chosen.includes(id) ? state.chosen.filter((each) => each !== id) : [...state.chosen, id] }),
    all: (state, { ids }) => to({ ...state, chosen: ids }),
    ask: (state, { ids }) => {
      const chosen = ids ?? state.chosen;
      return chosen.length === 0 ? to(state) : to<State, All>({ mode: "asking", chosen, note: "" });
    },
  },
  asking: {
    note: (state, { note }) => to({ ...state, note }),
    close: (state) => to({ mode: "list", chosen: state.chosen, results: [], fault: null }),
    go: (state) => next({ left: state.chosen, total: state.chosen.length, note: state.note, results: [] }),
  },
  going: {
    went: (state, { results }) => next({ ...state, left: state.left.slice(PORTION), results: [...state.results, ...results] }),
    failed: (state, { why }) => to<State, All>({ mode: "list", chosen: state.left, results: refusedOf(state.results), fault: why }, { type: "reload" }),
  },
});

function next({ left, total, note, results }: Omit<Extract<State, { mode: "going" }>, "mode">) {
  if (left.length === 0) return to<State, All>({ mode: "list", chosen: [], results, fault: null }, { type: "reload" });
  return to<State, All>({ mode: "going", left, total, note, results }, { type: "release", holds: left.slice(0, PORTION), note });
}

/** Those that stay, each with its reason. */
export const refusedOf = (results: readonly Released[]): readonly Released[] => results.filter(({ code }) => code !== "");

/** Which of the queue is shown; it stands in the address. */
export interface Wanted {
  readonly reason: string | null;
  readonly owner: string | null;
  readonly late: string | null;
  readonly hours: string | null;
  readonly after: string | null;
}

const CODE = /^[a-z_]{1,40}$/;
const ID = /^[0-9a-f-]{36}$/;
export const AGES = ["1", "4", "24", "72"] as const;

export function wantedOf(params: URLSearchParams): Wanted {
  const fits = (name: string, form: RegExp): string | null => {
    const value = params.get(name);
    return value !== null && form.test(value) ? value : null;
  };
  return { reason: fits("reason", CODE), owner: fits("owner", CODE), late: fits("late", /^(overdue|escalated)$/), hours: fits("hours", /^(1|4|24|72)$/), after: fits("after", ID) };
}

export function addressOf(wanted: Wanted): string {
  const pairs = Object.entries(wanted).filter((pair): pair is [string, string] => pair[1] !== null);
  return pairs.length === 0 ? "/holds" : `/holds?${new URLSearchParams(pairs)}`;
}

/** How the server is asked for it. */
export const queryOf = ({ reason, owner, late, hours, after }: Wanted): Readonly<Record<string, string | number | null>> => ({
  limit: PAGE, reason, owner, hours, after, overdue: late === "overdue" ? "true" : null, escalated: late === "escalated" ? "true" : null,
});
