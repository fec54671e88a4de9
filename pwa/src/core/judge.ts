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
  if (/^[0-9]{2,3}$/.test(scan.raw)) {
    if (scan.raw === stop.check_digits) return { outcome: "bin_right", state: { phase: "item", counted: 0 } };
    return { outcome: "check_digits_wrong", state };
  }
  return other(scan, state, "bin");
}

function atItem(stop: Stop, state: Standing, scan: Scan): Verdict {
  if (scan.kind === "item") return item(stop, state, scan);
  if (scan.kind === "bin" && scan.code === stop.bin) return { outcome: "bin_right", state };
  if (scan.kind === "tote" && state.counted > 0 && stop.kind === "pick") return atTote(stop, state, scan);
  return other(scan, state, "item");
}

function item(stop: Stop, state: Standing, scan: Scan): Verdict {
  const code = scan.code ?? "";
  const units = Object.hasOwn(stop.barcodes, code) ? stop.barcodes[code] : undefined;
  if (units === undefined) {
    const got = Object.hasOwn(stop.known, code) ? (stop.known[code] ?? code) : code;
    return { outcome: "wrong_item", state, params: { got, wanted: stop.item } };
  }
  if (scan.lot !== undefined && stop.lot !== "" && scan.lot !== stop.lot) {
    return { outcome: "wrong_lot", state, params: { got: scan.lot, wanted: stop.lot } };
  }
  const next = state.counted + units;
  if (next > stop.left) return { outcome: "over_pick", state, params: { wanted: stop.left } };
  return counted(stop, next);
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

function other(scan: Scan, state: Standing, wanted: string): Verdict {
  if (IN_WORDS.has(scan.kind)) return { outcome: "wrong_kind", state, params: { got: scan.kind, wanted } };
  return { outcome: "unknown_barcode", state, params: { got: [...scan.raw].slice(0, 40).join("") } };
}

const PHASES: Readonly<Record<Phase, (stop: Stop, state: Standing, scan: Scan) => Verdict>> = { bin: atBin, item: atItem, tote: atTote };
