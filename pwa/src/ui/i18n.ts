/**
 * Why: every word on a screen comes from a catalogue in the person's language; numbers and times from Intl, times in
 * the warehouse's zone. Reading `t` inside a component subscribes it: a change of language draws it anew.
 *
 * Shared texts: `src/i18n/<language>.json`. A screen's own: `src/screens/<folder>/texts/<language>.json`, keys `<folder>.…`.
 */

import { computed, signal } from "@preact/signals";
import { format, type Params } from "../core/message";
import type { Said } from "../core/machine";
import { SPOKEN } from "../generated/words";

export const LANGUAGES = [
  { code: "en", locale: "en-GB", name: "English", dir: "ltr" },
  { code: "de", locale: "de-DE", name: "Deutsch", dir: "ltr" },
] as const;
export type Language = (typeof LANGUAGES)[number]["code"];

type Catalogue = Readonly<Record<string, string>>;
type Load = () => Promise<Catalogue>;
const FILES = import.meta.glob<Catalogue>(["../i18n/*.json", "../screens/*/texts/*.json"], { import: "default" });

const chosen = signal<Language>("en");
/** What is loaded, by `language/folder`; the shared texts are the folder without a name. */
const loaded = signal<Readonly<Record<string, Catalogue>>>({});
const catalogue = computed<Catalogue>(() =>
  Object.assign({}, ...Object.entries(loaded.value).map(([name, texts]) => (name.startsWith(`${chosen.value}/`) ? texts : {}))),
);
/** The texts of outcomes and the words of codes in them, by language. */
interface Told {
  readonly outcomes: Catalogue;
  readonly words: Catalogue;
}
const TOLD = import.meta.glob<Told>("../generated/said.*.json", { import: "default" });
const told = signal<Readonly<Record<string, Told>>>({});
const spoken: ReadonlySet<string> = new Set(SPOKEN);
/** The screens seen so far, and the language that was asked for last: it may still be on its way. */
const folders = new Set([""]);
let wish: Language = "en";

/** The language that is spoken now. */
export const language = computed(() => chosen.value);
/** How numbers and dates are written in it. */
const locale = computed(() => LANGUAGES.find((each) => each.code === chosen.value)?.locale ?? chosen.value);
/** The zone that times are said in; the device's own before a warehouse is known. */
export const zone = signal<string | undefined>(undefined);

export const isLanguage = (code: string): code is Language => LANGUAGES.some((each) => each.code === code);

/** The best of our languages for what a browser or a profile asks for. */
export function languageFor(...wanted: readonly string[]): Language {
  for (const each of wanted) {
    const short = each.slice(0, 2).toLowerCase();
    if (isLanguage(short)) return short;
  }
  return "en";
}

/** Speaks `code` from now on: loads the shared texts and those of the screens seen so far. The last wish wins. */
export async function setLanguage(code: Language): Promise<void> {
  wish = code;
  await load(code);
  if (wish !== code) return;
  chosen.value = code;
  if (typeof document !== "undefined") {
    document.documentElement.lang = code;
    document.documentElement.dir = LANGUAGES.find((each) => each.code === code)?.dir ?? "ltr";
  }
}

/** Loads a screen's texts before it is drawn, in the language that is spoken and the one that is on its way. */
export async function loadScreenTexts(folder: string): Promise<void> {
  folders.add(folder);
  await Promise.all([load(chosen.peek()), load(wish)]);
}

/** The first screens of a handheld stand before the words of outcomes are there: nothing was answered yet. */
const EARLY: ReadonlySet<string> = new Set(["", "sign-in", "home", "pick"]);
const isEarly = (): boolean => [...folders].every((folder) => EARLY.has(folder));

async function load(code: Language): Promise<void> {
  const early = isEarly();
  await Promise.all([early ? undefined : loadTold(code), loadTexts(code)]);
  if (early && folders.size > 1) loadTold(code).catch((error: unknown) => console.warn("the words of outcomes did not come; the next screen asks again", error));
}

async function loadTold(code: Language): Promise<void> {
  const read = TOLD[`../generated/said.${code}.json`] as (() => Promise<Told>) | undefined;
  if (read !== undefined && told.peek()[code] === undefined) {
    const found = await read();
    told.value = { ...told.peek(), [code]: found };
  }
}

async function loadTexts(code: Language): Promise<void> {
  const missing = [...folders].map((folder) => `${code}/${folder}`).filter((name) => loaded.peek()[name] === undefined);
  const found = await Promise.all(missing.map(async (name) => [name, await textsOf(name)] as const));
  if (found.length > 0) loaded.value = { ...loaded.peek(), ...Object.fromEntries(found) };
}

function textsOf(name: string): Promise<Catalogue> {
  const [code, folder] = name.split("/");
  const read = FILES[folder === "" ? `../i18n/${code}.json` : `../screens/${folder}/texts/${code}.json`] as Load | undefined;
  return read === undefined ? Promise.resolve({}) : read();
}

/** The text of a key. Numbers among the parameters are written in the person's notation; give order numbers as texts. */
export function t(key: string, params: Params = {}): string {
  const message = catalogue.value[key];
  return message === undefined ? key : format(message, params, locale.value);
}

export const said = ({ key, params }: Said): string => (key.startsWith("outcome:") ? outcomeText(key.slice(8), params) : t(key, params));

/** The words of an outcome of the catalogue; the shared "refused" for one that this app does not know yet. */
export function outcomeText(code: string, params: Params = {}): string {
  const found = told.value[chosen.value]?.outcomes[code];
  return found === undefined ? t("common.refused", { code }) : format(found, worded(params), locale.value);
}

/** The words of a code ("no_stock_left"); anything else (a name, what a person wrote) as it is. */
export function wordOf(code: string): string {
  const known = told.value[chosen.value]?.words ?? {};
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? code;
}

/** What a printer says of itself, or why a print is in doubt, as the server's `Condition` and `Cause`. */
export function printerWords(code: string): string {
  const name = `printer_${code}`;
  const words = wordOf(name);
  return words === name ? wordOf("printer_unknown") : words;
}

const worded = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === "string" && spoken.has(name) ? wordOf(value) : value]));

/** A code in a text (C-02, A08-02-C) is read in one piece: no line breaks at its hyphens. */
export const inOnePiece = (text: string): string => text.replace(/(?<=[A-Z0-9])-(?=[A-Z0-9])/g, "\u2060-\u2060");

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();
function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(name: string, make: () => T): T {
  const key = `${locale.value}|${zone.value ?? ""}|${name}`;
  const found = (made.get(key) as T | undefined) ?? make();
  made.set(key, found);
  return found;
}

type Moment = string | number | Date;
const dateOf = (moment: Moment): Date => (moment instanceof Date ? moment : new Date(moment));

function dateText(moment: Moment, name: string, options: Intl.DateTimeFormatOptions): string {
  const zoned = zone.value === undefined ? options : { ...options, timeZone: zone.value };
  return cached(name, () => new Intl.DateTimeFormat(locale.value, zoned)).format(dateOf(moment));
}

/** 1,284 */
export const number = (value: number, digits = 0): string =>
  cached(`n${digits}`, () => new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits, minimumFractionDigits: digits })).format(value);
/** 22.47 € */
export const amountText = (amount: number, currency: string): string =>
  cached(`m${currency}`, () => new Intl.NumberFormat(locale.value, { style: "currency", currency })).format(amount);
/** The same; `minor` is the amount in the smallest unit (cents). */
export const money = (minor: number, currency: string): string =>
  amountText(minor / 10 ** (new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2), currency);
/** 15:18, in the warehouse's zone */
export const time = (moment: Moment): string => dateText(moment, "time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
/** Tue 24 Nov */
export const day = (moment: Moment): string => dateText(moment, "day", { weekday: "short", day: "numeric", month: "short" });
/** 15:18 where it is of today, else with its day: Fri 27 Nov 11:30 */
export const timeFrom = (moment: string, now: number): string => (day(moment) === day(now) ? time(moment) : `${day(moment)} ${time(moment)}`);
/** 24 Nov 2026, 15:18 */
export const dateTime = (moment: Moment): string =>
  dateText(moment, "full", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
/** A plain date such as a best-before (no zone): 31 Mar 2027 */
export const plainDate = (iso: string): string =>
  cached("plain", () => new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })).format(dateOf(`${iso}T00:00:00Z`));
/** 42 min, 2 h 05 min */
export const minutesText = (minutes: number): string =>
  minutes < 60 ? t("common.minutes", { n: minutes }) : t("common.hours", { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0") });
/** The same from now until then, in whole minutes; past it, how far: 12 min over */
export function minutesLeft(until: Moment, now: number): string {
  const left = (dateOf(until).getTime() - now) / 60_000;
  const text = minutesText(Math.floor(Math.abs(left)));
  return left <= -1 ? t("common.over", { left: text }) : text;
}

/** A text in pieces, every other one a unit with its number: what is written in capitals leaves these as they are. */
export const unitsApart = (text: string): readonly string[] => text.split(/(\d\s?(?:g|kg|mm|cm|m|ml|l|min)\b)/u);
