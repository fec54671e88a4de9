import { describe, expect, test } from "vitest";
import { BEGUN, TASK_BEGUN } from "../core/begun";
import { ApiError, NetworkError, problemOf } from "../core/problem";
import { Queue } from "../core/queue";
import type { Http } from "./http";
import { chance, clock } from "./platform";
import { NotOpened, Session, StillUnsent, type SignedIn } from "./session";
import { memoryStore } from "./store/memory";

const MINA: SignedIn = {
  person: { id: "p1", name: "Mina K.", roles: ["picker"], language: "de" },
  permissions: ["floor.commands"],
  ticket: "ticket-of-mina",
  warehouse: { id: 1, code: "HH1", name: "Hamburg 1", time_zone: "Europe/Berlin" },
  expires_at: "2026-11-24T23:00:00Z",
};
const refused = new ApiError(problemOf(401, { code: "not_signed_in" }));

/** An API of a few answers by `METHOD path`; an Error as answer is thrown. */
function fakeHttp(answers: Record<string, unknown>, calls: unknown[] = []): Http {
  const give = async (name: string, body?: unknown) => {
    calls.push(body === undefined ? name : [name, body]);
    const answer = answers[name];
    if (answer instanceof Error) throw answer;
    return answer as never;
  };
  return {
    get: (path, asked) => give(asked?.asDevice === true ? `GET ${path} as device` : `GET ${path}`),
    post: (path, body) => give(`POST ${path}`, body),
    put: (path) => give(`PUT ${path}`),
    patch: (path) => give(`PATCH ${path}`),
    delete: (path) => give(`DELETE ${path}`),
    file: (path, body) => give(`FILE ${path}`, body),
    onSignedOut: () => undefined,
    onLockedOut: () => undefined,
  };
}

async function sessionWith(answers: Record<string, unknown>, store = memoryStore(), time = clock) {
  const queue = new Queue(store, clock, chance);
  await queue.open();
  const session = new Session(store, () => fakeHttp(answers), queue, time);
  await session.restore();
  return { session, queue, store };
}

describe("a sign-in", () => {
  test("is remembered over a reload, also without a network", async () => {
    const { session, store } = await sessionWith({ "POST /auth/sign-in": MINA });
    await session.signIn("P-1", "123456");
    const again = await sessionWith({ "GET /auth/me": new NetworkError("no network") }, store);
    await again.session.check();
    expect(again.session.state.signedIn).toEqual(MINA);
  });

  test("of the same person again is a new one, and what ended the first says nothing of it", async () => {
    const { session } = await sessionWith({ "POST /auth/sign-in": MINA, "GET /auth/me": refused });
    await session.signIn("P-1", "123456");
    const asked = session.check();
    await session.signIn("P-1", "123456");
    await asked;
    expect([session.state.signedIn, session.signIns]).toEqual([MINA, 2]);
  });

  test("ends when the server says so", async () => {
    const { session } = await sessionWith({ "POST /auth/sign-in": MINA, "GET /auth/me": refused });
    await session.signIn("P-1", "123456");
    await session.check();
    expect(session.state.signedIn).toBeNull();
  });

  test("leaves nothing of the person behind when they go, though the network is gone too", async () => {
    const { session, store } = await sessionWith({ "POST /auth/sign-in": MINA, "POST /auth/sign-out": new NetworkError("x") });
    await session.signIn("P-1", "123456");
    await expect(session.signOut()).rejects.toBeInstanceOf(NetworkError);
    expect(session.state.signedIn).toBeNull();
    expect(JSON.stringify(await store.transact((tx) => tx.list("meta")))).not.toContain("Mina");
  });

  test.each([BEGUN, TASK_BEGUN])("keeps what its person has begun over an end and a new sign-in, but not for another person, and not when they go: %s", async (name) => {
    const otto = { ...MINA, person: { ...MINA.person, id: "p2" } };
    const store = memoryStore();
    const begin = () => store.transact((tx) => tx.put("state", name, { person: "p1" }));
    const begun = () => store.transact((tx) => tx.get("state", name));
    const { session } = await sessionWith({ "POST /auth/sign-in": MINA, "GET /auth/me": refused }, store);
    await session.signIn("P-1", "123456");
    await begin();
    await session.check();
    await session.signIn("P-1", "123456");
    expect([session.signIns, await begun()]).toEqual([2, { person: "p1" }]);
    await session.signOut();
    expect(await begun()).toBeUndefined();
    await begin();
    const other = await sessionWith({ "POST /auth/sign-in": otto }, store);
    await other.session.signIn("P-2", "123456");
    expect(await begun()).toBeUndefined();
  });

  test("that was left without a network does not come back with the next reload", async () => {
    const offline = { "POST /auth/sign-in": MINA, "POST /auth/sign-out": new NetworkError("x") };
    const { session, store } = await sessionWith(offline);
    await session.signIn("P-1", "123456");
    await expect(session.signOut()).rejects.toBeInstanceOf(NetworkError);
    const calls: unknown[] = [];
    const again = new Session(store, () => fakeHttp({ "GET /auth/me": MINA }, calls), new Queue(store, clock, chance));
    await again.restore();
    await again.check();
    expect(again.state.signedIn).toBeNull();
    expect(calls).toEqual(["POST /auth/sign-out"]);
  });

  test("of the session's cookie is found again by a browser that lost its storage", async () => {
    const { session } = await sessionWith({ "GET /auth/me": MINA });
    await session.check();
    expect(session.state.signedIn?.person.name).toBe("Mina K.");
  });
});

describe("a device that was locked out", () => {
  const DEVICE = { device: "d1", secret: "s", name: "Handheld 07", kind: "handheld", warehouse: MINA.warehouse, station: null };

  test("says so after a reload too, until it is enrolled anew", async () => {
    const { session, store } = await sessionWith({});
    await session.lockedOut("device_revoked");
    expect(session.state.locked).toBe("device_revoked");
    const again = await sessionWith({ "POST /auth/devices/enrol": DEVICE }, store);
    expect(again.session.state.locked).toBe("device_revoked");
    await again.session.enrol("ABCD-1234");
    expect([again.session.state.locked, (await sessionWith({}, store)).session.state.locked]).toEqual([null, null]);
  });

  test("asks as the device when nobody is signed in any more: only it is told", async () => {
    const store = memoryStore();
    await (await sessionWith({ "POST /auth/devices/enrol": DEVICE }, store)).session.enrol("ABCD-1234");
    const calls: unknown[] = [];
    const session = new Session(store, () => fakeHttp({ "GET /auth/me": refused }, calls), new Queue(store, clock, chance));
    await session.restore();
    await session.check();
    expect(calls).toEqual(["GET /auth/me", "GET /auth/me as device"]);
  });

  test("takes along what waits when it was offered anew: nothing goes by the old secret", async () => {
    const { session, queue } = await sessionWith({ "POST /auth/devices/enrol": DEVICE });
    await queue.put({ kind: "pick", body: {} }, "t");
    await session.lockedOut("device_revoked");
    await expect(session.enrol("ABCD-1234")).rejects.toBeInstanceOf(StillUnsent);
    await session.lockedOut("device_unknown");
    await session.enrol("ABCD-1234");
    expect(await queue.batch(1, "d1")).toMatchObject({ commands: [{ seq: 1, kind: "pick", ticket: "t" }] });
  });
});

describe("enrolling a device", () => {
  const DEVICE = { device: "d1", secret: "s", name: "Handheld 07", kind: "handheld", warehouse: MINA.warehouse, station: null };

  test("binds the storage to it with an epoch of its own", async () => {
    const { session, queue } = await sessionWith({ "POST /auth/devices/enrol": DEVICE });
    await session.enrol("ABCD-1234");
    await queue.put({ kind: "pick", body: {} }, "t");
    expect(session.state.device).toEqual(DEVICE);
    expect(await queue.batch(1, session.state.device?.device ?? null)).toMatchObject({ device: "d1", commands: [{ seq: 1 }] });
  });

  test("waits until everything is sent", async () => {
    const { session, queue } = await sessionWith({ "POST /auth/devices/enrol": DEVICE });
    await queue.put({ kind: "pick", body: {} }, "t");
    await expect(session.enrol("ABCD-1234")).rejects.toBeInstanceOf(StillUnsent);
    expect(session.state.device).toBeNull();
  });
});

describe("a time without a network", () => {
  const KEPT: SignedIn = { ...MINA, idle_seconds: 900, ticket_seconds: 30 * 86_400 };
  const noNetwork = new NetworkError("no network");
  const sealed = async (time = clock, more: Record<string, unknown> = {}) => {
    const made = await sessionWith({ "POST /auth/sign-in": KEPT, "GET /auth/me": refused, ...more }, memoryStore(), time);
    await made.session.signIn("P-1", "482913");
    await made.session.sealed;
    return made;
  };
  const isThere = async (store: ReturnType<typeof memoryStore>) => (await store.transact((tx) => tx.get("meta", "sealed"))) !== undefined;

  test("the last person goes on after their sign-in has ended, with the ticket for what they scan; nobody else does", async () => {
    const { session, store } = await sealed();
    await session.check();
    expect(session.state.signedIn).toBeNull();
    const later = await sessionWith({ "GET /auth/me": noNetwork }, store);
    await expect(later.session.goOnAlone("P-2", "482913")).rejects.toEqual(new NotOpened("wrong"));
    await later.session.goOnAlone("P-1", "482913");
    expect(later.session.state.signedIn).toEqual(KEPT);
    expect(later.session.state.signedIn?.ticket).toBe("ticket-of-mina");
  });

  test("who was left for too long is locked to badge and PIN, over a reload too, and not a moment earlier", async () => {
    let now = 1_800_000_000_000;
    const time = { now: () => now };
    const { session, store } = await sealed(time);
    now += 800_000;
    session.touch();
    now += 800_000;
    await session.lockIdle();
    expect(session.state.signedIn).toEqual(KEPT);
    now += 100_000;
    const reloaded = await sessionWith({}, store, time);
    await reloaded.session.lockIdle();
    expect(reloaded.session.state.signedIn).toBeNull();
    await reloaded.session.goOnAlone("P-1", "482913");
    expect(reloaded.session.state.signedIn).toEqual(KEPT);
  });

  test("without a device nobody is locked where nobody could go on", async () => {
    let now = 1_800_000_000_000;
    const { session } = await sealed({ now: () => now }, { "POST /auth/sign-in": { ...KEPT, ticket: null } });
    now += 10_000_000;
    await session.lockIdle();
    expect(session.state.signedIn).not.toBeNull();
    await expect(session.goOnAlone("P-1", "482913")).rejects.toEqual(new NotOpened("none"));
  });

  test("nothing is left sealed after a sign-out, a revocation, or a no of the server to what would open it", async () => {
    const gone = await sealed(clock, { "POST /auth/sign-out": noNetwork });
    await gone.session.signOut().catch(() => undefined);
    expect(await isThere(gone.store)).toBe(false);

    const revoked = await sealed();
    await revoked.session.lockedOut("device_revoked");
    expect(await isThere(revoked.store)).toBe(false);

    const { store } = await sealed();
    const changed = await sessionWith({ "POST /auth/sign-in": new ApiError(problemOf(401, { code: "sign_in_refused" })) }, store);
    await expect(changed.session.signIn("P-1", "999999")).rejects.toBeInstanceOf(ApiError);
    expect(await isThere(store)).toBe(true);
    await expect(changed.session.signIn("P-1", "482913")).rejects.toBeInstanceOf(ApiError);
    expect(await isThere(store)).toBe(false);
  });

  test("another person's sign-in takes the place of the one before, at once", async () => {
    const { session, store } = await sealed();
    const asked = session.signIn("P-2", "573920");
    await asked;
    await session.sealed;
    await expect(session.goOnAlone("P-1", "482913")).rejects.toEqual(new NotOpened("wrong"));
    expect(await isThere(store)).toBe(true);
  });
});
