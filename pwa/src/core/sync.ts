/**
 * Why: what the queue holds reaches the server in order, one batch at a time, over any network, and each command once.
 *
 * A lost answer is asked for again by sending the same commands: the server answers a known id with its first answer.
 */

import { backoff, CAP } from "./backoff";
import type { Chance, Exclusive, Timers } from "./ports";
import type { Answer, Batch, Card, Queue } from "./queue";

export const BATCH_LIMIT = 100;
export const REPLY_TIMEOUT = 20_000;

/** What a post came to. A lost network rejects instead. */
export type Reply =
  | { readonly kind: "answers"; readonly answers: readonly Answer[]; readonly resendFrom: number | null }
  | { readonly kind: "signin" }
  | { readonly kind: "update" }
  | { readonly kind: "busy"; readonly retryAfter: number | null }
  | { readonly kind: "too_big" }
  | { readonly kind: "refused"; readonly code: string };

export interface Wire {
  /** Sends one batch; `abort` says when nobody waits for its answer any more. */
  post(batch: Batch, abort: AbortLike): Promise<Reply>;
}

/** The part of an AbortSignal that the core may know. */
export interface AbortLike {
  onAbort(then: () => void): void;
}

/** Why nothing is sent although something waits: a person has to do something. */
export type Stop = "signin" | "update" | "refused";

export interface SyncState {
  readonly link: "online" | "offline" | "sending";
  readonly waiting: number;
  readonly stop: Stop | null;
  readonly cards: readonly Card[];
}

export type AnswerReader = (answer: Answer, kind: string) => void;

export interface SyncParts {
  readonly queue: Queue;
  readonly wire: Wire;
  readonly timers: Timers;
  readonly chance: Chance;
  readonly exclusive: Exclusive;
  /** The enrolled device's id, or null. */
  readonly device: () => string | null;
  /** Storage that fails must be seen: called with what it said. */
  readonly onTrouble: (error: unknown) => void;
}

export class Sync {
  private current: SyncState = { link: "online", waiting: 0, stop: null, cards: [] };
  private readonly watchers = new Set<(state: SyncState) => void>();
  private readonly readers = new Set<AnswerReader>();
  private readonly undo: (() => void)[] = [];
  private limit = BATCH_LIMIT;
  private failures = 0;
  private running = false;
  private again = false;
  private stopped = false;
  private callOff: () => void = () => undefined;

  constructor(private readonly parts: SyncParts) {}

  get state(): SyncState {
    return this.current;
  }

  /** Looks at what was left from before and begins to send. */
  async start(): Promise<void> {
    this.undo.push(this.parts.queue.onPut(() => this.wake()));
    await this.look();
    this.wake();
  }

  /** Sends nothing more; a post under way is not waited for. */
  close(): void {
    this.stopped = true;
    this.callOff();
    for (const each of this.undo) each();
  }

  /** Something changed: a new command, the network is back, somebody signed in. Sends at once if nothing is being sent. */
  wake(): void {
    if (this.stopped) return;
    this.callOff();
    this.again = true;
    if (!this.running) void this.run();
  }

  /** A person signed in, or the app was updated: what stopped the sending is gone. */
  clearStop(): void {
    this.failures = 0;
    this.set({ stop: null });
    this.wake();
  }

  /** The browser says that there is no network: shown at once, found out at the next send. */
  lostNetwork(): void {
    this.set({ link: "offline" });
  }

  watch(watcher: (state: SyncState) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Every answer once, with the kind of its command, in the order of the commands. */
  onAnswer(reader: AnswerReader): () => void {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  async dismiss(card: Card): Promise<void> {
    await this.parts.queue.dismiss(card);
    await this.look();
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      // Nothing is awaited between the last question and the end: a wake in between would be lost.
      do {
        this.again = false;
        if (this.current.stop === null) await this.parts.exclusive(() => this.drain());
        await this.look();
      } while (this.again && !this.stopped);
    } catch (error) {
      this.parts.onTrouble(error);
      this.retry(null);
    } finally {
      this.running = false;
    }
  }

  /** Sends batch after batch until the queue is empty or something is in the way. */
  private async drain(): Promise<void> {
    while (!this.stopped) {
      const batch = await this.parts.queue.batch(this.limit, this.parts.device());
      await this.look();
      if (batch === null) {
        if (this.current.link === "sending") this.set({ link: "online" });
        return;
      }
      if (!(await this.exchange(batch))) return;
    }
  }

  /** One batch there and its answers back. False: stop for now. */
  private async exchange(batch: Batch): Promise<boolean> {
    if (this.current.link !== "offline") this.set({ link: "sending" });
    let reply: Reply;
    try {
      reply = await this.post(batch);
    } catch {
      this.set({ link: "offline" });
      return this.retry(null);
    }
    if (this.stopped) return false;
    this.set({ link: "sending" });
    switch (reply.kind) {
      case "answers":
        return this.settle(batch, reply.answers, reply.resendFrom);
      case "too_big":
        if (this.limit === 1) return this.stop("refused");
        this.limit = Math.max(1, Math.floor(Math.min(this.limit, batch.commands.length) / 2));
        return true;
      case "busy":
        this.set({ link: "offline" });
        return this.retry(reply.retryAfter);
      case "signin":
      case "update":
      case "refused":
        return this.stop(reply.kind);
    }
  }

  private async settle(batch: Batch, answers: readonly Answer[], resendFrom: number | null): Promise<boolean> {
    const { queue } = this.parts;
    const taken = await queue.settle(batch, answers);
    const outOfStep = queue.outOfStep(batch, answers, resendFrom);
    if (outOfStep) await queue.startEpoch(batch);
    const kinds = new Map(batch.commands.map(({ id, kind }) => [id, kind]));
    for (const answer of taken) for (const reader of this.readers) reader(answer, kinds.get(answer.id) ?? "");
    if (taken.length === 0 && !outOfStep) return this.retry(null);
    this.failures = 0;
    return true;
  }

  private async post(batch: Batch): Promise<Reply> {
    let abort: () => void = () => undefined;
    let callOff: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      callOff = this.parts.timers.after(REPLY_TIMEOUT, () => {
        abort();
        reject(new Error("no answer in time"));
      });
    });
    try {
      return await Promise.race([this.parts.wire.post(batch, { onAbort: (then) => (abort = then) }), late]);
    } finally {
      callOff();
    }
  }

  /** Waits for a person; a refusal of the whole batch is tried again now and then, as the cause may be lifted elsewhere. */
  private stop(stop: Stop): false {
    this.set({ stop, link: "online" });
    if (stop === "refused") {
      this.callOff();
      this.callOff = this.parts.timers.after(CAP, () => this.clearStop());
    }
    return false;
  }

  private retry(after: number | null): false {
    const wait = after ?? backoff(this.failures, this.parts.chance);
    this.failures += 1;
    this.callOff();
    if (!this.stopped) this.callOff = this.parts.timers.after(wait, () => this.wake());
    return false;
  }

  private async look(): Promise<void> {
    const [waiting, cards] = [await this.parts.queue.waiting(), await this.parts.queue.cards()];
    this.set({ waiting, cards });
  }

  private set(change: Partial<SyncState>): void {
    const next = { ...this.current, ...change };
    if (sameState(next, this.current)) return;
    this.current = next;
    for (const watcher of this.watchers) watcher(next);
  }
}

const sameState = (a: SyncState, b: SyncState): boolean =>
  a.link === b.link &&
  a.waiting === b.waiting &&
  a.stop === b.stop &&
  a.cards.length === b.cards.length &&
  a.cards.every((card, i) => card.seq === b.cards[i]?.seq);
