/** Why: everything that is set up is looked at, added, changed and acted on in the same few steps: one table for all. */

import { machine, to, type Said } from "../../core/machine";
import type { Row, Value, Values } from "./forms";

export type Faults = Readonly<Record<string, Said>>;

export type State =
  | { readonly mode: "list"; readonly fault: Said | null; readonly told: Said | null }
  /**
   * `row`: what is changed, null for a new one; `act`: what is asked for an act on it. `seen`: what the server says that it would
   * come to. `key` and `edits` name what is sent: sent again it is done once.
   */
  | { readonly mode: "form"; readonly row: Row | null; readonly act: string | null; readonly key: string; readonly edits: number; readonly values: Values; readonly faults: Faults; readonly fault: Said | null; readonly seen: Row | null; readonly busy: boolean }
  | { readonly mode: "sure"; readonly act: string; readonly row: Row; readonly fault: Said | null; readonly busy: boolean }
  /** What is shown once, or what came of a try. */
  | { readonly mode: "shown"; readonly act: string; readonly row: Row; readonly answer: Row };

export type Input =
  | { readonly type: "open"; readonly row: Row | null; readonly values: Values; readonly act?: string; readonly key?: string }
  | { readonly type: "type"; readonly name: string; readonly value: Value }
  | { readonly type: "look"; readonly faults: Faults }
  | { readonly type: "save"; readonly faults: Faults }
  | { readonly type: "act"; readonly act: string; readonly row: Row; readonly sure: boolean }
  | { readonly type: "yes" }
  | { readonly type: "close" }
  | { readonly type: "looked"; readonly answer: Row }
  /** `shows`: the answer must be seen by a person. */
  | { readonly type: "saved"; readonly answer: Row; readonly shows: boolean }
  | { readonly type: "acted"; readonly act: string; readonly row: Row; readonly answer: Row; readonly shows: boolean }
  | { readonly type: "failed"; readonly why: Said; readonly faults: Faults };

export type RegisterEffect =
  | { readonly type: "look"; readonly values: Values }
  | { readonly type: "save"; readonly row: Row | null; readonly act: string | null; readonly values: Values; readonly key: string }
  | { readonly type: "act"; readonly act: string; readonly row: Row }
  | { readonly type: "reload" };

type Next = ReturnType<typeof to<State, RegisterEffect>>;
const next = (state: State, ...effects: readonly RegisterEffect[]): Next => to<State, RegisterEffect>(state, ...effects);

export const start = (): State => ({ mode: "list", fault: null, told: null });
const listed = (told: Said | null = null, fault: Said | null = null): State => ({ mode: "list", fault, told });
const some = (faults: Faults): boolean => Object.keys(faults).length > 0;

export const flow = machine<State, Input, RegisterEffect>({
  list: {
    open: (_, { row, values, act, key }) => next({ mode: "form", row, act: act ?? null, key: key ?? "", edits: 0, values, faults: {}, fault: null, seen: null, busy: false }),
    act: (_, { act, row, sure }) =>
      sure ? next({ mode: "sure", act, row, fault: null, busy: false }) : next(listed(), { type: "act", act, row }),
    acted: (_, { act, row, answer, shows }) => next(shows ? { mode: "shown", act, row, answer } : listed({ key: `register.done.${act}` }), { type: "reload" }),
    failed: (_, { why }) => next(listed(null, why)),
  },
  form: {
    type: (state, { name, value }) => {
      const { [name]: _, ...others } = state.faults;
      return next({ ...state, edits: state.edits + 1, values: { ...state.values, [name]: value }, faults: others, fault: null, seen: null });
    },
    look: (state, { faults }) => (some(faults) ? next({ ...state, faults }) : next({ ...state, busy: true, fault: null }, { type: "look", values: state.values })),
    looked: (state, { answer }) => next({ ...state, busy: false, seen: answer }),
    save: (state, { faults }) =>
      some(faults) ? next({ ...state, faults }) : next({ ...state, busy: true, fault: null }, { type: "save", row: state.row, act: state.act, values: state.values, key: `${state.key}-${state.edits}` }),
    saved: (state, { answer, shows }) =>
      next(shows ? { mode: "shown", act: "add", row: answer, answer } : listed({ key: state.act !== null ? `register.done.${state.act}` : state.row === null ? "register.added" : "register.changed" }), { type: "reload" }),
    failed: (state, { why, faults }) => next({ ...state, busy: false, fault: why, faults }),
    close: (state) => (state.busy ? next(state) : next(listed(), { type: "reload" })),
  },
  sure: {
    yes: (state) => next({ ...state, busy: true }, { type: "act", act: state.act, row: state.row }),
    acted: (_, { act, row, answer, shows }) => next(shows ? { mode: "shown", act, row, answer } : listed({ key: `register.done.${act}` }), { type: "reload" }),
    failed: (state, { why }) => next({ ...state, busy: false, fault: why }),
    close: (state) => (state.busy ? next(state) : next(listed())),
  },
  shown: { close: () => next(listed(), { type: "reload" }) },
});
