/** Why: what a person types and what the server takes differ (litres and millilitres, "DE, AT" and a list): both ways, once, pure. */

import type { Said } from "../../core/machine";

export type Row = Readonly<Record<string, unknown>>;
export type Value = string | boolean | readonly string[];
export type Values = Readonly<Record<string, Value>>;
/** A value and its words; words that begin with a dot are a key of this screen. */
export type Option = readonly [value: string, words: string];

interface Common {
  /** The server's name of it; a dot leads inside: `address.city`. */
  readonly name: string;
  /** Said once: what a thing is known by. */
  readonly fixed?: true;
  /** May be left empty: the server gets null, or the empty text. */
  readonly optional?: "null" | "text";
  readonly start?: Value;
  /** Where the row has it, when that is called otherwise. */
  readonly from?: string;
}

/** How a code is written; small letters and capitals are put right, the rest is said. */
type Shape = "capitals" | "small" | "country";
const SHAPES: Readonly<Record<Shape, RegExp>> = { capitals: /^[A-Z0-9]+(-[A-Z0-9]+)*$/u, small: /^[a-z0-9]+(-[a-z0-9]+)*$/u, country: /^[A-Z]{2}$/u };
const written = (shape: Shape | undefined, text: string): string => (shape === undefined ? text : shape === "small" ? text.toLowerCase() : text.toUpperCase());

export type FieldDef = Common &
  (
    | { readonly kind: "text"; readonly max: number; readonly shape?: Shape }
    /** Shown in a unit that holds `scale` of the server's. */
    | { readonly kind: "number"; readonly min: number; readonly max: number; readonly scale?: number }
    /** `number`: what is chosen is kept as one. */
    | { readonly kind: "choice"; readonly options: string | readonly Option[]; readonly number?: true }
    | { readonly kind: "many"; readonly options: string | readonly Option[] }
    | { readonly kind: "flag" }
    | { readonly kind: "time" }
    | { readonly kind: "date" }
    /** Codes with commas between them. */
    | { readonly kind: "codes"; readonly shape?: Shape }
    /** A number of a short list, kept as a number. */
    | { readonly kind: "numbers"; readonly options: readonly Option[] }
  );

const inside = (row: Row, name: string): unknown =>
  name.split(".").reduce<unknown>((at, part) => (typeof at === "object" && at !== null ? (at as Row)[part] : undefined), row);

/** What stands in the form: of a thing that is there, or of a new one. */
export function valuesOf(fields: readonly FieldDef[], row: Row | null): Values {
  return Object.fromEntries(fields.map((field) => [field.name, row === null ? fresh(field) : shown(field, inside(row, field.from ?? field.name))]));
}

function fresh(field: FieldDef): Value {
  if (field.start !== undefined) return field.start;
  if (field.kind === "flag") return false;
  return field.kind === "many" || field.kind === "numbers" ? [] : "";
}

function shown(field: FieldDef, value: unknown): Value {
  if (field.kind === "flag") return value === true;
  if (field.kind === "many" || field.kind === "numbers") return Array.isArray(value) ? value.map(String) : [];
  if (value === null || value === undefined) return "";
  if (field.kind === "codes") return Array.isArray(value) ? value.join(", ") : String(value);
  if (field.kind === "number") return String(Number(value) / (field.scale ?? 1));
  return String(value);
}

/** What is wrong with a field before anybody is asked; null when nothing is. */
export function faultOf(field: FieldDef, value: Value): Said | null {
  const empty = value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return field.optional !== undefined || field.kind === "flag" || field.kind === "codes" ? null : { key: "register.missing" };
  if ((field.kind === "text" || field.kind === "codes") && field.shape !== undefined) return misshapen(field.shape, sent(field, value));
  if (field.kind !== "number") return null;
  const [least, most] = [field.min / (field.scale ?? 1), field.max / (field.scale ?? 1)];
  const got = numberOf(String(value));
  return Number.isFinite(got) && got >= least && got <= most ? null : { key: "register.between", params: { least, most } };
}

const misshapen = (shape: Shape, said: unknown): Said | null =>
  [said].flat().every((each) => SHAPES[shape].test(String(each))) ? null : { key: `register.shape.${shape}` };

/** Also with a comma, as many people write it. */
const numberOf = (text: string): number => Number(text.trim().replace(",", "."));

export function faultsOf(fields: readonly FieldDef[], values: Values): Readonly<Record<string, Said>> {
  return Object.fromEntries(fields.flatMap((field) => {
    const fault = faultOf(field, values[field.name] ?? "");
    return fault === null ? [] : [[field.name, fault]];
  }));
}

/** The body that the server takes. */
export function bodyOf(fields: readonly FieldDef[], values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) put(body, field.name.split("."), sent(field, values[field.name] ?? ""));
  return body;
}

function put(into: Record<string, unknown>, [first = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) into[first] = value;
  else put((into[first] ??= {}) as Record<string, unknown>, rest, value);
}

function sent(field: FieldDef, value: Value): unknown {
  if (field.kind === "flag" || field.kind === "many") return value;
  if (field.kind === "numbers") return (value as readonly string[]).map(Number);
  const text = written("shape" in field ? field.shape : undefined, String(value).trim());
  if (field.kind === "codes") {
    const codes = text.split(/[\s,;]+/u).filter((each) => each !== "");
    return codes.length === 0 && field.optional === "null" ? null : codes;
  }
  if (text === "" && field.optional === "null") return null;
  if (field.kind === "choice" && field.number === true) return Number(text);
  return field.kind === "number" ? Math.round(numberOf(text) * (field.scale ?? 1)) : text;
}

/** The server's faults at the fields of this form: `roles[0]` belongs to `roles`; what belongs to none is told above. */
export function placed(fields: readonly FieldDef[], faults: readonly { readonly field: string; readonly message: string; readonly wanted: string }[]): Readonly<Record<string, Said>> {
  const found: Record<string, Said> = {};
  for (const fault of faults) {
    const field = fields.find(({ name }) => fault.field === name || fault.field.startsWith(`${name}[`) || fault.field.startsWith(`${name}.`));
    if (field !== undefined) found[field.name] = inWords(fault);
  }
  return found;
}

/** Many a message says by itself what was wanted. */
const inWords = ({ message, wanted }: { readonly message: string; readonly wanted: string }): Said =>
  message.includes(wanted) ? { key: "register.refused", params: { message } } : { key: "register.wanted", params: { message, wanted } };
