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
import { feedback, foreign, outcome, spoken, textual, wrong } from "../../core/said";
import {
  afterDone, afterShort, afterSkip, afterUndo, countOf, currentStop, expectedAt, forgetStop, leftOf, merged, newsOf, slotWithoutTote, stopOf, totesOf, withTote,
  type News, type Offer, type QueueView, type Tour, type TourStop,
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
}

export type State =
  | ({ readonly mode: "offers"; readonly offers: readonly Offer[]; readonly putBacks: number; readonly counts: number; readonly left: Left | null; readonly known: boolean; readonly taking: string | null; readonly fault: Said | null } & Shared & Waiting)
  | ({ readonly mode: "cart"; readonly asking: string | null } & Held & Waiting)
  | ({ readonly mode: "totes"; readonly asking: string | null } & Held & Waiting)
  /** `resumed`: what is confirmed was so before a reload, and nothing since. */
  | ({ readonly mode: "stop"; readonly stop: TourStop; readonly at: Standing; readonly resumed: boolean; readonly last: Last | null } & Held)
  | ({ readonly mode: "news"; readonly news: News; readonly last: Last | null } & Held)
  | ({ readonly mode: "finish"; readonly handed: boolean; readonly last: Last | null } & Held);

export type Input =
  | Common
  | { readonly type: "restored"; readonly tour: Tour; readonly begun: Begun | null }
  | { readonly type: "queue"; readonly view: QueueView; readonly settled: boolean }
  | { readonly type: "take"; readonly tour: string }
  /** `kind`: of the command that it answers; each is told once. */
  | { readonly type: "answer"; readonly answer: Answer; readonly kind: string }
  | { readonly type: "failed"; readonly why: Said }
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
  | { readonly type: "begun"; readonly begun: Begun | null };

export type All = Effect | PickEffect;
type Next = Step<State, All>;

const go = (state: State, ...effects: readonly All[]): Next => ({ state, effects });

export const SAVED = "pick.tour";

type Idle = Extract<State, { mode: "offers" }>;
export const start = (language: string, person: string): Idle => ({ mode: "offers", language, person, offers: [], putBacks: 0, counts: 0, left: null, known: false, taking: null, fault: null, early: [] });

// --- where the tour stands

/** The mode that a tour is in: it needs a cart, totes, a walk, or only to be handed over. */
function standing({ language, person }: Shared, tour: Tour, last: Last | null = null): State {
  const held: Held = { language, person, tour };
  if (tour.cart === null && tour.state === "taken") return { mode: "cart", ...held, asking: null, early: [] };
  if (slotWithoutTote(tour) !== null && tour.state === "taken") return { mode: "totes", ...held, asking: null, early: [] };
  const stop = currentStop(tour);
  if (stop === null) return { mode: "finish", ...held, handed: false, last };
  return { mode: "stop", ...held, stop, at: AT_BIN, resumed: false, last };
}

/** After a reload: at the step where this person was, if the stop is as it was; else on the way to it. */
function reloaded(state: Idle, tour: Tour, begun: Begun | null): Next {
  const next = standing(state, tour);
  if (begun === null) return go(next);
  const stop = stopOf(tour, begun.stop.task);
  if (next.mode !== "stop" || stop === undefined || !holds(begun, state.person, stop)) return go(next, { type: "begun", begun: null });
  return go({ ...next, stop, at: begun.at, resumed: true });
}

/** What is confirmed of the stop, to be kept. */
const begunOf = (state: State): Begun | null =>
  state.mode === "stop" && state.at.phase !== "bin" ? { person: state.person, stop: state.stop, at: state.at } : null;

const keep = (tour: Tour | null): PickEffect => ({ type: "keep", tour });

/** Nothing in hand: my tour if I have one (begun on another device, say), or what is offered. */
function offered(state: Extract<State, { mode: "offers" }>, view: QueueView): Next {
  const { left } = state;
  const mine = Object.values(view.tours).find((tour) => left === null || tour.id !== left.tour || tour.version > left.version);
  if (mine !== undefined) return go(standing(state, mine), keep(mine));
  return go({ ...state, ...offering(view) });
}

const offering = (view: QueueView): Pick<Idle, "offers" | "putBacks" | "counts" | "known"> => ({
  offers: Object.values(view.offers),
  putBacks: countOf(view.loose, "put_back"),
  counts: countOf(view.loose, "count"),
  known: true,
});

function fromQueue(state: Extract<State, Held>, view: QueueView, settled: boolean): Next {
  const theirs = view.tours[state.tour.id];
  if (theirs === undefined) return settled ? gone(state, view) : go(state);
  const tour = merged(state.tour, theirs);
  const last = "last" in state ? state.last : null;
  const news = newsOf(state.tour, tour);
  if (news.cancelled.length + news.moved.length + news.putBacks.length > 0 && state.mode !== "cart" && state.mode !== "totes") {
    const shown = state.mode === "news" ? both(state.news, news) : news;
    return go({ mode: "news", language: state.language, person: state.person, tour, news: shown, last }, keep(tour));
  }
  return go(refreshed(state, tour, last), keep(tour));
}

const both = (a: News, b: News): News => ({
  cancelled: [...a.cancelled, ...b.cancelled],
  moved: [...a.moved, ...b.moved],
  putBacks: [...a.putBacks, ...b.putBacks],
});

/** The same place in the newer tour: what is in hand stays in hand. */
function refreshed(state: Extract<State, Held>, tour: Tour, last: Last | null): State {
  switch (state.mode) {
    case "stop": {
      const next = currentStop(tour);
      const mine = stopOf(tour, state.stop.task);
      const begun = state.at.phase !== "bin" && mine !== undefined && leftOf(mine) > 0;
      if (begun && (!state.resumed || isAsItWas(state.stop, mine))) {
        return { ...state, tour, stop: mine, at: { ...state.at, counted: Math.min(state.at.counted, leftOf(mine)) } };
      }
      return next === null ? standing(state, tour, last) : { ...state, tour, stop: next, at: AT_BIN, resumed: false };
    }
    case "news":
      return { ...state, tour };
    case "finish":
      return currentStop(tour) === null ? { ...state, tour } : standing(state, tour, last);
    case "cart":
    case "totes":
      return state.asking !== null ? { ...state, tour } : standing(state, tour);
  }
}

/** The tour is no longer mine: handed over, or given to somebody else. */
function gone(state: Extract<State, Held>, view: QueueView): Next {
  const offers: Idle = { ...start(state.language, state.person), ...offering(view) };
  if (state.mode === "finish" && state.handed) return go(offers, keep(null));
  return go(offers, keep(null), wrong({ key: "pick.reassigned", params: { tour: String(state.tour.number) } }));
}

// --- a stop

function verdictAt(state: Extract<State, { mode: "stop" }>, verdict: Verdict, id: string, scan: Scan | null): Next {
  const said = outcome(verdict.outcome, { ...textual(verdict.params ?? {}), slot: state.stop.slot ?? 0 });
  if (verdict.book !== undefined && verdict.book > 0) return book(state, verdict.book, id, scan);
  if (isWrong(verdict.outcome)) return go(state, wrong({ key: `floor.wrong.${verdict.outcome}` }, said, ...mending(state, verdict)));
  return go({ ...state, at: verdict.state, resumed: false }, feedback("right", said, ...after(state, verdict)));
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

function taken(state: Extract<State, { mode: "stop" | "finish" | "news" }>, id: string): Next {
  if (state.last === null) return go(state, wrong(outcome("nothing_to_undo")));
  const tour = afterUndo(state.tour, state.last.before);
  const command: Effect = { type: "command", command: { id, kind: "undo", body: { command: state.last.command }, saves: { [SAVED]: tour } } };
  return go(standing(state, tour), feedback("right", outcome("undone")), command);
}

/** An answer that differs from what the device believed about a stop: the server's word about it is fetched. */
function corrected(state: Extract<State, Held>, answer: Answer): Next {
  if (answer.task === null || answer.severity === "ok") return go(state);
  return go({ ...state, tour: forgetStop(state.tour, answer.task) }, { type: "fetch" });
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
      restored: (state, { tour, begun }) => caughtUp(reloaded(state, tour, begun), state.early),
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
        return go({ ...state, taking: null, early: [], fault: spoken(answer) }, wrong(spoken(answer)));
      },
      failed: (state, { why }) => go({ ...state, taking: null, early: [], fault: why }),
    },
    cart: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      scan: (state, { scan }) => {
        if (state.asking !== null) return waits(state, scan);
        if (scan.kind !== "cart") return go(state, wrong(foreign(scan, "cart")));
        const cart = scan.code ?? scan.raw;
        return go({ ...state, asking: cart }, { type: "ask", kind: "tour.cart", body: { tour: state.tour.id, cart } });
      },
      answer: (state, { answer, kind }) => {
        if (kind !== "tour.cart") return go(state);
        if (answer.severity !== "ok") return go({ ...state, asking: null, early: [] }, wrong(spoken(answer)));
        const tour = { ...state.tour, cart: String(answer.params["cart"] ?? "") };
        return caughtUp(go(standing(state, tour), feedback("right", spoken(answer)), keep(tour)), state.early);
      },
      failed: (state, { why }) => go({ ...state, asking: null, early: [] }, wrong(why)),
    },
    totes: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      scan: (state, { scan }) => {
        const slot = slotWithoutTote(state.tour);
        if (state.asking !== null || slot === null) return waits(state, scan);
        if (scan.kind !== "tote") return go(state, wrong(foreign(scan, "tote")));
        const tote = scan.code ?? scan.raw;
        const against = toteFor({ slot: slot.slot, standing: totesOf(state.tour), busy: state.tour.busy_totes }, tote);
        if (against !== null) return go(state, wrong(outcome(against.outcome, against.params)));
        return go({ ...state, asking: tote }, { type: "ask", kind: "tour.tote", body: { tour: state.tour.id, slot: slot.slot, tote } });
      },
      answer: (state, { answer, kind }) => {
        if (kind !== "tour.tote") return go(state);
        if (answer.severity !== "ok") return go({ ...state, asking: null, early: [] }, wrong(spoken(answer)));
        const tour = withTote(state.tour, Number(answer.params["slot"]), String(answer.params["tote"]));
        const next = standing(state, tour);
        return caughtUp(go(next, feedback(next.mode === "totes" ? "right" : "done", spoken(answer)), keep(tour)), state.early);
      },
      failed: (state, { why }) => go({ ...state, asking: null, early: [] }, wrong(why)),
    },
    stop: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      scan: (state, { scan }) => {
        const command = commandOf(scan);
        if (command === "UNDO") return taken(state, newId());
        if (command === "SKIP") return skipped(state, "later", newId());
        return verdictAt(state, judge(expectedAt(state.tour, state.stop, state.language), state.at, scan), newId(), scan);
      },
      quantity: (state, { quantity }) => verdictAt(state, countTyped(expectedAt(state.tour, state.stop, state.language), state.at, quantity), newId(), null),
      short: (state, { reason }) => {
        const missing = leftOf(state.stop) - state.at.counted;
        const id = newId();
        if (state.at.counted === 0) return shorted(state, missing, reason, id);
        const booked = book(state, state.at.counted, newId(), null);
        const here = booked.state;
        if (!("tour" in here)) return booked;
        const stop = stopOf(here.tour, state.stop.task) ?? state.stop;
        const then = shorted({ ...state, tour: here.tour, stop, at: AT_BIN }, missing, reason, id);
        return go(then.state, ...booked.effects.filter((effect) => effect.type === "command"), ...then.effects);
      },
      skip: (state, { reason }) => skipped(state, reason, newId()),
      undo: (state) => (state.at.counted > 0 ? go({ ...state, at: { phase: "item", counted: 0 } }, feedback("right", outcome("undone"))) : taken(state, newId())),
      answer: (state, { answer }) => corrected(state, answer),
    },
    news: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      tap: (state) => go(standing(state, state.tour, state.last)),
      scan: (state) => go(standing(state, state.tour, state.last)),
      answer: (state, { answer }) => corrected(state, answer),
    },
    finish: {
      queue: (state, { view, settled }) => fromQueue(state, view, settled),
      scan: (state, { scan }) => {
        if (scan.kind !== "station") return go(state, wrong(foreign(scan, "station")));
        if (state.handed) return go(state);
        return handedOver(state, scan.code ?? null, newId());
      },
      tap: (state) => go(state, { type: "fetch" }),
      failed: (state, { why }) => go(state, wrong(why)),
      "hand over": (state, { place }) => handedOver(state, place, newId()),
      undo: (state) => (state.handed ? go(state) : taken(state, newId())),
      answer: (state, { answer, kind }) => {
        if (kind !== "tour.finish") return corrected(state, answer);
        const left = { tour: state.tour.id, version: answer.version ?? Infinity };
        if (answer.severity === "ok") return go({ ...start(state.language, state.person), left }, keep(null), feedback("done", spoken(answer)));
        return go({ ...state, handed: false }, wrong(spoken(answer)));
      },
    },
  });
  return keeping(flow);
};

/** Whatever a person confirms of a stop is kept, for a reload; what the server changes under their hands nobody has confirmed. */
const keeping = ({ step }: Machine<State, Input, All>): Machine<State, Input, All> => ({
  step: (state, input) => {
    const next = step(state, input);
    const [before, begun] = [begunOf(state), begunOf(next.state)];
    const unconfirmed = input.type === "queue" && before !== null && begun !== null;
    return unconfirmed || isSame(before, begun) ? next : go(next.state, ...next.effects, { type: "begun", begun });
  },
});

function shorted(state: Written, missing: number, reason: ShortReason, id: string): Next {
  const next = afterShort(state.tour, state.stop.task, missing);
  return written(state, next, "short", { task: state.stop.task, missing, reason }, id, () => feedback("done", outcome("shorted", { missing })));
}

function skipped(state: Written, reason: "blocked" | "later", id: string): Next {
  const next = afterSkip(state.tour, state.stop.task);
  return written(state, next, "skip", { task: state.stop.task, reason }, id, () => feedback("right", outcome("skipped"), ...(reason === "blocked" ? [{ key: "pick.blockedNoted", params: { bin: state.stop.bin.code } }] : [])));
}

function handedOver(state: Extract<State, { mode: "finish" }>, place: string | null, id: string): Next {
  const command: Effect = { type: "command", command: { id, kind: "tour.finish", body: { tour: state.tour.id, place }, asked: true } };
  return go({ ...state, handed: true }, command);
}
