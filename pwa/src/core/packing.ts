/**
 * Why: what a scan means at a pack station is one pure function, run on the device at once and known to the server alike.
 *
 * The twin of `server/packing/judge.py`: both run `tests/cases/pack.json`. One order is packed at a time: the first item
 * chooses it, from then on only its items count, then its label closes the carton.
 */

import type { Scan } from "./barcode";

// --- what the station shows, as the server's `PackView`

export interface PackItem {
  readonly id: string;
  readonly sku: string;
  readonly names: Readonly<Record<string, string>>;
  readonly uom: string;
  readonly picture: string | null;
  readonly weight_g: number;
  readonly barcodes: readonly { readonly code: string; readonly uom: string; readonly quantity: number }[];
}

export interface PackLine {
  readonly line: string;
  readonly item: PackItem;
  readonly lot: string | null;
  readonly wanted: number;
  readonly packed: number;
}

export interface CartonType {
  readonly code: string;
  readonly name: string;
  readonly length_mm: number;
  readonly width_mm: number;
  readonly height_mm: number;
}

export interface PackLabel {
  readonly state: string;
  readonly tracking: string | null;
  readonly zpl_url: string | null;
  readonly reason: string | null;
}

export interface PackPrint {
  readonly job: string;
  readonly state: string;
  readonly reason: string | null;
}

export interface PackCarton {
  readonly id: string;
  readonly number: number;
  readonly sscc: string;
  readonly type: CartonType;
  readonly fill_percent: number;
  readonly expected_g: number;
  readonly weight_g: number | null;
  readonly state: string;
  readonly version: number;
  readonly label: PackLabel | null;
  readonly print: PackPrint | null;
}

export interface PackOrder {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly held: boolean;
  readonly cancelled: boolean;
  readonly hold_reason: string | null;
  readonly service: string;
  readonly cutoff_at: string;
  readonly checklist: readonly string[];
  readonly lines: readonly PackLine[];
  readonly carton: PackCarton | null;
  readonly closed: readonly { readonly number: number; readonly sscc: string; readonly tracking: string | null }[];
  /** Set on this device only: what the server's view must be at least, to know of all that was done here. */
  readonly awaits?: Awaited;
}

/** A carton by its id, null: the one that the first item opens; and its version. */
interface Awaited {
  readonly carton: string | null;
  readonly version: number;
}

export interface PackTote {
  readonly code: string;
  readonly other_totes: Readonly<Record<string, readonly string[]>>;
  readonly orders: readonly string[];
}

export interface PackStation {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

export interface PackPrinter {
  readonly id: string;
  readonly name: string;
  readonly condition: string;
  readonly words_key: string | null;
}

export interface PackView {
  readonly station: PackStation;
  readonly printer: PackPrinter | null;
  readonly totes: Readonly<Record<string, PackTote>>;
  readonly orders: Readonly<Record<string, PackOrder>>;
  readonly carton_types: readonly CartonType[];
}

// --- the judgement

/** A line as the judgement sees it: `barcodes` maps a code to its base units, `item` is its name in words. */
export interface BenchLine {
  readonly line: string;
  readonly item: string;
  readonly barcodes: Readonly<Record<string, number>>;
  readonly lot: string;
  readonly wanted: number;
  readonly packed: number;
}

/** An order in the open totes. `begun`: something of it is in a carton that is not closed. */
export interface BenchOrder {
  readonly number: number;
  readonly held: boolean;
  readonly cancelled: boolean;
  readonly begun: boolean;
  readonly lines: readonly BenchLine[];
  readonly carton: { readonly number: number; readonly sscc: string; readonly weighed: boolean } | null;
}

/** What lies at the station. `known` names items by barcode that are in none of its orders. */
export interface Bench {
  readonly orders: readonly BenchOrder[];
  readonly known: Readonly<Record<string, string>>;
}

/** What the scan came to: an outcome with its parameters; for a right item its order, line and units; for a right label `close`. */
export interface PackVerdict {
  readonly outcome: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly order?: number;
  readonly line?: string;
  readonly book?: number;
  readonly close?: true;
}

const IN_WORDS = new Set(["bin", "item", "tote", "cart", "badge", "sscc", "command", "station", "gs1"]);

/** What this scan means at this station. Nothing changes by it; the caller books. */
export function judgePacking(bench: Bench, scan: Scan): PackVerdict {
  const current = bench.orders.find((order) => order.begun) ?? null;
  const wanted = current !== null && leftIn(current) === 0 ? "sscc" : "item";
  if (scan.kind === "item") return anItem(bench, current, scan);
  if (scan.kind === "sscc") return aLabel(current, scan);
  if (IN_WORDS.has(scan.kind)) return { outcome: "wrong_kind", params: { got: scan.kind, wanted } };
  return { outcome: "unknown_barcode", params: { got: [...scan.raw].slice(0, 40).join("") } };
}

const unitsOf = (line: BenchLine, code: string): number | null => (Object.hasOwn(line.barcodes, code) ? (line.barcodes[code] ?? null) : null);
const leftIn = (order: BenchOrder): number => order.lines.reduce((sum, line) => sum + Math.max(0, line.wanted - line.packed), 0);

function anItem(bench: Bench, current: BenchOrder | null, scan: Scan): PackVerdict {
  const code = scan.code ?? "";
  const having = bench.orders.filter((order) => order.lines.some((line) => unitsOf(line, code) !== null));
  if (current !== null) {
    if (!having.includes(current)) return foreign(bench, having[0], String(current.number), code);
    return stopped(current) ?? intoOrder(current, code, scan.lot);
  }
  const [first] = having;
  if (first === undefined) return foreign(bench, undefined, bench.orders.map((order) => order.number).join(", "), code);
  const free = having.filter((order) => stopped(order) === null);
  const verdicts = free.map((order) => intoOrder(order, code, scan.lot));
  return verdicts.find((verdict) => verdict.book !== undefined) ?? verdicts[0] ?? stopped(first) ?? { outcome: "not_of_this_order" };
}

function foreign(bench: Bench, other: BenchOrder | undefined, order: string, code: string): PackVerdict {
  const name = other?.lines.find((line) => unitsOf(line, code) !== null)?.item ?? (Object.hasOwn(bench.known, code) ? bench.known[code] : undefined) ?? code;
  return { outcome: "not_of_this_order", params: { got: name, order } };
}

function stopped(order: BenchOrder): PackVerdict | null {
  if (order.cancelled) return { outcome: "fulfilment_cancelled", params: { order: String(order.number) } };
  if (order.held) return { outcome: "fulfilment_on_hold", params: { order: String(order.number) } };
  return null;
}

/** The item is of this order: into the first of its lines that has room for it. */
function intoOrder(order: BenchOrder, code: string, lot: string | undefined): PackVerdict {
  const lines = order.lines.filter((line) => unitsOf(line, code) !== null);
  const right = lines.filter((line) => lot === undefined || line.lot === "" || line.lot === lot);
  const [line] = right;
  if (line === undefined) return { outcome: "wrong_lot", params: { got: lot ?? "", wanted: lines[0]?.lot ?? "" } };
  const open = right.find((each) => each.packed < each.wanted);
  if (open === undefined) {
    const quantity = right.reduce((sum, each) => sum + each.wanted, 0);
    return { outcome: "packed_enough", params: { quantity, item: line.item } };
  }
  const units = unitsOf(open, code) ?? 1;
  const packed = open.packed + units;
  if (packed > open.wanted) return { outcome: "over_pick", params: { wanted: open.wanted - open.packed } };
  const booked = { order: order.number, line: open.line, book: units };
  if (leftIn(order) === units) return { outcome: "carton_complete", ...booked };
  return { outcome: "packed", params: { packed, quantity: open.wanted }, ...booked };
}

function aLabel(current: BenchOrder | null, scan: Scan): PackVerdict {
  if (current === null) return { outcome: "wrong_kind", params: { got: "sscc", wanted: "item" } };
  const left = leftIn(current);
  if (left > 0) return { outcome: "carton_not_complete", params: { left } };
  if (current.carton === null) return { outcome: "label_missing" };
  if (scan.code !== current.carton.sscc) return { outcome: "label_wrong" };
  if (!current.carton.weighed) return { outcome: "weight_missing" };
  return stopped(current) ?? { outcome: "carton_closed", params: { carton: current.carton.number }, close: true };
}

/** What may be between the scale and the sum of the parts: 5 %, and at least 50 g, for paper and filling. */
export const slackOf = (expected: number): number => Math.max(50, Math.floor((expected * 5 + 50) / 100));

/** A weight, typed or from the scale, against the sum of what was scanned. */
export function judgeWeight(expected: number, grams: number): PackVerdict {
  const slack = slackOf(expected);
  const [low, high] = [Math.max(1, expected - slack), expected + slack];
  if (grams < low || grams > high) return { outcome: "weight_wrong", params: { grams, low, high } };
  return { outcome: "weight_right", params: { grams } };
}

// --- the view, moved on by what was scanned here

export const leftOfOrder = (order: PackOrder): number => order.lines.reduce((sum, line) => sum + Math.max(0, line.wanted - line.packed), 0);
export const packedOfOrder = (order: PackOrder): number => order.lines.reduce((sum, line) => sum + line.packed, 0);
export const wantedOfOrder = (order: PackOrder): number => order.lines.reduce((sum, line) => sum + line.wanted, 0);

/** Everything of it left the station. */
export const isEnded = (order: PackOrder): boolean => order.closed.length > 0 && order.carton === null && leftOfOrder(order) === 0;
export const isBegun = (order: PackOrder): boolean => !isEnded(order) && (order.carton !== null || (packedOfOrder(order) > 0 && order.closed.length === 0));

/** The orders of the open totes in the order of the totes, each once; held and cancelled ones last. */
export function ordersAt(view: PackView): readonly PackOrder[] {
  const ids = new Set(Object.values(view.totes).flatMap((tote) => tote.orders));
  const orders = [...ids].flatMap((id) => view.orders[id] ?? []).filter((order) => !isEnded(order));
  const begunElsewhere = Object.values(view.orders).filter((order) => isBegun(order) && !ids.has(order.id));
  const rank = (order: PackOrder): number => (isBegun(order) ? 0 : order.held || order.cancelled ? 2 : 1);
  return [...begunElsewhere, ...orders].sort((a, b) => rank(a) - rank(b));
}

/** The order on the bench, or null before the first item. */
export const currentOrder = (view: PackView): PackOrder | null => ordersAt(view).find(isBegun) ?? null;

/** The order on the bench, or the one to begin with. */
export const nextOrder = (view: PackView): PackOrder | null =>
  currentOrder(view) ?? ordersAt(view).find((order) => !order.held && !order.cancelled && leftOfOrder(order) > 0) ?? null;

/** The tote that this order's goods are in, of those that are open here. */
export const toteOf = (view: PackView, order: string): PackTote | null =>
  Object.values(view.totes).find((tote) => tote.orders.includes(order)) ?? null;

/** Totes of this order that are not open at this station. */
export const missingTotes = (view: PackView, order: PackOrder): readonly string[] =>
  [...new Set(Object.values(view.totes).flatMap((tote) => tote.other_totes[String(order.number)] ?? []))].filter((code) => view.totes[code] === undefined);

export const nameIn = (item: PackItem, language: string): string => item.names[language] ?? item.names["en"] ?? item.sku;

/** The view as the judgement wants it, in words of this language. */
export function benchOf(view: PackView, language: string): Bench {
  return {
    orders: ordersAt(view).map((order) => ({
      number: order.number,
      held: order.held,
      cancelled: order.cancelled,
      begun: isBegun(order),
      lines: order.lines.map((line) => ({
        line: line.line,
        item: nameIn(line.item, language),
        barcodes: Object.fromEntries(line.item.barcodes.map((each) => [each.code, each.quantity])),
        lot: line.lot ?? "",
        wanted: line.wanted,
        packed: line.packed,
      })),
      carton: order.carton === null ? null : { number: order.carton.number, sscc: order.carton.sscc, weighed: order.carton.weight_g !== null },
    })),
    known: {},
  };
}

const changed = (view: PackView, id: string, change: (order: PackOrder) => Partial<PackOrder>): PackView => {
  const order = view.orders[id];
  return order === undefined ? view : { ...view, orders: { ...view.orders, [id]: { ...order, ...change(order) } } };
};

/** So many units of a line are in the carton, as this device believes until the server says otherwise. */
export const afterPacked = (view: PackView, order: string, line: string, units: number): PackView =>
  changed(view, order, (before) => ({
    lines: before.lines.map((each) => (each.line === line ? { ...each, packed: each.packed + units } : each)),
    awaits: oneMore(before),
  }));

export const afterWeighed = (view: PackView, order: string, grams: number): PackView =>
  changed(view, order, (before) => (before.carton === null ? {} : { carton: { ...before.carton, weight_g: grams }, awaits: oneMore(before) }));

/** The server counts a carton's version on with each item and weight, from 1 when it is opened. */
function oneMore({ carton, awaits }: PackOrder): Awaited {
  const same = awaits !== undefined && (awaits.carton === null || awaits.carton === carton?.id);
  return same ? { ...awaits, version: awaits.version + 1 } : { carton: carton?.id ?? null, version: (carton?.version ?? 1) + 1 };
}

/** What this device believed was taken differently: whatever the server shows next is right. */
export const disbelieved = (view: PackView): PackView => ({
  ...view,
  orders: Object.fromEntries(Object.entries(view.orders).map(([id, { awaits: _, ...order }]) => [id, order])),
});

/** The server's view; while scans are unsent, or it was read before they arrived, what this device has done stays. */
export function mergedView(mine: PackView | null, theirs: PackView, settled: boolean): PackView {
  if (mine === null) return theirs;
  const orders = Object.entries(theirs.orders).map(([id, order]) => {
    const here = mine.orders[id];
    return [id, here === undefined || (settled && !isOlder(order, here.awaits)) ? order : withOurs(order, here)] as const;
  });
  return { ...theirs, orders: Object.fromEntries(orders) };
}

function isOlder({ carton }: PackOrder, awaits: Awaited | undefined): boolean {
  if (awaits === undefined) return false;
  if (awaits.carton === null && carton === null) return true;
  return carton !== null && (awaits.carton === null || awaits.carton === carton.id) && carton.version < awaits.version;
}

function withOurs(order: PackOrder, here: PackOrder): PackOrder {
  const known = new Map(here.lines.map((line) => [line.line, line.packed]));
  const lines = order.lines.map((line) => ({ ...line, packed: Math.min(line.wanted, Math.max(line.packed, known.get(line.line) ?? 0)) }));
  const merged = { ...order, lines, ...(here.awaits === undefined ? {} : { awaits: here.awaits }) };
  if (order.carton === null || here.carton?.id !== order.carton.id) return merged;
  return { ...merged, carton: { ...order.carton, weight_g: order.carton.weight_g ?? here.carton.weight_g } };
}
