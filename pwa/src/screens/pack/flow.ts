/**
 * Why: what a packer's scan or tap means, from the tote to the closed carton, in one table.
 *
 * Items and weights are judged here, on the device, at once, and are facts; opening a tote and closing a carton are asked.
 */

import type { Scan } from "../../core/barcode";
import { machine, type Effect, type Feedback, type Input as Common, type Said, type Step } from "../../core/machine";
import {
  afterPacked, afterWeighed, benchOf, currentOrder, disbelieved, isBegun, judgePacking, judgeWeight, leftOfOrder, mergedView, nextOrder, ordersAt, packedOfOrder, toteOf,
  type CartonType, type PackItem, type PackOrder, type PackStation, type PackVerdict, type PackView,
} from "../../core/packing";
import type { Answer } from "../../core/queue";

/** What is due for the order on the bench. `waiting`: all is in, the server has not said the carton yet. */
export type Phase = "items" | "waiting" | "weigh" | "scan";

/** What was packed last, to be shown and taken back. */
export interface Last {
  readonly item: PackItem;
  readonly units: number;
  readonly order: string;
}

interface Shared {
  readonly language: string;
}
interface Manned extends Shared {
  readonly station: PackStation;
  /** The kind of the request that is on its way. */
  readonly asking: string | null;
}
interface Laid extends Manned {
  readonly view: PackView;
  readonly last: Last | null;
}

export type State =
  | ({ readonly mode: "station"; readonly stations: readonly PackStation[] | null; readonly wanted: string | null; readonly fault: Said | null } & Shared)
  | ({ readonly mode: "idle"; readonly view: PackView | null; readonly last: Last | null } & Manned)
  | ({ readonly mode: "packing" } & Laid)
  | ({ readonly mode: "choosing"; readonly at: number } & Laid)
  | ({ readonly mode: "help" } & Laid);

export type Input =
  | Common
  | { readonly type: "stations"; readonly stations: readonly PackStation[] }
  | { readonly type: "station"; readonly station: PackStation }
  | { readonly type: "restored"; readonly station: PackStation; readonly view: PackView | null }
  | { readonly type: "view"; readonly view: PackView; readonly settled: boolean }
  | { readonly type: "weight"; readonly grams: number }
  | { readonly type: "carton"; readonly code: string }
  | { readonly type: "answer"; readonly answer: Answer; readonly kind: string }
  | { readonly type: "heard"; readonly answer: Answer }
  | { readonly type: "failed"; readonly why: Said };

export type PackEffect =
  | { readonly type: "ask"; readonly kind: string; readonly body: Readonly<Record<string, string | number>> }
  | { readonly type: "fetch" }
  | { readonly type: "keep"; readonly station: PackStation | null };

export type All = Effect | PackEffect;
type Next = Step<State, All>;

const go = (state: State, ...effects: readonly All[]): Next => ({ state, effects });

export const SAVED = { station: "pack.station", view: "pack.view" } as const;

export const start = (language: string, wanted: string | null = null): State => ({ mode: "station", language, stations: null, wanted, fault: null });

export const phaseOf = (order: PackOrder): Phase =>
  leftOfOrder(order) > 0 ? "items" : order.carton === null ? "waiting" : order.carton.weight_g === null ? "weigh" : "scan";

// --- words

const outcome = (code: string, params: Readonly<Record<string, string | number>> = {}): Said => ({ key: `outcome:${code}`, params });
const feedback = (kind: Feedback["kind"], title: Said, ...lines: readonly Said[]): Effect => ({ type: "feedback", feedback: { kind, title, lines } });
const wrong = (title: Said, ...lines: readonly Said[]): Effect => feedback("wrong", title, ...lines);
const textual = (params: Readonly<Record<string, string | number>>): Readonly<Record<string, string | number>> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, name === "order" || name === "carton" ? String(value) : value]));
const spoken = (answer: Answer): Said => outcome(answer.outcome, textual(answer.params));

/** What to do about it, under the words of what is wrong. */
const MENDING: Readonly<Record<string, Said>> = {
  not_of_this_order: { key: "pack.backIntoTote" },
  packed_enough: { key: "pack.surplus" },
  over_pick: { key: "pack.surplus" },
  wrong_lot: { key: "pack.backIntoTote" },
  fulfilment_on_hold: { key: "pack.takeOther" },
  fulfilment_cancelled: { key: "pack.takeOther" },
  weight_wrong: { key: "pack.countAgain" },
  label_wrong: { key: "pack.wrongLabel" },
  weight_missing: { key: "pack.weighFirst" },
};
const stop = (verdict: PackVerdict): Effect => {
  const mending = MENDING[verdict.outcome];
  return wrong(outcome(verdict.outcome, verdict.params), ...(mending === undefined ? [] : [mending]));
};

// --- where the station stands

type Somewhere = Extract<State, { mode: "idle" | "packing" | "choosing" | "help" }>;

/** Idle or packing: an order lies here, or none does. */
function standing({ language, station }: Manned, view: PackView | null, last: Last | null, asking: string | null): State {
  if (view === null || ordersAt(view).length === 0) return { mode: "idle", language, station, view, last: null, asking };
  return { mode: "packing", language, station, view, last, asking };
}

/** A newer view: what is open in front of it stays open while its order is on the bench. */
function seen(state: Somewhere, theirs: PackView, settled: boolean): Next {
  const view = mergedView(state.view, theirs, settled);
  const last = state.last !== null && (view.orders[state.last.order]?.carton ?? null) === null && packedOfOrder(view.orders[state.last.order] ?? NOTHING) === 0 ? null : state.last;
  const next = standing(state, view, last, state.asking);
  if (next.mode !== "packing" || state.mode === "idle" || state.mode === "packing") return go(next);
  return go({ ...state, view, last });
}
const NOTHING: PackOrder = {
  id: "", number: 0, status: "", held: false, cancelled: false, hold_reason: null, service: "", cutoff_at: "", checklist: [], lines: [], carton: null, closed: [],
};

const manned = (language: string, station: PackStation, view: PackView | null = null): Next =>
  go(standing({ language, station, asking: null }, view, null, null), { type: "keep", station }, { type: "fetch" });

/** The barcode of a station: `S-PACK-1`. */
export const stationBarcode = (station: PackStation): string => (station.code.startsWith("S-") ? station.code : `S-${station.code}`);

function stationScanned(language: string, stations: readonly PackStation[] | null, scan: Scan, state: State): Next {
  const found = stations?.find((each) => stationBarcode(each) === scan.code);
  return found === undefined ? go(state, wrong(outcome("station_unknown"))) : manned(language, found);
}

function foreign(scan: Scan, wanted: string): Said {
  if (scan.kind === "unknown") return outcome("unknown_barcode", { got: scan.raw.slice(0, 40) });
  return outcome("wrong_kind", { got: scan.kind, wanted });
}

// --- the bench

type Packing = Extract<State, { mode: "packing" }>;

const ask = (state: Packing | Extract<State, { mode: "idle" }>, kind: string, body: Readonly<Record<string, string | number>>): Next =>
  state.asking === null ? go({ ...state, asking: kind }, { type: "ask", kind, body }) : go(state);

function scanned(state: Packing, scan: Scan, newId: () => string): Next {
  if (scan.kind === "command") return commanded(state, scan.code ?? "");
  if (scan.kind === "tote") return opened(state, scan.code ?? scan.raw);
  const current = currentOrder(state.view);
  if (current !== null && phaseOf(current) === "weigh" && /^\d{2,6}$/.test(scan.raw)) return weighed(state, Number(scan.raw), newId());
  const verdict = judgePacking(benchOf(state.view, state.language), scan);
  if (verdict.book !== undefined) return booked(state, verdict, scan, newId());
  if (verdict.close === true && current?.carton !== null && current !== null) {
    return ask(state, "pack.close", { carton: current.carton.id, sscc: scan.raw });
  }
  return go(state, stop(verdict));
}

function opened(state: Packing | Extract<State, { mode: "idle" }>, tote: string): Next {
  if (state.view?.totes[tote] !== undefined) return go(state, feedback("right", outcome("pack_opened", { tote })));
  return ask(state, "pack.open", { station: state.station.id, tote });
}

/** The item is in the carton: a fact, written down with the bench as it is now. */
function booked(state: Packing, verdict: PackVerdict, scan: Scan, id: string): Next {
  const order = Object.values(state.view.orders).find((each) => each.number === verdict.order);
  const line = order?.lines.find((each) => each.line === verdict.line);
  if (order === undefined || line === undefined) return go(state);
  const units = verdict.book ?? 1;
  const view = afterPacked(state.view, order.id, line.line, units);
  const last: Last = { item: line.item, units, order: order.id };
  const body = { station: state.station.id, fulfilment: order.id, tote: toteOf(state.view, order.id)?.code ?? "", item: scan.code ?? scan.raw, qty: units, lot: scan.lot ?? (line.lot === "" ? null : line.lot) };
  const complete = verdict.outcome === "carton_complete";
  return go(
    { ...state, view, last },
    feedback(complete ? "done" : "right", outcome(verdict.outcome, verdict.params)),
    { type: "command", command: { id, kind: "pack.item", body, saves: { [SAVED.view]: view } } },
  );
}

function weighed(state: Packing, grams: number, id: string): Next {
  const order = currentOrder(state.view);
  if (order === null || order.carton === null || phaseOf(order) === "items") return go(state);
  const verdict = judgeWeight(order.carton.expected_g, grams);
  if (verdict.outcome !== "weight_right") return go(state, stop(verdict));
  const view = afterWeighed(state.view, order.id, grams);
  return go(
    { ...state, view },
    feedback("right", outcome("weight_right", { grams }), { key: "pack.nowScanLabel" }),
    { type: "command", command: { id, kind: "pack.weigh", body: { carton: order.carton.id, grams }, saves: { [SAVED.view]: view } } },
  );
}

const COMMANDS: Readonly<Record<string, (state: Packing, current: PackOrder | null) => Next>> = {
  UNDO: (state, current) => (current === null || packedOfOrder(current) === 0 ? go(state, wrong(outcome("nothing_to_undo"))) : ask(state, "pack.undo", { fulfilment: current.id })),
  REPRINT: (state, current) =>
    current === null || current.carton === null || phaseOf(current) === "items"
      ? go(state, wrong(outcome("label_missing"), { key: "pack.labelAtLast" }))
      : ask(state, "pack.reprint", { carton: current.carton.id }),
  NEW_CARTON: (state) => {
    const order = nextOrder(state.view);
    if (order === null || state.view.carton_types.length === 0) return go(state);
    return go({ ...state, mode: "choosing", at: nextType(state.view.carton_types, order.carton?.type.code ?? null) });
  },
  CLOSE: (state, current) => {
    if (current === null) return go(state, wrong(outcome("carton_unknown")));
    const left = leftOfOrder(current);
    if (left > 0) return go(state, stop({ outcome: "carton_not_complete", params: { left } }));
    return phaseOf(current) === "scan" ? go(state, feedback("right", { key: "pack.scanLabel" })) : go(state, stop({ outcome: "weight_missing" }));
  },
  SHORT: (state) => go(state, wrong({ key: "pack.shortTitle" }, { key: "pack.shortMore" })),
  HELP: (state) => go({ ...state, mode: "help" }),
};

function commanded(state: Packing, name: string): Next {
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return run === undefined ? go(state, wrong(foreign({ kind: "command", raw: name }, "item"))) : run(state, currentOrder(state.view));
}

const nextType = (types: readonly CartonType[], code: string | null): number => (types.findIndex((type) => type.code === code) + 1) % types.length;

const back = (state: Extract<State, { mode: "choosing" | "help" }>): Packing => ({
  mode: "packing", language: state.language, station: state.station, view: state.view, last: state.last, asking: state.asking,
});

function chosen(state: Extract<State, { mode: "choosing" }>, code: string): Next {
  const order = nextOrder(state.view);
  return order === null ? go(back(state)) : ask(back(state), "pack.carton", { fulfilment: order.id, carton_type: code });
}

/** The server's word on what was asked. */
function answered(state: Somewhere, answer: Answer, kind: string): Next {
  const now: Somewhere = { ...state, asking: null };
  if (answer.severity !== "ok") return go(now, wrong(spoken(answer)), { type: "fetch" });
  if (kind !== "pack.close" || now.view === null) return go(now, feedback("right", spoken(answer)), { type: "fetch" });
  const after = ordersAt(now.view).find((order) => !isBegun(order) && !order.held && !order.cancelled);
  const then: Said = after === undefined ? { key: "pack.thenTote" } : { key: "pack.thenOrder", params: { order: String(after.number) } };
  return go({ ...now, last: null }, feedback("done", spoken(answer), then), { type: "fetch" });
}

/** A fact that the server took differently: its view is fetched, the card says what to do. */
const heard = (state: Somewhere, answer: Answer): Next =>
  answer.severity === "ok" || state.view === null ? go(state) : go({ ...state, view: disbelieved(state.view) }, { type: "fetch" });

const everywhere = {
  view: (state: Somewhere, { view, settled }: Extract<Input, { type: "view" }>): Next => seen(state, view, settled),
  answer: (state: Somewhere, { answer, kind }: Extract<Input, { type: "answer" }>): Next => answered(state, answer, kind),
  failed: (state: Somewhere, { why }: Extract<Input, { type: "failed" }>): Next => go({ ...state, asking: null }, wrong(why)),
  heard: (state: Somewhere, { answer }: Extract<Input, { type: "heard" }>): Next => heard(state, answer),
};

/** How the flow makes ids: given by the screen, so that the flow stays pure. */
export const makeFlow = (newId: () => string) =>
  machine<State, Input, All>({
    station: {
      restored: ({ language }, { station, view }) => manned(language, station, view),
      stations: (state, { stations }) => {
        const mine = stations.find((each) => each.id === state.wanted || each.code === state.wanted);
        return mine === undefined ? go({ ...state, stations, fault: null }) : manned(state.language, mine);
      },
      station: ({ language }, { station }) => manned(language, station),
      scan: (state, { scan }) => (scan.kind === "station" ? stationScanned(state.language, state.stations, scan, state) : go(state, wrong(foreign(scan, "station")))),
      failed: (state, { why }) => go({ ...state, fault: why }),
    },
    idle: {
      ...everywhere,
      scan: (state, { scan }) => {
        if (scan.kind === "tote") return opened(state, scan.code ?? scan.raw);
        if (scan.kind === "station") return scan.code === stationBarcode(state.station) ? go(state) : go(start(state.language, (scan.code ?? "").slice(2)), { type: "keep", station: null });
        return go(state, wrong(foreign(scan, "tote")));
      },
      tap: (state, { what }) => (what === "other station" ? go(start(state.language), { type: "keep", station: null }) : go(state)),
    },
    packing: {
      ...everywhere,
      scan: (state, { scan }) => scanned(state, scan, newId),
      tap: (state, { what }) => commanded(state, what),
      weight: (state, { grams }) => weighed(state, grams, newId()),
    },
    choosing: {
      ...everywhere,
      carton: (state, { code }) => chosen(state, code),
      tap: (state) => go(back(state)),
      scan: (state, { scan }) => {
        if (scan.kind !== "command") return scanned(back(state), scan, newId);
        if (scan.code === "NEW_CARTON") return go({ ...state, at: (state.at + 1) % state.view.carton_types.length });
        const type = state.view.carton_types[state.at];
        return (scan.code === "DONE" || scan.code === "YES") && type !== undefined ? chosen(state, type.code) : go(back(state));
      },
    },
    help: {
      ...everywhere,
      tap: (state) => go(back(state)),
      scan: (state, { scan }) => (scan.kind === "command" && scan.code === "HELP" ? go(back(state)) : scanned(back(state), scan, newId)),
    },
  });
