/** Why: a shop is connected by its name and its secret; the secret goes in and is never shown again. */

import { machine, to, type Said } from "../../core/machine";
import type { Channel } from "./flow";

export interface Draft {
  readonly channel: string;
  readonly service: string;
  readonly secret: string;
}

export type State =
  | { readonly mode: "closed" }
  | { readonly mode: "form"; readonly known: Channel | null; readonly draft: Draft; readonly busy: boolean; readonly fault: Said | null }
  | { readonly mode: "sure"; readonly known: Channel; readonly busy: boolean; readonly fault: Said | null };

export type Input =
  | { readonly type: "add"; readonly service: string }
  | { readonly type: "change"; readonly known: Channel }
  | { readonly type: "remove"; readonly known: Channel }
  | { readonly type: "edit"; readonly draft: Draft }
  | { readonly type: "save" }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly why: Said }
  | { readonly type: "close" };

export type Call =
  | { readonly type: "put"; readonly draft: Draft; readonly known: Channel | null }
  | { readonly type: "remove"; readonly known: Channel }
  | { readonly type: "again" };

type Next = ReturnType<typeof to<State, Call>>;
const next = (state: State, ...calls: readonly Call[]): Next => to<State, Call>(state, ...calls);
const closed = (): Next => next({ mode: "closed" }, { type: "again" });

export const start = (): State => ({ mode: "closed" });

/** As the server takes them: they stand on the orders. */
export const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

export const shopping = machine<State, Input, Call>({
  closed: {
    add: (_, { service }) => next({ mode: "form", known: null, draft: { channel: "", service, secret: "" }, busy: false, fault: null }),
    change: (_, { known }) => next({ mode: "form", known, draft: { channel: known.channel, service: known.service, secret: "" }, busy: false, fault: null }),
    remove: (_, { known }) => next({ mode: "sure", known, busy: false, fault: null }),
  },
  form: {
    edit: (state, { draft }) => next({ ...state, draft, fault: null }),
    save: (state) => {
      if (state.busy) return next(state);
      if (!NAME.test(state.draft.channel)) return next({ ...state, fault: { key: "webhooks.shopNameWrong" } });
      return next({ ...state, busy: true, fault: null }, { type: "put", draft: state.draft, known: state.known });
    },
    done: closed,
    failed: (state, { why }) => next({ ...state, busy: false, fault: why }),
    close: closed,
  },
  sure: {
    save: (state) => (state.busy ? next(state) : next({ ...state, busy: true, fault: null }, { type: "remove", known: state.known })),
    done: closed,
    failed: (state, { why }) => next({ ...state, busy: false, fault: why }),
    close: closed,
  },
});
