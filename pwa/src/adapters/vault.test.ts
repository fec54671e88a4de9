import { describe, expect, test } from "vitest";
import { MOST } from "../core/tries";
import type { SignedIn } from "./session";
import { memoryStore } from "./store/memory";
import { disown, open, seal } from "./vault";

const NOW = 1_800_000_000_000;
const MINA = { person: { id: "p1", name: "Mina K.", roles: ["picker"], language: "de" }, ticket: "ticket-of-mina" } as unknown as SignedIn;
const RIGHT = { badge: "P-1", pin: "482913" };
const WRONG = { badge: "P-1", pin: "482914" };
const FEW = 10;
const SECONDS = 30 * 24 * 3600;

async function kept(store = memoryStore()) {
  await seal(store, RIGHT, MINA, NOW, SECONDS, () => true, FEW);
  return store;
}
const there = (store: ReturnType<typeof memoryStore>) => store.transact((tx) => tx.get<Record<string, unknown>>("meta", "sealed"));

describe("what the last person leaves sealed", () => {
  test("is opened by badge and PIN, and by no other badge or PIN", async () => {
    const store = await kept();
    expect(await open(store, WRONG, NOW)).toEqual({ is: "wrong" });
    expect(await open(store, { ...RIGHT, badge: "P-2" }, NOW)).toEqual({ is: "wrong" });
    expect(await open(store, RIGHT, NOW)).toEqual({ is: "open", signedIn: MINA });
  });

  test("says nothing of the person, and its device's key cannot be read out", async () => {
    const sealed = (await there(await kept()))!;
    const bytes = ["box", "whose"].map((part) => new TextDecoder("latin1").decode(sealed[part] as ArrayBuffer)).join("");
    expect(bytes + JSON.stringify(sealed)).not.toMatch(/Mina|ticket|482913|P-1/);
    await expect(crypto.subtle.exportKey("raw", sealed["device"] as CryptoKey)).rejects.toThrow();
  });

  test("is slow to open by design", async () => {
    const store = memoryStore();
    await seal(store, RIGHT, MINA, NOW, 3600, () => true);
    expect((await there(store))!["rounds"]).toBeGreaterThanOrEqual(600_000);
  });

  test("counts a try before it is made, waits over a reload, and is thrown away after the tenth", async () => {
    const store = await kept();
    let now = NOW;
    for (let n = 0; n < MOST; n++) {
      expect(await open(store, WRONG, now)).toEqual({ is: "wrong" });
      if (n === 2) expect(await open(store, RIGHT, now)).toEqual({ is: "wait", seconds: 2 });
      now += 1_000_000;
    }
    expect(await open(store, RIGHT, now)).toEqual({ is: "none" });
    expect(await there(store)).toBeUndefined();
  });

  test("a colleague's badge, scanned by accident, costs its person nothing", async () => {
    const store = await kept();
    for (let n = 0; n < 2 * MOST; n++) expect(await open(store, { ...RIGHT, badge: "P-2" }, NOW)).toEqual({ is: "wrong" });
    expect((await open(store, RIGHT, NOW)).is).toBe("open");
  });

  test("a right PIN takes back what wrong ones cost", async () => {
    const store = await kept();
    for (let n = 0; n < 2; n++) await open(store, WRONG, NOW);
    await open(store, RIGHT, NOW);
    for (let n = 0; n < 2; n++) expect(await open(store, WRONG, NOW)).toEqual({ is: "wrong" });
    expect((await open(store, RIGHT, NOW)).is).toBe("open");
  });

  test("ends with the ticket", async () => {
    const store = await kept();
    expect(await open(store, RIGHT, NOW + SECONDS * 1000)).toEqual({ is: "none" });
    expect(await there(store)).toBeUndefined();
  });

  test("is not kept when its person went while it was being made", async () => {
    const store = memoryStore();
    await seal(store, RIGHT, MINA, NOW, 3600, () => false, FEW);
    expect(await open(store, RIGHT, NOW)).toEqual({ is: "none" });
  });

  test("is thrown away when the server refuses what opens it, and not for somebody else's wrong PIN", async () => {
    const store = await kept();
    await disown(store, WRONG);
    expect(await there(store)).toBeDefined();
    await disown(store, RIGHT);
    expect(await there(store)).toBeUndefined();
  });
});
