/** Why: what is known of a customer is changed only as it was read, and nothing goes away unasked. */

import { machine, to, type Said } from "../../core/machine";
import type { Fault } from "../../core/problem";
import { bodyOf, isAny, refusedIn, typedOf, wrongIn, type Account, type Terms, type Wrong } from "./terms";

/** As the server's `Customer`. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly language: string;
  readonly wish: Wish;
  readonly created_at: string;
  readonly edition: string;
}

export type Wish = "email" | "sms" | "none";
export const WISHES = ["email", "sms", "none"] as const satisfies readonly Wish[];

export interface Note {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly text: string;
  readonly changed_at: string | null;
  readonly changed_by: string | null;
  readonly edition: string;
}

/** What the orders came to in one currency. */
export interface Sum {
  readonly currency: string;
  readonly orders: number;
  readonly ordered_minor: number;
  readonly shipped_minor: number;
}

export interface Money {
  readonly open: readonly { readonly currency: string; readonly open_minor: number }[];
  readonly invoices: readonly { readonly order: number; readonly currency: string; readonly invoiced_minor: number; readonly open_minor: number; readonly due_at: string | null }[];
  readonly account: Account | null;
  /** When invoices are due where nothing was agreed. */
  readonly usual_days: number;
}

/** As the server's `CustomerPage`. */
export interface CustomerPage {
  readonly customer: Customer;
  readonly notes: readonly Note[];
  readonly notes_next: string | null;
  readonly more: {
    readonly orders?: { readonly orders: number; readonly cancelled: number; readonly first_at: string | null; readonly last_at: string | null; readonly sums: readonly Sum[] };
    readonly money?: Money;
  };
}

export const FIELDS = ["name", "email", "phone", "language"] as const;
export type Fields = Readonly<Record<(typeof FIELDS)[number], string>> & { readonly wish: Wish };
/** Who is found as the same person. */
export type Other = Pick<Customer, "id" | "name" | "email" | "phone">;

/** What is being done; `busy`: the server is asked. */
export type Doing =
  | { readonly what: "edit"; readonly fields: Fields }
  | { readonly what: "note"; readonly note: Note | null; readonly text: string }
  | { readonly what: "drop"; readonly note: Note }
  | { readonly what: "terms"; readonly fields: Terms; readonly wrong: Wrong; readonly version: number | null }
  | { readonly what: "end"; readonly account: Account }
  | { readonly what: "merge"; readonly q: string; readonly found: readonly Other[] | null; readonly other: Other | null };

export type State =
  | { readonly mode: "loading"; readonly fault: Said | null }
  /** `fault`: why older notes did not come, or the page not anew. */
  | { readonly mode: "shown"; readonly page: CustomerPage; readonly fault: Said | null }
  | { readonly mode: "doing"; readonly page: CustomerPage; readonly doing: Doing; readonly busy: boolean; readonly fault: Said | null };

export type Input =
  | { readonly type: "page"; readonly page: CustomerPage }
  | { readonly type: "missing"; readonly why: Said }
  /** What stands behind the note `after`. */
  | { readonly type: "more"; readonly after: string; readonly notes: readonly Note[]; readonly next: string | null }
  | { readonly type: "older" }
  | { readonly type: "edit" }
  | { readonly type: "merge" }
  | { readonly type: "terms"; readonly mark: string }
  | { readonly type: "end" }
  | { readonly type: "note"; readonly note: Note | null }
  | { readonly type: "drop"; readonly note: Note }
  | { readonly type: "change"; readonly doing: Doing }
  | { readonly type: "confirm" }
  | { readonly type: "found"; readonly found: readonly Other[] }
  | { readonly type: "choose"; readonly other: Other | null }
  | { readonly type: "back" }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly why: Said; readonly faults: readonly Fault[] };

export type All =
  | { readonly type: "fetch" }
  | { readonly type: "older"; readonly after: string }
  | { readonly type: "find"; readonly q: string }
  | { readonly type: "send"; readonly method: "post" | "put" | "delete"; readonly path: string; readonly body: Readonly<Record<string, unknown>> };

export const start = (): State => ({ mode: "loading", fault: null });

/** What is sent, or why nothing is. */
function sent(page: CustomerPage, doing: Doing): All | Said {
  const { id, edition } = page.customer;
  const notes = `/customers/${id}/notes`;
  switch (doing.what) {
    case "edit":
      return { type: "send", method: "put", path: `/customers/${id}`, body: { ...doing.fields, edition } };
    case "drop":
      return { type: "send", method: "delete", path: `${notes}/${doing.note.id}`, body: {} };
    case "note":
      if (doing.text.trim() === "") return { key: "customer.noText" };
      return doing.note === null
        ? { type: "send", method: "post", path: notes, body: { text: doing.text } }
        : { type: "send", method: "put", path: `${notes}/${doing.note.id}`, body: { text: doing.text, edition: doing.note.edition } };
    case "terms":
      return { type: "send", method: "put", path: `/customers/${id}/account`, body: bodyOf(doing.fields, doing.version) };
    case "end":
      return { type: "send", method: "post", path: `/customers/${id}/account/end`, body: { version: doing.account.version } };
    case "merge":
      if (doing.other !== null) return { type: "send", method: "post", path: `/customers/${id}/merge`, body: { other: doing.other.id, edition } };
      return doing.q.trim() === "" ? { key: "customer.noWords" } : { type: "find", q: doing.q.trim() };
  }
}

/** What they pay in. */
const currencyOf = ({ more }: CustomerPage): string => more.money?.open[0]?.currency ?? more.orders?.sums[0]?.currency ?? "EUR";

const isSaid = (each: All | Said): each is Said => "key" in each;
const shown = (page: CustomerPage): State => ({ mode: "shown", page, fault: null });
/** Older notes come behind those that they were asked for with, once. */
const withNotes = (page: CustomerPage, { after, notes, next }: Extract<Input, { type: "more" }>): CustomerPage =>
  page.notes_next === after ? { ...page, notes: [...page.notes, ...notes], notes_next: next } : page;
const begin = (page: CustomerPage, doing: Doing) => to<State, All>({ mode: "doing", page, doing, busy: false, fault: null });

export const flow = machine<State, Input, All>({
  loading: {
    page: (_, { page }) => to(shown(page)),
    missing: (_, { why }) => to({ mode: "loading", fault: why }),
  },
  shown: {
    page: (_, { page }) => to(shown(page)),
    missing: (state, { why }) => to({ ...state, fault: why }),
    older: ({ page }) => (page.notes_next === null ? to(shown(page)) : to<State, All>(shown(page), { type: "older", after: page.notes_next })),
    more: ({ page }, input) => to(shown(withNotes(page, input))),
    failed: (state, { why }) => to({ ...state, fault: why }),
    edit: ({ page }) => {
      const { name, email, phone, language, wish } = page.customer;
      return begin(page, { what: "edit", fields: { name, email, phone, language, wish } });
    },
    note: ({ page }, { note }) => begin(page, { what: "note", note, text: note?.text ?? "" }),
    drop: ({ page }, { note }) => begin(page, { what: "drop", note }),
    terms: (state, { mark }) => {
      const { money } = state.page.more;
      if (money === undefined) return to(state);
      const agreed = money.account ?? { days: money.usual_days, limit_minor: null, currency: currencyOf(state.page) };
      return begin(state.page, { what: "terms", fields: typedOf(agreed, mark), wrong: {}, version: money.account?.version ?? null });
    },
    end: (state) => {
      const account = state.page.more.money?.account ?? null;
      return account === null || account.ended_at !== null ? to(state) : begin(state.page, { what: "end", account });
    },
    merge: ({ page }) => begin(page, { what: "merge", q: page.customer.name, found: null, other: null }),
  },
  doing: {
    more: (state, input) => to({ ...state, page: withNotes(state.page, input) }),
    change: (state, { doing }) => to({ ...state, doing, fault: null }),
    choose: (state, { other }) => (state.doing.what === "merge" ? to({ ...state, doing: { ...state.doing, other }, fault: null }) : to(state)),
    found: (state, { found }) =>
      state.doing.what === "merge" ? to({ ...state, busy: false, doing: { ...state.doing, found: found.filter(({ id }) => id !== state.page.customer.id) } }) : to(state),
    confirm: (state) => {
      if (state.busy) return to(state);
      const wrong = state.doing.what === "terms" ? wrongIn(state.doing.fields) : {};
      if (state.doing.what === "terms" && isAny(wrong)) return to({ ...state, doing: { ...state.doing, wrong }, fault: null });
      const next = sent(state.page, state.doing);
      return isSaid(next) ? to<State, All>({ ...state, fault: next }) : to<State, All>({ ...state, busy: true, fault: null }, next);
    },
    // What was refused may have changed meanwhile: it is read anew.
    back: (state) => (state.busy ? to(state) : to<State, All>(shown(state.page), ...(state.fault === null ? [] : [{ type: "fetch" as const }]))),
    done: ({ page }) => to<State, All>(shown(page), { type: "fetch" }),
    failed: (state, { why, faults }) => {
      const wrong = state.doing.what === "terms" ? refusedIn(state.doing.fields, faults) : {};
      if (state.doing.what === "terms" && isAny(wrong)) return to({ ...state, busy: false, doing: { ...state.doing, wrong } });
      return to({ ...state, busy: false, fault: why });
    },
  },
});
