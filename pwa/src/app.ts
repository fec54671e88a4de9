/** Why: the one place that knows everybody: makes the store, the queue, the wire, the person, and ties them together. */

import { effect, signal, type ReadonlySignal } from "@preact/signals";
import { makeFeedback, type FeedbackPlayer } from "./adapters/feedback";
import { commandWire, makeHttp, type Http } from "./adapters/http";
import { chance, clock, exclusive, keepAwake, keepStorage, timers } from "./adapters/platform";
import { Session, type SessionState } from "./adapters/session";
import { liveUrl, makeSocket, type LiveSocket } from "./adapters/socket";
import { indexedDbStore } from "./adapters/store/indexeddb";
import { listen } from "./adapters/wedge";
import { parse } from "./core/barcode";
import { newId } from "./core/ids";
import type { Link } from "./core/live";
import type { Feedback, NewCommand } from "./core/machine";
import type { Store } from "./core/ports";
import { NetworkError } from "./core/problem";
import { Queue, type Answer, type Entry } from "./core/queue";
import { Saved } from "./core/saved";
import { Sync, type SyncState } from "./core/sync";
import { language } from "./ui/i18n";
import { Scans } from "./ui/scans";

export interface App {
  readonly http: Http;
  readonly session: Session;
  readonly sync: Sync;
  readonly saved: Saved;
  readonly live: LiveSocket;
  readonly feedback: FeedbackPlayer;
  readonly scans: Scans;
  /** Who and what: the enrolled device, the person at work. */
  readonly who: ReadonlySignal<SessionState>;
  /** How the sending goes: link, how many wait, cards. */
  readonly sending: ReadonlySignal<SyncState>;
  readonly link: ReadonlySignal<Link>;
  /** The full-screen answer that is shown now. */
  readonly shown: ReadonlySignal<Feedback | null>;
  /** Something is broken on this device (storage full, for one): said on every screen. */
  readonly trouble: ReadonlySignal<string | null>;
  /** Whether the browser has promised to keep the storage. */
  readonly kept: ReadonlySignal<boolean | null>;
  /** Sounds, vibrates and shows; `then` runs when it went or was acknowledged. */
  answer(feedback: Feedback, then?: () => void): void;
  /** Takes the full-screen answer away. */
  acknowledge(): void;
  /** What the camera has read: from here on it is as if a scanner had. */
  scanned(text: string): void;
  /** Takes a floor command: resolves when it is on the device's disk. It is sent by itself. */
  take(command: NewCommand): Promise<Entry>;
  /** Takes a request and waits for the server's answer. Throws `NetworkError` when none comes in time. */
  ask(command: NewCommand, timeout?: number): Promise<Answer>;
  newId(): string;
  keepAwake(wanted: boolean): void;
}

/** Floor commands need a device with a name and a person with a ticket: enrol it, sign in again. */
export class NotEnrolled extends Error {
  constructor() {
    super("no upload ticket: this device is not enrolled, or nobody signed in on it since");
    this.name = "NotEnrolled";
  }
}

/** How often it is looked whether somebody went away from a device without a network, ms. */
const IDLE_LOOK = 20_000;
/** How long a `right` or `done` stays, ms. A scan takes it away at once. */
const STAYS = { right: 900, done: 1600 } as const;

async function openStore(): Promise<Store> {
  const inMemory = async (): Promise<Store> => (await import("./adapters/store/memory")).memoryStore();
  if (typeof indexedDB === "undefined") return inMemory();
  try {
    return await indexedDbStore();
  } catch (error) {
    if (error instanceof DOMException && error.name === "SecurityError") return inMemory();
    throw error;
  }
}

export async function makeApp(): Promise<App> {
  const store = await openStore();
  const queue = new Queue(store, clock, chance);
  await queue.open();
  let session: Session | null = null;
  const http = makeHttp({
    fetch: (...asked) => fetch(...asked),
    deviceSecret: () => session?.state.device?.secret ?? null,
    language: () => language.peek(),
  });
  session = new Session(store, () => http, queue);
  const device = session;
  await session.restore();

  const trouble = signal<string | null>(null);
  const sync = new Sync({
    queue,
    wire: commandWire(http),
    timers,
    chance,
    exclusive,
    device: () => device.state.device?.device ?? null,
    onTrouble: (error) => (trouble.value = String(error)),
  });
  const live = makeSocket({ open: (url) => new WebSocket(url), url: () => liveUrl(), timers, chance });
  const feedback = makeFeedback();
  const scans = new Scans();

  const who = signal(session.state);
  const sending = signal(sync.state);
  const link = signal<Link>(live.link);
  const shown = signal<Feedback | null>(null);
  const kept = signal<boolean | null>(null);
  session.watch((state) => (who.value = state));
  sync.watch((state) => (sending.value = state));
  live.onLink((state) => (link.value = state));

  let then: (() => void) | undefined;
  let callOff: () => void = () => undefined;
  const acknowledge = (): void => {
    callOff();
    const after = then;
    then = undefined;
    shown.value = null;
    after?.();
  };
  const answer = (next: Feedback, after?: () => void): void => {
    if (shown.value !== null) acknowledge();
    feedback.play(next.kind);
    then = after;
    shown.value = next;
    if (next.kind !== "wrong") callOff = timers.after(STAYS[next.kind], acknowledge);
  };

  const take = async (command: NewCommand): Promise<Entry> => {
    const ticket = device.state.signedIn?.ticket;
    if (ticket === undefined || ticket === null) throw new NotEnrolled();
    try {
      return await queue.put(command, ticket);
    } catch (error) {
      trouble.value = String(error);
      throw error;
    }
  };
  const ask = async (command: NewCommand, timeout = 8000): Promise<Answer> => {
    const id = command.id ?? newId(clock, chance);
    return new Promise<Answer>((resolve, reject) => {
      const callOffWait = timers.after(timeout, () => {
        stop();
        reject(new NetworkError("no answer in time"));
      });
      const stop = sync.onAnswer((answer) => {
        if (answer.id !== id) return;
        stop();
        callOffWait();
        resolve(answer);
      });
      take({ ...command, id, asked: true }).catch((error: unknown) => {
        stop();
        callOffWait();
        reject(error as Error);
      });
    });
  };

  const hear = (text: string, bounced: boolean): void => {
    const now = shown.value;
    if (now?.kind === "wrong" && bounced) return;
    if (now !== null) acknowledge();
    if (now?.kind !== "wrong") scans.heard(parse(text), bounced);
  };
  const scanned = (text: string, bounced = false): void => {
    feedback.unlock();
    device.touch();
    scans.whenReady(() => hear(text, bounced));
  };
  listen(document, { onScan: scanned });
  const touched = (): void => (feedback.unlock(), device.touch());
  document.addEventListener("pointerdown", touched, { capture: true });
  document.addEventListener("keydown", () => device.touch(), { capture: true });
  const lockIdle = (): void => void ((sync.state.link === "offline" || !navigator.onLine) && device.lockIdle());
  setInterval(lockIdle, IDLE_LOOK);
  window.addEventListener("online", () => (sync.wake(), live.start()));
  window.addEventListener("offline", () => sync.lostNetwork());
  http.onSignedOut(() => void session.check());
  http.onLockedOut((code) => void device.lockedOut(code));

  // A line belongs to one sign-in: the server ends it with that, also when the same person signs in anew.
  let shift: string | null = null;
  effect(() => {
    const id = who.value.signedIn?.person.id ?? null;
    const next = id === null ? null : `${id} ${device.signIns}`;
    if (next === shift) return;
    shift = next;
    live.stop();
    if (next === null) return;
    live.start();
    sync.clearStop();
  });
  // What waited on a device that was locked out goes by its new secret.
  let secret = who.peek().device?.secret;
  effect(() => {
    const next = who.value.device?.secret;
    if (next === secret) return;
    secret = next;
    sync.clearStop();
  });
  effect(() => {
    if (link.value === "signin") void session.check().then(() => void (link.peek() === "signin" && device.state.signedIn !== null && timers.after(1000, () => live.start())));
    if (link.value === "live") sync.wake();
  });

  lockIdle();
  await sync.start();
  void session.check();
  void keepStorage().then((is) => (kept.value = is));
  return {
    http, session, sync, saved: new Saved(store), live, feedback, scans, who, sending, link, shown, trouble, kept,
    answer, acknowledge, scanned, take, ask, newId: () => newId(clock, chance), keepAwake: keepAwake(),
  };
}
