/**
 * Why: what a packer's scan or tap means, from the tote to the closed carton, in one table.
 *
 * Items, weights and what is missing are judged here, on the device, at once, and are facts; opening a tote and closing
 * a carton are asked. What is not the straight way stands beside it: `short.ts`, `weight.ts`, `labels.ts`.
 */

import type { Scan } from "../../core/barcode";
import { machine, type Said } from "../../core/machine";
import {
  afterPacked, benchOf, currentOrder, disbelieved, fillingOf, hasGoods, isBegun, isParked, isStopped, judgePacking, leftOfOrder, mergedView, nextCartonOf, nextOrder, onPlace, ordersAt, packedOfOrder,
  shortHeard, totesOf, type CartonType, type PackOrder, type PackStation, type PackVerdict, type PackView,
} from "../../core/packing";
import type { Answer } from "../../core/queue";
import { feedback, foreign, outcome, spoken, wrong } from "../../core/said";
import { cameOut, isDoubted, labelled, labelNext, labelScanned, mendingSaid, newLabel, printAgain, printerLacks, printerOf, printerWarns, printOn, reprint, troubleOf, voidLabel } from "./labels";
import { lineChosen, short, shortConfirmed, shortScanned, unitsMissing } from "./short";
import {
  ask, back, go, phaseOf, SAVED, stop,
  type All, type At, type Input, type Last, type Manned, type Next, type Odd, type OnBench, type Packing, type Posted, type Somewhere, type State,
} from "./state";
import { accepted, accepting, isWeight, notCounted, recounted, weighed } from "./weight";

export { phaseOf, SAVED, type All, type Input, type Last, type PackEffect, type State } from "./state";

export const start = (language: string, wanted: string | null = null): State => ({ mode: "station", language, stations: null, wanted, fault: null });

// --- where the station stands

type Lying = Pick<Packing, "last" | "odd" | "setDown">;

/** Idle or packing: an order lies here, or none does. */
function standing({ language, station, asking, warned }: Manned, view: PackView | null, { last, odd, setDown }: Lying): State {
  if (view === null || ordersAt(view).length === 0) return { mode: "idle", language, station, view, last: null, odd: null, setDown, held: null, asking, warned };
  return { mode: "packing", language, station, view, last, odd, setDown, asking, warned };
}

/** A newer view: what is open in front of it stays open while its order is on the bench. */
function seen(state: Somewhere, theirs: PackView, settled: boolean): Next {
  const view = mergedView(state.view, theirs, settled);
  const packed = state.last === null ? undefined : view.orders[state.last.order];
  const last = packed === undefined || (packed.carton === null && packedOfOrder(packed) === 0) ? null : state.last;
  const stops = stoppedNow(state.view, view);
  if (stops.length > 0) return go(standing(state, view, { last: null, odd: null, setDown: null }), ...stops);
  const next = standing(state, view, { last, odd: state.odd, setDown: state.setDown });
  if (next.mode !== "packing" || state.mode === "idle" || state.mode === "packing") return go(next);
  if (nextOrder(view)?.id !== nextOrder(state.view)?.id && state.mode !== "help") return go(next);
  return go({ ...state, view, last });
}

/** The order on the bench was held or cancelled meanwhile: its packer stops at once. */
function stoppedNow(before: PackView | null, now: PackView): readonly All[] {
  const order = before === null ? null : currentOrder(before);
  const after = order === null ? undefined : now.orders[order.id];
  if (after === undefined || !isStopped(after)) return [];
  return [wrong({ key: after.cancelled ? "pack.stopCancelled" : "pack.stopHeld", params: { order: String(after.number) } }, { key: "pack.stopMore" })];
}

const manned = (language: string, station: PackStation, view: PackView | null = null, odd: Odd | null = null): Next =>
  go(standing({ language, station, asking: null, warned: null }, view, { last: null, odd, setDown: null }), { type: "keep", station }, { type: "fetch" });

/** The barcode of a station: `S-PACK-1`. */
export const stationBarcode = (station: PackStation): string => (station.code.startsWith("S-") ? station.code : `S-${station.code}`);

function stationScanned(language: string, stations: readonly PackStation[] | null, scan: Scan, state: State): Next {
  const found = stations?.find((each) => stationBarcode(each) === scan.code);
  return found === undefined ? go(state, wrong(outcome("station_unknown"))) : manned(language, found);
}

// --- the bench

function scanned(before: Packing, scan: Scan, newId: () => string): Next {
  const state = { ...before, setDown: null };
  if (scan.kind === "command") return commanded(state, scan.code ?? "");
  if (scan.kind === "tote") return opened(state, scan.code ?? scan.raw);
  if (isWeight(state, scan)) return weighed(state, Number(scan.raw), newId());
  const verdict = judgePacking(benchOf(state.view, state.language), scan);
  if (verdict.book !== undefined) return booked(state, verdict, scan, newId());
  if (verdict.close !== true) return go(state, stop(verdict));
  const carton = orderOf(state.view, verdict)?.carton;
  return carton === undefined || carton === null ? go(state) : ask(state, "pack.close", { carton: carton.id, sscc: scan.raw });
}

const orderOf = (view: PackView, verdict: PackVerdict): PackOrder | undefined => Object.values(view.orders).find((each) => each.number === verdict.order);

function opened(state: Packing | At<"idle">, tote: string): Next {
  const known = state.view?.totes[tote];
  if (known === undefined) return ask(state, "pack.open", { station: state.station.id, tote });
  return go({ ...state, setDown: tote }, feedback("right", ...lyingSaid(state.view as PackView, tote)));
}

/** A tote that stands here already: on which place, or what is to be fetched from there. */
function lyingSaid(view: PackView, tote: string): readonly [Said, ...Said[]] {
  const order = view.orders[view.totes[tote]?.orders[0] ?? ""];
  if (order === undefined || order.place === null) return [outcome("pack_opened", { tote })];
  const params = { tote, order: order.number, [isParked(view, order) ? "place" : "from"]: order.place };
  return toteSaid({ ...params, fetch: onPlace(view, order.id) });
}

/** What is to be done with a tote: put on its place, or beside all of them, or what is to be fetched now that all is here. */
function toteSaid(params: Answer["params"]): readonly [Said, ...Said[]] {
  const { from, place, places, fetch } = params;
  const named = { tote: String(params["tote"] ?? ""), order: String(params["order"] ?? "") };
  if (from !== undefined) return [{ key: fetch === "" ? "pack.wholeCarton" : "pack.whole", params: { ...named, totes: String(fetch), place: String(from) } }];
  if (place !== undefined) return [{ key: "pack.putTote", params: { ...named, place: String(place) } }, { key: "pack.restComes", params: named }];
  if (places !== undefined) return [{ key: "pack.noPlaceFor", params: named }, { key: "pack.noPlace" }];
  return [outcome("pack_opened", { tote: named.tote })];
}

/** The first tote of a bench: what the printer lacks is told before, once for each thing that it lacks. */
function firstTote(state: At<"idle">, tote: string): Next {
  const trouble = troubleOf(state.view);
  if (state.view === null || trouble === null || trouble === state.warned) return opened(state, tote);
  return go({ ...state, held: tote, warned: trouble }, printerWarns(state.view));
}

/** The item is in the carton: a fact, written down with the bench as it is now. */
function booked(state: Packing, verdict: PackVerdict, scan: Scan, id: string): Next {
  const order = orderOf(state.view, verdict);
  const line = order?.lines.find((each) => each.line === verdict.line);
  if (order === undefined || line === undefined) return go(state);
  const tote = totesOf(state.view, order.id)[0]?.code;
  if (tote === undefined) return go(state, wrong({ key: "pack.toteFirst" }));
  const units = verdict.book ?? 1;
  const view = afterPacked(state.view, order.id, line.line, units);
  const into = nextCartonOf(order);
  const last: Last = { item: line.item, units, order: order.id, carton: into };
  const body = { station: state.station.id, fulfilment: order.id, tote, item: scan.code ?? scan.raw, qty: units, lot: scan.lot ?? (line.lot === "" ? null : line.lot) };
  const complete = verdict.outcome === "carton_complete";
  const lines: readonly Said[] = order.filling === null ? [] : [{ key: "pack.intoCarton", params: { carton: String(into) } }];
  return go(
    { ...state, view, last },
    feedback(complete ? "done" : "right", outcome(verdict.outcome, verdict.params), ...lines),
    { type: "command", command: { id, kind: "pack.item", body, saves: { [SAVED.view]: view } } },
  );
}

// --- the command card

const COMMANDS: Readonly<Record<string, (state: Packing, current: PackOrder | null) => Next>> = {
  UNDO: (state, current) => (current === null || packedOfOrder(current) === 0 ? go(state, wrong(outcome("nothing_to_undo"))) : ask(state, "pack.undo", { fulfilment: current.id })),
  REPRINT: (state) => reprint(state),
  NEW_CARTON: (state) => choosing(state, true),
  OTHER_CARTON: (state) => choosing(state, false),
  CLOSE: (state, current) => {
    if (current === null) return go(state, wrong(outcome("carton_unknown")));
    const phase = phaseOf(state.view, current);
    if (phase === "items") return go(state, stop({ outcome: "carton_not_complete", params: { left: leftOfOrder(current) } }));
    if (phase === "reopened") return newLabel(state);
    if (phase !== "scan" || current.carton === null) return go(state, stop({ outcome: "weight_missing" }));
    return go(state, feedback("right", labelNext(current.carton, printerOf(state.view, current.carton))));
  },
  SHORT: (state) => short(state),
  DAMAGED: (state) => short(state, "damaged"),
  YES: (state) => (isDoubted(labelled(state)) ? cameOut(state, true) : newLabelWanted(state)),
  NO: (state) => (isDoubted(labelled(state)) ? cameOut(state, false) : go(state)),
  NEW_LABEL: (state) => newLabel(state),
  ACCEPT: (state) => accepting(state),
  HELP: (state) => go({ ...state, mode: "help" }),
};

const newLabelWanted = (state: Packing): Next => (labelled(state)?.label?.state === "void" ? newLabel(state) : go(state));

function commanded(state: Packing, name: string): Next {
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return run === undefined ? go(state, wrong(foreign({ kind: "command", raw: name }, "item"))) : run(state, currentOrder(state.view));
}

// --- which carton

const nextType = (types: readonly CartonType[], code: string | null): number => (types.findIndex((type) => type.code === code) + 1) % types.length;

/** Another carton: behind the one that has goods in it, or instead of the one on the bench. */
function choosing(state: Packing, behind: boolean): Next {
  const order = nextOrder(state.view);
  const types = state.view.carton_types;
  if (order === null || types.length === 0) return go(state);
  const filling = fillingOf(order);
  const next = behind && leftOfOrder(order) > 0 && hasGoods(order);
  const suggested = types.findIndex((type) => type.code === order.suggested);
  const at = (next || filling === null) && suggested >= 0 ? suggested : nextType(types, (filling ?? order.carton)?.type.code ?? null);
  return go({ ...state, mode: "choosing", at, next });
}

function chosen(state: At<"choosing">, code: string): Next {
  const order = nextOrder(state.view);
  if (order === null) return go(back(state));
  return ask(back(state), "pack.carton", { fulfilment: order.id, carton_type: code, ...(state.next ? { new: true } : {}) });
}

function chosenByScan(state: At<"choosing">, scan: Scan, newId: () => string): Next {
  if (scan.kind !== "command") return scanned(back(state), scan, newId);
  if (scan.code === "NEW_CARTON") return go({ ...state, at: (state.at + 1) % state.view.carton_types.length });
  const type = state.view.carton_types[state.at];
  return (scan.code === "DONE" || scan.code === "YES") && type !== undefined ? chosen(state, type.code) : go(back(state));
}

// --- the server's word

/** On what was asked. */
function answered(state: Somewhere, answer: Answer, kind: string): Next {
  const now: Somewhere = { ...state, asking: null };
  if (answer.severity !== "ok") return go(now, wrong(spoken(answer)), { type: "fetch" });
  if (kind === "pack.open") return go({ ...now, setDown: String(answer.params["tote"] ?? "") }, feedback("right", ...toteSaid(answer.params)), { type: "fetch" });
  if (kind === "pack.reprint" && now.mode !== "idle") return go(now, feedback("right", ...goesToPrinter(now.view)), { type: "fetch" });
  if (kind !== "pack.close" || now.mode === "idle") return go(now, feedback("right", spoken(answer)), { type: "fetch" });
  return go({ ...now, last: null }, feedback("done", spoken(answer), afterClosed(now.view)), { type: "fetch" });
}

/** What was asked to print waits for the printer, and for whoever mends it; that it is printed is seen when it is. */
const goesToPrinter = ({ printer }: PackView): readonly [Said, ...Said[]] => {
  const lacks = printerLacks(printer);
  return [{ key: "pack.print.queued" }, ...(lacks === null ? [] : [mendingSaid(lacks)])];
};

/** What comes after a closed carton: the next one of its order, the next order, or the next tote. */
function afterClosed(view: PackView): Said {
  const current = currentOrder(view);
  if (current !== null && leftOfOrder(current) > 0) return { key: "pack.thenCarton", params: { carton: String(nextCartonOf(current)) } };
  const after = ordersAt(view).find((order) => !isBegun(order) && !isStopped(order) && !isParked(view, order));
  return after === undefined ? { key: "pack.thenTote" } : { key: "pack.thenOrder", params: { order: String(after.number) } };
}

const DONE: Readonly<Record<Posted, readonly [Said, ...Said[]]>> = {
  void: [{ key: "pack.voided" }, { key: "pack.tearOff" }],
  newLabel: [{ key: "pack.label.wanted" }],
  accept: [{ key: "pack.weightAccepted" }],
  printed: [{ key: "pack.print.printed" }],
  printer: [{ key: "pack.printerChosen" }],
};

function done(state: Somewhere, kind: Posted): Next {
  const [title, ...lines] = DONE[kind];
  const carton = kind === "accept" && state.mode !== "idle" ? labelled(state) : null;
  const said = feedback("right", title, ...lines, ...(carton === null ? [] : [labelNext(carton, state.view === null ? null : printerOf(state.view, carton))]));
  if (kind !== "accept") return go({ ...state, asking: null }, said, { type: "fetch" });
  return go({ ...state, asking: null, odd: null }, said, { type: "odd", odd: null }, { type: "fetch" });
}

/** A fact that the server took differently: its view is fetched, the card says what to do. */
function heard(state: Somewhere, answer: Answer): Next {
  if (state.view === null) return go(state);
  if (answer.severity !== "ok") return go({ ...state, view: disbelieved(state.view) }, { type: "fetch" });
  return answer.outcome === "shorted_backordered" ? go({ ...state, view: shortHeard(state.view) }, { type: "fetch" }) : go(state);
}

const everywhere = {
  view: (state: Somewhere, { view, settled }: Extract<Input, { type: "view" }>): Next => seen(state, view, settled),
  answer: (state: Somewhere, { answer, kind }: Extract<Input, { type: "answer" }>): Next => answered(state, answer, kind),
  done: (state: Somewhere, { kind }: Extract<Input, { type: "done" }>): Next => done(state, kind),
  failed: (state: Somewhere, { why }: Extract<Input, { type: "failed" }>): Next => go({ ...state, asking: null }, wrong(why), { type: "fetch" }),
  printer: (state: Somewhere, { printer }: Extract<Input, { type: "printer" }>): Next => printOn(state, printer),
  heard: (state: Somewhere, { answer }: Extract<Input, { type: "heard" }>): Next => heard(state, answer),
};
const closing = { tap: (state: OnBench): Next => go(back(state)) };

/** How the flow makes ids: given by the screen, so that the flow stays pure. */
export const makeFlow = (newId: () => string) =>
  machine<State, Input, All>({
    station: {
      restored: ({ language }, { station, view, odd }) => manned(language, station, view, odd ?? null),
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
        if (scan.kind === "tote") return firstTote(state, scan.code ?? scan.raw);
        if (scan.kind === "station") return scan.code === stationBarcode(state.station) ? go(state) : go(start(state.language, (scan.code ?? "").slice(2)), { type: "keep", station: null });
        return go(state, wrong(foreign(scan, "tote")));
      },
      acknowledged: (state) => (state.held === null ? go(state) : opened({ ...state, held: null }, state.held)),
      tap: (state, { what }) => (what === "other station" ? go(start(state.language), { type: "keep", station: null }) : go(state)),
    },
    packing: {
      ...everywhere,
      scan: (state, { scan }) => scanned(state, scan, newId),
      tap: (state, { what }) => (what === "set down" ? go({ ...state, setDown: null }) : commanded({ ...state, setDown: null }, what)),
      weight: (state, { grams }) => weighed(state, grams, newId()),
      closed: (state, { carton }) => go({ ...state, mode: "label", closed: carton }),
    },
    choosing: {
      ...everywhere,
      ...closing,
      carton: (state, { code }) => chosen(state, code),
      scan: (state, { scan }) => chosenByScan(state, scan, newId),
    },
    short: {
      ...everywhere,
      line: (state, { line }) => lineChosen(state, line),
      missing: (state, { units }) => unitsMissing(state, units),
      reason: (state, { reason }) => go({ ...state, reason }),
      tap: (state, { what }) => (what === "confirm" ? shortConfirmed(state, newId()) : go(back(state))),
      scan: (state, { scan }) => shortScanned(state, scan, newId) ?? scanned(back(state), scan, newId),
    },
    recount: {
      ...everywhere,
      weight: (state, { grams }) => weighed(state, grams, newId()),
      tap: (state, { what }) => {
        if (what === "void") return voidLabel(state);
        return what === "back" ? go(back(state)) : commanded(back(state), what);
      },
      scan: (state, { scan }) => {
        if (isWeight(state, scan)) return weighed(state, Number(scan.raw), newId());
        if (scan.kind === "item") return recounted(state, scan);
        return scan.kind === "command" && (scan.code === "YES" || scan.code === "DONE") ? notCounted(state) : scanned(back(state), scan, newId);
      },
    },
    accepting: {
      ...everywhere,
      ...closing,
      why: (state, { why }) => accepted(state, why),
      scan: (state, { scan }) => scanned(back(state), scan, newId),
    },
    label: {
      ...everywhere,
      tap: (state, { what }) => (what === "print" ? printAgain(state) : what === "void" ? voidLabel(state) : go(back(state))),
      scan: (state, { scan }) => labelScanned(state, scan) ?? scanned(back(state), scan, newId),
    },
    help: {
      ...everywhere,
      ...closing,
      scan: (state, { scan }) => (scan.kind === "command" && scan.code === "HELP" ? go(back(state)) : scanned(back(state), scan, newId)),
    },
  });
