/**
 * Why: a tab that dies at a bin comes back to the step where its picker stood, not to the way there.
 *
 * What was confirmed of the stop is kept on the device: one record, gone with the stop. It is worth something to the same
 * person only, and only while the stop is as it was: after any change of it the bin is scanned again.
 */

import type { Phase } from "./judge";
import { leftOf, type TourStop } from "./tour";

/** What a person has confirmed of a stop, and the stop as it was then. */
export interface Begun<P extends string = Phase> {
  readonly person: string;
  readonly stop: TourStop;
  readonly at: { readonly phase: P; readonly counted: number };
  /** The rest of it was said to be missing, and why: written down when what is in hand has its tote. */
  readonly short?: string | null;
}
export const BEGUN = "pick.begun";
/** The same of a task on no tour. */
export const TASK_BEGUN = "tasks.begun";

const RESTS_ON = ["task", "version", "kind", "state", "item", "lot", "quantity", "done", "short", "slot"] as const;

/** Whether nothing of the stop has changed on which a confirmation rests. */
export const isAsItWas = (before: TourStop, now: TourStop): boolean => before.bin.code === now.bin.code && RESTS_ON.every((name) => before[name] === now[name]);

/** Whether this person may go on where it was kept. */
export const holds = <P extends string>(begun: Begun<P>, person: string, now: TourStop): boolean =>
  begun.person === person && isAsItWas(begun.stop, now) && (now.kind === "count" || begun.at.counted <= leftOf(now));

/** Whether the same is confirmed of the same stop. */
export const isSame = <P extends string>(a: Begun<P> | null, b: Begun<P> | null): boolean =>
  a?.stop.task === b?.stop.task && a?.at.phase === b?.at.phase && a?.at.counted === b?.at.counted && (a?.short ?? null) === (b?.short ?? null);
