/**
 * Why: a screen that shows yesterday as now is worse than none. This machine knows what it has seen, up to where, and
 * whether it still hears the server. Sans-IO: inputs in, effects out; `adapters/socket` does them.
 */

import { backoff } from "./backoff";
import type { Chance } from "./ports";

export const PING_EVERY = 15_000;
export const MISSES = 2;
/** Close codes of the server: sign in again, not for you. Every other one is tried again. */
const CLOSE_SIGNIN = 4401;
const CLOSE_FORBIDDEN = 4403;

export type Positions = Readonly<Record<string, number>>;
/** Values by path (`id`, or `id/part/part`), and the ids that are gone. Values are whole, so applying them twice does no harm. */
export interface Delta {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly gone?: readonly string[];
}

export type ServerFrame =
  | { readonly type: "snapshot"; readonly topic: string; readonly key: string; readonly positions: Positions; readonly data: unknown }
  | {
      readonly type: "delta";
      readonly topic: string;
      readonly key: string;
      readonly stream: string | number;
      readonly from: number;
      readonly to: number;
      readonly data: Delta;
    }
  | { readonly type: "pong"; readonly positions?: Positions }
  | { readonly type: "error"; readonly code: string }
  | { readonly type: "resync"; readonly topic: string; readonly key: string };

export type ClientFrame =
  | { readonly type: "subscribe"; readonly topic: string; readonly key: string; readonly after: Positions | null }
  | { readonly type: "unsubscribe"; readonly topic: string; readonly key: string }
  | { readonly type: "ping" };

/** `live`: heard within the heartbeat. `stale`: what is shown may be old. `signin`, `forbidden`: not tried again by itself. */
export type Link = "idle" | "connecting" | "live" | "stale" | "signin" | "forbidden";

export type LiveEffect =
  | { readonly do: "connect" }
  | { readonly do: "disconnect" }
  | { readonly do: "send"; readonly frame: ClientFrame }
  | { readonly do: "timer"; readonly after: number }
  | { readonly do: "no timer" }
  | { readonly do: "link"; readonly link: Link }
  | { readonly do: "show"; readonly topic: string; readonly key: string; readonly data: unknown }
  | { readonly do: "error"; readonly code: string };

interface Subscription {
  readonly topic: string;
  readonly key: string;
  positions: Record<string, number> | null;
  data: unknown;
}

export class Live {
  link: Link = "idle";
  private readonly subscriptions = new Map<string, Subscription>();
  private phase: "off" | "connecting" | "open" | "waiting" = "off";
  private missed = 0;
  private failures = 0;

  constructor(private readonly chance: Chance) {}

  /** Begin, or begin again at once: after a sign-in, or when the network is back. */
  start(): LiveEffect[] {
    if (this.phase === "open" || this.phase === "connecting") return [];
    this.failures = 0;
    return this.connect();
  }

  stop(): LiveEffect[] {
    this.phase = "off";
    return [{ do: "no timer" }, { do: "disconnect" }, ...this.say("idle")];
  }

  subscribe(topic: string, key: string): LiveEffect[] {
    const name = nameOf(topic, key);
    if (this.subscriptions.has(name)) return [];
    const subscription: Subscription = { topic, key, positions: null, data: undefined };
    this.subscriptions.set(name, subscription);
    return this.phase === "open" ? [this.ask(subscription)] : [];
  }

  unsubscribe(topic: string, key: string): LiveEffect[] {
    const known = this.subscriptions.delete(nameOf(topic, key));
    return known && this.phase === "open" ? [{ do: "send", frame: { type: "unsubscribe", topic, key } }] : [];
  }

  /** What a topic shows now; undefined before its first snapshot. */
  data(topic: string, key: string): unknown {
    return this.subscriptions.get(nameOf(topic, key))?.data;
  }

  opened(): LiveEffect[] {
    this.phase = "open";
    this.missed = 0;
    this.failures = 0;
    const asks = [...this.subscriptions.values()].map((each) => this.ask(each));
    return [...this.say("live"), ...asks, { do: "timer", after: PING_EVERY }];
  }

  closed(code: number): LiveEffect[] {
    if (this.phase === "off" || this.phase === "waiting") return [];
    if (code !== CLOSE_SIGNIN && code !== CLOSE_FORBIDDEN) return this.retry();
    this.phase = "off";
    return [{ do: "no timer" }, ...this.say(code === CLOSE_SIGNIN ? "signin" : "forbidden")];
  }

  /** The one timer went off: the next ping while open, the next try while not, too long a wait while connecting. */
  timer(): LiveEffect[] {
    if (this.phase === "off") return [];
    if (this.phase === "waiting") return this.connect();
    if (this.phase === "connecting" || this.missed >= MISSES) return [{ do: "disconnect" }, ...this.retry()];
    this.missed += 1;
    return [{ do: "send", frame: { type: "ping" } }, { do: "timer", after: PING_EVERY }];
  }

  received(frame: ServerFrame): LiveEffect[] {
    if (this.phase !== "open") return [];
    this.missed = 0;
    switch (frame.type) {
      case "snapshot":
        return this.snapshot(frame);
      case "delta":
        return this.delta(frame);
      case "resync":
        return this.again(frame.topic, frame.key);
      case "error":
        return [{ do: "error", code: frame.code }];
      default:
        return [];
    }
  }

  private snapshot(frame: Extract<ServerFrame, { type: "snapshot" }>): LiveEffect[] {
    const mine = this.subscriptions.get(nameOf(frame.topic, frame.key));
    if (mine === undefined) return [];
    mine.positions = { ...frame.positions };
    mine.data = frame.data;
    return [{ do: "show", topic: mine.topic, key: mine.key, data: mine.data }];
  }

  /** A delta from beyond what I know is a gap: ask anew. One that I know already is dropped. */
  private delta(frame: Extract<ServerFrame, { type: "delta" }>): LiveEffect[] {
    const mine = this.subscriptions.get(nameOf(frame.topic, frame.key));
    if (mine === undefined || mine.positions === null) return [];
    const stream = String(frame.stream);
    const known = mine.positions[stream] ?? 0;
    if (frame.to <= known) return [];
    if (frame.from > known) return this.again(frame.topic, frame.key);
    mine.positions[stream] = frame.to;
    mine.data = applyDelta(mine.data, frame.data);
    return [{ do: "show", topic: mine.topic, key: mine.key, data: mine.data }];
  }

  private again(topic: string, key: string): LiveEffect[] {
    const mine = this.subscriptions.get(nameOf(topic, key));
    if (mine === undefined) return [];
    mine.positions = null;
    return [this.ask(mine)];
  }

  private ask({ topic, key, positions }: Subscription): LiveEffect {
    return { do: "send", frame: { type: "subscribe", topic, key, after: positions === null ? null : { ...positions } } };
  }

  private connect(): LiveEffect[] {
    this.phase = "connecting";
    const first = this.link === "stale" ? [] : this.say("connecting");
    return [...first, { do: "connect" }, { do: "timer", after: PING_EVERY }];
  }

  private retry(): LiveEffect[] {
    this.phase = "waiting";
    const wait = backoff(this.failures, this.chance);
    this.failures += 1;
    return [...this.say("stale"), { do: "timer", after: wait }];
  }

  private say(link: Link): LiveEffect[] {
    const changed = this.link !== link;
    this.link = link;
    return changed ? [{ do: "link", link }] : [];
  }
}

const nameOf = (topic: string, key: string): string => `${topic}\n${key}`;

/** The data with the changed values set and the gone ids left out; what did not change keeps its identity. */
export function applyDelta(data: unknown, { set = {}, gone = [] }: Delta): unknown {
  let next = data;
  for (const [path, value] of Object.entries(set)) next = withValue(next, path.split("/"), value);
  for (const path of gone) next = without(next, path.split("/"));
  return next;
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function withValue(data: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const record = asRecord(data);
  return { ...record, [name]: withValue(record[name], rest, value) };
}

function without(data: unknown, [name, ...rest]: readonly string[]): unknown {
  const record = asRecord(data);
  if (name === undefined || !Object.hasOwn(record, name)) return data;
  if (rest.length > 0) return { ...record, [name]: without(record[name], rest) };
  const { [name]: _gone, ...others } = record;
  return others;
}
