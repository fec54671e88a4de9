/**
 * Why: the core reaches the outside only through these; adapters fill them in the browser, tests fill them with fakes.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The tables of the device. `queue` and `cards` are keyed by sequence number, the others by name. */
export const TABLES = ["meta", "queue", "cards", "state"] as const;
export type Table = (typeof TABLES)[number];
export type RecordKey = number | string;

/** One transaction of the device's storage. Await only its own methods inside: IndexedDB ends it otherwise. */
export interface Tx {
  get<T>(table: Table, key: RecordKey): Promise<T | undefined>;
  put(table: Table, key: RecordKey, value: unknown): Promise<void>;
  delete(table: Table, key: RecordKey): Promise<void>;
  /** The first `limit` records in the order of their keys. */
  list<T>(table: Table, limit?: number): Promise<T[]>;
  count(table: Table): Promise<number>;
}

/** The device's storage: each `transact` is all or nothing, one after another, and on disk when it resolves. */
export interface Store {
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): void;
}

export interface Clock {
  /** Milliseconds since 1970, by the device. */
  now(): number;
}

/** One-shot timers; the returned function calls the timer off. */
export interface Timers {
  after(milliseconds: number, then: () => void): () => void;
}

export interface Chance {
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** `count` random bytes, good enough for ids. */
  bytes(count: number): Uint8Array;
}

/** Lets one holder in at a time, over all tabs of the device. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;
