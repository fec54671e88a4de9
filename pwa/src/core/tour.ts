/**
 * Why: a claimed tour runs to its end with no network. The device holds it whole, moves it on by itself, and lets the
 * server's newer word win, stop by stop: a push is a hint and never takes away what a person has begun.
 */

import type { Stop } from "./judge";
import type { Loose } from "./loose";
import { nameIn } from "./named";

export interface TourBin {
  readonly code: string;
  readonly check_digits: string;
  readonly aisle: string;
  readonly side: string;
  readonly level: string;
  readonly x_mm: number;
  readonly y_mm: number;
}

export interface TourItem {
  readonly id: string;
  readonly sku: string;
  readonly names: Readonly<Record<string, string>>;
  readonly uom: string;
  readonly picture: string;
  readonly tracking: string;
  readonly barcodes: readonly { readonly code: string; readonly uom: string; readonly quantity: number }[];
}

export interface TourStop {
  readonly task: string;
  readonly kind: string;
  readonly state: string;
  readonly position: number;
  readonly version: number;
  readonly bin: TourBin;
  readonly item: string;
  readonly lot: string;
  readonly expiry: string | null;
  readonly quantity: number;
  readonly done: number;
  readonly short: number;
  readonly slot: number | null;
  readonly tote: string | null;
  readonly order: number | null;
  readonly reason: string | null;
}

export interface TourSlot {
  readonly slot: number;
  readonly order: number;
  readonly tote: string | null;
}

/** As the server's `TourView`. */
export interface Tour {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly version: number;
  readonly cutoff_at: string;
  readonly person: string | null;
  readonly cart: string | null;
  readonly slots: readonly TourSlot[];
  readonly stops: readonly TourStop[];
  readonly items: Readonly<Record<string, TourItem>>;
  readonly path: readonly (readonly [number, number])[];
  readonly length_mm: number;
  readonly bin_order_mm: number;
  readonly busy_totes: readonly string[];
  /** Only on this device: it was handed over, and the server has not said so yet. */
  readonly handed?: boolean;
}

export interface Offer {
  readonly id: string;
  readonly number: number;
  readonly cutoff_at: string;
  readonly stops: number;
  readonly units: number;
  readonly slots: number;
  readonly length_mm: number;
  readonly version: number;
}

/** As the server's `QueueView`: the topic `queue`. */
export interface QueueView {
  readonly tours: Readonly<Record<string, Tour>>;
  readonly offers: Readonly<Record<string, Offer>>;
  readonly loose: Readonly<Record<string, TourStop>>;
  readonly items: Readonly<Record<string, TourItem>>;
}

/** What was heard last of the tasks on no tour, kept on the device: they can be begun without a network. */
export type LooseHeard = Pick<QueueView, "loose" | "items">;
export const HEARD = "loose.heard";

const GAP = 1024;

export const leftOf = (stop: TourStop): number => (stop.state === "open" ? Math.max(0, stop.quantity - stop.done - stop.short) : 0);

/** The stops still to do, in walking order. */
export const openStops = (tour: Tour): readonly TourStop[] =>
  tour.stops.filter((stop) => leftOf(stop) > 0).sort((a, b) => a.position - b.position || (a.task < b.task ? -1 : 1));

/** Where the picker is to be now; null when everything is done. */
export const currentStop = (tour: Tour): TourStop | null => openStops(tour)[0] ?? null;

export const stopOf = (tour: Tour, task: string): TourStop | undefined => tour.stops.find((stop) => stop.task === task);

/** The stop as the judgement wants it, in words of this language. */
export const expectedAt = (tour: Tour, stop: TourStop, language: string): Stop => ({
  ...wantedOf(tour.items, stop, language),
  kind: stop.kind === "put_back" ? "put_back" : "pick",
});

/** The task on no tour as the judgement wants it. */
export const expectedOf = (items: Items, task: TourStop, language: string): Loose => ({
  ...wantedOf(items, task, language),
  kind: task.kind === "count" ? "count" : "put_back",
});

type Items = Readonly<Record<string, TourItem>>;

function wantedOf(items: Items, stop: TourStop, language: string): Omit<Stop, "kind"> {
  const mine = items[stop.item];
  const known: Record<string, string> = {};
  for (const item of Object.values(items)) {
    if (item.id !== stop.item) for (const barcode of item.barcodes) known[barcode.code] = nameIn(item, language);
  }
  return {
    bin: stop.bin.code,
    check_digits: stop.bin.check_digits,
    item: nameIn(mine, language),
    barcodes: Object.fromEntries((mine?.barcodes ?? []).map((each) => [each.code, each.quantity])),
    lot: stop.lot,
    left: leftOf(stop),
    tote: stop.tote ?? "",
    known,
  };
}

const changed = (tour: Tour, task: string, change: (stop: TourStop) => Partial<TourStop>): Tour => ({
  ...tour,
  stops: tour.stops.map((stop) => (stop.task === task ? { ...stop, ...change(stop), version: stop.version + 1 } : stop)),
});

const ended = (stop: TourStop, done: number, short: number): string => (done + short >= stop.quantity ? "done" : stop.state);

/** So many units done at a stop, as this device believes until the server says otherwise. */
export const afterDone = (tour: Tour, task: string, units: number): Tour =>
  changed({ ...tour, state: "started" }, task, (stop) => ({ done: stop.done + units, state: ended(stop, stop.done + units, stop.short) }));

/** So many units missing at a stop. */
export const afterShort = (tour: Tour, task: string, units: number): Tour =>
  changed({ ...tour, state: "started" }, task, (stop) => ({ short: stop.short + units, state: ended(stop, stop.done, stop.short + units) }));

/** The stop comes back at the end. */
export const afterSkip = (tour: Tour, task: string): Tour => {
  const last = Math.max(...tour.stops.map((stop) => stop.position));
  return changed(tour, task, () => ({ position: last + GAP }));
};

/** The stop as it was before the last command, one version on. */
export const afterUndo = (tour: Tour, before: TourStop): Tour =>
  changed(tour, before.task, () => ({ done: before.done, short: before.short, state: before.state, position: before.position }));

/** The server could not book what this device believed: its next word about the stop wins, whatever its version. */
export const forgetStop = (tour: Tour, task: string): Tour => ({
  ...tour,
  stops: tour.stops.map((stop) => (stop.task === task ? { ...stop, version: 0 } : stop)),
});

/** The server's tour, with those stops kept that this device knows to be newer, and the cart and totes that stand on it. */
export function merged(mine: Tour, theirs: Tour): Tour {
  const known = new Map(mine.stops.map((stop) => [stop.task, stop]));
  return {
    ...theirs,
    handed: mine.handed === true,
    cart: theirs.cart ?? mine.cart,
    slots: theirs.slots.map((slot) => ({ ...slot, tote: slot.tote ?? mine.slots.find((each) => each.slot === slot.slot)?.tote ?? null })),
    stops: theirs.stops.map((stop) => {
      const here = known.get(stop.task);
      return here === undefined ? stop : { ...(here.version > stop.version ? here : stop), tote: stop.tote ?? here.tote };
    }),
  };
}

/** What a person must be told about: stops that were cancelled under them or moved, and put-backs that are new. */
export interface News {
  readonly cancelled: readonly TourStop[];
  /** Somebody else found their bin short; what is needed was planned anew. */
  readonly moved: readonly TourStop[];
  readonly putBacks: readonly TourStop[];
}

export function newsOf(mine: Tour, next: Tour): News {
  const before = new Map(mine.stops.map((stop) => [stop.task, stop]));
  const gone = (why: string): readonly TourStop[] =>
    next.stops.filter((stop) => stop.kind === "pick" && stop.state === "cancelled" && stop.reason === why && (before.get(stop.task)?.state ?? "open") === "open");
  return {
    cancelled: gone("order_cancelled"),
    moved: gone("found_short").filter((stop) => before.has(stop.task)),
    putBacks: next.stops.filter((stop) => stop.kind === "put_back" && stop.state === "open" && !before.has(stop.task)),
  };
}

/** The first slot that has no tote yet. */
export const slotWithoutTote = (tour: Tour): TourSlot | null => tour.slots.find((slot) => slot.tote === null) ?? null;

/** What the totes of a tour hold: what was picked into them less what went back, and how many hold anything. */
export function loadOf(tour: Tour): { readonly units: number; readonly slots: number } {
  const held = new Map<number, number>();
  for (const { kind, slot, done } of tour.stops) if (slot !== null) held.set(slot, (held.get(slot) ?? 0) + (kind === "put_back" ? -done : done));
  const full = [...held.values()].filter((units) => units > 0);
  return { units: full.reduce((sum, units) => sum + units, 0), slots: full.length };
}

/** Where this tour's totes stand. */
export const totesOf = (tour: Tour): Readonly<Record<string, number>> =>
  Object.fromEntries(tour.slots.flatMap(({ slot, tote }) => (tote === null ? [] : [[tote, slot]])));

/** A tote stands in a slot. */
export const withTote = (tour: Tour, slot: number, tote: string): Tour => ({
  ...tour,
  slots: tour.slots.map((each) => (each.slot === slot ? { ...each, tote } : each)),
  stops: tour.stops.map((stop) => (stop.slot === slot && stop.kind === "pick" ? { ...stop, tote } : stop)),
});

// --- tasks on no tour

export const isOpen = (task: TourStop): boolean => task.state === "open" && (task.kind === "count" || leftOf(task) > 0);

/** The put-backs and counts that are on no tour: what goes out of one tote together, then by bin. */
export const openLoose = (tasks: Readonly<Record<string, TourStop>>): readonly TourStop[] =>
  Object.values(tasks).filter(isOpen).sort((a, b) => placeOf(a).localeCompare(placeOf(b)));

/** Put-backs first, tote by tote; counts that a supervisor put off come last. */
const placeOf = ({ kind, position, tote, bin, task }: TourStop): string => [kind === "put_back" ? "0" : String(1 + position).padStart(6, "0"), tote ?? "", bin.code, task].join(" ");

export const countOf = (tasks: Readonly<Record<string, TourStop>>, kind: "put_back" | "count"): number =>
  openLoose(tasks).filter((task) => task.kind === kind).length;

/** The server's tasks, with those kept that this device knows to be newer, and the one that somebody has begun. */
export function mergedLoose(mine: Readonly<Record<string, TourStop>>, theirs: Readonly<Record<string, TourStop>>, begun: TourStop | null): Readonly<Record<string, TourStop>> {
  const tasks = Object.entries(theirs).map(([id, task]) => {
    const here = mine[id];
    return [id, here !== undefined && here.version > task.version ? here : task] as const;
  });
  return { ...(begun === null ? {} : { [begun.task]: begun }), ...Object.fromEntries(tasks) };
}
