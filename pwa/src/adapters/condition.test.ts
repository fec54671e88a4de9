import { expect, test } from "vitest";
import { conditionOf } from "./condition";

test("a device says how full its battery is, where its browser tells", async () => {
  const powered = { getBattery: () => Promise.resolve({ level: 0.174, charging: false }) } as unknown as Navigator;
  expect(await conditionOf(powered)).toEqual({ battery_percent: 17, charging: false });
  expect(await conditionOf({} as Navigator)).toEqual({ battery_percent: null, charging: null });
});
