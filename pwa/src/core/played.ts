/** Why: a flow is tested by its sentences, inputs in, state and effects out, and all their tests read alike. For tests only. */

import { parse } from "./barcode";
import type { Effect, Machine } from "./machine";
import type { Answer } from "./queue";

/** The machine after these inputs, and all that it wanted done. */
export function played<S, I, E>({ step }: Machine<S, I, E>, from: S, inputs: readonly I[]): { readonly state: S; readonly effects: E[] } {
  let state = from;
  const effects: E[] = [];
  for (const input of inputs) {
    const next = step(state, input);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

/** Ids that can be told beforehand: `id-1`, `id-2` … */
export function counting(): () => string {
  let count = 0;
  return () => `id-${++count}`;
}

export const scan = (text: string) => ({ type: "scan", scan: parse(text) }) as const;
export const answer = (outcome: string, more: Partial<Answer> = {}): Answer => ({ id: "x", seq: 1, outcome, severity: "ok", params: {}, version: null, task: null, ...more });

type Any = { readonly type: string };
const common = (effects: readonly Any[]): readonly Effect[] => effects as readonly Effect[];

/** The commands among the effects: what they do, with what. */
export const commands = (effects: readonly Any[]) => common(effects).flatMap((each) => (each.type === "command" ? [{ kind: each.command.kind, body: each.command.body }] : []));
/** The full-screen answers among the effects, as `kind key`. */
export const titles = (effects: readonly Any[]): string[] => common(effects).flatMap((each) => (each.type === "feedback" ? [`${each.feedback.kind} ${each.feedback.title.key}`] : []));
