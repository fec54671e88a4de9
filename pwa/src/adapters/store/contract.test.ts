import "fake-indexeddb/auto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../core/ports";
import { indexedDbStore } from "./indexeddb";
import { memoryStore } from "./memory";

let counter = 0;
const KINDS: Record<string, () => Promise<Store>> = {
  memory: async () => memoryStore(),
  IndexedDB: () => indexedDbStore(`contract-${++counter}`),
};

describe.each(Object.entries(KINDS))("a store on %s", (_, make) => {
  let store: Store;
  beforeEach(async () => {
    store = await make();
  });
  afterEach(() => store.close());

  test("gives back what was put, as a copy", async () => {
    const value = { lines: [1, 2] };
    await store.transact((tx) => tx.put("state", "tour", value));
    value.lines.push(3);
    const first = await store.transact((tx) => tx.get<typeof value>("state", "tour"));
    first?.lines.push(4);
    expect(await store.transact((tx) => tx.get("state", "tour"))).toEqual({ lines: [1, 2] });
  });

  test("knows nothing of a key that was never put or was deleted", async () => {
    await store.transact((tx) => tx.put("state", "a", 1));
    await store.transact((tx) => tx.delete("state", "a"));
    expect(await store.transact((tx) => tx.get("state", "a"))).toBeUndefined();
    expect(await store.transact((tx) => tx.get("queue", 7))).toBeUndefined();
  });

  test("lists in the order of the keys, as many as asked for", async () => {
    await store.transact(async (tx) => {
      for (const seq of [10, 2, 33, 1]) await tx.put("queue", seq, { seq });
    });
    expect(await store.transact((tx) => tx.list("queue"))).toEqual([1, 2, 10, 33].map((seq) => ({ seq })));
    expect(await store.transact((tx) => tx.list("queue", 2))).toEqual([{ seq: 1 }, { seq: 2 }]);
    expect(await store.transact((tx) => tx.count("queue"))).toBe(4);
  });

  test("sees its own writes inside a transaction", async () => {
    const seen = await store.transact(async (tx) => {
      await tx.put("meta", "n", 5);
      return tx.get("meta", "n");
    });
    expect(seen).toBe(5);
  });

  test("keeps nothing of a transaction that threw, in no table", async () => {
    await store.transact((tx) => tx.put("meta", "n", 1));
    const broken = store.transact(async (tx) => {
      await tx.put("meta", "n", 2);
      await tx.put("queue", 1, { seq: 1 });
      throw new Error("the scan was torn");
    });
    await expect(broken).rejects.toThrow("the scan was torn");
    expect(await store.transact((tx) => tx.get("meta", "n"))).toBe(1);
    expect(await store.transact((tx) => tx.count("queue"))).toBe(0);
  });

  test("refuses a value that cannot be stored, and keeps nothing of its transaction", async () => {
    const broken = store.transact(async (tx) => {
      await tx.put("meta", "n", 1);
      await tx.put("state", "f", () => 1);
    });
    await expect(broken).rejects.toThrow();
    expect(await store.transact((tx) => tx.get("meta", "n"))).toBeUndefined();
  });

  test("runs transactions one after another: no number is given twice", async () => {
    const take = () =>
      store.transact(async (tx) => {
        const next = ((await tx.get<number>("meta", "n")) ?? 0) + 1;
        await tx.put("meta", "n", next);
        return next;
      });
    const given = await Promise.all(Array.from({ length: 20 }, take));
    expect(given).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test("goes on after a transaction that failed", async () => {
    const failed = store.transact(() => Promise.reject(new Error("no")));
    const next = store.transact((tx) => tx.put("meta", "n", 1));
    await expect(failed).rejects.toThrow("no");
    await expect(next).resolves.toBeUndefined();
  });

  test("cannot be used once it is closed", async () => {
    store.close();
    await expect(store.transact((tx) => tx.count("queue"))).rejects.toThrow();
  });
});

test("both stores do the same, whatever is done to them", async () => {
  const key = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom("a", "b"));
  const act = fc.record({ what: fc.constantFrom("put", "delete", "list", "count"), key, value: fc.jsonValue(), torn: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      const stores = [memoryStore(), await indexedDbStore(`same-${++counter}`)];
      const runs = stores.map(async (store) => {
        const seen: unknown[] = [];
        for (const { what, key, value, torn } of acts) {
          const outcome = store.transact(async (tx) => {
            if (what === "put") await tx.put("state", key, value);
            if (what === "delete") await tx.delete("state", key);
            const result = what === "list" ? await tx.list("state") : await tx.count("state");
            if (torn) throw new Error("torn");
            return result;
          });
          seen.push(await outcome.catch(() => "torn"));
        }
        store.close();
        return seen;
      });
      const [memory, disk] = await Promise.all(runs);
      expect(memory).toEqual(disk);
    }),
    { numRuns: 60 },
  );
});
