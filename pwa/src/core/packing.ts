/**
 * Why: what a scan means at a pack station is one pure function, run on the device at once and known to the server alike.
 *
 * The twin of `server/packing/judge.py`: both run `tests/cases/pack.json`. One order is packed at a time: the first item
 * chooses it, from then on only its items count, then its label closes the carton. A carton that is complete and waits
 * for its label holds up nothing: its label closes it whenever it is scanned.
 */

import type { Scan } from "./barcode";
import { notThat } from "./judge";
import { nameIn } from "./named";

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
  /** The printer that it is at; a view that an older app has kept does not say it. */
  readonly printer?: string;
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
  /** Units in it by the line they are of. */
  readonly contents: Readonly<Record<string, number>>;
}

/** A closed carton; while it waits for others of its order its label is `voidable`, which opens it again. */
export interface PackClosed {
  readonly id: string;
  readonly number: number;
  readonly sscc: string;
  readonly tracking: string | null;
  readonly voidable: boolean;
}

/** A tote of an order that is not at this station: the station it stands at, or the cart it is picked on. */
export interface PackElsewhere {
  readonly code: string;
  readonly state: string;
  readonly station: string | null;
  readonly cart: string | null;
}

export interface PackOrder {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly held: boolean;
  readonly cancelled: boolean;
  readonly hold_reason: string | null;
  /** The name of the carrier's service. */
  readonly service: string;
  readonly cutoff_at: string;
  readonly checklist: readonly string[];
  readonly lines: readonly PackLine[];
  /** The carton that is due: to be weighed and closed, or else filled. */
  readonly carton: PackCarton | null;
  /** The one that is filled while `carton` waits to be closed. */
  readonly filling: PackCarton | null;
  readonly closed: readonly PackClosed[];
  /** The SSCCs of its labels that are void; a view that an older app has kept has none. */
  readonly voided?: readonly string[];
  /** It ships only whole. */
  readonly whole: boolean;
  /** Units that wait for stock. */
  readonly backordered: number;
  /** Units that are still in their bins. */
  readonly to_pick: number;
  readonly elsewhere: readonly PackElsewhere[];
  /** The numbered place where what is here of it waits for the rest. */
  readonly place: number | null;
  /** The carton type for what is still to pack. */
  readonly suggested: string | null;
  /** Set on this device only: what the server's view must be at least, to know of all that was done here. */
  readonly awaits?: Awaited;
}

/** Versions by carton, `opened`: of the one that the first item opens; and the units that wait for stock. */
interface Awaited {
  readonly cartons: Readonly<Record<string, number>>;
  readonly backordered: number;
}
const OPENED = "opened";

export interface PackTote {
  readonly code: string;
  readonly orders: readonly string[];
  readonly place: number | null;
}

export interface PackStation {
  readonly id: string;
  readonly warehouse?: number;
  readonly code: string;
  readonly name: string;
}

export interface PackPrinter {
  readonly id: string;
  readonly name: string;
  readonly condition: string;
  readonly condition_at: string | null;
  /** It prints on a page of the demo. */
  readonly virtual?: boolean;
}

/** A numbered place that is taken: by what of which order, since when. */
export interface PackPlace {
  readonly place: number;
  readonly fulfilment: string;
  readonly order: number;
  readonly totes: readonly string[];
  readonly since: string;
}

export interface PackView {
  readonly station: PackStation;
  /** The printer that the station prints on; `other` is the one beside it. A view that an older app has kept has neither it nor places. */
  readonly printer: PackPrinter | null;
  readonly other?: PackPrinter | null;
  readonly places?: readonly PackPlace[];
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

/**
 * An order in the open totes. `begun`: it has the bench, something of it is in a carton that is not closed.
 * `waits`: so many units wait for stock, and it ships only with them. `voided`: the SSCCs of its labels that are void.
 */
export interface BenchOrder {
  readonly number: number;
  readonly held: boolean;
  readonly cancelled: boolean;
  readonly begun: boolean;
  readonly lines: readonly BenchLine[];
  /** The carton that is due. `complete`: nothing more goes in, though there be another one behind it. */
  readonly carton: { readonly number: number; readonly sscc: string; readonly weighed: boolean; readonly complete?: boolean } | null;
  readonly waits?: number;
  readonly voided?: readonly string[];
}

/** What lies at the station. `known` names items by barcode that are in none of its orders. */
export interface Bench {
  readonly orders: readonly BenchOrder[];
  readonly known: Readonly<Record<string, string>>;
}

/** What the scan came to: an outcome with its parameters; for a right item its order, line and units; for a right label its order and `close`. */
export interface PackVerdict {
  readonly outcome: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly order?: number;
  readonly line?: string;
  readonly book?: number;
  readonly close?: true;
}

/** What this scan means at this station. Nothing changes by it; the caller books. */
export function judgePacking(bench: Bench, scan: Scan): PackVerdict {
  const current = bench.orders.find((order) => order.begun && stopped(order) === null) ?? null;
  const wanted = current !== null && leftIn(current) === 0 ? "sscc" : "item";
  if (scan.kind === "item") return anItem(bench, current, scan);
  if (scan.kind === "sscc") return aLabel(bench, current, scan);
  return notThat(scan, wanted);
}

const unitsOf = (line: BenchLine, code: string): number | null => (Object.hasOwn(line.barcodes, code) ? (line.barcodes[code] ?? null) : null);
const waitsIn = (order: BenchOrder): number => order.waits ?? 0;
const leftIn = (order: BenchOrder): number => order.lines.reduce((sum, line) => sum + Math.max(0, line.wanted - line.packed), 0);

function anItem(bench: Bench, current: BenchOrder | null, scan: Scan): PackVerdict {
  const code = scan.code ?? "";
  const having = bench.orders.filter((order) => order.lines.some((line) => unitsOf(line, code) !== null));
  if (current !== null) {
    if (!having.includes(current)) return foreign(bench, having[0], String(current.number), code);
    return intoOrder(current, code, scan.lot);
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
  if (leftIn(order) === units && waitsIn(order) === 0) return { outcome: "carton_complete", ...booked };
  return { outcome: "packed", params: { packed, quantity: open.wanted }, ...booked };
}

/** The label of any carton here closes it, void paper none; another one is judged by the order on the bench. */
function aLabel(bench: Bench, current: BenchOrder | null, scan: Scan): PackVerdict {
  if (bench.orders.some(({ voided }) => voided?.includes(scan.code ?? ""))) return { outcome: "label_void" };
  const order = bench.orders.find(({ carton }) => carton !== null && carton.sscc === scan.code) ?? current;
  if (order === null) return { outcome: "wrong_kind", params: { got: "sscc", wanted: "item" } };
  const { carton } = order;
  const left = leftIn(order) + waitsIn(order);
  if (left > 0 && carton?.complete !== true) return { outcome: "carton_not_complete", params: { left } };
  if (carton === null) return { outcome: "label_missing" };
  if (scan.code !== carton.sscc) return { outcome: "label_wrong" };
  if (!carton.weighed) return { outcome: "weight_missing" };
  return stopped(order) ?? { outcome: "carton_closed", params: { carton: carton.number }, order: order.number, close: true };
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
/** Something of it is in a carton that has not left the station. */
export const isBegun = (order: PackOrder): boolean => !isEnded(order) && (order.carton !== null || (packedOfOrder(order) > 0 && order.closed.length === 0));
export const isStopped = (order: PackOrder): boolean => order.held || order.cancelled;

/** It ships only whole, and so many units of it wait for stock; else 0. */
export const waitsOf = (order: PackOrder): number => (order.whole ? order.backordered : 0);

/** Its carton only waits for the carrier: weighed, and its label is not there. */
export const isAside = ({ carton }: PackOrder): boolean => carton !== null && carton.state === "complete" && carton.weight_g !== null && carton.label?.state !== "live";

/** Nothing of it can be done before the rest of it has come. */
export function isParked(view: PackView, order: PackOrder): boolean {
  if (leftOfOrder(order) === 0) return waitsOf(order) > 0 && order.carton?.state !== "complete";
  const comes = order.elsewhere.length > 0 || order.to_pick > 0;
  return comes && (!isBegun(order) || totesOf(view, order.id).length === 0);
}

/** It has the bench: until its carton is closed, or waits, only its items count. */
const isHere = (view: PackView, order: PackOrder): boolean =>
  isBegun(order) && !isStopped(order) && !isParked(view, order) && !(isAside(order) && leftOfOrder(order) === 0);

/** The orders at the station in the order in which they are to be looked at: what is filled, what waits to be closed, what is next. */
export function ordersAt(view: PackView): readonly PackOrder[] {
  const ids = new Set(Object.values(view.totes).flatMap((tote) => tote.orders));
  const orders = [...ids].flatMap((id) => view.orders[id] ?? []).filter((order) => !isEnded(order));
  const begunElsewhere = Object.values(view.orders).filter((order) => isBegun(order) && !ids.has(order.id));
  const rank = (order: PackOrder): number => {
    if (isStopped(order)) return 5;
    if (isHere(view, order)) return leftOfOrder(order) > 0 ? 0 : 1;
    if (isParked(view, order)) return 4;
    return isBegun(order) ? 2 : 3;
  };
  return [...begunElsewhere, ...orders].sort((a, b) => rank(a) - rank(b));
}

/** The order on the bench, or null before the first item. */
export const currentOrder = (view: PackView): PackOrder | null => ordersAt(view).find((order) => isHere(view, order)) ?? null;

/** The order on the bench, or the one whose label is awaited, or the one to begin with. */
export const nextOrder = (view: PackView): PackOrder | null =>
  ordersAt(view).find((order) => !isStopped(order) && !isParked(view, order) && (isBegun(order) || leftOfOrder(order) > 0)) ?? null;

/** The totes that stand here with goods of this order. */
export const totesOf = (view: PackView, order: string): readonly PackTote[] => Object.values(view.totes).filter((tote) => tote.orders.includes(order));

/** The totes that stand on the place of an order, by their codes. */
export const onPlace = (view: PackView, order: string): string => (view.places?.find(({ fulfilment }) => fulfilment === order)?.totes ?? []).join(", ");

/** The carton that items go into; null before the first one. */
export const fillingOf = (order: PackOrder): PackCarton | null => order.filling ?? (order.carton?.state === "open" ? order.carton : null);

/** The number of the carton that the next item goes into, though it be opened by that. */
export const nextCartonOf = (order: PackOrder): number => fillingOf(order)?.number ?? order.closed.length + (order.carton === null ? 0 : 1) + 1;

/** Something lies in the carton that items go into. */
export function hasGoods(order: PackOrder): boolean {
  const carton = fillingOf(order);
  if (carton === null) return packedOfOrder(order) > 0 && order.closed.length === 0 && order.carton === null;
  const ours = order.awaits?.cartons ?? {};
  return Object.values(carton.contents).some((units) => units > 0) || Object.hasOwn(ours, carton.id) || Object.hasOwn(ours, OPENED);
}

/** A carton here waits for its label, or for the paper. */
export const labelAwaited = (view: PackView): boolean =>
  Object.values(view.orders).some((order) => {
    const { carton } = order;
    return carton !== null && (carton.state === "complete" || leftOfOrder(order) === 0) && !(carton.label?.state === "live" && carton.print?.state === "printed");
  });

const benchCarton = (carton: PackCarton | null): BenchOrder["carton"] =>
  carton === null ? null : { number: carton.number, sscc: carton.sscc, weighed: carton.weight_g !== null, complete: carton.state === "complete" };

/** The view as the judgement wants it, in words of this language. */
export function benchOf(view: PackView, language: string): Bench {
  return {
    orders: ordersAt(view).map((order) => ({
      number: order.number,
      held: order.held,
      cancelled: order.cancelled,
      begun: isHere(view, order),
      waits: waitsOf(order),
      voided: order.voided ?? [],
      lines: order.lines.map((line) => ({
        line: line.line,
        item: nameIn(line.item, language),
        barcodes: Object.fromEntries(line.item.barcodes.map((each) => [each.code, each.quantity])),
        lot: line.lot ?? "",
        wanted: line.wanted,
        packed: line.packed,
      })),
      carton: benchCarton(order.carton),
    })),
    known: Object.fromEntries(
      Object.values(view.orders).flatMap(({ lines }) => lines.flatMap(({ item }) => item.barcodes.map(({ code }) => [code, nameIn(item, language)] as const))),
    ),
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
    awaits: oneMore(before, fillingOf(before)),
  }));

export const afterWeighed = (view: PackView, order: string, grams: number): PackView =>
  changed(view, order, (before) => (before.carton === null ? {} : { carton: { ...before.carton, weight_g: grams }, awaits: oneMore(before, before.carton) }));

/** So many units of a line are not in the tote: they wait for stock. */
export const afterShort = (view: PackView, order: string, line: string, missing: number): PackView =>
  changed(view, order, (before) => ({
    lines: before.lines.map((each) => (each.line === line ? { ...each, wanted: each.wanted - missing } : each)),
    backordered: before.backordered + missing,
    awaits: { cartons: before.awaits?.cartons ?? {}, backordered: before.backordered + missing },
  }));

/** The server counts a carton's version on with each item and weight, from 1 when it is opened. */
function oneMore({ awaits }: PackOrder, carton: PackCarton | null): Awaited {
  const known = awaits?.cartons ?? {};
  const name = carton === null || Object.hasOwn(known, OPENED) ? OPENED : carton.id;
  return { cartons: { ...known, [name]: (known[name] ?? carton?.version ?? 1) + 1 }, backordered: awaits?.backordered ?? 0 };
}

/** What is missing was heard: a view that is read from now on knows of it, and what waits for stock may come meanwhile. */
export const shortHeard = (view: PackView): PackView => ({
  ...view,
  orders: Object.fromEntries(Object.entries(view.orders).map(([id, order]) => [id, order.awaits === undefined ? order : { ...order, awaits: { ...order.awaits, backordered: 0 } }])),
});

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

function isOlder(order: PackOrder, awaits: Awaited | undefined): boolean {
  if (awaits === undefined) return false;
  if (order.backordered < awaits.backordered) return true;
  const versionOf = (name: string): number | null => {
    if (name === OPENED) return (order.filling ?? order.carton)?.version ?? 0;
    return [order.carton, order.filling].find((carton) => carton?.id === name)?.version ?? null; // null: it is closed
  };
  return Object.entries(awaits.cartons).some(([name, version]) => (versionOf(name) ?? version) < version);
}

function withOurs(order: PackOrder, here: PackOrder): PackOrder {
  const known = new Map(here.lines.map((line) => [line.line, line]));
  const lines = order.lines.map((line) => {
    const wanted = Math.min(line.wanted, known.get(line.line)?.wanted ?? line.wanted);
    return { ...line, wanted, packed: Math.min(wanted, Math.max(line.packed, known.get(line.line)?.packed ?? 0)) };
  });
  const backordered = Math.max(order.backordered, here.awaits?.backordered ?? 0);
  const merged = { ...order, lines, backordered, ...(here.awaits === undefined ? {} : { awaits: here.awaits }) };
  if (order.carton === null || here.carton?.id !== order.carton.id) return merged;
  return { ...merged, carton: { ...order.carton, weight_g: order.carton.weight_g ?? here.carton.weight_g } };
}
