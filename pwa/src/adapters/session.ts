/**
 * Why: who works on this device, and what the device is. It outlives a reload and a dead network; on sign-out nothing
 * of the person stays, but what they had scanned keeps its ticket and is still sent.
 */

import { BEGUN, TASK_BEGUN, type Begun } from "../core/begun";
import { ApiError, NetworkError } from "../core/problem";
import type { Clock, Store } from "../core/ports";
import type { Queue } from "../core/queue";
import type { Http, LockedOut } from "./http";

export type Role = "picker" | "packer" | "receiver" | "supervisor" | "desk" | "admin" | (string & {});

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly language: string;
}

/** `id` is the warehouse's number: the key of the topics `queue` and `waves`. */
export interface Warehouse {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly time_zone: string;
}

export interface SignedIn {
  readonly person: Person;
  /** What this person may do, as the server has it: for buttons that would be refused. */
  readonly permissions: readonly string[];
  /** The upload ticket: goes with each command that this person scans. There is none without an enrolled device. */
  readonly ticket: string | null;
  readonly warehouse: Warehouse | null;
  readonly expires_at: string;
  /** Without a sign of life for so long it locks to the PIN. */
  readonly idle_seconds?: number;
  /** For so long the ticket is good. */
  readonly ticket_seconds?: number;
}

export interface EnrolledDevice {
  readonly device: string;
  readonly secret: string;
  readonly name: string;
  readonly kind: "handheld" | "station" | "desk";
  readonly warehouse: Warehouse;
  /** The pack station that it stands at. */
  readonly station: string | null;
}

export interface SessionState {
  readonly device: EnrolledDevice | null;
  readonly signedIn: SignedIn | null;
  /** The server has locked this device out, and said so: only a new enrolment brings it back. */
  readonly locked: LockedOut | null;
}

/** Unsent scans belong to the device as it was: they go first. */
export class StillUnsent extends Error {
  constructor() {
    super("commands are unsent: the device cannot be enrolled anew before they are sent");
    this.name = "StillUnsent";
  }
}

/** Nobody but the last person goes on without a network; `wait`: seconds until the next try. */
export class NotOpened extends Error {
  constructor(
    readonly why: "wrong" | "wait" | "none",
    readonly seconds = 0,
  ) {
    super(`not opened without a network: ${why}`);
    this.name = "NotOpened";
  }
}

/** A sign of life is written down at most this often, ms. */
const TOUCH_EVERY = 30_000;

export class Session {
  /** Resolves when what the last sign-in leaves for a time without a network is on the disk. */
  sealed: Promise<void> = Promise.resolve();
  /** How often somebody has signed in since the start: a new sign-in is one, though the same person comes again. */
  signIns = 0;
  private touchedAt = 0;
  private current: SessionState = { device: null, signedIn: null, locked: null };
  private checking: Promise<void> | null = null;
  private readonly watchers = new Set<(state: SessionState) => void>();

  constructor(
    private readonly store: Store,
    private readonly http: () => Http,
    private readonly queue: Queue,
    private readonly clock: Clock = { now: () => Date.now() },
  ) {}

  get state(): SessionState {
    return this.current;
  }

  watch(watcher: (state: SessionState) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** What the device remembers. Works without a network. */
  async restore(): Promise<void> {
    const [device, signedIn, locked, touched] = await this.store.transact(async (tx) => [
      (await tx.get<EnrolledDevice>("meta", "device")) ?? null,
      (await tx.get<SignedIn>("meta", "signed in")) ?? null,
      (await tx.get<LockedOut>("meta", "locked")) ?? null,
      (await tx.get<number>("meta", "touched")) ?? null,
    ]);
    this.touchedAt = touched ?? this.clock.now();
    this.set({ device, signedIn, locked });
  }

  /** The server does not take this device any more: kept until it is enrolled anew. Whoever is at work on it may be signed out. */
  async lockedOut(code: LockedOut): Promise<void> {
    if (this.current.locked === code) return;
    await this.store.transact(async (tx) => {
      await tx.put("meta", "locked", code);
      await tx.delete("meta", "sealed");
    });
    this.set({ ...this.current, locked: code });
    if (this.current.signedIn !== null) await this.check();
  }

  /**
   * Asks the server whether the sign-in still holds. Without an answer it is taken to. What ends an earlier sign-in says
   * nothing of the one that came after it, so whoever hears of an end asks here.
   */
  check(): Promise<void> {
    this.checking ??= this.asked().finally(() => (this.checking = null));
    return this.checking;
  }

  private async asked(): Promise<void> {
    const before = this.current.signedIn;
    try {
      if (before === null && (await this.leaving())) return await this.tellSignOut();
      const me = await this.http().get<Me>("/auth/me");
      if (this.current.signedIn !== before) return;
      if (me.person === null) await this.forget();
      else await this.keep(merged(me.person, me, before));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        if (this.current.signedIn === before) await this.forget();
        await this.askAsDevice();
      } else if (!(error instanceof ApiError || error instanceof NetworkError)) throw error;
    }
  }

  /** Nobody is signed in any more: perhaps because this device is locked out, which only it is told. */
  private async askAsDevice(): Promise<void> {
    if (this.current.device === null) return;
    try {
      await this.http().get<Me>("/auth/me", { asDevice: true });
      if (this.current.locked !== null) await this.unlock();
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof NetworkError)) throw error; // what locks it out is heard where it is read
    }
  }

  /** It is taken again, as it is: the server's books were set back, say. */
  private async unlock(): Promise<void> {
    await this.store.transact((tx) => tx.delete("meta", "locked"));
    this.set({ ...this.current, locked: null });
  }

  /** Binds this device with a code that a supervisor shows. Throws `ApiError`, `NetworkError` or `StillUnsent`. */
  async enrol(code: string): Promise<EnrolledDevice> {
    const anyway = this.current.locked === "device_unknown"; // nothing goes by the old secret: what waits goes by the new one
    if (!anyway && (await this.queue.waiting()) > 0) throw new StillUnsent();
    const device = await this.http().post<EnrolledDevice>("/auth/devices/enrol", { code });
    const adopted = await this.queue.adopt(async (tx) => {
      await tx.put("meta", "device", device);
      for (const name of ["locked", "sealed"]) await tx.delete("meta", name);
    }, anyway);
    if (!adopted) throw new StillUnsent();
    this.set({ ...this.current, device, locked: null });
    return device;
  }

  /** Signs a person in by badge and PIN; who was signed in before is signed out by it. Throws `ApiError`, `NetworkError`. */
  async signIn(badge: string, pin: string, newPin: string | null = null): Promise<SignedIn> {
    const asked = newPin === null ? { badge, pin } : { badge, pin, new_pin: newPin };
    const signedIn = await this.http().post<SignedIn>("/auth/sign-in", asked, { asDevice: true }).catch(async (error: unknown) => {
      if (error instanceof ApiError && STALE.has(error.code) && canSeal()) await (await vault()).disown(this.store, { badge, pin });
      throw error;
    });
    await this.begin(signedIn);
    this.sealed = this.sealFor({ badge, pin: newPin ?? pin }, signedIn).catch((error: unknown) => console.warn("not kept for a time without a network", error));
    return signedIn;
  }

  /** Without a network: whoever signed in here last goes on, by badge and PIN. The server judges what they do. Throws `NotOpened`. */
  async goOnAlone(badge: string, pin: string): Promise<SignedIn> {
    if (!canSeal()) throw new NotOpened("none");
    const opened = await (await vault()).open(this.store, { badge, pin }, this.clock.now());
    if (opened.is !== "open") throw new NotOpened(opened.is, opened.is === "wait" ? opened.seconds : 0);
    await this.begin(opened.signedIn);
    return opened.signedIn;
  }

  /** Somebody is at work: they scan, they tap. */
  touch(): void {
    const now = this.clock.now();
    if (now - this.touchedAt < TOUCH_EVERY && now >= this.touchedAt) return;
    this.touchedAt = now;
    if (this.current.signedIn !== null) void this.store.transact((tx) => tx.put("meta", "touched", now));
  }

  /** Without a network nobody else sees to it: who has not scanned for too long is locked out to badge and PIN. */
  async lockIdle(): Promise<void> {
    const { signedIn } = this.current;
    const idle = this.clock.now() - this.touchedAt;
    if (signedIn?.ticket == null || idle < (signedIn.idle_seconds ?? Infinity) * 1000) return;
    if ((await this.store.transact((tx) => tx.get("meta", "sealed"))) !== undefined && this.current.signedIn === signedIn) await this.forget();
  }

  private async begin(signedIn: SignedIn): Promise<void> {
    this.signIns += 1;
    this.touchedAt = this.clock.now();
    await this.keep(signedIn);
  }

  private async sealFor(secret: { readonly badge: string; readonly pin: string }, signedIn: SignedIn): Promise<void> {
    const mine = this.signIns;
    await this.store.transact((tx) => tx.delete("meta", "sealed"));
    if (signedIn.ticket === null || signedIn.ticket_seconds === undefined || !canSeal()) return;
    const still = (): boolean => this.signIns === mine && this.current.signedIn !== null;
    await (await vault()).seal(this.store, secret, signedIn, this.clock.now(), signedIn.ticket_seconds, still);
  }

  /** Leaves nothing of the person on the device at once; the server is told now, or when there is a network again. */
  async signOut(): Promise<void> {
    await this.store.transact(async (tx) => {
      await tx.put("meta", "leaving", true);
      await tx.delete("meta", "sealed");
      for (const name of [BEGUN, TASK_BEGUN]) await tx.delete("state", name);
    });
    await this.forget();
    await this.tellSignOut();
  }

  /** The server says that nobody is signed in, or the person went: wipes what is theirs. */
  async forget(): Promise<void> {
    await this.store.transact((tx) => tx.delete("meta", "signed in"));
    this.set({ ...this.current, signedIn: null });
  }

  private async leaving(): Promise<boolean> {
    return (await this.store.transact((tx) => tx.get("meta", "leaving"))) === true;
  }

  private async tellSignOut(): Promise<void> {
    await this.http().post("/auth/sign-out");
    await this.store.transact((tx) => tx.delete("meta", "leaving"));
  }

  private async keep(signedIn: SignedIn): Promise<void> {
    await this.store.transact(async (tx) => {
      await tx.put("meta", "signed in", signedIn);
      await tx.put("meta", "touched", this.touchedAt);
      await tx.delete("meta", "leaving");
      for (const name of [BEGUN, TASK_BEGUN]) {
        const begun = await tx.get<Begun>("state", name);
        if (begun?.person !== signedIn.person.id) await tx.delete("state", name);
      }
    });
    this.set({ ...this.current, signedIn });
  }

  private set(state: SessionState): void {
    this.current = state;
    for (const watcher of this.watchers) watcher(state);
  }
}

/** What the server says when a PIN that was right here is so no more. */
const STALE = new Set(["sign_in_refused", "pin_must_change"]);
/** Where the page is not trusted there is nothing to seal with. */
const canSeal = (): boolean => (globalThis.crypto as Partial<Crypto> | undefined)?.subtle !== undefined;
const vault = () => import("./vault");

/** Of `Me` the parts that are a person's; it never holds the ticket. */
type Me = Partial<Omit<SignedIn, "person" | "ticket">> & { readonly person: Person | null };

/** What the server says of the signed-in person; what it leaves out stays as it was. */
const merged = (person: Person, me: Me, before: SignedIn | null): SignedIn => ({
  person,
  ...(before?.person.id === person.id ? { idle_seconds: before.idle_seconds, ticket_seconds: before.ticket_seconds } : {}),
  permissions: me.permissions ?? before?.permissions ?? [],
  ticket: before?.person.id === person.id ? before.ticket : null,
  warehouse: me.warehouse ?? before?.warehouse ?? null,
  expires_at: me.expires_at ?? before?.expires_at ?? "",
});
