import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newer, startUpdates } from "./updates";

const waiting = { postMessage: vi.fn() };
const registration = { waiting: null as typeof waiting | null, installing: null, addEventListener: () => undefined, update: () => Promise.resolve(), unregister: vi.fn(() => Promise.resolve(true)) };
const reload = vi.fn();
let changed: (() => void) | null = null;

/** A page that an older worker serves; the newer one, if any, waits. */
async function opened() {
  const updates = startUpdates();
  await vi.advanceTimersByTimeAsync(0);
  return updates;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv("PROD", true);
  vi.stubGlobal("location", { reload });
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve({ ok: true })));
  vi.stubGlobal("navigator", {
    serviceWorker: { controller: {}, register: () => Promise.resolve(registration), addEventListener: (_name: string, then: () => void) => (changed = then) },
  });
  registration.waiting = waiting;
  newer.value = null;
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.useRealTimers();
  vi.clearAllMocks();
});

test("a newer version waits for whoever is signed in, and comes when they want it", async () => {
  await opened();
  expect(waiting.postMessage).not.toHaveBeenCalled();
  newer.value?.();
  expect(waiting.postMessage).toHaveBeenCalledWith("take over");
  expect(newer.value).toBeNull();
  changed?.();
  expect(reload).toHaveBeenCalledOnce();
});

test("it comes by itself where nobody is signed in and nothing is unsent", async () => {
  const updates = await opened();
  updates.safe(true);
  expect(waiting.postMessage).toHaveBeenCalledOnce();
});

test("nothing is offered where there is nothing newer", async () => {
  registration.waiting = null;
  await opened();
  expect(newer.value).toBeNull();
});

test("an old worker that does not let go is left behind, where the server can be reached", async () => {
  await opened();
  newer.value?.();
  await vi.advanceTimersByTimeAsync(4000);
  expect(registration.unregister).toHaveBeenCalledOnce();
  expect(reload).toHaveBeenCalledOnce();
});

test("without a network the old version stays, and the newer one is offered again", async () => {
  vi.stubGlobal("fetch", vi.fn(() => Promise.reject(new TypeError("no network"))));
  await opened();
  newer.value?.();
  await vi.advanceTimersByTimeAsync(4000);
  expect(reload).not.toHaveBeenCalled();
  expect(newer.value).not.toBeNull();
});
