/** Why: what the topic `board` brings (`server/analytics/schemas.py`), and what is worked out of it as time goes by. */

import { forecast, minutesToDo, pace, standing, STUCK, WINDOW, type Forecast, type Standing } from "../../core/pace";

export interface Stages {
  readonly lines: number;
  readonly picked: number;
  readonly packed: number;
  readonly loaded: number;
  readonly orders: number;
  readonly orders_open: number;
}

export interface Wave {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly cutoff_at: string;
  readonly carriers: readonly string[];
  readonly stages: Stages;
  readonly pace: Readonly<Record<string, number>>;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly device: string | null;
  readonly heard_at: string | null;
  readonly did: string | null;
  /** A pack station by its name, any other bin by its code. */
  readonly place: string | null;
  readonly at: readonly [number, number] | null;
  readonly tour: string | null;
  readonly tour_number: number | null;
  readonly wave: number | null;
  readonly stops_done: number;
  readonly stops: number;
}

export interface Need {
  readonly kind: "print" | "aside" | "hold" | "count";
  readonly id: string;
  readonly since: string;
  readonly order: number | null;
  readonly bin: string | null;
  readonly item: Readonly<Record<string, string>> | null;
  readonly printer: string | null;
  readonly person: string | null;
  readonly why: string | null;
  readonly said: { readonly kind: string; readonly body: Readonly<Record<string, unknown>> } | null;
  /** Nobody has decided in time. */
  readonly late?: boolean;
}

export interface Printer {
  readonly code: string;
  readonly name: string;
  readonly condition: string;
  readonly waiting: number;
  readonly unknown: number;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly person: string | null;
  readonly heard_at: string | null;
  readonly battery: number | null;
  readonly charging: boolean | null;
}

export interface MissingTote {
  readonly code: string;
  readonly state: string;
  readonly station: string | null;
  readonly cart: string | null;
  readonly person: string | null;
}

export interface Parked {
  readonly order: number;
  readonly station: string;
  readonly place: number;
  readonly since: string;
  readonly complete: boolean;
  readonly totes: readonly MissingTote[];
  readonly to_pick: number;
  readonly backordered: number;
}

export interface Board {
  readonly today: { readonly since: string; readonly lines: number; readonly right: number; readonly saved_m: number };
  readonly waves: Readonly<Record<string, Wave>>;
  readonly people: Readonly<Record<string, Person>>;
  readonly needs: Readonly<Record<string, Need>>;
  readonly printers: Readonly<Record<string, Printer>>;
  readonly devices: Readonly<Record<string, Device>>;
  readonly parked: Readonly<Record<string, Parked>>;
}

const MINUTE = 60_000;
const minutesSince = (moment: string, now: number): number => Math.max(0, Math.floor((now - Date.parse(moment)) / MINUTE));

export interface WaveNow {
  readonly wave: Wave;
  readonly left: number;
  readonly forecast: Forecast;
  /** When it is picked at this pace; null where that is unknown or it is done. */
  readonly finish: number | null;
}

/** Waves with work first, the most urgent on top; what is loaded sinks. */
export function wavesNow(board: Board, now: number): readonly WaveNow[] {
  const rows = Object.values(board.waves).map((wave) => waveNow(wave, now));
  return rows.sort((a, b) => Number(isLoaded(a.wave)) - Number(isLoaded(b.wave)) || Date.parse(a.wave.cutoff_at) - Date.parse(b.wave.cutoff_at) || a.wave.number - b.wave.number);
}

const isLoaded = ({ stages }: Wave): boolean => stages.loaded >= stages.lines;

function waveNow(wave: Wave, now: number): WaveNow {
  const left = wave.stages.lines - wave.stages.picked;
  const done = pace(wave.pace, Math.floor(now / MINUTE));
  const toCutoff = Math.floor((Date.parse(wave.cutoff_at) - now) / MINUTE);
  const needs = minutesToDo(left, done);
  return { wave, left, forecast: forecast(left, wave.stages.lines - wave.stages.loaded, done, toCutoff), finish: left === 0 || needs === null ? null : now + needs * MINUTE };
}

/** Lines an hour of all waves, over the last minutes; null where they are too few to say anything. */
export function linesAnHour(board: Board, now: number): number | null {
  const all: Record<string, number> = {};
  for (const wave of Object.values(board.waves)) for (const [minute, lines] of Object.entries(wave.pace)) all[minute] = (all[minute] ?? 0) + lines;
  const done = pace(all, Math.floor(now / MINUTE));
  return done === null ? null : (done * 60) / WINDOW;
}

export interface PersonNow {
  readonly person: Person;
  readonly standing: Standing;
  /** Minutes since something was heard; null: never. */
  readonly quiet: number | null;
}

/** Somebody at a bench has no tour; they are at work for as long as something is heard of them. */
const isPacking = ({ did }: Person, quiet: number | null): boolean => did !== null && did.startsWith("pack.") && quiet !== null && quiet < STUCK;

const RANK: Readonly<Record<Standing, number>> = { stuck: 0, quiet: 1, working: 2, idle: 3 };

/** Whoever needs somebody first. */
export function peopleNow(board: Board, now: number): readonly PersonNow[] {
  const rows = Object.values(board.people).map((person) => {
    const quiet = person.heard_at === null ? null : minutesSince(person.heard_at, now);
    return { person, quiet, standing: standing(person.tour !== null || isPacking(person, quiet), quiet) };
  });
  return rows.sort((a, b) => RANK[a.standing] - RANK[b.standing] || a.person.name.localeCompare(b.person.name));
}

const ORDER: Readonly<Record<Need["kind"], number>> = { print: 0, aside: 1, hold: 2, count: 3 };

/** What is overdue first, then what hurts most, then what waits longest. */
export const needsNow = (board: Board): readonly Need[] =>
  Object.values(board.needs).sort((a, b) => Number(b.late ?? false) - Number(a.late ?? false) || ORDER[a.kind] - ORDER[b.kind] || Date.parse(a.since) - Date.parse(b.since));

/** A battery with less than so many percent does not last until somebody has time. */
const LOW = 20;

/** What of a device needs somebody's eyes. */
export type Eyes = "silent" | "low";

export interface DeviceNow {
  readonly device: Device;
  readonly eyes: Eyes | null;
  /** Minutes since something was heard; null: never. */
  readonly quiet: number | null;
}

/** A device says how it is every few minutes. One that nobody works with may be switched off: that is nobody's trouble. */
function eyesOn({ person, battery, charging }: Device, quiet: number | null): Eyes | null {
  const silent = quiet !== null && quiet >= STUCK;
  if (person !== null && silent) return "silent";
  const low = battery !== null && battery < LOW && charging !== true;
  return low && (person !== null || !silent) ? "low" : null;
}

const rankOf = ({ device, eyes }: DeviceNow): number => (eyes !== null ? 0 : device.person !== null ? 1 : 2);

/** Those that need eyes first, then those that somebody works with. */
export function devicesNow(board: Board, now: number): readonly DeviceNow[] {
  const rows = Object.values(board.devices).map((device) => {
    const quiet = device.heard_at === null ? null : minutesSince(device.heard_at, now);
    return { device, quiet, eyes: eyesOn(device, quiet) };
  });
  return rows.sort((a, b) => rankOf(a) - rankOf(b) || a.device.name.localeCompare(b.device.name, undefined, { numeric: true }));
}

/** What waits longest first. */
export const parkedNow = (board: Board): readonly Parked[] => Object.values(board.parked).sort((a, b) => Date.parse(a.since) - Date.parse(b.since) || a.place - b.place);

export const waitsFor = (need: { readonly since: string }, now: number): number => minutesSince(need.since, now);

/** What the chart's axis spans, in seconds: at least an hour. Around one moment alone it would be days, each of them 00:00. */
export const spanOf = (first: number, last: number): [number, number] => [Math.min(first, last - 3600), last];
