import { describe, expect, test } from "vitest";
import { FREE, MOST, mayTry, tried, waitAfter, type Tries } from "./tries";

const NOW = 1_000_000_000_000;
const DAY = 86_400_000;
const fresh: Tries = { failures: 0, notBefore: 0, since: NOW, until: NOW + 30 * DAY };
const after = (count: number): Tries => Array.from({ length: count }).reduce<Tries>((tries) => tried(tries, NOW), fresh);

describe("wrong PINs without a network", () => {
  test("cost nothing at first, then ever more, never more than a quarter of an hour", () => {
    expect([1, 2, FREE, 4, 5, 6].map(waitAfter)).toEqual([0, 0, 2, 4, 8, 16]);
    expect(waitAfter(40)).toBe(900);
  });

  test("make wait from the third on", () => {
    expect(mayTry(after(FREE - 1), NOW)).toEqual({ is: "try" });
    expect(mayTry(after(FREE), NOW)).toEqual({ is: "wait", seconds: 2 });
    expect(mayTry(after(FREE), NOW + 2000)).toEqual({ is: "try" });
  });

  test("close it after the tenth, however long one waits", () => {
    expect(mayTry(after(MOST - 1), NOW + DAY)).toEqual({ is: "try" });
    expect(mayTry(after(MOST), NOW + DAY)).toEqual({ is: "gone" });
  });
});

describe("the device's clock", () => {
  test("ends it when the ticket ends", () => {
    expect(mayTry(fresh, fresh.until - 1)).toEqual({ is: "try" });
    expect(mayTry(fresh, fresh.until)).toEqual({ is: "gone" });
  });

  test("may be hours off, but not days before it was kept", () => {
    expect(mayTry(fresh, NOW - DAY / 2)).toEqual({ is: "try" });
    expect(mayTry(fresh, NOW - 2 * DAY)).toEqual({ is: "gone" });
  });

  test("set back in a wait makes nobody wait longer than a quarter of an hour", () => {
    expect(mayTry({ ...fresh, notBefore: NOW + DAY }, NOW)).toEqual({ is: "wait", seconds: 900 });
  });
});
