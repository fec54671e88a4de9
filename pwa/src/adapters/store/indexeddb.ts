/** Why: what the device has taken survives a dead battery. Strict durability: a transaction resolves when it is on disk. */

import { openDB, type IDBPDatabase } from "idb";
import { TABLES, type RecordKey, type Store, type Table, type Tx } from "../../core/ports";

const NAME = "pickwave";
const VERSION = 1;

/** Opens the device's storage. `onBlocked` is called when another tab holds an older version open. */
export async function indexedDbStore(name = NAME, onBlocked: () => void = () => undefined): Promise<Store> {
  const db = await openDB(name, VERSION, {
    upgrade: (fresh) => {
      for (const table of TABLES) if (!fresh.objectStoreNames.contains(table)) fresh.createObjectStore(table);
    },
    blocked: onBlocked,
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return { transact: (work) => transact(db, work), close: () => db.close() };
}

async function transact<T>(db: IDBPDatabase, work: (tx: Tx) => Promise<T>): Promise<T> {
  const idb = db.transaction(TABLES as unknown as string[], "readwrite", { durability: "strict" });
  const done = idb.done.then(
    () => null,
    (error: unknown) => error ?? new Error("the storage transaction was aborted"),
  );
  const of = (table: Table) => idb.objectStore(table);
  try {
    const result = await work({
      get: async <V>(table: Table, key: RecordKey) => (await of(table).get(key)) as V | undefined,
      put: async (table, key, value) => void (await of(table).put(value, key)),
      delete: (table, key) => of(table).delete(key),
      list: async <V>(table: Table, limit?: number) => (await of(table).getAll(undefined, limit)) as V[],
      count: (table) => of(table).count(),
    });
    const failed = await done;
    if (failed !== null) throw failed;
    return result;
  } catch (error) {
    try {
      idb.abort();
    } catch (tooLate) {
      if (!(tooLate instanceof DOMException && tooLate.name === "InvalidStateError")) throw tooLate;
    }
    await done;
    throw error;
  }
}
