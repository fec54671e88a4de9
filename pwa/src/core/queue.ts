/**
 * Why: a scan that the device has taken is never lost and never done twice.
 *
 * The command, its gap-free sequence number, the device's epoch and what the screen saves with it are written in
 * ONE storage transaction. An entry leaves the queue only when the server's durable answer is in hand.
 */

import { newEpoch, newId } from "./ids";
import type { NewCommand } from "./machine";
import type { Chance, Clock, Json, Store, Tx } from "./ports";

/** The shape of stored entries. An older shape is brought up by `UPGRADES`; a newer one is left alone. */
export const QUEUE_FORMAT = 1;

export interface Entry {
  readonly id: string;
  readonly seq: number;
  readonly kind: string;
  /** The upload ticket of who scanned: valid for uploading after log-out. */
  readonly ticket: string;
  readonly at: string;
  readonly after: readonly string[];
  readonly version: number | null;
  readonly body: { readonly [name: string]: Json };
  /** The asker waits on the screen and shows a refusal itself: it makes no card. */
  readonly asked?: true;
  /** Renumbered into a new epoch because the server said that its number was taken by something else. */
  readonly renumbered?: true;
}

export interface Answer {
  readonly id: string;
  readonly seq: number;
  readonly outcome: string;
  readonly severity: "ok" | "info" | "warn" | "error" | "card";
  readonly params: Readonly<Record<string, string | number>>;
  readonly version: number | null;
  readonly task: string | null;
}

/** What the server answered differently than the device had thought: work to do, shown until a person has dealt with it. */
export interface Card {
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly body: { readonly [name: string]: Json };
  readonly answer: Answer;
}

export interface Batch {
  readonly device: string;
  readonly epoch: string;
  readonly commands: readonly Entry[];
}

interface Head {
  readonly format: number;
  readonly epoch: string;
  /** The number of the next command. */
  readonly next: number;
  /** This storage's own name, used until the device is enrolled. */
  readonly device: string;
}

/** Format n → n + 1, applied to each entry in the transaction that opens the queue. */
const UPGRADES: Readonly<Record<number, (entry: unknown) => unknown>> = {};

export class QueueTooNew extends Error {
  constructor(readonly found: number) {
    super(`The stored queue has format ${found}; this app writes format ${QUEUE_FORMAT}. Update the app: the queue is kept.`);
    this.name = "QueueTooNew";
  }
}

export class Queue {
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  /** Makes the epoch with a new storage; brings older entries up to date. Throws `QueueTooNew`. */
  async open(): Promise<void> {
    await this.store.transact((tx) => this.head(tx));
  }

  /** Takes a command with the ticket of who did it. Resolves when it is on disk. */
  async put(command: NewCommand, ticket: string): Promise<Entry> {
    const entry = await this.store.transact(async (tx) => {
      const head = await this.head(tx);
      const entry: Entry = {
        id: command.id ?? newId(this.clock, this.chance),
        seq: head.next,
        kind: command.kind,
        ticket,
        at: new Date(this.clock.now()).toISOString(),
        after: command.after ?? [],
        version: command.version ?? null,
        body: command.body,
        ...(command.asked === true ? { asked: true as const } : {}),
      };
      await tx.put("queue", entry.seq, entry);
      await tx.put("meta", "head", { ...head, next: head.next + 1 });
      for (const [key, value] of Object.entries(command.saves ?? {})) await tx.put("state", key, value);
      return entry;
    });
    for (const watcher of this.watchers) watcher();
    return entry;
  }

  /** Called after each command that was taken. Returns how to stop. */
  onPut(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The first `limit` commands without an answer, in order; null when there are none. `device` is the enrolled one's id. */
  async batch(limit: number, device: string | null): Promise<Batch | null> {
    return this.store.transact(async (tx) => {
      const head = await this.head(tx);
      const commands = await tx.list<Entry>("queue", limit);
      return commands.length === 0 ? null : { device: device ?? head.device, epoch: head.epoch, commands };
    });
  }

  async waiting(): Promise<number> {
    return this.store.transact((tx) => tx.count("queue"));
  }

  async cards(): Promise<Card[]> {
    return this.store.transact((tx) => tx.list<Card>("cards"));
  }

  /** A person has read and dealt with the card. */
  async dismiss(card: Card): Promise<void> {
    await this.store.transact((tx) => tx.delete("cards", card.seq));
  }

  /**
   * Takes the answers of one batch: what is answered leaves the queue, what needs a person becomes a card, in one
   * transaction. Returns the answers that were still waited for, in order.
   */
  async settle(batch: Batch, answers: readonly Answer[]): Promise<Answer[]> {
    return this.store.transact(async (tx) => {
      const head = await this.head(tx);
      if (head.epoch !== batch.epoch) return [];
      const byId = new Map(answers.map((answer) => [answer.id, answer]));
      const taken: Answer[] = [];
      for (const sent of batch.commands) {
        const answer = byId.get(sent.id);
        const entry = await tx.get<Entry>("queue", sent.seq);
        if (answer === undefined || entry?.id !== sent.id || this.mustRenumber(entry, answer)) continue;
        await tx.delete("queue", sent.seq);
        if (answer.severity === "card" || (answer.severity === "error" && entry.asked !== true)) {
          const key = await this.nextCard(tx);
          const { id, kind, at, body } = entry;
          await tx.put("cards", key, { seq: key, id, kind, at, body, answer } satisfies Card);
        }
        taken.push(answer);
      }
      return taken;
    });
  }

  /** Whether these answers show that the device's numbers and the server's no longer fit (a storage that was set back). */
  outOfStep(batch: Batch, answers: readonly Answer[], resendFrom: number | null): boolean {
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const first = batch.commands[0]?.seq ?? 0;
    const collided = batch.commands.some((entry) => {
      const answer = byId.get(entry.id);
      return answer !== undefined && this.mustRenumber(entry, answer);
    });
    return collided || (resendFrom !== null && resendFrom < first);
  }

  /** Starts a new epoch: what is unsent is numbered anew from 1, in order, with its ids kept, so nothing runs twice. */
  async startEpoch(from: Batch): Promise<void> {
    await this.store.transact(async (tx) => {
      const head = await this.head(tx);
      if (head.epoch !== from.epoch) return;
      await this.renumber(tx, head);
    });
  }

  /**
   * Binds the storage to a newly enrolled device. Unsent commands belong to the old one: false while there are any, unless
   * they are to be taken along (the server sets aside what another device's tickets brought).
   */
  async adopt(save: (tx: Tx) => Promise<void>, takeAlong = false): Promise<boolean> {
    return this.store.transact(async (tx) => {
      const head = await this.head(tx);
      if (!takeAlong && (await tx.count("queue")) > 0) return false;
      await this.renumber(tx, head);
      await save(tx);
      return true;
    });
  }

  private async renumber(tx: Tx, head: Head): Promise<void> {
    const entries = await tx.list<Entry>("queue");
    for (const entry of entries) await tx.delete("queue", entry.seq);
    for (const [i, entry] of entries.entries()) {
      await tx.put("queue", i + 1, { ...entry, seq: i + 1, renumbered: true } satisfies Entry);
    }
    await tx.put("meta", "head", { ...head, epoch: newEpoch(this.chance), next: entries.length + 1 });
  }

  /** `already_taken` for a young command that was never renumbered: its number was used before the storage was set back. */
  private mustRenumber(entry: Entry, answer: Answer): boolean {
    const young = this.clock.now() - Date.parse(entry.at) < 20 * 24 * 3600 * 1000;
    return answer.outcome === "already_taken" && young && entry.renumbered !== true;
  }

  private async nextCard(tx: Tx): Promise<number> {
    const key = ((await tx.get<number>("meta", "card")) ?? 0) + 1;
    await tx.put("meta", "card", key);
    return key;
  }

  private async head(tx: Tx): Promise<Head> {
    const found = await tx.get<Head>("meta", "head");
    if (found === undefined) {
      const device = newId(this.clock, this.chance);
      const made: Head = { format: QUEUE_FORMAT, epoch: newEpoch(this.chance), next: 1, device };
      await tx.put("meta", "head", made);
      return made;
    }
    if (found.format > QUEUE_FORMAT) throw new QueueTooNew(found.format);
    return found.format === QUEUE_FORMAT ? found : this.upgrade(tx, found);
  }

  private async upgrade(tx: Tx, head: Head): Promise<Head> {
    for (const entry of await tx.list<Entry>("queue")) {
      let upgraded: unknown = entry;
      for (let format = head.format; format < QUEUE_FORMAT; format++) upgraded = UPGRADES[format]?.(upgraded) ?? upgraded;
      await tx.put("queue", entry.seq, upgraded);
    }
    const next = { ...head, format: QUEUE_FORMAT };
    await tx.put("meta", "head", next);
    return next;
  }
}
