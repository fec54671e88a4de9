/**
 * Why: put-backs and counts that are on no tour belong to whoever is free: seen, chosen and done, with no network too.
 *
 * Nobody claims one. What the device believes of it is written down with the command; when somebody else was first, the
 * server says so with a card.
 */

import { commandOf, parse, type Scan } from "../../core/barcode";
import { holds, isSame, type Begun } from "../../core/begun";
import { isWrong, notThat } from "../../core/judge";
import { begin, confirmed, judge, typed, type Phase, type Standing, type Verdict } from "../../core/loose";
import { machine, type Effect, type Input as Common, type Machine, type Said, type Step } from "../../core/machine";
import type { Answer } from "../../core/queue";
import { feedback, outcome, wrong } from "../../core/said";
import { expectedOf, isOpen, mergedLoose, openLoose, type LooseHeard, type TourItem, type TourStop } from "../../core/tour";

/** The tasks as this device believes them to be, and their items: kept on it with each command. */
export interface Work {
  readonly tasks: Readonly<Record<string, TourStop>>;
  readonly items: Readonly<Record<string, TourItem>>;
}

/** What can be taken back: the command, and its task as it was before. */
interface Last {
  readonly command: string;
  readonly before: TourStop;
}

interface Shared {
  readonly language: string;
  readonly person: string;
  readonly known: boolean;
  readonly work: Work;
  readonly last: Last | null;
}

export type State =
  | ({ readonly mode: "list" } & Shared)
  | ({ readonly mode: "doing"; readonly task: TourStop; readonly at: Standing } & Shared);

export type Input =
  | Common
  | { readonly type: "restored"; readonly work: Work; readonly heard: LooseHeard | null; readonly begun?: Begun<Phase> | null }
  | { readonly type: "queue"; readonly view: LooseHeard }
  | { readonly type: "choose"; readonly task: string }
  | { readonly type: "seen" }
  | { readonly type: "quantity"; readonly quantity: number }
  | { readonly type: "confirm" }
  | { readonly type: "retype" }
  | { readonly type: "undo" }
  | { readonly type: "back" }
  | { readonly type: "answer"; readonly answer: Answer };

export type TasksEffect =
  | { readonly type: "keep"; readonly work: Work }
  | { readonly type: "begun"; readonly begun: Begun<Phase> | null }
  | { readonly type: "fetch" };
export type All = Effect | TasksEffect;
type Next = Step<State, All>;
type List = Extract<State, { mode: "list" }>;
type Doing = Extract<State, { mode: "doing" }>;

export const SAVED = "tasks.work";

export const start = (language: string, person: string): List => ({ mode: "list", language, person, known: false, work: { tasks: {}, items: {} }, last: null });

const go = (state: State, ...effects: readonly All[]): Next => ({ state, effects });

/** What to do about it, under the words of what is wrong. */
function mending({ task }: Doing, code: string): readonly Said[] {
  if (code === "wrong_bin") return [{ key: "floor.goTo", params: { bin: task.bin.code } }];
  if (code === "wrong_tote") return [{ key: "tasks.wrongTote", params: { tote: task.tote ?? "" } }];
  return [];
}

// --- the list

const listed = ({ language, person, known, work, last }: State): List => ({ mode: "list", language, person, known, work, last });

const doing = (state: State, task: TourStop, at: Standing): Doing => ({ ...listed(state), mode: "doing", task, at });

const wanted = (state: State, task: TourStop): Parameters<typeof begin>[0] => expectedOf(state.work.items, task, state.language);

const begun = ({ task, at, ...state }: Doing): boolean => at.phase !== begin(wanted({ ...state, mode: "list" }, task)).phase || at.counted > 0;

/** What is confirmed of the task, to be kept. */
const begunOf = (state: State): Begun<Phase> | null => (state.mode === "doing" && begun(state) ? { person: state.person, stop: state.task, at: state.at } : null);

/** After a reload: at the task and the step where this person was, if the task is as it was. */
function reloaded(state: List, work: Work, last: LooseHeard | null, before: Begun<Phase> | null): Next {
  const next = last === null ? go({ ...state, work }) : heard({ ...state, work }, last);
  const task = before === null ? undefined : next.state.work.tasks[before.stop.task];
  if (before === null) return next;
  if (task === undefined || !isOpen(task) || !holds(before, state.person, task)) return go(next.state, ...next.effects, { type: "begun", begun: null });
  return go(doing(next.state, task, before.at), ...next.effects);
}

/** The server's word about the tasks; one that a person has begun stays theirs until it is done. */
function heard(state: State, view: LooseHeard): Next {
  const held = state.mode === "doing" && begun(state) ? state.task : null;
  const work: Work = { tasks: mergedLoose(state.work.tasks, view.loose, held), items: { ...(held === null ? {} : itemsOf(state.work, held)), ...view.items } };
  const next = { ...state, known: true, work };
  if (next.mode === "list") return go(next);
  const task = work.tasks[next.task.task];
  if (task === undefined || !isOpen(task)) return go(listed(next), wrong({ key: "tasks.gone" }, { key: "tasks.goneMore" }));
  return go({ ...next, task });
}

function itemsOf(work: Work, task: TourStop): Work["items"] {
  const item = work.items[task.item];
  return item === undefined ? {} : { [task.item]: item };
}

/** A tote or a bin is scanned: the first task that begins there is begun. */
function scanned(state: List, scan: Scan): Next {
  const code = scan.code ?? "";
  const open = openLoose(state.work.tasks);
  if (scan.kind === "tote" || scan.kind === "sscc") {
    const task = open.find((each) => each.kind === "put_back" && each.tote === code);
    return task === undefined ? go(state, wrong({ key: "tasks.nothingOut", params: { tote: code } })) : judged(doing(state, task, begin(wanted(state, task))), scan, "");
  }
  if (scan.kind === "bin") {
    const task = open.find((each) => each.kind === "count" && each.bin.code === code);
    return task === undefined ? go(state, wrong({ key: "tasks.nothingAt", params: { bin: code } })) : judged(doing(state, task, begin(wanted(state, task))), scan, "");
  }
  const against = notThat(scan, "tote");
  if (against.outcome === "unknown_barcode") return unknown(state, against.params?.["got"], [{ key: "tasks.scanAny" }]);
  return go(state, wrong({ key: `floor.wrong.${against.outcome}` }, outcome(against.outcome, against.params)));
}

// --- one task

const judged = (state: Doing, scan: Scan, id: string): Next => verdictOf(state, judge(wanted(state, state.task), state.at, scan), id);

function verdictOf(state: Doing, verdict: Verdict, id: string): Next {
  const said = outcome(verdict.outcome, verdict.params);
  if (verdict.book === true) return booked(state, verdict, id);
  if (verdict.outcome === "unknown_barcode") return unknown(state, verdict.params?.["got"], dueAt(state));
  if (isWrong(verdict.outcome)) return go(state, wrong({ key: `floor.wrong.${verdict.outcome}` }, said, ...mending(state, verdict.outcome)));
  const next = { ...state, at: verdict.state };
  return verdict.outcome === "count_to_confirm" ? go(next) : go(next, feedback("right", said));
}

/** Nobody knows what was scanned: said once, with what to scan instead. */
const unknown = (state: State, got: string | number | undefined, due: readonly Said[]): Next =>
  go(state, wrong({ key: "floor.wrong.unknown_barcode" }, { key: "common.said", params: { text: got ?? "" } }, ...due));

/** What is due now. */
function dueAt({ at, task }: Doing): readonly Said[] {
  if (at.phase === "tote") return [{ key: "tasks.scanTote", params: { tote: task.tote ?? "" } }];
  return at.phase === "bin" || at.phase === "item" ? [{ key: at.phase === "bin" ? "tasks.scanBin" : "tasks.scanItem" }] : [{ key: "tasks.typeCount" }];
}

/** It is done with hands: a fact, written down with the tasks as they are now. */
function booked(state: Doing, verdict: Verdict, id: string): Next {
  const { task } = state;
  const units = state.at.counted;
  const count = task.kind === "count";
  const done = task.done + units;
  const after: TourStop = { ...task, version: task.version + 1, done, state: count || done >= task.quantity ? "done" : task.state };
  const bin = `B-${task.bin.code}`;
  const body = count ? { task: task.task, bin, counted: units } : { task: task.task, bin, qty: units };
  const next = { ...state, work: withTask(state.work, after), last: count ? null : { command: id, before: task } };
  const command: Effect = { type: "command", command: { id, kind: task.kind, body, version: task.version, saves: { [SAVED]: next.work } } };
  return go(following(next, after), feedback("done", outcome(verdict.outcome, verdict.params)), command);
}

/** The rest of it; else the next thing out of the tote that is in hand; else the list. */
function following(state: Doing, after: TourStop): State {
  if (isOpen(after)) return doing(state, after, begin(wanted(state, after)));
  const same = openLoose(state.work.tasks).find((each) => each.kind === "put_back" && after.kind === "put_back" && each.tote === after.tote);
  return same === undefined ? listed(state) : doing(state, same, { phase: "item", counted: 0 });
}

const withTask = (work: Work, task: TourStop): Work => ({ ...work, tasks: { ...work.tasks, [task.task]: task } });

function taken(state: State, id: string): Next {
  if (state.last === null) return go(state, wrong(outcome("nothing_to_undo")));
  const { command, before } = state.last;
  const version = (state.work.tasks[before.task]?.version ?? before.version) + 1;
  const work = withTask(state.work, { ...before, version });
  const undo: Effect = { type: "command", command: { id, kind: "undo", body: { command }, saves: { [SAVED]: work } } };
  return go({ ...listed(state), work, last: null }, feedback("right", outcome("undone")), undo);
}

/** What is in hand goes back; else the last command is taken back. */
const undone = (state: Doing, newId: () => string): Next =>
  state.at.counted > 0 ? go({ ...state, at: begin(wanted(state, state.task)) }, feedback("right", outcome("undone"))) : taken(state, newId());

/** An answer that differs from what the device believed: the server's next word about the task wins, and is fetched. */
function corrected(before: State, { id, outcome: what, task, severity }: Answer): Next {
  const refused = severity === "error" || what === "set_aside";
  const state = refused && before.last?.command === id ? { ...before, last: null } : before;
  const mine = task === null ? undefined : state.work.tasks[task];
  if (mine === undefined || severity === "ok") return go(state);
  const work = withTask(state.work, { ...mine, version: 0 });
  return go({ ...state, work }, { type: "keep", work }, { type: "fetch" });
}

/** How the flow makes ids: given by the screen, so that the flow stays pure. */
export const makeFlow = (newId: () => string): Machine<State, Input, All> =>
  keeping(machine<State, Input, All>({
    list: {
      restored: (state, { work, heard: last, begun: before }) => reloaded(state, work, last, before ?? null),
      queue: (state, { view }) => heard(state, view),
      choose: (state, { task }) => {
        const chosen = state.work.tasks[task];
        return chosen === undefined || !isOpen(chosen) ? go(state) : go(doing(state, chosen, begin(wanted(state, chosen))));
      },
      scan: (state, { scan }) => (commandOf(scan) === "UNDO" ? taken(state, newId()) : scanned(state, scan)),
      undo: (state) => taken(state, newId()),
      answer: (state, { answer }) => corrected(state, answer),
    },
    doing: {
      queue: (state, { view }) => heard(state, view),
      scan: (state, { scan }) => (commandOf(scan) === "UNDO" ? undone(state, newId) : judged(state, scan, newId())),
      seen: (state) => judged(state, parse(state.task.tote ?? ""), ""),
      quantity: (state, { quantity }) => verdictOf(state, typed(wanted(state, state.task), state.at, quantity), newId()),
      confirm: (state) => (state.at.phase === "confirm" ? verdictOf(state, confirmed(state.at), newId()) : go(state)),
      retype: (state) => go({ ...state, at: { phase: "quantity", counted: 0 } }),
      undo: (state) => undone(state, newId),
      back: (state) => go(listed(state)),
      answer: (state, { answer }) => corrected(state, answer),
    },
  }));

/** Whatever a person confirms of a task is kept, for a reload; what the server changes under their hands nobody has confirmed. */
const keeping = ({ step }: Machine<State, Input, All>): Machine<State, Input, All> => ({
  step: (state, input) => {
    const next = step(state, input);
    const [before, now] = [begunOf(state), begunOf(next.state)];
    const unconfirmed = input.type === "queue" && before !== null && now !== null;
    return unconfirmed || isSame(before, now) ? next : go(next.state, ...next.effects, { type: "begun", begun: now });
  },
});
