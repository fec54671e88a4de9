import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../adapters/store/memory";
import type { Store, Timers, Tx } from "./ports";
import { Queue, QueueTooNew, type Answer, type Batch, type Entry } from "./queue";
import { Sync, type Reply, type SyncParts, type Wire } from "./sync";

/** Time that moves when it is told to. */
class ManualTimers implements Timers {
  now = 0;
  private readonly pending = new Set<{ at: number; then: () => void }>();
  after(milliseconds: number, then: () => void): () => void {
    const timer = { at: this.now + milliseconds, then };
    this.pending.add(timer);
    return () => this.pending.delete(timer);
  }
  /** Fires the timer that is due next; false when there is none. */
  next(): boolean {
    const first = [...this.pending].sort((a, b) => a.at - b.at)[0];
    if (first === undefined) return false;
    this.pending.delete(first);
    this.now = Math.max(this.now, first.at);
    first.then();
    return true;
  }
}

declare function setImmediate(then: () => void): void;
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const chanceOf = (seed: number) => {
  let state = (seed % 2147483646) + 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return { random, bytes: (count: number) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256)) };
};

/** The server as floor.md has it: ids keep their first answer, numbers run without a gap in each epoch. */
class ModelServer {
  readonly applied: { id: string; n: unknown; seq: number; epoch: string }[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly high = new Map<string, number>();
  constructor(private readonly outcomeOf: (entry: Entry) => Pick<Answer, "outcome" | "severity"> = () => ({ outcome: "ok", severity: "ok" })) {}

  handle(batch: Batch): Reply {
    const answers: Answer[] = [];
    for (const entry of batch.commands) {
      const known = this.answers.get(entry.id);
      const high = this.high.get(batch.epoch) ?? 0;
      if (known === undefined && entry.seq > high + 1) return { kind: "answers", answers, resendFrom: high + 1 };
      answers.push(known ?? this.take(batch.epoch, high, entry));
      this.high.set(batch.epoch, Math.max(high, entry.seq));
    }
    return { kind: "answers", answers, resendFrom: null };
  }

  /** A restore from yesterday's backup: it knows nothing of this device any more. */
  forget(): void {
    this.high.clear();
  }

  private take(epoch: string, high: number, entry: Entry): Answer {
    const plain = { id: entry.id, seq: entry.seq, params: {}, version: null, task: null };
    if (entry.seq <= high) return { ...plain, outcome: "already_taken", severity: "info" };
    this.applied.push({ id: entry.id, n: entry.body["n"], seq: entry.seq, epoch });
    const answer: Answer = { ...plain, ...this.outcomeOf(entry) };
    this.answers.set(entry.id, answer);
    return answer;
  }
}

class Killed extends Error {}

/** A store that dies at the given step: between any two reads or writes, before the commit, or just after it. */
function mortal(store: Store, stepsToLive: number): Store {
  let left = stepsToLive;
  const step = () => {
    if (left <= 0) throw new Killed();
    left -= 1;
  };
  const guarded = (tx: Tx): Tx => ({
    get: async (table, key) => (step(), tx.get(table, key)),
    put: async (table, key, value) => (step(), tx.put(table, key, value)),
    delete: async (table, key) => (step(), tx.delete(table, key)),
    list: async (table, limit) => (step(), tx.list(table, limit)),
    count: async (table) => (step(), tx.count(table)),
  });
  return {
    transact: async (work) => {
      const result = await store.transact(async (tx) => {
        const result = await work(guarded(tx));
        step();
        return result;
      });
      step();
      return result;
    },
    close: () => undefined,
  };
}

interface Device {
  readonly queue: Queue;
  readonly sync: Sync;
  readonly troubles: unknown[];
}

function device(store: Store, wire: Wire, timers: ManualTimers, seed: number): Device {
  const chance = chanceOf(seed);
  const queue = new Queue(store, { now: () => 1_700_000_000_000 + timers.now }, chance);
  const troubles: unknown[] = [];
  const parts: SyncParts = {
    queue,
    wire,
    timers,
    chance,
    exclusive: (work) => work(),
    device: () => null,
    onTrouble: (error) => troubles.push(error),
  };
  return { queue, sync: new Sync(parts), troubles };
}

const FAULTS = ["none", "request lost", "answer lost", "sent twice", "comes late", "server busy", "half answered", "shuffled"] as const;
type Fault = (typeof FAULTS)[number];

/** A network that does to each post what the list says, and is good when the list has ended. */
class BadNetwork implements Wire {
  private late: Batch[] = [];
  private readonly faults: Fault[];
  constructor(
    private readonly server: ModelServer,
    faults: readonly Fault[],
  ) {
    this.faults = [...faults];
  }

  async post(batch: Batch): Promise<Reply> {
    await Promise.resolve();
    const fault = this.faults.shift() ?? "none";
    if (fault === "request lost") throw new Error("no network");
    if (fault === "server busy") return { kind: "busy", retryAfter: null };
    if (fault === "comes late") {
      this.late.push(batch);
      return new Promise<never>(() => undefined);
    }
    const reply = this.server.handle(batch);
    if (fault === "sent twice") this.server.handle(batch);
    this.deliverLate();
    if (fault === "answer lost") throw new Error("connection reset");
    if (reply.kind !== "answers") return reply;
    if (fault === "half answered") return { ...reply, answers: reply.answers.slice(0, Math.ceil(reply.answers.length / 2)) };
    if (fault === "shuffled") return { ...reply, answers: [...reply.answers].reverse() };
    return reply;
  }

  deliverLate(): void {
    for (const batch of this.late.splice(0)) this.server.handle(batch);
  }
}

describe("whatever the network and the battery do", () => {
  test("each command is applied exactly once, in order", async () => {
    const story = fc.record({
      scans: fc.integer({ min: 1, max: 8 }),
      faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 10 }),
      lives: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 5 }),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ scans, faults, lives, seed }) => {
        const disk = memoryStore();
        const server = new ModelServer();
        const network = new BadNetwork(server, faults);
        const timers = new ManualTimers();
        const told: string[] = [];
        let finished = false;
        for (let life = 0; !finished; life++) {
          const now = device(mortal(disk, lives[life] ?? Infinity), network, timers, seed + life);
          now.sync.onAnswer((answer) => told.push(answer.id));
          finished = await live(now, scans, timers);
          now.sync.close();
        }
        network.deliverLate();
        expect(server.applied.map((each) => each.n)).toEqual(Array.from({ length: scans }, (_, i) => i));
        expect(server.applied.map((each) => each.seq)).toEqual(Array.from({ length: scans }, (_, i) => i + 1));
        expect(new Set(told).size).toBe(told.length);
      }),
      { numRuns: 400 },
    );
  });
});

/** One life of the device: it scans on from where its storage says, and sends. True when all is done, false when it died. */
async function live({ queue, sync, troubles }: Device, scans: number, timers: ManualTimers): Promise<boolean> {
  try {
    await queue.open();
    await sync.start();
    let next = await lastSaved(queue);
    for (let turn = 0; turn < 500; turn++) {
      if (next < scans) {
        await queue.put({ kind: "pick", body: { n: next }, saves: { next: next + 1 } }, "ticket");
        next += 1;
      }
      await settle();
      if (troubles.some((trouble) => trouble instanceof Killed)) return false;
      if (next === scans && (await queue.waiting()) === 0) return true;
      if (next === scans) timers.next();
    }
    throw new Error("the device came to no end");
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** What the screen saved in the transaction of its last scan: after a kill it goes on from there. */
const lastSaved = (queue: Queue): Promise<number> =>
  (queue as unknown as { store: Store }).store.transact(async (tx) => (await tx.get<number>("state", "next")) ?? 0);

async function freshDevice(wire: Wire | ((batch: Batch) => Promise<Reply>), store = memoryStore()) {
  const timers = new ManualTimers();
  const made = device(store, typeof wire === "function" ? { post: wire } : wire, timers, 7);
  await made.queue.open();
  await made.sync.start();
  return { ...made, timers, store };
}

const pick = (n: number) => ({ kind: "pick", body: { n } });

describe("the sending", () => {
  test("takes at most a hundred commands at a time and one post at a time", async () => {
    const server = new ModelServer();
    const sizes: number[] = [];
    let open = 0;
    let most = 0;
    const store = memoryStore();
    const quiet = await freshDevice(() => Promise.reject(new Error("no network")), store);
    for (let n = 0; n < 250; n++) await quiet.queue.put(pick(n), "t");
    quiet.sync.close();
    const { queue, sync } = await freshDevice(async (batch) => {
      most = Math.max(most, ++open);
      await settle();
      open -= 1;
      sizes.push(batch.commands.length);
      return server.handle(batch);
    }, store);
    for (let i = 0; i < 20; i++) sync.wake();
    while ((await queue.waiting()) > 0) await settle();
    expect(sizes).toEqual([100, 100, 50]);
    expect(most).toBe(1);
  });

  test("sends a command that was put while the sending was just ending", async () => {
    const server = new ModelServer();
    const { queue } = await freshDevice(async (batch) => server.handle(batch));
    const cards = queue.cards.bind(queue);
    let late: Promise<unknown> | null = null;
    queue.cards = async () => {
      if (server.applied.length > 0) await (late ??= queue.put(pick(2), "t"));
      return cards();
    };
    await queue.put(pick(1), "t");
    for (let i = 0; i < 10; i++) await settle();
    expect(server.applied.map((each) => each.n)).toEqual([1, 2]);
  });

  test("keeps the queue and asks for sign-in when the session is gone, and goes on after it", async () => {
    const server = new ModelServer();
    let signedIn = false;
    const { queue, sync } = await freshDevice(async (batch) => (signedIn ? server.handle(batch) : { kind: "signin" }));
    await queue.put(pick(0), "t");
    await settle();
    expect(sync.state).toMatchObject({ stop: "signin", waiting: 1 });
    signedIn = true;
    sync.clearStop();
    await settle();
    expect(sync.state).toMatchObject({ stop: null, waiting: 0, link: "online" });
  });

  test("keeps the queue and says that the app must be updated when the server asks for a newer one", async () => {
    const { queue, sync } = await freshDevice(async () => ({ kind: "update" }));
    await queue.put(pick(0), "t");
    await settle();
    expect(sync.state).toMatchObject({ stop: "update", waiting: 1 });
  });

  test("waits for a jittered while after a failure, and sends at once when the network is back", async () => {
    const server = new ModelServer();
    let posts = 0;
    let up = false;
    const { queue, sync, timers } = await freshDevice(async (batch) => {
      posts += 1;
      if (!up) throw new Error("no network");
      return server.handle(batch);
    });
    await queue.put(pick(0), "t");
    await settle();
    expect(sync.state).toMatchObject({ link: "offline", waiting: 1 });
    expect(posts).toBe(1);
    timers.next();
    await settle();
    expect(posts).toBe(2);
    expect(timers.now).toBeLessThanOrEqual(1000);
    up = true;
    sync.wake();
    await settle();
    expect(sync.state).toMatchObject({ link: "online", waiting: 0 });
  });

  test("sends smaller batches when the server finds them too big", async () => {
    const server = new ModelServer();
    const store = memoryStore();
    const quiet = await freshDevice(() => Promise.reject(new Error("no network")), store);
    for (let n = 0; n < 5; n++) await quiet.queue.put(pick(n), "t");
    quiet.sync.close();
    const { queue } = await freshDevice(async (batch) => (batch.commands.length > 1 ? { kind: "too_big" } : server.handle(batch)), store);
    for (let i = 0; i < 10; i++) await settle();
    expect(await queue.waiting()).toBe(0);
    expect(server.applied.map((each) => each.n)).toEqual([0, 1, 2, 3, 4]);
  });

  test("makes a card of what was refused, keeps it over a restart, and drops it when it was dealt with", async () => {
    const server = new ModelServer((entry) =>
      entry.body["n"] === 1 ? { outcome: "line_cancelled", severity: "card" } : { outcome: "ok", severity: "ok" },
    );
    const { queue, sync, store } = await freshDevice(async (batch) => server.handle(batch));
    await queue.put(pick(0), "t");
    await queue.put(pick(1), "t");
    await settle();
    expect(sync.state.cards.map((card) => card.answer.outcome)).toEqual(["line_cancelled"]);
    const again = await freshDevice(async (batch) => server.handle(batch), store);
    expect(again.sync.state.cards).toHaveLength(1);
    await again.sync.dismiss(again.sync.state.cards[0]!);
    expect(again.sync.state.cards).toEqual([]);
  });

  test("makes no card of a refusal that somebody waits for on the screen", async () => {
    const server = new ModelServer(() => ({ outcome: "tour_taken", severity: "error" }));
    const { queue, sync } = await freshDevice(async (batch) => server.handle(batch));
    const heard: string[] = [];
    sync.onAnswer((answer) => heard.push(answer.outcome));
    await queue.put({ ...pick(0), asked: true }, "t");
    await settle();
    expect(heard).toEqual(["tour_taken"]);
    expect(sync.state.cards).toEqual([]);
  });

  test("tells with each answer what kind of command it answers", async () => {
    const server = new ModelServer();
    const { queue, sync } = await freshDevice(async (batch) => server.handle(batch));
    const heard: string[] = [];
    sync.onAnswer((answer, kind) => heard.push(`${answer.seq} ${kind}`));
    await queue.put(pick(0), "t");
    await queue.put({ ...pick(1), kind: "tour.cart", asked: true }, "t");
    await settle();
    expect(heard).toEqual(["1 pick", "2 tour.cart"]);
  });

  test("starts a new epoch when the server was set back and asks for commands that are long answered", async () => {
    const server = new ModelServer();
    const { queue, sync } = await freshDevice(async (batch) => server.handle(batch));
    await queue.put(pick(0), "t");
    await settle();
    server.forget();
    await queue.put(pick(1), "t");
    for (let i = 0; i < 5; i++) await settle();
    expect(sync.state.waiting).toBe(0);
    expect(server.applied.map((each) => [each.n, each.seq])).toEqual([[0, 1], [1, 1]]);
    expect(server.applied[0]?.epoch).not.toBe(server.applied[1]?.epoch);
  });

  test("runs a command whose number was used before the device's storage was set back", async () => {
    const server = new ModelServer();
    const disk = memoryStore();
    const wire = async (batch: Batch) => server.handle(batch);
    const first = await freshDevice(wire, disk);
    const before = await disk.transact((tx) => tx.get("meta", "head"));
    await first.queue.put(pick(0), "t");
    await settle();
    await disk.transact((tx) => tx.put("meta", "head", before));
    await first.queue.put(pick(1), "t");
    for (let i = 0; i < 5; i++) await settle();
    expect(server.applied.map((each) => each.n)).toEqual([0, 1]);
    expect(await first.queue.waiting()).toBe(0);
  });

  test("shows a storage that fails instead of hiding it, and tries again", async () => {
    const disk = memoryStore();
    let full = false;
    const store: Store = {
      transact: (work) => (full ? Promise.reject(new Error("the disk is full")) : disk.transact(work)),
      close: () => undefined,
    };
    const server = new ModelServer();
    const { sync, troubles, timers } = await freshDevice(async (batch) => server.handle(batch), store);
    full = true;
    sync.wake();
    await settle();
    expect(String(troubles[0])).toContain("the disk is full");
    full = false;
    expect(timers.next()).toBe(true);
  });
});

describe("the queue", () => {
  test("numbers without a gap, and writes what the screen saves with the command", async () => {
    const store = memoryStore();
    const { queue } = await freshDevice(() => Promise.reject(new Error("no network")), store);
    const entries = await Promise.all([0, 1, 2].map((n) => queue.put({ ...pick(n), saves: { tour: { stop: n } } }, "ticket-of-jonas")));
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3]);
    expect(entries[0]).toMatchObject({ ticket: "ticket-of-jonas", version: null, after: [] });
    expect(entries[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await store.transact((tx) => tx.get("state", "tour"))).toEqual({ stop: 2 });
  });

  test("keeps its epoch over a restart", async () => {
    const store = memoryStore();
    const first = await freshDevice(() => Promise.reject(new Error("no network")), store);
    await first.queue.put(pick(0), "t");
    const second = await freshDevice(() => Promise.reject(new Error("no network")), store);
    const [a, b] = [await first.queue.batch(1, null), await second.queue.batch(1, null)];
    expect(a?.epoch).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(b).toEqual(a);
  });

  test("leaves a newer format alone and says that the app must be updated", async () => {
    const store = memoryStore();
    await store.transact((tx) => tx.put("meta", "head", { format: 99, epoch: "e", next: 4, device: "d" }));
    const { queue } = device(store, { post: () => Promise.reject(new Error("unused")) }, new ManualTimers(), 1);
    await expect(queue.open()).rejects.toBeInstanceOf(QueueTooNew);
    expect(await store.transact((tx) => tx.get("meta", "head"))).toMatchObject({ format: 99, next: 4 });
  });

  test("is not bound to another device while something is unsent", async () => {
    const { queue, store } = await freshDevice(() => Promise.reject(new Error("no network")));
    const epoch = async () => (await store.transact((tx) => tx.get<{ epoch: string }>("meta", "head")))?.epoch;
    const before = await epoch();
    await queue.put(pick(0), "t");
    expect(await queue.adopt((tx) => tx.put("meta", "device", "new"))).toBe(false);
    expect(await epoch()).toBe(before);
    const empty = await freshDevice(() => Promise.reject(new Error("no network")));
    expect(await empty.queue.adopt((tx) => tx.put("meta", "device", "new"))).toBe(true);
  });
});
