/** Why: what the desk does about an order's money is asked once more before it is done, and done once. */

import { minorOf, typed } from "../../core/amounts";
import { machine, to, type Said } from "../../core/machine";

/** As the server's `Step`: a row of the journal. */
export interface Step {
  readonly id: string;
  readonly kind: "authorise" | "reauthorise" | "capture" | "void" | "refund" | "receive";
  readonly state: string;
  readonly amount_minor: number;
  readonly at: string;
  readonly by: string;
  readonly answered_at: string | null;
  readonly reference: string;
  readonly note: string;
  readonly reason: string;
  readonly attempts: number;
  readonly by_hand: boolean;
}

/** As the server's `Money`. */
export interface Money {
  readonly method: string;
  readonly gateway: string;
  readonly state: string;
  readonly currency: string;
  readonly amount_minor: number;
  readonly captured_minor: number;
  readonly refunded_minor: number;
  readonly received_minor: number;
  readonly refundable_minor: number;
  readonly awaited_minor: number;
  readonly authorised_until: string | null;
  readonly days: number | null;
  readonly due_at: string | null;
  readonly retry: boolean;
  readonly journal: readonly Step[];
}

/** What may be done, each with the permission that it needs. */
export const DOINGS = ["retry", "receive", "refund"] as const;
export type Doing = (typeof DOINGS)[number] | "paid";
export const NEEDED: Readonly<Record<Doing, string>> = { retry: "orders.release_hold", receive: "payments.receive", refund: "payments.refund", paid: "payments.refund" };

/** What this person may do about it now. */
export const mayDo = (money: Money, permissions: readonly string[]): readonly Doing[] =>
  DOINGS.filter((each) => permissions.includes(NEEDED[each]) && (each === "retry" ? money.retry : mostOf(each, money) > 0));

const mostOf = (doing: Doing, money: Money): number => (doing === "receive" ? money.awaited_minor : money.refundable_minor);

interface Asking {
  readonly mode: "asking";
  readonly doing: Doing;
  readonly most: number;
  readonly digits: number;
  /** Before the decimals: a point, or a comma. */
  readonly mark: string;
  /** The journal's row that is paid by hand. */
  readonly step: string;
  readonly amount: string;
  /** Why it goes back, how it came; for a retry the new card. */
  readonly note: string;
  /** Names this movement: sent again it is done once. What is changed, or was refused, is another one. */
  readonly key: string;
  readonly edits: number;
  readonly busy: boolean;
  readonly fault: Said | null;
}
export type State = { readonly mode: "closed" } | Asking;

export type Input =
  | { readonly type: "ask"; readonly doing: Doing; readonly money: Money; readonly digits: number; readonly mark: string; readonly key: string; readonly step?: string }
  | { readonly type: "amount"; readonly amount: string }
  | { readonly type: "note"; readonly note: string }
  | { readonly type: "confirm" }
  | { readonly type: "back" }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly why: Said; readonly refused: boolean };

export type PayEffect = { readonly type: "post"; readonly path: string; readonly body: Readonly<Record<string, string | number>>; readonly key: string } | { readonly type: "again" };

export const start = (): State => ({ mode: "closed" });

const faultOf = (state: Asking, minor: number | null): Said | null => {
  if (state.doing === "retry" || state.doing === "paid") return null;
  if (minor === null || minor === 0) return { key: "order.money.noAmount" };
  if (minor > state.most) return { key: "order.money.tooMuch", params: { amount: typed(state.most, state.digits, state.mark) } };
  return state.doing === "refund" && state.note.trim() === "" ? { key: "order.reasonMissing" } : null;
};

function posted(state: Asking, minor: number | null): PayEffect {
  const note = state.note.trim();
  const key = `${state.key}-${state.edits}`;
  if (state.doing === "retry") return { type: "post", path: "retry", body: { token: note }, key };
  if (state.doing === "paid") return { type: "post", path: `refunds/${state.step}/paid`, body: {}, key };
  return { type: "post", path: state.doing === "refund" ? "refunds" : "received", body: { amount_minor: minor ?? 0, note }, key };
}

export const paying = machine<State, Input, PayEffect>({
  closed: {
    ask: (_, { doing, money, digits, mark, key, step }) => {
      const most = mostOf(doing, money);
      return to({ mode: "asking", doing, most, digits, mark, step: step ?? "", amount: typed(most, digits, mark), note: "", key, edits: 0, busy: false, fault: null });
    },
  },
  asking: {
    amount: (state, { amount }) => to({ ...state, amount, edits: state.edits + 1, fault: null }),
    note: (state, { note }) => to({ ...state, note, edits: state.edits + 1, fault: null }),
    confirm: (state) => {
      if (state.busy) return to(state);
      const minor = minorOf(state.amount, state.digits);
      const fault = faultOf(state, minor);
      if (fault !== null) return to({ ...state, fault });
      return to<State, PayEffect>({ ...state, busy: true, fault: null }, posted(state, minor));
    },
    back: (state) => (state.busy ? to(state) : to({ mode: "closed" })),
    done: () => to<State, PayEffect>({ mode: "closed" }, { type: "again" }),
    failed: (state, { why, refused }) => to<State, PayEffect>({ ...state, edits: state.edits + Number(refused), busy: false, fault: why }, { type: "again" }),
  },
});
