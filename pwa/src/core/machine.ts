/**
 * Why: a screen's life is one table that a newcomer reads at a glance: state × input → next state and effects.
 *
 * A flow is pure. What it wants done outside (a sound, a command, another screen) it says as effects;
 * the screen's runner does them.
 */

import type { Json } from "./ports";
import type { Scan } from "./barcode";

/** What every flow may ask for; a screen adds its own by a union. */
export type Effect =
  | { readonly type: "feedback"; readonly feedback: Feedback }
  | { readonly type: "command"; readonly command: NewCommand }
  | { readonly type: "go"; readonly path: string };

/** Full-screen answer: `right` goes by itself, `wrong` stays until it is acknowledged by a tap or a scan, `done` ends a task. */
export interface Feedback {
  readonly kind: "right" | "wrong" | "done";
  readonly title: Said;
  readonly lines?: readonly Said[];
  /** The words on the button of a `wrong`. */
  readonly acknowledge?: Said;
}

/** Words as a key of the catalogues and their parameters; the screen says them in the person's language. */
export interface Said {
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** A floor command before the queue has numbered it. `saves` are written in the same storage transaction. */
export interface NewCommand {
  readonly id?: string;
  readonly kind: string;
  readonly body: { readonly [name: string]: Json };
  readonly version?: number | null;
  readonly after?: readonly string[];
  /** A request whose asker waits on the screen and shows a refusal itself: no card is made of it. */
  readonly asked?: boolean;
  readonly saves?: Readonly<Record<string, unknown>>;
}

/** What the outside tells a flow; a screen adds its own by a union. */
export type Input =
  | { readonly type: "scan"; readonly scan: Scan }
  | { readonly type: "tap"; readonly what: string }
  | { readonly type: "acknowledged" };

export interface Step<S, E> {
  readonly state: S;
  readonly effects: readonly E[];
}

type Moded = { readonly mode: string };
type Typed = { readonly type: string };

/** One row per mode, one cell per input; a cell that is not there leaves the state as it is. */
export type FlowTable<S extends Moded, I extends Typed, E> = {
  readonly [M in S["mode"]]: {
    readonly [T in I["type"]]?: (state: Extract<S, { mode: M }>, input: Extract<I, { type: T }>) => Step<S, E>;
  };
};

export interface Machine<S, I, E> {
  step(state: S, input: I): Step<S, E>;
}

/** A machine from its table. Inputs that a mode has no cell for change nothing. */
export function machine<S extends Moded, I extends Typed, E>(table: FlowTable<S, I, E>): Machine<S, I, E> {
  type Cell = (state: S, input: I) => Step<S, E>;
  const rows = table as unknown as Readonly<Record<string, Readonly<Record<string, Cell | undefined>>>>;
  return {
    step: (state, input) => rows[state.mode]?.[input.type]?.(state, input) ?? { state, effects: [] },
  };
}

/** The same machine, which says the names of things in the language that is spoken when something happens. */
export const speaking = <S extends { readonly language: string }, I, E>({ step }: Machine<S, I, E>, spoken: () => string): Machine<S, I, E> => ({
  step: (state, input) => step({ ...state, language: spoken() }, input),
});

/** The usual end of a cell: the next state, and what to do besides. */
export const to = <S, E>(state: S, ...effects: readonly E[]): Step<S, E> => ({ state, effects });
