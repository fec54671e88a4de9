/** Why: a screen stands where it stood after a dead battery: what it keeps is small, named and beside the queue. */

import type { Store } from "./ports";

/** What screens keep, by name. To save together with a command, give the command `saves` instead. */
export class Saved {
  constructor(private readonly store: Store) {}

  get<T>(key: string): Promise<T | undefined> {
    return this.store.transact((tx) => tx.get<T>("state", key));
  }

  put(key: string, value: unknown): Promise<void> {
    return this.store.transact((tx) => tx.put("state", key, value));
  }

  delete(key: string): Promise<void> {
    return this.store.transact((tx) => tx.delete("state", key));
  }
}
