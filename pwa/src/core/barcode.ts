/**
 * Why: a barcode is parsed once into what it *is*; only then is it judged against what is expected here.
 *
 * The twin of `server/core/barcodes.py`: both run `tests/cases/barcodes.json`. Pure, never throws.
 */

export const KINDS = ["bin", "item", "tote", "cart", "badge", "sscc", "command", "station", "gs1", "unknown"] as const;
export type Kind = (typeof KINDS)[number];

/** What a barcode is. `code` is its canonical text (GTINs as 14 digits), `expiry` an ISO date; absent means not in the barcode. */
export interface Scan {
  readonly kind: Kind;
  readonly raw: string;
  readonly code?: string;
  readonly lot?: string;
  readonly expiry?: string;
  readonly serial?: string;
  readonly count?: number;
}

export const GS = "\x1d";
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY";
const MAX_LENGTH = 200;
const AIM_OF_GS1 = new Set(["]C1", "]d2", "]Q3", "]e0", "]J1"]);

const PREFIXED: readonly (readonly [Kind, RegExp])[] = [
  ["bin", /^B-([A-Z0-9]+(?:-[A-Z0-9]+)*)$/],
  ["tote", /^(T-[0-9]{4,8})$/],
  ["cart", /^(C-[0-9]{2,6})$/],
  ["station", /^(S-[A-Z0-9]+(?:-[A-Z0-9]+)*)$/],
  ["badge", /^(P-[0-9A-HJKMNP-TV-Z]{9})$/],
  ["item", /^(I-[A-Z0-9]+(?:-[A-Z0-9]+)*)$/],
  ["command", /^%CMD:([A-Z0-9_]{1,20}:[0-9A-Z])$/],
];

/** Application identifier → field and exact digits, or null for text up to 20 (GS1 General Specifications, section 3). */
const ELEMENTS: Readonly<Record<string, readonly [field: string, size: number | null]>> = {
  "00": ["sscc", 18],
  "01": ["gtin", 14],
  "02": ["gtin", 14],
  "10": ["lot", null],
  "11": ["produced", 6],
  "15": ["best_before", 6],
  "17": ["expiry", 6],
  "21": ["serial", null],
  "37": ["count", null],
};
const TEXT_LIMIT = 20;
const GTIN_LENGTHS = [8, 12, 13, 14];

/** The check character of a badge's or a command's body: position-weighted sum, modulo 31. */
export function checkCharacter(body: string): string {
  const sum = [...body].reduce((total, char, i) => total + (i + 1) * (char.codePointAt(0) ?? 0), 0);
  return ALPHABET.charAt(sum % ALPHABET.length);
}

/** The GS1 modulo-10 check digit of `digits` (weights 3, 1 from the right). */
export function checkDigit(digits: string): string {
  let total = 0;
  for (let i = 0; i < digits.length; i++) {
    total += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  }
  return String((10 - (total % 10)) % 10);
}

/** The barcode of a command, as printed on the command card: `DONE` → `%CMD:DONE:` + check character. */
export const command = (name: string): string => `%CMD:${name}:${checkCharacter(name)}`;

/** The command that was scanned; null where something else was. */
export const commandOf = (scan: Scan): string | null => (scan.kind === "command" ? (scan.code ?? null) : null);

/** A bin's code as people read it: `A07-03-B` → `A07·03·B`. */
export const printedBin = (code: string): string => code.replaceAll("-", "·");

/** What a text copied from a screen may carry without showing it: word joiners, directions, soft hyphens. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The text without what nobody sees in it. */
export const bare = (text: string): string => text.replace(UNSEEN, "");

/** What the scanned text is. Never throws: what cannot be read is `unknown`, with its raw text. */
export function parse(text: string): Scan {
  const raw = bare(text).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  const points = [...raw];
  if (points.length === 0 || points.length > MAX_LENGTH) {
    return { kind: "unknown", raw: points.slice(0, MAX_LENGTH).join("") };
  }
  const aim = /^\][A-Za-z][0-9A-Za-z]/.exec(raw)?.[0] ?? "";
  const body = raw.slice(aim.length).replaceAll("{GS}", GS).replaceAll("<GS>", GS);
  return (
    prefixed(raw, body.toUpperCase()) ??
    (AIM_OF_GS1.has(aim) || body.includes(GS) ? elementString(raw, withoutLeadingGs(body)) : null) ??
    bracketed(raw, body) ??
    digits(raw, body) ?? { kind: "unknown", raw }
  );
}

const withoutLeadingGs = (body: string): string => body.replace(/^\x1d+/, "");

function prefixed(raw: string, body: string): Scan | null {
  for (const [kind, pattern] of PREFIXED) {
    const code = pattern.exec(body)?.[1];
    if (code !== undefined) return checked(kind, raw, code);
  }
  return null;
}

function checked(kind: Kind, raw: string, code: string): Scan | null {
  if (kind === "badge") {
    return checkCharacter(code.slice(2, -1)) === code.slice(-1) ? { kind, raw, code } : null;
  }
  if (kind === "command") {
    const [name = "", check] = code.split(":");
    return checkCharacter(name) === check ? { kind, raw, code: name } : null;
  }
  return { kind, raw, code };
}

/** The human-readable form `(00)3…`, as printed under the bars and typed by hand. */
function bracketed(raw: string, body: string): Scan | null {
  if (!/^\(\d{2,4}\)/.test(body)) return null;
  const plain = body.replace(/\((\d{2,4})\)/g, `${GS}$1`).replaceAll(" ", "");
  return elementString(raw, withoutLeadingGs(plain));
}

function digits(raw: string, body: string): Scan | null {
  if (!/^[0-9]+$/.test(body)) return /^01[0-9]{14}/.test(body) ? elementString(raw, body) : null;
  if (GTIN_LENGTHS.includes(body.length)) {
    return checkOk(body) ? { kind: "item", raw, code: body.padStart(14, "0") } : null;
  }
  if (body.length === 18 && checkOk(body)) return { kind: "sscc", raw, code: body };
  if (body.length === 20 && body.startsWith("00") && checkOk(body.slice(2))) {
    return { kind: "sscc", raw, code: body.slice(2) };
  }
  return body.length >= 16 && body.startsWith("01") ? elementString(raw, body) : null;
}

const checkOk = (text: string): boolean => checkDigit(text.slice(0, -1)) === text.slice(-1);

function elementString(raw: string, body: string): Scan | null {
  const fields = elements(body);
  if (fields === null) return null;
  const expiry = fields.get("expiry") ?? fields.get("best_before");
  const lot = fields.get("lot");
  const serial = fields.get("serial");
  const count = Number(fields.get("count") ?? "0");
  const shared = {
    ...(lot === undefined ? {} : { lot }),
    ...(expiry === undefined ? {} : { expiry }),
    ...(serial === undefined ? {} : { serial }),
    ...(count === 0 ? {} : { count }),
  };
  const sscc = fields.get("sscc");
  if (sscc !== undefined) return { kind: "sscc", raw, code: sscc, ...shared };
  const gtin = fields.get("gtin");
  if (gtin !== undefined) return { kind: "item", raw, code: gtin, ...shared };
  return { kind: "gs1", raw, ...shared };
}

/** The elements by field, or null where the text is no element string that we know. */
function elements(body: string): Map<string, string> | null {
  const found = new Map<string, string>();
  let rest = body;
  while (rest !== "") {
    if (rest.startsWith(GS)) {
      rest = rest.slice(1);
      continue;
    }
    const [field, size] = Object.hasOwn(ELEMENTS, rest.slice(0, 2)) ? ELEMENTS[rest.slice(0, 2)]! : ["", 0];
    const value = size === null ? (rest.slice(2).split(GS, 1)[0] ?? "") : rest.slice(2, 2 + size);
    const read = valueOf(field, size, value);
    if (read === null || found.has(field)) return null;
    found.set(field, read);
    rest = rest.slice(2 + value.length);
  }
  return found.size > 0 ? found : null;
}

function valueOf(field: string, size: number | null, value: string): string | null {
  if (field === "" || value === "") return null;
  if (size === null) {
    if (value.length > TEXT_LIMIT || !/^[ -~]*$/.test(value)) return null;
    return field === "count" && !/^[0-9]{1,8}$/.test(value) ? null : value;
  }
  if (value.length !== size || !/^[0-9]+$/.test(value)) return null;
  if (field === "sscc" || field === "gtin") return checkOk(value) ? value : null;
  return dateOf(value);
}

/** YYMMDD as an ISO date; day 00 is the month's last (GS1 General Specifications 3.4). Years are 2000–2099. */
function dateOf(value: string): string | null {
  const year = 2000 + Number(value.slice(0, 2));
  const month = Number(value.slice(2, 4));
  const day = Number(value.slice(4));
  if (month < 1 || month > 12) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > last) return null;
  return `${year}-${value.slice(2, 4)}-${String(day || last).padStart(2, "0")}`;
}
