import { expect, test } from "vitest";
import { seeded, type Reading } from "../../core/scale";
import { chosenScale, hidOf, hidScale, knownScale, simulatedScale, typedScale, type Hid, type HidDevice } from "./scales";

type Listener = Parameters<HidDevice["addEventListener"]>[1];

/** A scale at a USB port; `sends` is what it reports. */
function plugged(usagePage: number): HidDevice & { readonly sends: (reportId: number, ...bytes: number[]) => void; readonly listeners: Set<Listener> } {
  const listeners = new Set<Listener>();
  let opened = false;
  return {
    listeners,
    get opened() {
      return opened;
    },
    collections: [{ usagePage }],
    open: () => Promise.resolve(void (opened = true)),
    close: () => Promise.resolve(void (opened = false)),
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
    sends: (reportId, ...bytes) => listeners.forEach((listener) => listener({ reportId, data: new DataView(Uint8Array.from(bytes).buffer) })),
  };
}

type Gone = Parameters<Hid["addEventListener"]>[1];
function ports(...devices: readonly HidDevice[]): Hid & { readonly asked: unknown[]; readonly pulls: Set<Gone> } {
  const [asked, pulls]: [unknown[], Set<Gone>] = [[], new Set()];
  return {
    asked, pulls,
    getDevices: () => Promise.resolve(devices),
    requestDevice: (wanted) => (asked.push(wanted), Promise.resolve(devices)),
    addEventListener: (_type, listener) => void pulls.add(listener),
    removeEventListener: (_type, listener) => void pulls.delete(listener),
  };
}

test("a USB scale says its readings until it is closed, and nothing of other reports", async () => {
  const device = plugged(0x8d);
  const readings: Reading[] = [];
  const hid = ports(device);
  let gone = 0;
  const scale = await hidScale(hid, device, (reading) => readings.push(reading), () => gone++);
  device.sends(3, 4, 2, 0, 100, 0);
  device.sends(1, 4, 2, 0, 100, 0);
  device.sends(3, 99);
  expect([device.opened, readings]).toEqual([true, [{ state: "stable", grams: 100 }]]);
  for (const pulled of [plugged(0x8d), device]) hid.pulls.forEach((listener) => listener({ device: pulled }));
  expect(gone).toBe(1);
  scale.close();
  expect([device.opened, device.listeners.size, hid.pulls.size]).toEqual([false, 0, 0]);
});

test("only a scale is taken for one, of those that the page may use and of those that somebody chooses", async () => {
  const [keyboard, scale] = [plugged(1), plugged(0x8d)];
  const hid = ports(keyboard, scale);
  expect([await knownScale(hid), await knownScale(ports(keyboard))]).toEqual([scale, null]);
  expect([await chosenScale(hid), await chosenScale(ports())]).toEqual([scale, null]);
  expect(hid.asked[0]).toEqual({ filters: [{ usagePage: 0x8d }] });
  expect([hidOf({}), hidOf({ hid: 1 })]).toEqual([null, 1]);
});

test("what is typed stands still, and the simulated scale stops saying when it is closed", () => {
  const readings: Reading[] = [];
  typedScale((reading) => readings.push(reading)).type(500);
  expect(readings.at(-1)).toEqual({ state: "stable", grams: 500 });
  const due: (() => void)[] = [];
  const timers = { after: (_ms: number, then: () => void) => (due.push(then), () => void due.splice(0)) };
  const said: Reading[] = [];
  const scale = simulatedScale((reading) => said.push(reading), timers, seeded(1));
  scale.put(1000);
  while (due.length > 0) due.shift()?.();
  expect([said[0]?.state, said.at(-1)?.state]).toEqual(["zero", "stable"]);
  scale.put(1000);
  scale.close();
  expect(due).toEqual([]);
});
