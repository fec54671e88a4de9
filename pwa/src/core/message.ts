/**
 * Why: what a screen says comes from catalogues; a message has its parameters, and its plurals, in itself.
 *
 * `{name}` a value (numbers in the person's notation, texts as they are: give order numbers as texts) ·
 * `{n, plural, one {# line} other {# lines}}` · `{role, select, packer {…} other {…}}`.
 */

export type Params = Readonly<Record<string, string | number>>;

type Part =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "value"; readonly name: string }
  | { readonly type: "choice"; readonly by: "plural" | "select"; readonly name: string; readonly cases: ReadonlyMap<string, readonly Part[]> };

export class MessageBroken extends Error {
  constructor(message: string, at: number) {
    super(`message broken at ${at}: ${message}`);
    this.name = "MessageBroken";
  }
}

const cache = new Map<string, readonly Part[]>();

/** The message with its parameters filled in. A parameter that is not given stays visible as `{name}`. */
export function format(message: string, params: Params, locale: string): string {
  let parts = cache.get(message);
  if (parts === undefined) cache.set(message, (parts = parse(message)));
  return say(parts, params, locale, null);
}

/** The names of the parameters that a message takes. */
export function paramsOf(message: string): Set<string> {
  const names = new Set<string>();
  const walk = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (part.type !== "text") names.add(part.name);
      if (part.type === "choice") for (const each of part.cases.values()) walk(each);
    }
  };
  walk(parse(message));
  return names;
}

function say(parts: readonly Part[], params: Params, locale: string, counted: number | null): string {
  return parts
    .map((part) => {
      if (part.type === "text") return counted === null ? part.text : part.text.replaceAll("#", numberText(counted, locale));
      const value = params[part.name];
      if (value === undefined) return `{${part.name}}`;
      if (part.type === "value") return typeof value === "number" ? numberText(value, locale) : value;
      const number = Number(value);
      const chosen = part.by === "select" ? String(value) : pluralOf(number, locale, part.cases);
      const branch = part.cases.get(chosen) ?? part.cases.get("other") ?? [];
      return say(branch, params, locale, part.by === "plural" ? number : counted);
    })
    .join("");
}

const numbers = new Map<string, Intl.NumberFormat>();
const plurals = new Map<string, Intl.PluralRules>();

function numberText(value: number, locale: string): string {
  let made = numbers.get(locale);
  if (made === undefined) numbers.set(locale, (made = new Intl.NumberFormat(locale)));
  return made.format(value);
}

function pluralOf(value: number, locale: string, cases: ReadonlyMap<string, unknown>): string {
  if (cases.has(`=${value}`)) return `=${value}`;
  let made = plurals.get(locale);
  if (made === undefined) plurals.set(locale, (made = new Intl.PluralRules(locale)));
  return made.select(value);
}

function parse(message: string): readonly Part[] {
  let at = 0;

  const parts = (inside: boolean): Part[] => {
    const found: Part[] = [];
    let text = "";
    while (at < message.length && !(inside && message[at] === "}")) {
      if (message[at] === "}") throw new MessageBroken("a } without its {", at);
      if (message[at] !== "{") {
        text += message[at++];
        continue;
      }
      if (text !== "") found.push({ type: "text", text });
      text = "";
      at += 1;
      found.push(argument());
    }
    if (text !== "") found.push({ type: "text", text });
    return found;
  };

  const argument = (): Part => {
    const name = word();
    if (message[at] === "}") {
      at += 1;
      return { type: "value", name };
    }
    expect(",");
    const by = word();
    if (by !== "plural" && by !== "select") throw new MessageBroken(`wanted plural or select, got ${by}`, at);
    expect(",");
    const cases = new Map<string, readonly Part[]>();
    for (space(); message[at] !== "}"; space()) {
      const key = word();
      expect("{");
      cases.set(key, parts(true));
      expect("}");
    }
    at += 1;
    if (!cases.has("other")) throw new MessageBroken(`${name} has no case "other"`, at);
    return { type: "choice", by, name, cases };
  };

  const space = (): void => {
    while (/\s/.test(message[at] ?? "")) at += 1;
  };
  const word = (): string => {
    space();
    const found = /^[=\w]+/.exec(message.slice(at))?.[0];
    if (found === undefined) throw new MessageBroken("a name is missing", at);
    at += found.length;
    space();
    return found;
  };
  const expect = (char: string): void => {
    space();
    if (message[at] !== char) throw new MessageBroken(`wanted ${char}, got ${message[at] ?? "the end"}`, at);
    at += 1;
  };

  return parts(false);
}
