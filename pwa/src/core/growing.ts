/** Why: a list that grows behind its end has each row once, whatever is tapped meanwhile and however late an answer comes. */

import { machine, to, type Said, type Step } from "./machine";

/** A page of a list; `next` is the `after` of the page behind. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | number | null;
}

interface Rows {
  /** null: nothing has come yet. */
  readonly rows: readonly unknown[] | null;
  readonly next: Page<unknown>["next"];
  /** The question whose answer counts. */
  readonly turn: number;
  readonly fault: Said | null;
}

export type State = (Rows & { readonly mode: "idle" }) | (Rows & { readonly mode: "busy" });

export interface Ask {
  readonly type: "ask";
  readonly turn: number;
  readonly after: Page<unknown>["next"];
}

export type Input =
  /** The first page, in place of all that is there. */
  | { readonly type: "anew" }
  | { readonly type: "more" }
  | { readonly type: "came"; readonly asked: Ask; readonly page: Page<unknown> }
  | { readonly type: "failed"; readonly asked: Ask; readonly why: Said };

export const start = (): State => ({ mode: "idle", rows: null, next: null, turn: 0, fault: null });

type Next = Step<State, Ask>;
const ask = (state: State, after: Ask["after"]): Next => to<State, Ask>({ ...state, mode: "busy", turn: state.turn + 1, fault: null }, { type: "ask", turn: state.turn + 1, after });
const anew = (state: State): Next => ask(state, null);

export const growing = machine<State, Input, Ask>({
  idle: {
    anew,
    // Where nothing has come yet, it is the first page that is behind.
    more: (state) => (state.rows === null || state.next !== null ? ask(state, state.next) : to(state)),
  },
  busy: {
    anew,
    came: (state, { asked: { turn, after }, page: { items, next } }) => {
      if (turn !== state.turn) return to(state);
      return to({ ...state, mode: "idle", rows: after === null ? items : [...(state.rows ?? []), ...items], next });
    },
    failed: (state, { asked: { turn }, why }) => to(turn === state.turn ? { ...state, mode: "idle", fault: why } : state),
  },
});
