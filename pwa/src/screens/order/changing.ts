/** Why: people order too much and move house: fewer units, or another address, as long as the order has not ended. */

import { machine, to, type Said } from "../../core/machine";
import type { Line, OrderPage } from "./flow";

export type Doing = { readonly what: "units"; readonly line: Line } | { readonly what: "address" };
/** What the form holds, by name. */
export type Fields = Readonly<Record<string, string>>;

export const ADDRESS = ["company", "name", "street", "postal_code", "city", "region", "country"] as const;
export const CUSTOMER = ["customer", "email", "phone"] as const;

export interface Asking {
  readonly mode: "asking";
  readonly doing: Doing;
  readonly page: OrderPage;
  readonly fields: Fields;
  readonly busy: boolean;
  readonly fault: Said | null;
}
export type State = { readonly mode: "closed" } | Asking;

export type Input =
  | { readonly type: "ask"; readonly doing: Doing; readonly page: OrderPage }
  | { readonly type: "field"; readonly name: string; readonly value: string }
  | { readonly type: "confirm" }
  | { readonly type: "back" }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly why: Said };

export type ChangeEffect =
  | { readonly type: "send"; readonly method: "post" | "put"; readonly path: string; readonly body: Readonly<Record<string, unknown>> }
  | { readonly type: "again" };

const ENDED = new Set(["shipped", "cancelled"]);
export const mayRedirect = (page: OrderPage, permissions: readonly string[]): boolean => !ENDED.has(page.status) && permissions.includes("orders.edit");
export const mayTakeUnits = (page: OrderPage, line: Line, permissions: readonly string[]): boolean => page.can.includes("cancel") && permissions.includes("orders.cancel") && leftOf(line) > 0;

/** Units of a line that can still be cancelled. */
export const leftOf = ({ facts }: Line): number => facts.ordered - facts.cancelled - facts.shipped;

export const start = (): State => ({ mode: "closed" });

const first = (doing: Doing, { address, customer }: OrderPage): Fields =>
  doing.what === "units" ? { quantity: "1", why: "" } : { ...Object.fromEntries(ADDRESS.map((name) => [name, address[name]])), customer: customer.name, email: customer.email, phone: customer.phone };

const faultOf = ({ doing, fields }: Asking): Said | null => {
  if (doing.what === "address") return null;
  const n = Number(fields["quantity"]);
  if (!Number.isInteger(n) || n < 1 || n > leftOf(doing.line)) return { key: "order.change.noQuantity", params: { n: leftOf(doing.line) } };
  return fields["why"]?.trim() === "" ? { key: "order.reasonMissing" } : null;
};

const plain = (fields: Fields, name: string): string => fields[name]?.trim() ?? "";

function sent({ doing, page, fields }: Asking): ChangeEffect {
  if (doing.what === "units") {
    return { type: "send", method: "post", path: `/orders/${page.number}/lines/${doing.line.position}/cancel`, body: { quantity: Number(fields["quantity"]), why: plain(fields, "why") } };
  }
  const address = { ...Object.fromEntries(ADDRESS.map((name) => [name, plain(fields, name)])), country: plain(fields, "country").toUpperCase() };
  const customer = { name: plain(fields, "customer"), email: plain(fields, "email"), phone: plain(fields, "phone"), language: page.customer.language };
  return { type: "send", method: "put", path: `/orders/${page.number}/address`, body: { address, customer } };
}

export const changing = machine<State, Input, ChangeEffect>({
  closed: {
    ask: (_, { doing, page }) => to({ mode: "asking", doing, page, fields: first(doing, page), busy: false, fault: null }),
  },
  asking: {
    field: (state, { name, value }) => to({ ...state, fields: { ...state.fields, [name]: value }, fault: null }),
    confirm: (state) => {
      if (state.busy) return to(state);
      const fault = faultOf(state);
      return fault === null ? to<State, ChangeEffect>({ ...state, busy: true, fault: null }, sent(state)) : to({ ...state, fault });
    },
    back: (state) => (state.busy ? to(state) : to({ mode: "closed" })),
    done: () => to<State, ChangeEffect>({ mode: "closed" }, { type: "again" }),
    failed: (state, { why }) => to({ ...state, busy: false, fault: why }),
  },
});
