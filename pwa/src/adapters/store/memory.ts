/** Why: tests, and a browser without IndexedDB (private windows), run on the same contract as the real storage. */

import { TABLES, type RecordKey, type Store, type Table, type Tx } from "../../core/ports";

type Rows = Map<RecordKey, unknown>;
type Tables = Record<Table, Rows>;

const empty = (): Tables => ({ meta: new Map(), queue: new Map(), cards: new Map(), state: new Map() });

/** Numbers before texts, each ascending: the order that IndexedDB has. */
const inOrder = (a: RecordKey, b: RecordKey): number => {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** A store that lives as long as the page. Values are copied in and out, like on a disk. */
export function memoryStore(): Store {
  let tables = empty();
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const run = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    if (closed) throw new Error("the store is closed");
    const copy = empty();
    for (const table of TABLES) copy[table] = new Map(tables[table]);
    let over = false;
    const of = (table: Table): Rows => {
      if (over) throw new Error("the transaction is over");
      return copy[table];
    };
    const result = await work({
      get: async <V>(table: Table, key: RecordKey) => structuredClone(of(table).get(key)) as V | undefined,
      put: async (table, key, value) => void of(table).set(key, structuredClone(value)),
      delete: async (table, key) => void of(table).delete(key),
      list: async <V>(table: Table, limit = Infinity) => {
        const rows = [...of(table)].sort(([a], [b]) => inOrder(a, b));
        return rows.slice(0, limit).map(([, value]) => structuredClone(value) as V);
      },
      count: async (table) => of(table).size,
    }).finally(() => (over = true));
    tables = copy;
    return result;
  };

  return {
    transact: (work) => {
      const mine = last.then(() => run(work));
      last = mine.catch(() => undefined);
      return mine;
    },
    close: () => {
      closed = true;
    },
  };
}
