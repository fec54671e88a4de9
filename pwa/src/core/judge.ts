/**
 * Why: what a scan means here is one pure function, run on the device at once and known to the server alike.
 *
 * The twin of `server/tasks/judge.py`: both run `tests/cases/judge.json`. The order of a pick: the bin, the item (each
 * scan counts), the tote of its slot. A put-back: the bin, then the item.
 */

import type { Scan } from "./barcode";

export type Phase = "bin" | "item" | "tote";

/** What is expected at one stop. `barcodes` maps a code to its base units; `known` names other items of the tour. */
export interface Stop {
  readonly kind: "pick" | "put_back";
  readonly bin: string;
  readonly check_digits: string;
  readonly item: string;
  readonly barcodes: Readonly<Record<string, number>>;
  readonly lot: string;
  readonly left: number;
  readonly tote: string;
  readonly known: Readonly<Record<string, string>>;
}

/** How far the stop has come: what is due, and how many base units are in hand. */
export interface Standing {
  readonly phase: Phase;
  readonly counted: number;
}

/** What the scan came to: an outcome with its parameters, the next state, and units to book now. */
export interface Verdict {
  readonly outcome: string;
  readonly state: Standing;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly book?: number;
}

export const AT_BIN: Standing = { phase: "bin", counted: 0 };
const IN_WORDS = new Set(["bin", "item", "tote", "cart", "badge", "sscc", "command", "station", "gs1"]);

/** What this scan means at this stop; the state stays as it was unless the scan is right. */
export function judge(stop: Stop, state: Standing, scan: Scan): Verdict {
  return PHASES[state.phase](stop, state, scan);
}

/** A quantity was typed instead of scanned: `quantity` base units in hand. */
export function countTyped(stop: Stop, state: Standing, quantity: number): Verdict {
  if (state.phase === "bin") return { outcome: "wrong_kind", state, params: { got: "quantity", wanted: "bin" } };
  if (quantity < 1) return { outcome: "quantity_wrong", state, params: { wanted: `1–${stop.left}`, got: quantity } };
  if (quantity > stop.left) return { outcome: "over_pick", state, params: { wanted: stop.left } };
  return counted(stop, quantity);
}

function atBin(stop: Stop, state: Standing, scan: Scan): Verdict {
  if (scan.kind === "bin") {
    if (scan.code === stop.bin) return { outcome: "bin_right", state: { phase: "item", counted: 0 } };
    return { outcome: "wrong_bin", state, params: { got: scan.code ?? "", wanted: stop.bin } };
  }
  if (isCheckDigits(scan.raw)) {
    if (scan.raw === stop.check_digits) return { outcome: "bin_right", state: { phase: "item", counted: 0 } };
    return { outcome: "check_digits_wrong", state };
  }
  return other(scan, state, "bin");
}

/** Whether somebody typed the digits that stand at a bin instead of scanning it. */
export const isCheckDigits = (raw: string): boolean => /^[0-9]{2,3}$/.test(raw);

function atItem(stop: Stop, state: Standing, scan: Scan): Verdict {
  if (scan.kind === "item") return item(stop, state, scan);
  if (scan.kind === "bin" && scan.code === stop.bin) return { outcome: "bin_right", state };
  if (scan.kind === "tote" && state.counted > 0 && stop.kind === "pick") return atTote(stop, state, scan);
  return other(scan, state, "item");
}

function item(stop: Stop, state: Standing, scan: Scan): Verdict {
  const next = withItem(stop, state.counted, scan);
  return typeof next === "number" ? counted(stop, next) : { ...next, state };
}

/** Why a scan is wrong here. */
export interface Against {
  readonly outcome: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** What an item is judged against: at a stop, or for a task on no tour. */
export type Wanted = Pick<Stop, "item" | "barcodes" | "lot" | "left" | "known">;

/** The units in hand once this item is counted too; or what speaks against it. */
export function withItem(wanted: Wanted, counted: number, scan: Scan): number | Against {
  const code = scan.code ?? "";
  const units = Object.hasOwn(wanted.barcodes, code) ? wanted.barcodes[code] : undefined;
  if (units === undefined) {
    const got = (Object.hasOwn(wanted.known, code) ? wanted.known[code] : undefined) ?? "another_item";
    return { outcome: "wrong_item", params: { got, wanted: wanted.item } };
  }
  if (scan.lot !== undefined && wanted.lot !== "" && scan.lot !== wanted.lot) {
    return { outcome: "wrong_lot", params: { got: scan.lot, wanted: wanted.lot } };
  }
  return counted + units > wanted.left ? { outcome: "over_pick", params: { wanted: wanted.left } } : counted + units;
}

function counted(stop: Stop, units: number): Verdict {
  const left = stop.left - units;
  if (stop.kind === "put_back" && left === 0) {
    return { outcome: "put_back", state: AT_BIN, params: { quantity: units, bin: stop.bin }, book: units };
  }
  return { outcome: "item_right", state: { phase: left === 0 ? "tote" : "item", counted: units }, params: { left } };
}

function atTote(stop: Stop, state: Standing, scan: Scan): Verdict {
  if (scan.kind === "tote") {
    if (scan.code === stop.tote) return { outcome: "picked", state: AT_BIN, params: { quantity: state.counted }, book: state.counted };
    return { outcome: "wrong_tote", state, params: { got: scan.code ?? "", wanted: stop.tote } };
  }
  if (scan.kind === "item") return item(stop, state, scan);
  return other(scan, state, "tote");
}

const other = (scan: Scan, state: Standing, wanted: string): Verdict => ({ ...notThat(scan, wanted), state });

/** What was scanned is something else than what is due: says what it is, where that is known. */
export function notThat(scan: Scan, wanted: string): Against {
  if (IN_WORDS.has(scan.kind)) return { outcome: "wrong_kind", params: { got: scan.kind, wanted } };
  return { outcome: "unknown_barcode", params: { got: [...scan.raw].slice(0, 40).join("") } };
}

/** What a scan can be judged to be that stops everything. */
const WRONG = new Set(["wrong_bin", "wrong_item", "wrong_lot", "wrong_tote", "wrong_kind", "unknown_barcode", "over_pick", "check_digits_wrong", "quantity_wrong"]);
export const isWrong = (code: string): boolean => WRONG.has(code);

/** A cart being loaded: the slot that is due, where this tour's totes stand, and the totes that hold something. */
export interface Loading {
  readonly slot: number;
  readonly standing: Readonly<Record<string, number>>;
  readonly busy: readonly string[];
}

/** What speaks against putting this tote into the slot that is due; nothing for one that stands in it already. */
export function toteFor({ slot, standing, busy }: Loading, tote: string): Against | null {
  const at = (Object.hasOwn(standing, tote) ? standing[tote] : undefined) ?? slot;
  if (at !== slot) return { outcome: "tote_in_slot", params: { tote, slot: at } };
  return busy.includes(tote) ? { outcome: "tote_not_empty", params: { tote } } : null;
}

const PHASES: Readonly<Record<Phase, (stop: Stop, state: Standing, scan: Scan) => Verdict>> = { bin: atBin, item: atItem, tote: atTote };
