/**
 * Why: a bench has a scale that types, one that speaks USB, one that is none (the demo), or nobody's but the packer's
 * eyes. All say readings; what is a weight, and when it is taken, is decided in `core/scale.ts`.
 */

import type { Timers } from "../../core/ports";
import { readReport, simulated, USAGE_PAGE, WEIGHT_REPORT, type Reading } from "../../core/scale";

export const KINDS = ["typed", "simulated", "hid"] as const;
export type ScaleKind = (typeof KINDS)[number];

export interface Scale {
  readonly kind: ScaleKind;
  /** A carton that should weigh so much is put on; only a simulated scale needs to be told. */
  put(expected: number): void;
  close(): void;
}

type Tell = (reading: Reading) => void;

/** What is typed stands still by itself. */
export const typedScale = (tell: Tell): Scale & { readonly type: (grams: number) => void } => ({
  kind: "typed",
  put: () => undefined,
  close: () => undefined,
  type: (grams) => {
    tell({ state: "moving", grams });
    tell({ state: "stable", grams });
  },
});

/** Between two readings of the simulated scale, ms. */
const SWING = 180;

/** For trying out: it swings and stands still like a real one, and is now and then wrong. */
export function simulatedScale(tell: Tell, timers: Timers, random: () => number): Scale {
  let callOff = (): void => undefined;
  const play = ([first, ...rest]: readonly Reading[]): void => {
    if (first === undefined) return;
    tell(first);
    callOff = timers.after(SWING, () => play(rest));
  };
  return {
    kind: "simulated",
    put: (expected) => {
      callOff();
      play(simulated(expected, random));
    },
    close: () => callOff(),
  };
}

// --- USB, where the browser lets a page speak to it

/** What of WebHID is used; the browser's own types do not know it. */
export interface HidDevice {
  readonly opened: boolean;
  readonly collections: readonly { readonly usagePage?: number }[];
  open(): Promise<void>;
  close(): Promise<void>;
  addEventListener(type: "inputreport", listener: (event: { readonly reportId: number; readonly data: DataView }) => void): void;
  removeEventListener(type: "inputreport", listener: (event: { readonly reportId: number; readonly data: DataView }) => void): void;
}
export interface Hid {
  getDevices(): Promise<readonly HidDevice[]>;
  addEventListener(type: "disconnect", listener: (event: { readonly device: HidDevice }) => void): void;
  removeEventListener(type: "disconnect", listener: (event: { readonly device: HidDevice }) => void): void;
  requestDevice(wanted: { readonly filters: readonly { readonly usagePage: number }[] }): Promise<readonly HidDevice[]>;
}

export const hidOf = (navigator: unknown): Hid | null => (navigator as { readonly hid?: Hid }).hid ?? null;
const isScale = ({ collections }: HidDevice): boolean => collections.some(({ usagePage }) => usagePage === USAGE_PAGE);

/** A scale that this page was allowed to use before; null: somebody must choose it once, by `chosenScale`. */
export const knownScale = async (hid: Hid): Promise<HidDevice | null> => (await hid.getDevices()).find(isScale) ?? null;
export const chosenScale = async (hid: Hid): Promise<HidDevice | null> => (await hid.requestDevice({ filters: [{ usagePage: USAGE_PAGE }] })).find(isScale) ?? null;

/** Says its readings until it is closed, and `gone` when its plug is pulled. */
export async function hidScale(hid: Hid, device: HidDevice, tell: Tell, gone: () => void): Promise<Scale> {
  const listen = ({ reportId, data }: { readonly reportId: number; readonly data: DataView }): void => {
    const reading = reportId === WEIGHT_REPORT ? readReport(data) : null;
    if (reading !== null) tell(reading);
  };
  const unplugged = (event: { readonly device: HidDevice }): void => void (event.device === device && gone());
  if (!device.opened) await device.open();
  device.addEventListener("inputreport", listen);
  hid.addEventListener("disconnect", unplugged);
  return {
    kind: "hid",
    put: () => undefined,
    close: () => {
      device.removeEventListener("inputreport", listen);
      hid.removeEventListener("disconnect", unplugged);
      void device.close();
    },
  };
}
