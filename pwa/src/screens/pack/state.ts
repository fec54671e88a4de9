/** Why: where a pack station can stand, what it hears, what it asks for, and the words that all its parts share. */

import type { Effect, Input as Common, Said, Step } from "../../core/machine";
import { isAside, isParked, leftOfOrder, waitsOf, type PackItem, type PackOrder, type PackStation, type PackVerdict, type PackView } from "../../core/packing";
import type { Answer } from "../../core/queue";
import { outcome, wrong } from "../../core/said";

/**
 * What is due for an order. `parked`: the rest of it is not here. `waiting`: all is in, the server has not said the
 * carton yet. `reopened`: its label is void, so it may be changed and wants a new one.
 */
export type Phase = "parked" | "items" | "waiting" | "reopened" | "weigh" | "scan";

export const phaseOf = (view: PackView, order: PackOrder): Phase => {
  const { carton } = order;
  const left = leftOfOrder(order);
  if (carton?.state === "complete" && !(isAside(order) && left > 0)) return carton.weight_g === null ? "weigh" : "scan";
  if (carton?.label?.state === "void" && (left === 0 || order.filling !== null)) return "reopened";
  if (isParked(view, order)) return "parked";
  if (left > 0) return "items";
  if (carton === null || waitsOf(order) > 0) return "waiting";
  return carton.weight_g === null ? "weigh" : "scan";
};

/** What was packed last, to be shown and taken back. */
export interface Last {
  readonly item: PackItem;
  readonly units: number;
  readonly order: string;
  /** The number of the carton that it is in. */
  readonly carton: number;
}

/** A weight outside the tolerance; `counted`: the carton was counted again and is right. */
export interface Odd {
  readonly carton: string;
  readonly grams: number;
  readonly counted: boolean;
}

export const REASONS = ["missing", "damaged"] as const;
export type Reason = (typeof REASONS)[number];

interface Shared {
  readonly language: string;
}
export interface Manned extends Shared {
  readonly station: PackStation;
  /** The kind of the request that is on its way. */
  readonly asking: string | null;
  /** What the printer lacks and the packer was told of. */
  readonly warned: string | null;
}
interface Laid extends Manned {
  readonly view: PackView;
  readonly last: Last | null;
  readonly odd: Odd | null;
  /** The order, or the tote, that is to be put on its place now: said until the next scan. */
  readonly setDown: string | null;
}

export type State =
  /** `held`: the tote that was scanned before the packer has read what the printer lacks. */
  | ({ readonly mode: "station"; readonly stations: readonly PackStation[] | null; readonly wanted: string | null; readonly fault: Said | null } & Shared)
  | ({ readonly mode: "idle"; readonly view: PackView | null; readonly last: null; readonly odd: null; readonly setDown: string | null; readonly held: string | null } & Manned)
  | ({ readonly mode: "packing" } & Laid)
  /** Which carton: `next` where the one on the bench is full and another is begun. */
  | ({ readonly mode: "choosing"; readonly at: number; readonly next: boolean } & Laid)
  /** What is missing: first the line, then how many and why, then yes or no. `at` marks a line for the scanner. */
  | ({ readonly mode: "short"; readonly at: number; readonly line: string | null; readonly missing: number; readonly reason: Reason | null } & Laid)
  /** The carton is counted again, scan by scan: units by line. */
  | ({ readonly mode: "recount"; readonly counted: Readonly<Record<string, number>> } & Laid)
  | ({ readonly mode: "accepting" } & Laid)
  /** The label once more, or void; `closed`: of that closed carton, which has not left, and not of the one on the bench. */
  | ({ readonly mode: "label"; readonly closed: string | null } & Laid)
  | ({ readonly mode: "help" } & Laid);

export type At<M extends State["mode"]> = Extract<State, { mode: M }>;
export type Packing = At<"packing">;
/** An order lies on the bench, whatever stands in front of it. */
export type OnBench = Exclude<State, { mode: "station" | "idle" }>;
export type Somewhere = Exclude<State, { mode: "station" }>;

export type Input =
  | Common
  | { readonly type: "stations"; readonly stations: readonly PackStation[] }
  | { readonly type: "station"; readonly station: PackStation }
  | { readonly type: "restored"; readonly station: PackStation; readonly view: PackView | null; readonly odd?: Odd | null }
  | { readonly type: "view"; readonly view: PackView; readonly settled: boolean }
  | { readonly type: "weight"; readonly grams: number }
  | { readonly type: "carton"; readonly code: string }
  /** A closed carton that has not left, by its id. */
  | { readonly type: "closed"; readonly carton: string }
  /** The printer to print on, by its id. */
  | { readonly type: "printer"; readonly printer: string }
  | { readonly type: "line"; readonly line: string }
  | { readonly type: "missing"; readonly units: number }
  | { readonly type: "reason"; readonly reason: Reason }
  /** Why a weight is taken as it is, in words. */
  | { readonly type: "why"; readonly why: string }
  | { readonly type: "answer"; readonly answer: Answer; readonly kind: string }
  /** What was asked over HTTP is done. */
  | { readonly type: "done"; readonly kind: Posted }
  | { readonly type: "heard"; readonly answer: Answer }
  | { readonly type: "failed"; readonly why: Said };

export type Posted = "void" | "newLabel" | "accept" | "printed" | "printer";

export type PackEffect =
  | { readonly type: "ask"; readonly kind: string; readonly body: Readonly<Record<string, string | number | boolean>> }
  | { readonly type: "post"; readonly kind: Posted; readonly path: string; readonly body: Readonly<Record<string, string | number>> }
  | { readonly type: "fetch" }
  | { readonly type: "keep"; readonly station: PackStation | null }
  | { readonly type: "odd"; readonly odd: Odd | null };

export type All = Effect | PackEffect;
export type Next = Step<State, All>;

export const SAVED = { station: "pack.station", view: "pack.view", odd: "pack.odd" } as const;

export const go = (state: State, ...effects: readonly All[]): Next => ({ state, effects });

/** The bench without what stood in front of it. */
export const back = ({ language, station, view, last, odd, setDown, asking, warned }: OnBench): Packing => ({ mode: "packing", language, station, view, last, odd, setDown, asking, warned });

/** The order that is to be put on its place now, while it is one that waits. */
export function toSetDown({ view, setDown }: Pick<OnBench, "view" | "setDown">): PackOrder | null {
  if (setDown === null) return null;
  const order = view.orders[setDown] ?? view.orders[view.totes[setDown]?.orders[0] ?? ""];
  return order !== undefined && isParked(view, order) ? order : null;
}

/** One request at a time: a second tap while one is on its way does nothing. */
export const ask = (state: Packing | At<"idle">, kind: string, body: Readonly<Record<string, string | number | boolean>>): Next =>
  state.asking === null ? go({ ...state, asking: kind }, { type: "ask", kind, body }) : go(state);
export const post = (state: Packing, kind: Posted, path: string, body: Readonly<Record<string, string | number>> = {}): Next =>
  state.asking === null ? go({ ...state, asking: kind }, { type: "post", kind, path, body }) : go(state);

/** Whom a supervisor stands in for: who stood here before they scanned their badge, and works on. */
export const standsInFor = <P extends { readonly id: string }>(before: P | null, now: P | null, mayDecide: boolean): P | null =>
  mayDecide && before !== null && now !== null && before.id !== now.id ? before : null;

// --- words

/** How many letters the longest word has: no word is broken, so this decides how large a name may be. */
export const longestWord = (name: string): number => Math.max(1, ...name.split(/[ -]+/).map((word) => word.length));

/** What to do about it, under the words of what is wrong. */
const MENDING: Readonly<Record<string, Said>> = {
  not_of_this_order: { key: "pack.backIntoTote" },
  packed_enough: { key: "pack.surplus" },
  over_pick: { key: "pack.surplus" },
  wrong_lot: { key: "pack.backIntoTote" },
  fulfilment_on_hold: { key: "pack.takeOther" },
  fulfilment_cancelled: { key: "pack.takeOther" },
  carton_not_complete: { key: "pack.notComplete" },
  label_wrong: { key: "pack.wrongLabel" },
  weight_missing: { key: "pack.weighFirst" },
};
export const stop = (verdict: PackVerdict): Effect => {
  // A number of 14 digits tells nobody anything: without a name it is the thing in the hand.
  if (verdict.outcome === "not_of_this_order" && /^\d{14}$/.test(String(verdict.params?.["got"]))) return wrong({ key: "pack.notOfOrder", params: { order: verdict.params?.["order"] ?? "" } }, { key: "pack.backIntoTote" });
  const mending = MENDING[verdict.outcome];
  return wrong(outcome(verdict.outcome, verdict.params), ...(mending === undefined ? [] : [mending]));
};
