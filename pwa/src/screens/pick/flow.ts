/**
 * Why: what a picker's scan or tap means, from the offer to the handed-over cart, in one table.
 *
 * Everything but the claim is judged here, on the device, at once: it works on with no network.
 */

import { commandOf, type Scan } from "../../core/barcode";
import { holds, isAsItWas, isSame, type Begun } from "../../core/begun";
import { AT_BIN, countTyped, isWrong, judge, toteFor, type Standing, type Verdict } from "../../core/judge";
import { machine, type Effect, type Input as Common, type Machine, type Said, type Step } from "../../core/machine";
import type { Answer } from "../../core/queue";
import { feedback, notDue, outcome, spoken, textual, wrong } from "../../core/said";
import {
  afterDone, afterShort, afterSkip, afterUndo, countOf, currentStop, expectedAt, forgetStop, leftOf, merged, newsOf, slotWithoutTote, stopOf, totesOf, withTote,
  type News, type Offer, type QueueView, type Tour, type TourSlot, type TourStop,
} from "../../core/tour";

export const SHORT_REASONS = ["empty", "not_found", "damaged", "blocked"] as const;
export type ShortReason = (typeof SHORT_REASONS)[number];

/** The tour that was handed over last, as it was then: a view that is no newer was read before and shows it once more. */
interface Left {
  readonly tour: string;
  readonly version: number;
}

/** What can be taken back: the command, and its stop as it was before. */
interface Last {
  readonly command: string;
  readonly before: TourStop;
}

/** What was confirmed of the stop where the person stands. `resumed`: it was so before a reload, and nothing since. */
interface Under {
  readonly stop: TourStop;
  readonly at: Standing;
  readonly resumed: boolean;
  /** The rest is missing, and why: it is written down when what is in hand has its tote. */
  readonly short: ShortReason | null;
}

/** What a person was told and has not acknowledged yet: kept for a reload. */
export interface Told {
  readonly tour: string;
  readonly news: News;
}

interface Shared {
  readonly language: string;
  readonly person: string;
}
interface Held extends Shared {
  readonly tour: Tour;
}
/** Scans that came while the device or the server was still asked: judged in their order as soon as it is known. */
interface Waiting {
  readonly early: readonly Scan[];
  /** No answer came in time: it waits on the device and goes on by itself. */
  readonly late: boolean;
}

export type State =
  | ({ readonly mode: "offers"; readonly offers: readonly Offer[]; readonly putBacks: number; readonly counts: number; readonly left: Left | null; readonly known: boolean; readonly taking: string | null; readonly fault: Said | null } & Shared & Waiting)
  | ({ readonly mode: "cart"; readonly asking: string | null } & Held & Waiting)
  /** `again`: the slot that is to get another tote than the one in it. */
  | ({ readonly mode: "totes"; readonly asking: string | null; readonly again: number | null } & Held & Waiting)
  | ({ readonly mode: "stop"; readonly last: Last | null } & Under & Held)
  /** `under`: where the person stood when it came. */
  | ({ readonly mode: "news"; readonly news: News; readonly under: Under | null; readonly last: Last | null } & Held)
  | ({ readonly mode: "finish"; readonly handed: boolean; readonly last: Last | null } & Held);

export type Input =
  | Common
  | { readonly type: "restored"; readonly tour: Tour; readonly begun: Begun | null; readonly told?: Told | null }
  | { readonly type: "queue"; readonly view: QueueView; readonly settled: boolean }
  | { readonly type: "take"; readonly tour: string }
  /** `kind`: of the command that it answers; each is told once. */
  | { readonly type: "answer"; readonly answer: Answer; readonly kind: string }
  | { readonly type: "failed"; readonly why: Said }
  | { readonly type: "late" }
  | { readonly type: "short"; readonly reason: ShortReason; readonly id: string }
  | { readonly type: "skip"; readonly reason: "blocked" | "later"; readonly id: string }
  | { readonly type: "undo" }
  | { readonly type: "quantity"; readonly quantity: number }
  | { readonly type: "booked"; readonly command: string; readonly before: TourStop }
  | { readonly type: "hand over"; readonly place: string | null };

export type PickEffect =
  | { readonly type: "ask"; readonly kind: string; readonly body: Readonly<Record<string, string | number>> }
  | { readonly type: "fetch" }
  | { readonly type: "keep"; readonly tour: Tour | null }
  | { readonly type: "begun"; readonly begun: Begun | null }
  | { readonly type: "told"; readonly told: Told | null };

export type All = Effect | PickEffect;
type Next = Step<State, All>;

const go = (state: State, ...effects: readonly All[]): Next => ({ state, effects });

export const SAVED = "pick.tour";
export const TOLD = "pick.told";

type Idle = Extract<State, { mode: "offers" }>;
export const start = (language: string, person: string): Idle => ({ mode: "offers", language, person, offers: [], putBacks: 0, counts: 0, left: null, known: false, taking: null, fault: null, early: [], late: false });

// --- where the tour stands

/** The mode that a tour is in: it needs a cart, totes, a walk, or only to be handed over. */
function standing({ language, person }: Shared, tour: Tour, last: Last | null = null): State {
  const held: Held = { language, person, tour };
  if (tour.cart === null && tour.state === "taken") return { mode: "cart", ...held, asking: null, early: [], late: false };
  if (slotWithoutTote(tour) !== null && tour.state === "taken") return { mode: "totes", ...held, asking: null, again: null, early: [], late: false };
  const stop = currentStop(tour);
  if (stop === null) return { mode: "finish", ...held, handed: tour.handed === true, last };
  return { mode: "stop", ...held, stop, at: AT_BIN, resumed: false, short: null, last };
}

/** After a reload: at the step where this person was, if the stop is as it was; else on the way to it. What was not read comes first. */
function reloaded(state: Idle, tour: Tour, begun: Begun | null, told: Told | null): Next {
  const next = standing(state, tour);
  const walks = next.mode === "stop" || next.mode === "finish";
  const stop = begun === null ? undefined : stopOf(tour, begun.stop.task);
  const held = walks && begun !== null && stop !== undefined && holds(begun, state.person, stop);
  const under: Under | null = held ? { stop, at: begun.at, resumed: true, short: (begun.short ?? null) as ShortReason | null } : null;
  const forget: readonly All[] = begun !== null && under === null ? [{ type: "begun", begun: null }] : [];
  if (walks && told?.tour === tour.id) return go({ mode: "news", language: state.language, person: state.person, tour, news: told.news, under, last: null }, ...forget);
  return go(under !== null && next.mode === "stop" ? { ...next, ...under } : next, ...forget);
}

/** Where the person stands, once anything is confirmed there. */
function underOf(state: State): Under | null {
  if (state.mode === "news") return state.under;
  if (state.mode !== "stop" || state.at.phase === "bin") return null;
  const { stop, at, resumed, short } = state;
  return { stop, at, resumed, short };
}

/** What is confirmed of the stop, to be kept. */
function begunOf(state: State): Begun | null {
  const under = underOf(state);
  return under === null || !("person" in state) ? null : { person: state.person, stop: under.stop, at: under.at, short: under.short };
}

const toldOf = (state: State): Told | null => (state.mode === "news" ? { tour: state.tour.id, news: state.news } : null);

const keep = (tour: Tour | null): PickEffect => ({ type: "keep", tour });

/** Nothing in hand: my tour if I have one (begun on another device, say), or what is offered. */
function offered(state: Extract<State, { mode: "offers" }>, view: QueueView): Next {
  const { left } = state;
  const mine = Object.values(view.tours).find((tour) => left === null || tour.id !== left.tour || tour.version > left.version);
  if (mine !== undefined) return go(standing(state, mine), keep(mine));
  return go({ ...state, ...offering(view) });
}

const offering = (view: QueueView): Pick<Idle, "offers" | "putBacks" | "counts" | "known"> => ({
  offers: Object.values(view.offers).sort((a, b) => Date.parse(a.cutoff_at) - Date.parse(b.cutoff_at) || a.number - b.number),
  putBacks: countOf(view.loose, "put_back"),
  counts: countOf(view.loose, "count"),
  known: true,
});

function fromQueue(state: Extract<State, Held>, view: QueueView, settled: boolean): Next {
  const theirs = view.tours[state.tour.id];
  if (theirs === undefined) return settled ? gone(state, view) : go(state);
  // Everything is answered and it is still mine: it was not handed over after all.
  const tour = merged(settled ? { ...state.tour, handed: false } : state.tour, theirs);
  const last = "last" in state ? state.last : null;
  const news = newsOf(state.tour, tour);
  if (news.cancelled.length + news.moved.length + news.putBacks.length > 0 && state.mode !== "cart" && state.mode !== "totes") {
    const shown = state.mode === "news" ? both(state.news, news) : news;
    return go({ mode: "news", language: state.language, person: state.person, tour, news: shown, under: underOf(state), last }, keep(tour));
  }
  const next = refreshed(state, tour, last);
  return go(next, keep(tour), ...(state.mode === "stop" ? tookAway(underOf(state), tour, next) : []));
}

const both = (a: News, b: News): News => ({
  cancelled: joined(a.cancelled, b.cancelled),
  moved: joined(a.moved, b.moved),
  putBacks: joined(a.putBacks, b.putBacks),
});
const joined = (a: readonly TourStop[], b: readonly TourStop[]): readonly TourStop[] => [...a, ...b.filter(({ task }) => !a.some((each) => each.task === task))];

/** What the server's word took from under the hands: said, with what to do with what is in them. */
function tookAway(under: Under | null, tour: Tour, next: State): readonly Effect[] {
  if (under === null) return [];
  const { stop, at } = under;
  const back = (n: number): readonly Said[] => (n === 0 ? [] : [{ key: "pick.putInHandBack", params: { n, bin: stop.bin.code } }]);
  if (next.mode === "stop" && next.stop.task === stop.task) {
    const tooMany = next.at.phase === "bin" ? 0 : at.counted - next.at.counted;
    return tooMany === 0 ? [] : [wrong({ key: "pick.fewerWanted", params: { n: next.at.counted } }, ...back(tooMany))];
  }
  const done = stopOf(tour, stop.task)?.state === "done";
  return [wrong({ key: done ? "pick.doneElsewhere" : "pick.stopGone", params: { bin: stop.bin.code } }, ...back(at.counted))];
}

/** The news are read: back to where the person stood, with what is in hand. */
function wentOn(state: Extract<State, { mode: "news" }>): Next {
  const { language, person, tour, under, last, news } = state;
  if (under === null) return go(standing(state, tour, last));
  const next = refreshed({ mode: "stop", language, person, tour, ...under, last }, tour, last);
  const read = [...news.cancelled, ...news.moved].some(({ task }) => task === under.stop.task);
  return go(next, ...(read ? [] : tookAway(under, tour, next)));
}

/** The same place in the newer tour: what is in hand stays in hand. */
function refreshed(state: Extract<State, Held>, tour: Tour, last: Last | null): State {
  switch (state.mode) {
    case "stop": {
      const next = currentStop(tour);
      const mine = stopOf(tour, state.stop.task);
      const begun = state.at.phase !== "bin" && mine !== undefined && leftOf(mine) > 0;
      if (begun && (!state.resumed || isAsItWas(state.stop, mine))) {
        const counted = Math.min(state.at.counted, leftOf(mine));
        const full = mine.kind === "pick" && counted === leftOf(mine);
        return { ...state, tour, stop: mine, at: { phase: full ? "tote" : state.at.phase, counted } };
      }
      return next === null ? standing(state, tour, last) : { ...state, tour, stop: next, at: AT_BIN, resumed: false, short: null };
    }
    case "news":
      return { ...state, tour };
    case "finish":
      return currentStop(tour) === null ? { ...state, tour, handed: tour.handed === true } : standing(state, tour, last);
    case "cart":
    case "totes": {
      if (state.asking !== null) return { ...state, tour };
      const next = standing(state, tour);
      return state.mode === "totes" && next.mode === "totes" ? { ...next, again: state.again } : next;
    }
  }
}

/** The tour is no longer mine: handed over, or given to somebody else. */
function gone(state: Extract<State, Held>, view: QueueView): Next {
  const offers: Idle = { ...start(state.language, state.person), ...offering(view) };
  if (state.mode === "finish" && state.handed) return go(offers, keep(null));
  return go(offers, keep(null), wrong({ key: "pick.reassigned", params: { tour: String(state.tour.number) } }));
}

// --- a stop

function verdictAt(state: Extract<State, { mode: "stop" }>, verdict: Verdict, newId: () => string, scan: Scan | null): Next {
  const said = outcome(verdict.outcome, { ...textual(verdict.params ?? {}), slot: state.stop.slot ?? 0 });
  if (verdict.book !== undefined && verdict.book > 0) return withRest(state, book(state, verdict.book, newId(), scan), newId);
  if (verdict.outcome === "unknown_barcode") return go(state, wrong({ key: "floor.wrong.unknown_barcode" }, { key: "common.said", params: { text: verdict.params?.["got"] ?? "" } }, dueAt(state)));
  if (isWrong(verdict.outcome)) return go(state, wrong({ key: `floor.wrong.${verdict.outcome}` }, said, ...mending(state, verdict)));
  const short = verdict.state.counted === state.at.counted ? state.short : null;
  return go({ ...state, at: verdict.state, resumed: false, short }, feedback("right", said, ...after(state, verdict)));
}

/** What is due now. */
function dueAt({ at, stop }: Extract<State, { mode: "stop" }>): Said {
  if (at.phase === "tote") return { key: "pick.scanToteOf", params: { tote: stop.tote ?? "" } };
  return { key: at.phase === "bin" ? "pick.scanBin" : "pick.scanItem" };
}

/** What was in hand has its tote: now the rest of it is missing, where a person has said so. */
function withRest(state: Written, booked: Next, newId: () => string): Next {
  const here = booked.state;
  if (state.short === null || !("tour" in here)) return booked;
  const stop = stopOf(here.tour, state.stop.task);
  if (stop === undefined || leftOf(stop) === 0) return booked;
  const then = shorted({ ...state, tour: here.tour, stop }, leftOf(stop), state.short, newId());
  return go(then.state, ...booked.effects.filter((effect) => effect.type === "command"), ...then.effects);
}

/** What to do about it, under the words of what is wrong. */
function mending(state: Extract<State, { mode: "stop" }>, verdict: Verdict): readonly Said[] {
  if (verdict.outcome === "wrong_item" || verdict.outcome === "over_pick") return [{ key: "floor.putItBack", params: { bin: state.stop.bin.code } }];
  if (verdict.outcome === "wrong_bin") return [{ key: "floor.goTo", params: { bin: state.stop.bin.code } }];
  return [];
}

const after = (state: Extract<State, { mode: "stop" }>, verdict: Verdict): readonly Said[] =>
  verdict.state.phase === "tote" && state.stop.kind === "pick" ? [{ key: "pick.thenSlot", params: { slot: state.stop.slot ?? 0 } }] : [];

/** The goods are in the tote (or back in the bin): a fact, written down with the tour as it is now. */
function book(state: Extract<State, { mode: "stop" }>, units: number, id: string, scan: Scan | null): Next {
  const { stop, tour } = state;
  const next = afterDone(tour, stop.task, units);
  const put = stop.kind === "put_back";
  const body = put
    ? { task: stop.task, qty: units, bin: `B-${stop.bin.code}` }
    : { task: stop.task, qty: units, bin: `B-${stop.bin.code}`, item: codeOf(tour, stop), tote: stop.tote ?? "", slot: stop.slot ?? 1, lot: stop.lot === "" ? null : stop.lot, manual: scan === null };
  return written(state, next, put ? "put_back" : "pick", body, id, (following) =>
    following === null
      ? feedback("done", { key: "outcome:tour_done" }, { key: "pick.handOverNext" })
      : put
        ? feedback("done", outcome("put_back", { quantity: units, bin: stop.bin.code }))
        : following.task === stop.task
          ? feedback("right", outcome("picked", { quantity: units, slot: stop.slot ?? 0 }))
          : feedback("done", outcome("stop_done", { bin: following.bin.code }), { key: "pick.inSlot", params: { n: units, slot: stop.slot ?? 0 } }),
  );
}

const codeOf = (tour: Tour, stop: TourStop): string => tour.items[stop.item]?.barcodes[0]?.code ?? stop.item;

type Written = Extract<State, { mode: "stop" }>;

/** A command and the tour that follows from it, kept in one storage transaction. */
function written(state: Written, next: Tour, kind: string, body: Readonly<Record<string, string | number | boolean | null>>, id: string, say: (following: TourStop | null) => Effect): Next {
  const last: Last = { command: id, before: state.stop };
  const following = currentStop(next);
  const mode = standing(state, next, last);
  const moved: State = mode.mode === "stop" && mode.stop.task === state.stop.task ? { ...mode, at: { phase: "item", counted: 0 } } : mode;
  const command: Effect = { type: "command", command: { id, kind, body, version: state.stop.version, saves: { [SAVED]: next } } };
  return go(moved, say(following), command);
}

/** Whatever was done last at this stop: said that the rest is missing, scanned into the hand; else the last command. */
function undone(state: Written, newId: () => string): Next {
  if (state.short !== null) return go({ ...state, at: { phase: "item", counted: state.at.counted }, short: null }, feedback("right", outcome("undone")));
  if (state.at.counted > 0) return go({ ...state, at: { phase: "item", counted: 0 } }, feedback("right", outcome("undone")));
  return taken(state, newId());
}

function taken(state: Extract<State, { mode: "stop" | "finish" | "news" }>, id: string): Next {
  if (state.last === null) return go(state, wrong(outcome("nothing_to_undo")));
  const tour = afterUndo(state.tour, state.last.before);
  const command: Effect = { type: "command", command: { id, kind: "undo", body: { command: state.last.command }, saves: { [SAVED]: tour } } };
  return go(standing(state, tour), feedback("right", outcome("undone")), command);
}

/** An answer that differs from what the device believed about a stop: the server's word about it is fetched. */
function corrected(state: Extract<State, Held>, answer: Answer): Next {
  const refused = answer.severity === "error" || answer.outcome === "set_aside";
  const known = refused && "last" in state && state.last?.command === answer.id ? { ...state, last: null } : state;
  if (answer.task === null || answer.severity === "ok") return go(known);
  return go({ ...known, tour: forgetStop(state.tour, answer.task) }, { type: "fetch" });
}

/** The slot that gets a tote now: the next without one, or the one whose tote is to be another. */
export const slotDue = ({ tour, again }: Extract<State, { mode: "totes" }>): TourSlot | null =>
  (again === null ? undefined : tour.slots.find(({ slot }) => slot === again)) ?? slotWithoutTote(tour);

/** The tote that was scanned last may be another one, while the cart is being loaded; once more, and it stays. */
function toteAgain(state: Extract<State, { mode: "totes" }>): Next {
  if (state.asking !== null) return go(state);
  if (state.again !== null) return go({ ...state, again: null });
  const filled = state.tour.slots.filter(({ tote }) => tote !== null).at(-1);
  return filled === undefined ? go(state, wrong(outcome("nothing_to_undo"))) : go({ ...state, again: filled.slot });
}

/** A scan for what waits; the trigger's second beep of the same code is none. */
function waits<S extends Extract<State, Waiting>>(state: S, scan: Scan): Next {
  const code = scan.code ?? scan.raw;
  const before = state.early.at(-1);
  const same = before === undefined ? "asking" in state && state.asking === code : (before.code ?? before.raw) === code;
  return go(same || state.early.length >= 50 ? state : ({ ...state, early: [...state.early, scan] } as State));
}

/** How the flow makes ids: given by the screen, so that the flow stays pure. */
export const makeFlow = (newId: () => string) => {
  /** The scans that waited, one after another; a wrong one stops there, as it does under the hand. */
  const caughtUp = (next: Next, early: readonly Scan[]): Next => {
    let { state } = next;
    const effects = [...next.effects];
    for (const scan of early) {
      if (effects.some((effect) => effect.type === "feedback" && effect.feedback.kind === "wrong")) break;
      const step = flow.step(state, { type: "scan", scan });
      state = step.state;
      effects.push(...step.effects);
    }
    return go(state, ...effects);
  };

  const flow = machine<State, Input, All>({
    offers: {
      restored: (state, { tour, begun, told }) => caughtUp(reloaded(state, tour, begun, told ?? null), state.early),
      queue: (state, { view }) => caughtUp(offered({ ...state, early: [] }, view), state.early),
      scan: (state, { scan }) => {
        if (!state.known) return go(state.early.length >= 50 ? state : { ...state, early: [...state.early, scan] });
        if (state.taking !== null) return waits(state, scan);
        return go(state, wrong({ key: "pick.takeFirst" }, { key: state.offers.length === 0 ? "pick.nothingMore" : "pick.takeFirstMore" }));
      },
      take: (state, { tour }) => go({ ...state, taking: tour, fault: null }, { type: "ask", kind: "tour.take", body: { tour } }),
      answer: (state, { answer, kind }) => {
        if (kind !== "tour.take") return go(state);
        if (answer.severity === "ok") return go(state, feedback("done", spoken(answer)), { type: "fetch" });
        return go({ ...state, taking: null, early: [], late: false, fault: spoken(answer) }, wrong(spoken(answer)));
      },
      failed: (state, { why }) => go({ ...state, taking: null, early: [], late: false, fault: why }),
      late: (state) => go({ ...state, late: state.taking !== null }),
    },
    cart: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      scan: (state, { scan }) => {
        if (state.asking !== null) return waits(state, scan);
        if (scan.kind !== "cart") return go(state, notDue(scan, "cart", { key: "pick.scanCart" }));
        const cart = scan.code ?? scan.raw;
        return go({ ...state, asking: cart }, { type: "ask", kind: "tour.cart", body: { tour: state.tour.id, cart } });
      },
      answer: (state, { answer, kind }) => {
        if (kind !== "tour.cart") return go(state);
        if (answer.severity !== "ok") return go({ ...state, asking: null, early: [], late: false }, wrong(spoken(answer)));
        const tour = { ...state.tour, cart: String(answer.params["cart"] ?? "") };
        return caughtUp(go(standing(state, tour), feedback("right", spoken(answer)), keep(tour)), state.early);
      },
      failed: (state, { why }) => go({ ...state, asking: null, early: [], late: false }, wrong(why)),
      late: (state) => go({ ...state, late: state.asking !== null }),
    },
    totes: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      scan: (state, { scan }) => {
        const slot = slotDue(state);
        if (state.asking !== null || slot === null) return waits(state, scan);
        if (commandOf(scan) === "UNDO") return toteAgain(state);
        if (scan.kind !== "tote") return go(state, notDue(scan, "tote", { key: "pick.scanTote", params: { slot: slot.slot } }));
        const tote = scan.code ?? scan.raw;
        const against = toteFor({ slot: slot.slot, standing: totesOf(state.tour), busy: state.tour.busy_totes }, tote);
        if (against !== null) return go(state, wrong(outcome(against.outcome, against.params)));
        return go({ ...state, asking: tote }, { type: "ask", kind: "tour.tote", body: { tour: state.tour.id, slot: slot.slot, tote } });
      },
      answer: (state, { answer, kind }) => {
        if (kind !== "tour.tote") return go(state);
        if (answer.severity !== "ok") return go({ ...state, asking: null, early: [], late: false }, wrong(spoken(answer)));
        const tour = withTote(state.tour, Number(answer.params["slot"]), String(answer.params["tote"]));
        const next = standing(state, tour);
        return caughtUp(go(next, feedback(next.mode === "totes" ? "right" : "done", spoken(answer)), keep(tour)), state.early);
      },
      undo: toteAgain,
      failed: (state, { why }) => go({ ...state, asking: null, early: [], late: false }, wrong(why)),
      late: (state) => go({ ...state, late: state.asking !== null }),
    },
    stop: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      scan: (state, { scan }) => {
        const command = commandOf(scan);
        if (command === "UNDO") return undone(state, newId);
        if (command === "SKIP") return skipped(state, "later", newId);
        return verdictAt(state, judge(expectedAt(state.tour, state.stop, state.language), state.at, scan), newId, scan);
      },
      quantity: (state, { quantity }) => verdictAt(state, countTyped(expectedAt(state.tour, state.stop, state.language), state.at, quantity), newId, null),
      short: (state, { reason }) => {
        const { counted } = state.at;
        const missing = leftOf(state.stop) - counted;
        if (missing === 0) return go(state, wrong({ key: "pick.nothingShort", params: { n: counted } }, { key: "pick.nothingShortMore" }));
        if (counted === 0) return shorted(state, missing, reason, newId());
        // Nothing is booked into a tote that nobody has scanned.
        const said = feedback("right", { key: "pick.toteFirst", params: { slot: state.stop.slot ?? 0 } }, { key: "pick.thenShort", params: { n: missing } });
        return go({ ...state, at: { phase: "tote", counted }, resumed: false, short: reason }, said);
      },
      skip: (state, { reason }) => skipped(state, reason, newId),
      undo: (state) => undone(state, newId),
      answer: (state, { answer }) => corrected(state, answer),
    },
    news: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      tap: wentOn,
      scan: wentOn,
      answer: (state, { answer }) => corrected(state, answer),
    },
    finish: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      scan: (state, { scan }) => {
        if (commandOf(scan) === "UNDO") return doneUndone(state, newId);
        if (scan.kind !== "station") return go(state, notDue(scan, "station", { key: "pick.scanStation" }));
        if (state.handed) return go(state);
        return handedOver(state, scan.code ?? null, newId());
      },
      tap: (state) => go(state, { type: "fetch" }),
      failed: (state, { why }) => go(state, wrong(why)),
      "hand over": (state, { place }) => handedOver(state, place, newId()),
      undo: (state) => doneUndone(state, newId),
      answer: (state, { answer, kind }) => {
        if (kind !== "tour.finish") return corrected(state, answer);
        const left = { tour: state.tour.id, version: answer.version ?? Infinity };
        // The queue may have said what is next before the answer came, and then says nothing more: it is asked.
        if (answer.severity === "ok") return go({ ...start(state.language, state.person), left }, keep(null), feedback("done", spoken(answer)), { type: "fetch" });
        const tour = { ...state.tour, handed: false };
        return go({ ...state, tour, handed: false }, keep(tour), wrong(spoken(answer)));
      },
    },
  });
  return keeping(flow);
};

/** Whatever a person confirms of a stop is kept, for a reload, and what they have not read yet; what the server changes under their hands nobody has confirmed. */
const keeping = ({ step }: Machine<State, Input, All>): Machine<State, Input, All> => ({
  step: (state, input) => {
    const next = step(state, input);
    const [before, begun] = [begunOf(state), begunOf(next.state)];
    const unconfirmed = input.type === "queue" && before !== null && begun !== null;
    const [was, told] = [toldOf(state), toldOf(next.state)];
    // The news before the tour in which they are no news any more.
    const first: readonly All[] = was?.news === told?.news ? [] : [{ type: "told", told }];
    const then: readonly All[] = unconfirmed || isSame(before, begun) ? [] : [{ type: "begun", begun }];
    return go(next.state, ...first, ...next.effects, ...then);
  },
});

function shorted(state: Written, missing: number, reason: ShortReason, id: string): Next {
  const next = afterShort(state.tour, state.stop.task, missing);
  return written(state, next, "short", { task: state.stop.task, missing, reason }, id, () => feedback("done", outcome("shorted", { missing })));
}

function skipped(state: Written, reason: "blocked" | "later", newId: () => string): Next {
  const { counted } = state.at;
  if (counted > 0) return go(state, wrong({ key: "pick.noSkip", params: { n: counted } }, { key: "pick.noSkipMore" }));
  const id = newId();
  const next = afterSkip(state.tour, state.stop.task);
  return written(state, next, "skip", { task: state.stop.task, reason }, id, () => feedback("right", outcome("skipped"), ...(reason === "blocked" ? [{ key: "pick.blockedNoted", params: { bin: state.stop.bin.code } }] : [])));
}

function handedOver(state: Extract<State, { mode: "finish" }>, place: string | null, id: string): Next {
  const tour = { ...state.tour, handed: true };
  const command: Effect = { type: "command", command: { id, kind: "tour.finish", body: { tour: tour.id, place }, asked: true, saves: { [SAVED]: tour } } };
  return go({ ...state, tour, handed: true }, command);
}

const doneUndone = (state: Extract<State, { mode: "finish" }>, newId: () => string): Next =>
  state.handed ? go(state, wrong(outcome("nothing_to_undo"))) : taken(state, newId());
