/** Why: people order too much, too little, and move house: an order changes as long as it has not ended, each change once. */

import { digitsOf, minorOf } from "../../core/amounts";
import { machine, to, type Said } from "../../core/machine";
import type { Fault } from "../../core/problem";
import type { Line, OrderPage } from "./flow";

/** As the server's `Offer`, as far as it is shown. */
export interface Offer {
  readonly sku: string;
  readonly names: Readonly<Record<string, string>>;
  readonly price_minor: number;
  readonly currency: string;
  readonly ready: number;
}

export interface Service {
  readonly code: string;
  readonly name: string;
  readonly carrier: string;
  readonly countries: readonly string[];
  readonly cutoff: string;
}

export type Doing =
  | { readonly what: "units"; readonly line: Line }
  | { readonly what: "address" }
  | { readonly what: "add"; readonly offer: Offer | null }
  | { readonly what: "service"; readonly services: readonly Service[] | null }
  | { readonly what: "merge" }
  | { readonly what: "split" };
/** What the form holds, by name. */
export type Fields = Readonly<Record<string, string>>;

export const ADDRESS = ["company", "name", "street", "postal_code", "city", "region", "country"] as const;
export const CUSTOMER = ["customer", "email", "phone"] as const;

export interface Asking {
  readonly mode: "asking";
  readonly doing: Doing;
  readonly page: OrderPage;
  readonly fields: Fields;
  /** Names this change: sent again it is done once. What is edited, or was refused, is another one. */
  readonly key: string;
  readonly edits: number;
  readonly busy: boolean;
  readonly fault: Said | null;
  readonly faults: readonly Fault[];
  /** Somebody else changed the same since it was opened. */
  readonly overtaken: boolean;
}
export type State = { readonly mode: "closed" } | Asking;

export type Input =
  | { readonly type: "ask"; readonly doing: Doing; readonly page: OrderPage; readonly key: string }
  | { readonly type: "offer"; readonly offer: Offer; readonly price: string }
  | { readonly type: "services"; readonly services: readonly Service[] }
  | { readonly type: "field"; readonly name: string; readonly value: string }
  | { readonly type: "page"; readonly page: OrderPage }
  | { readonly type: "confirm" }
  | { readonly type: "back" }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly why: Said; readonly refused: boolean; readonly faults: readonly Fault[] };

export type ChangeEffect =
  | { readonly type: "send"; readonly method: "post" | "put"; readonly path: string; readonly body: Readonly<Record<string, unknown>>; readonly key: string }
  | { readonly type: "services" }
  | { readonly type: "again" };

const ENDED = new Set(["shipped", "cancelled"]);
export const mayEdit = (page: OrderPage, permissions: readonly string[]): boolean => !ENDED.has(page.status) && permissions.includes("orders.edit");
export const mayTakeUnits = (page: OrderPage, line: Line, permissions: readonly string[]): boolean => page.can.includes("cancel") && permissions.includes("orders.cancel") && leftOf(line) > 0;

/** Units of a line that can still be cancelled. */
export const leftOf = ({ facts }: Line): number => facts.ordered - facts.cancelled - facts.shipped;
/** What its dialog offers: in parts, or all at once. */
export const otherSplit = ({ split }: OrderPage): "ship_available" | "ship_complete" => (split === "ship_complete" ? "ship_available" : "ship_complete");
/** The services that go where the order goes. */
export const goingTo = (services: readonly Service[], { address }: OrderPage): readonly Service[] => services.filter(({ countries }) => countries.length === 0 || countries.includes(address.country));

export const start = (): State => ({ mode: "closed" });

const partyIn = ({ address, customer }: OrderPage): Fields => ({ ...Object.fromEntries(ADDRESS.map((name) => [name, address[name]])), customer: customer.name, email: customer.email, phone: customer.phone });

const FIRST: Readonly<Record<Doing["what"], (page: OrderPage) => Fields>> = {
  units: () => ({ quantity: "1", why: "" }),
  add: () => ({ quantity: "1", price: "", why: "" }),
  service: ({ service }) => ({ service }),
  merge: () => ({ order: "", why: "" }),
  split: () => ({}),
  address: partyIn,
};

const plain = (fields: Fields, name: string): string => fields[name]?.trim() ?? "";
const whole = (fields: Fields, name: string, most: number): number | null => (/^\d{1,15}$/.test(plain(fields, name)) && Number(fields[name]) >= 1 && Number(fields[name]) <= most ? Number(fields[name]) : null);

/** The field of the form that a path of the server's means; null where the form has none for it. */
export function fieldAt(path: string): (typeof CUSTOMER)[number] | (typeof ADDRESS)[number] | null {
  if (path === "customer.name") return "customer";
  const name = /^(?:customer|address)\.(\w+)$/.exec(path)?.[1];
  return [...CUSTOMER, ...ADDRESS].find((each) => each === name) ?? null;
}

const DIFFERENCES = ["customer", "address", "currency", "payment", "warehouse", "released", "held", "paid"] as const;
export type Difference = (typeof DIFFERENCES)[number];
/** Why the server will not make one of two orders. */
export const differences = (faults: readonly Fault[]): readonly Difference[] => DIFFERENCES.filter((each) => faults.some(({ field }) => field === each));

/** What keeps a change from being sent, by what it is. */
const FAULTS: Readonly<Record<Doing["what"], (state: Asking) => Said | null>> = {
  address: () => null,
  split: () => null,
  service: ({ fields, page }) => (fields["service"] === page.service ? { key: "order.change.sameService" } : null),
  units: ({ doing, fields }) => {
    const most = doing.what === "units" ? leftOf(doing.line) : 0;
    if (whole(fields, "quantity", most) === null) return { key: "order.change.noQuantity", params: { n: most } };
    return plain(fields, "why") === "" ? { key: "order.reasonMissing" } : null;
  },
  add: ({ doing, fields, page }) => {
    if (doing.what !== "add" || doing.offer === null) return { key: "order.change.noItem" };
    if (whole(fields, "quantity", 9_999) === null) return { key: "order.change.noQuantity", params: { n: 9_999 } };
    return minorOf(plain(fields, "price"), digitsOf(page.currency)) === null ? { key: "order.change.noPrice" } : null;
  },
  merge: ({ fields, page }) => {
    const other = whole(fields, "order", Number.MAX_SAFE_INTEGER);
    return other === null || other === page.number ? { key: "order.change.noOrder" } : null;
  },
};

/** Whom it goes to is said only when that was changed: else the order's story would tell of it. */
function partyOf({ page, fields }: Asking): Readonly<Record<string, unknown>> {
  const address = { ...Object.fromEntries(ADDRESS.map((name) => [name, plain(fields, name)])), country: plain(fields, "country").toUpperCase() };
  const before = partyIn(page);
  if (CUSTOMER.every((name) => plain(fields, name) === before[name])) return { address };
  return { address, customer: { name: plain(fields, "customer"), email: plain(fields, "email"), phone: plain(fields, "phone"), language: page.customer.language } };
}

/** Somebody else saved the same form: what was not touched here becomes theirs, what was typed stays. */
function overtaken(state: Asking, page: OrderPage): Asking {
  const [before, now] = [partyIn(state.page), partyIn(page)];
  const theirs = Object.keys(now).filter((name) => before[name] !== now[name]);
  if (theirs.length === 0) return state;
  const taken = theirs.filter((name) => state.fields[name] === before[name]).map((name) => [name, now[name] ?? ""]);
  return { ...state, page, fields: { ...state.fields, ...Object.fromEntries(taken) }, edits: state.edits + 1, fault: null, faults: [], overtaken: true };
}

function sent(state: Asking): ChangeEffect {
  const { doing, page, fields, edits } = state;
  const why = plain(fields, "why");
  const key = `${state.key}-${edits}`;
  const change = (method: "post" | "put", path: string, body: Readonly<Record<string, unknown>>): ChangeEffect => ({ type: "send", method, path: `/orders/${page.number}/${path}`, body, key });
  switch (doing.what) {
    case "units":
      return change("post", `lines/${doing.line.position}/cancel`, { quantity: Number(fields["quantity"]), why });
    case "add":
      return change("post", "items", { lines: [{ sku: doing.offer?.sku ?? "", quantity: Number(fields["quantity"]), price_minor: minorOf(plain(fields, "price"), digitsOf(page.currency)) ?? 0 }], why });
    case "service":
      return change("put", "service", { service: plain(fields, "service") });
    case "split":
      return change("put", "split", { split: otherSplit(page) });
    case "merge":
      return change("post", "merge", { order: Number(fields["order"]), why });
    case "address":
      return change("put", "address", partyOf(state));
  }
}

export const changing = machine<State, Input, ChangeEffect>({
  closed: {
    ask: (_, { doing, page, key }) => {
      const asking: Asking = { mode: "asking", doing, page, fields: FIRST[doing.what](page), key, edits: 0, busy: false, fault: null, faults: [], overtaken: false };
      return doing.what === "service" ? to<State, ChangeEffect>(asking, { type: "services" }) : to(asking);
    },
  },
  asking: {
    offer: (state, { offer, price }) => to({ ...state, doing: { what: "add", offer }, fields: { ...state.fields, price }, edits: state.edits + 1, fault: null, faults: [] }),
    services: (state, { services }) => to(state.doing.what === "service" ? { ...state, doing: { what: "service", services: goingTo(services, state.page) } } : state),
    field: (state, { name, value }) => to({ ...state, fields: { ...state.fields, [name]: value }, edits: state.edits + 1, fault: null, faults: [] }),
    // While it is sent, what comes is what was sent.
    page: (state, { page }) => to(state.doing.what !== "address" || state.busy ? state : overtaken(state, page)),
    confirm: (state) => {
      if (state.busy) return to(state);
      const fault = FAULTS[state.doing.what](state);
      return fault === null ? to<State, ChangeEffect>({ ...state, busy: true, fault: null, faults: [] }, sent(state)) : to({ ...state, fault });
    },
    back: (state) => (state.busy ? to(state) : to({ mode: "closed" })),
    done: () => to<State, ChangeEffect>({ mode: "closed" }, { type: "again" }),
    failed: (state, { why, refused, faults }) => to({ ...state, edits: state.edits + Number(refused), busy: false, fault: why, faults }),
  },
});
