/** Why: the desk gives a customer the link to an order, and can take it back; nothing is taken back unasked. */

import { machine, to, type Said } from "../../core/machine";

export type State =
  | { readonly mode: "closed" }
  | { readonly mode: "asking" }
  | { readonly mode: "shown"; readonly path: string; readonly copied: boolean; readonly fault: Said | null }
  | { readonly mode: "sure"; readonly path: string }
  | { readonly mode: "failed"; readonly fault: Said };

export type Input =
  | { readonly type: "open" }
  | { readonly type: "close" }
  | { readonly type: "given"; readonly path: string }
  | { readonly type: "copy" }
  | { readonly type: "copied" }
  | { readonly type: "takeBack" }
  | { readonly type: "failed"; readonly why: Said };

export type LinkEffect = { readonly type: "give" } | { readonly type: "copy"; readonly path: string } | { readonly type: "takeBack" };

type Next = ReturnType<typeof to<State, LinkEffect>>;
const closed = (): Next => to<State, LinkEffect>({ mode: "closed" });

export const start = (): State => ({ mode: "closed" });

export const linking = machine<State, Input, LinkEffect>({
  closed: {
    open: () => to<State, LinkEffect>({ mode: "asking" }, { type: "give" }),
  },
  asking: {
    given: (_, { path }) => to({ mode: "shown", path, copied: false, fault: null }),
    failed: (_, { why }) => to({ mode: "failed", fault: why }),
    close: closed,
  },
  shown: {
    copy: (state) => to<State, LinkEffect>(state, { type: "copy", path: state.path }),
    copied: (state) => to({ ...state, copied: true }),
    failed: (state, { why }) => to({ ...state, fault: why }),
    takeBack: ({ path }) => to({ mode: "sure", path }),
    close: closed,
  },
  sure: {
    takeBack: () => to<State, LinkEffect>({ mode: "asking" }, { type: "takeBack" }),
    close: ({ path }) => to({ mode: "shown", path, copied: false, fault: null }),
  },
  failed: { close: closed },
});
