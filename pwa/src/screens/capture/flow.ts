/** Why: somebody is on the phone: lines, who and where to, how it goes and is paid, then one order, once. Pure. */

import { digitsOf, minorOf, typed } from "../../core/amounts";
import { machine, to, type Said } from "../../core/machine";
import type { Fault } from "../../core/problem";

/** As the server's `Offer`. */
export interface Offer {
  readonly id: string;
  readonly sku: string;
  readonly names: Readonly<Record<string, string>>;
  readonly uom: string;
  readonly price_minor: number;
  readonly currency: string;
  readonly picture: string | null;
  readonly ready: number;
  readonly coming: readonly { readonly on: string; readonly quantity: number }[];
}

/** As the server's `ServiceView`, as far as it is shown. */
export interface Service {
  readonly code: string;
  readonly name: string;
  readonly carrier: string;
  readonly countries: readonly string[];
  readonly price_minor: number;
  readonly cutoff: string;
}

/** As the server's `OrderForm`. */
export interface Form {
  readonly channel: string;
  readonly services: readonly Service[];
  readonly methods: readonly string[];
  readonly warehouses: readonly number[];
}

export interface Line {
  readonly offer: Offer;
  readonly quantity: string;
  readonly price: string;
}

export const PERSON = ["name", "email", "phone"] as const;
export const ADDRESS = ["company", "to", "street", "postal_code", "city", "region", "country"] as const;
/** What the form holds beside its lines, by name. */
export type Fields = Readonly<Record<(typeof PERSON)[number] | (typeof ADDRESS)[number] | "language" | "service" | "method" | "token" | "received" | "complete", string>>;

/** As the server's `Captured`. */
export interface Captured {
  readonly number: number;
  readonly status: string;
  readonly holds: readonly string[];
  /** False: it was there already, as it was sent first. */
  readonly first: boolean;
  readonly promised_on: string | null;
  readonly cutoff_at: string;
}

/** Where something is wrong: the search for items, a field by its name, a line's by the place of the line. */
export type Spot = "finder" | keyof Fields | { readonly line: number; readonly name: "quantity" | "price" };

export interface Taking {
  readonly mode: "taking";
  readonly form: Form;
  /** The channel's number of the order to be, which is also what it is asked under. */
  readonly reference: string;
  readonly mark: string;
  readonly lines: readonly Line[];
  readonly fields: Fields;
  /** How often what is sent was changed or refused: then it is another request. */
  readonly edits: number;
  readonly busy: boolean;
  readonly faults: readonly Fault[];
  readonly fault: Said | null;
  /** Where `fault` is said; null: it is of all of it. */
  readonly at: Spot | null;
}
/** An order that is not sent yet, as it outlives a reload; the card is asked for anew. */
export type Draft = Pick<Taking, "reference" | "lines" | "fields" | "edits">;
export type State = { readonly mode: "opening"; readonly fault: Said | null } | Taking | { readonly mode: "taken"; readonly captured: Captured; readonly form: Form; readonly service: string };

export type Input =
  | { readonly type: "form"; readonly form: Form; readonly reference: string; readonly mark: string; readonly language: string; readonly draft?: Draft | null }
  | { readonly type: "closed"; readonly why: Said }
  | { readonly type: "item"; readonly offer: Offer }
  | { readonly type: "line"; readonly at: number; readonly name: "quantity" | "price"; readonly value: string }
  | { readonly type: "drop"; readonly at: number }
  | { readonly type: "field"; readonly name: keyof Fields; readonly value: string }
  | { readonly type: "known"; readonly fields: Partial<Fields> }
  | { readonly type: "send" }
  | { readonly type: "taken"; readonly captured: Captured }
  | { readonly type: "failed"; readonly why: Said; readonly refused: boolean; readonly faults: readonly Fault[] }
  | { readonly type: "next"; readonly reference: string; readonly mark: string; readonly language: string };

export type Mine =
  | { readonly type: "capture"; readonly key: string; readonly body: Readonly<Record<string, unknown>> }
  | { readonly type: "focus"; readonly on: Spot | "newest" | "fault" | "taken" };

export const start = (): State => ({ mode: "opening", fault: null });

const EMPTY: Fields = {
  name: "", email: "", phone: "", company: "", to: "", street: "", postal_code: "", city: "", region: "", country: "DE",
  language: "de", service: "", method: "card", token: "", received: "", complete: "",
};

/** A service is chosen by a person; the next order begins with the one before. */
const fresh = (form: Form, reference: string, mark: string, language: string, service = ""): Taking => ({
  mode: "taking", form, reference, mark, lines: [], fields: { ...EMPTY, language, service: goesTo(form, EMPTY.country, service), method: form.methods[0] ?? "" },
  edits: 0, busy: false, faults: [], fault: null, at: null,
});

/** What is worth keeping: null as long as nothing was typed, and when it is sent. */
export const draftOf = (state: State): Draft | null =>
  state.mode !== "taking" || state.edits === 0 ? null : { reference: state.reference, lines: state.lines, fields: { ...state.fields, token: "" }, edits: state.edits };

/** Goes on with what was kept. Without its card it is another request. */
const goingOn = (state: Taking, { reference, lines, fields, edits }: Draft): Taking =>
  edited({ ...state, reference, edits }, { lines, fields: { ...state.fields, ...fields, service: goesTo(state.form, fields.country, fields.service) } });

/** A number that can be said on the phone, out of what is random in an id. */
export const referenceOf = (id: string): string => `D-${id.slice(-12).toUpperCase()}`;

const goesTo = (form: Form, country: string, service: string): string => (servicesTo(form, country).some(({ code }) => code === service) ? service : "");

/** The services that go to a country. */
export const servicesTo = (form: Form, country: string): readonly Service[] => form.services.filter(({ countries }) => countries.length === 0 || countries.includes(country.toUpperCase()));

export const currencyOf = ({ lines }: Pick<Taking, "lines">): string => lines[0]?.offer.currency ?? "EUR";

/** Whole numbers only; null for what is none. */
const whole = (text: string): number | null => (/^\d{1,4}$/.test(text.trim()) && Number(text) > 0 ? Number(text) : null);

/** What the order costs; null as long as a quantity or a price cannot be read. */
export function totalsOf(state: Taking): { readonly items_minor: number; readonly shipping_minor: number; readonly total_minor: number } | null {
  const digits = digitsOf(currencyOf(state));
  let items = 0;
  for (const { quantity, price } of state.lines) {
    const [units, each] = [whole(quantity), minorOf(price, digits)];
    if (units === null || each === null) return null;
    items += units * each;
  }
  const shipping = state.form.services.find(({ code }) => code === state.fields.service)?.price_minor ?? 0;
  return { items_minor: items, shipping_minor: shipping, total_minor: items + shipping };
}

/** What keeps it from being sent, the first thing, and where; the server says the rest at its fields. */
export function missing(state: Taking): { readonly why: Said; readonly at: Spot } | null {
  const { lines, fields, form } = state;
  const digits = digitsOf(currencyOf(state));
  if (lines.length === 0) return { why: { key: "capture.noLines" }, at: "finder" };
  for (const [line, { quantity, price, offer }] of lines.entries()) {
    if (whole(quantity) === null) return { why: { key: "capture.noQuantity", params: { n: line + 1, sku: offer.sku } }, at: { line, name: "quantity" } };
    if (minorOf(price, digits) === null) return { why: { key: "capture.noPrice", params: { n: line + 1, sku: offer.sku } }, at: { line, name: "price" } };
  }
  if (fields.name.trim() === "") return { why: { key: "capture.noName" }, at: "name" };
  for (const at of ["street", "city"] as const) if (fields[at].trim() === "") return { why: { key: "capture.noAddress" }, at };
  if (servicesTo(form, fields.country).length === 0) return { why: { key: "capture.noService" }, at: "country" };
  return fields.service === "" ? { why: { key: "capture.whichService" }, at: "service" } : null;
}

/** The field of the form that a path of the server's means; null where the form has none for it. */
export function fieldAt(path: string): (typeof PERSON)[number] | (typeof ADDRESS)[number] | "token" | null {
  if (path === "address.name") return "to";
  const name = /^(?:customer|address|payment)\.(\w+)$/.exec(path)?.[1];
  return [...PERSON, ...ADDRESS, "token" as const].find((each) => each === name) ?? null;
}

/** The line whose item a path means; null for any other path. */
export const lineAt = (path: string, lines: readonly Line[]): Line | null => lines[Number(/^lines\[(\d+)\]\.sku$/.exec(path)?.[1] ?? -1)] ?? null;

/** More than lies there: said before it is sold, it may be sold all the same. */
export const isShort = ({ offer, quantity }: Line): boolean => (whole(quantity) ?? 0) > offer.ready;

function bodyOf(state: Taking): Readonly<Record<string, unknown>> {
  const { fields, lines, reference, form } = state;
  const digits = digitsOf(currencyOf(state));
  const plain = (name: keyof Fields): string => fields[name].trim();
  const byHand = fields.method === "prepaid" || fields.method === "cash";
  return {
    channel: form.channel,
    external_ref: reference,
    currency: currencyOf(state),
    lines: lines.map(({ offer, quantity, price }) => ({ sku: offer.sku, quantity: whole(quantity) ?? 0, price_minor: minorOf(price, digits) ?? 0 })),
    totals: { ...totalsOf(state), tax_minor: 0 },
    customer: { name: plain("name"), email: plain("email"), phone: plain("phone"), language: plain("language") },
    address: {
      street: plain("street"), city: plain("city"), country: plain("country").toUpperCase(), postal_code: plain("postal_code"), region: plain("region"), name: plain("to"), company: plain("company"),
    },
    payment: { method: fields.method, token: fields.method === "card" ? plain("token") : "", received: byHand && fields.received !== "" },
    service: fields.service,
    split: fields.complete === "" ? "ship_available" : "ship_complete",
  };
}

const edited = (state: Taking, more: Partial<Taking>): Taking => ({ ...state, ...more, edits: state.edits + 1, faults: [], fault: null, at: null });

function withField(state: Taking, name: keyof Fields, value: string): Taking {
  const fields = { ...state.fields, [name]: value };
  if (name !== "country") return edited(state, { fields });
  return edited(state, { fields: { ...fields, service: goesTo(state.form, value, fields.service) } });
}

export const flow = machine<State, Input, Mine>({
  opening: {
    form: (_, { form, reference, mark, language, draft = null }) => {
      const state = fresh(form, reference, mark, language);
      return to<State, Mine>(draft === null ? state : goingOn(state, draft), { type: "focus", on: "finder" });
    },
    closed: (_, { why }) => to({ mode: "opening", fault: why }),
  },
  taking: {
    item: (state, { offer }) => {
      const there = state.lines.findIndex((line) => line.offer.sku === offer.sku);
      const lines = there === -1 ? [...state.lines, { offer, quantity: "1", price: typed(offer.price_minor, digitsOf(offer.currency), state.mark) }] : state.lines.map((line, at) => (at === there ? { ...line, quantity: String((whole(line.quantity) ?? 0) + 1) } : line));
      return to<State, Mine>(edited(state, { lines }), { type: "focus", on: there === -1 ? "newest" : "finder" });
    },
    line: (state, { at, name, value }) => to(edited(state, { lines: state.lines.map((line, i) => (i === at ? { ...line, [name]: value } : line)) })),
    drop: (state, { at }) => to<State, Mine>(edited(state, { lines: state.lines.filter((_line, i) => i !== at) }), { type: "focus", on: "finder" }),
    field: (state, { name, value }) => to(withField(state, name, value)),
    known: (state, { fields }) => to(withField({ ...state, fields: { ...state.fields, ...fields } }, "country", fields.country ?? state.fields.country)),
    send: (state) => {
      if (state.busy) return to(state);
      const lacks = missing(state);
      if (lacks !== null) return to<State, Mine>({ ...state, fault: lacks.why, at: lacks.at, faults: [] }, { type: "focus", on: lacks.at });
      return to<State, Mine>({ ...state, busy: true, fault: null, at: null, faults: [] }, { type: "capture", key: `${state.reference}-${state.edits}`, body: bodyOf(state) });
    },
    taken: (state, { captured }) => to<State, Mine>({ mode: "taken", captured, form: state.form, service: state.fields.service }, { type: "focus", on: "taken" }),
    failed: (state, { why, refused, faults }) => to<State, Mine>({ ...state, edits: state.edits + Number(refused), busy: false, fault: why, faults }, { type: "focus", on: faults.map(({ field }) => fieldAt(field)).find((at) => at !== null) ?? "fault" }),
    next: (state, { reference, mark, language }) => to<State, Mine>(state.busy ? state : fresh(state.form, reference, mark, language, state.fields.service), { type: "focus", on: "finder" }),
  },
  taken: {
    next: (state, { reference, mark, language }) => to<State, Mine>(fresh(state.form, reference, mark, language, state.service), { type: "focus", on: "finder" }),
  },
});
