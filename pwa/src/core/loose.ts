/**
 * Why: a put-back or a count that is on no tour is judged here at once, with no network, by the same rules as the server.
 *
 * The twin of `server/tasks/loose.py`: both run `tests/cases/loose.json`. The order of a put-back: the tote, the items out
 * of it (each scan counts), the bin. Of a count: the bin, the item, the number of units, which is asked once more.
 */

import type { Scan } from "./barcode";
import { isCheckDigits, notThat, withItem, type Against, type Stop } from "./judge";

export type Phase = "tote" | "item" | "bin" | "quantity" | "confirm";

/** What is expected of a task. `left` is what still goes back; nobody is told how many a count should find. */
export interface Loose extends Omit<Stop, "kind"> {
  readonly kind: "put_back" | "count";
}

/** What is due, and how many base units are in hand or were counted. */
export interface Standing {
  readonly phase: Phase;
  readonly counted: number;
}

/** What a scan or a typed number came to. `book`: the command is due now, with the units of `params`. */
export interface Verdict {
  readonly outcome: string;
  readonly state: Standing;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly book?: true;
}

const at = (phase: Phase, counted = 0): Standing => ({ phase, counted });

/** What is due first; goods that lie in no tote are simply taken. */
export function begin(task: Loose): Standing {
  if (task.kind === "count") return at("bin");
  return at(task.tote === "" ? "item" : "tote");
}

/** What this scan means for this task; the state stays as it was unless the scan is right. */
export function judge(task: Loose, state: Standing, scan: Scan): Verdict {
  const phases: Partial<Record<Phase, Judge>> = PHASES[task.kind];
  return (phases[state.phase] ?? stays)(task, state, scan);
}

/** A number was typed: units taken out of the tote, or units found in the bin (nought where nothing lies there). */
export function typed(task: Loose, state: Standing, quantity: number): Verdict {
  if (task.kind === "put_back") return takenByHand(task, state, quantity);
  if (state.phase === "bin") return { outcome: "wrong_kind", state, params: { got: "quantity", wanted: "bin" } };
  if (quantity < 0) return { outcome: "quantity_wrong", state, params: { wanted: "0", got: quantity } };
  if (state.phase === "item" && quantity > 0) return { outcome: "wrong_kind", state, params: { got: "quantity", wanted: "item" } };
  return { outcome: "count_to_confirm", state: at("confirm", quantity), params: { counted: quantity } };
}

/** The number that was typed is right. */
export const confirmed = (state: Standing): Verdict => ({ outcome: "counted", state: at("bin"), params: { counted: state.counted }, book: true });

function takenByHand(task: Loose, state: Standing, quantity: number): Verdict {
  if (state.phase !== "item") return { outcome: "wrong_kind", state, params: { got: "quantity", wanted: state.phase } };
  if (quantity < 1) return { outcome: "quantity_wrong", state, params: { wanted: `1–${task.left}`, got: quantity } };
  if (quantity > task.left) return { outcome: "over_pick", state, params: { wanted: task.left } };
  return inHand(task, quantity);
}

type Judge = (task: Loose, state: Standing, scan: Scan) => Verdict;

// --- a put-back

const isTote = (scan: Scan): boolean => scan.kind === "tote" || scan.kind === "sscc";

const atTote: Judge = (task, state, scan) => {
  if (!isTote(scan)) return { ...notThat(scan, "tote"), state };
  if (scan.code !== task.tote) return { outcome: "wrong_tote", state, params: { got: scan.code ?? "", wanted: task.tote } };
  return { outcome: "tote_right", state: state.phase === "tote" ? at("item", state.counted) : state };
};

const outOfTote: Judge = (task, state, scan) => {
  if (scan.kind === "item") return item(task, state, scan);
  if (isTote(scan)) return atTote(task, state, scan);
  if (state.counted > 0 && scan.kind === "bin") return intoBin(task, state, scan);
  return { ...notThat(scan, "item"), state };
};

const item: Judge = (task, state, scan) => {
  const counted = withItem(task, state.counted, scan);
  return typeof counted === "number" ? inHand(task, counted) : { ...counted, state };
};

function inHand(task: Loose, counted: number): Verdict {
  const left = task.left - counted;
  return { outcome: "item_right", state: at(left === 0 ? "bin" : "item", counted), params: { left } };
}

const intoBin: Judge = (task, state, scan) => {
  if (scan.kind === "item") return item(task, state, scan);
  const against = notThisBin(task, scan);
  if (against !== null) return { ...against, state };
  return { outcome: "put_back", state: begin(task), params: { quantity: state.counted, bin: task.bin }, book: true };
};

// --- a count

const toCountAt: Judge = (task, state, scan) => {
  const against = notThisBin(task, scan);
  return against === null ? { outcome: "bin_right", state: at("item") } : { ...against, state };
};

const toCount: Judge = (task, state, scan) => {
  if (scan.kind === "bin" && scan.code === task.bin) return { outcome: "bin_right", state };
  if (scan.kind !== "item") return { ...notThat(scan, "item"), state };
  const found = withItem({ ...task, left: Infinity }, 0, scan);
  return typeof found === "number" ? { outcome: "item_to_count", state: at("quantity") } : { ...found, state };
};

const counting: Judge = (task, state, scan) => {
  if (scan.kind === "item" && Object.hasOwn(task.barcodes, scan.code ?? "")) return { outcome: "item_to_count", state: at("quantity") };
  return { ...notThat(scan, "quantity"), state };
};

const confirming: Judge = (task, state, scan) => {
  if (scan.kind === "command" && scan.code === "YES") return confirmed(state);
  if (scan.kind === "command" && scan.code === "NO") return { outcome: "item_to_count", state: at("quantity") };
  return counting(task, state, scan);
};

// --- both

function notThisBin(task: Loose, scan: Scan): Against | null {
  if (scan.kind === "bin") return scan.code === task.bin ? null : { outcome: "wrong_bin", params: { got: scan.code ?? "", wanted: task.bin } };
  if (isCheckDigits(scan.raw)) return scan.raw === task.check_digits ? null : { outcome: "check_digits_wrong" };
  return notThat(scan, "bin");
}

const stays: Judge = (_task, state, scan) => ({ ...notThat(scan, "item"), state });

const PHASES = {
  put_back: { tote: atTote, item: outOfTote, bin: intoBin },
  count: { bin: toCountAt, item: toCount, quantity: counting, confirm: confirming },
} as const;
