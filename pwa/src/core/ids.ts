/** Why: commands are named on the device, before any server has seen them. */

import type { Chance, Clock } from "./ports";

/** A UUIDv7: time-ordered, so that ids of one device sort as they were made (to the millisecond). */
export function newId(clock: Clock, chance: Chance): string {
  const bytes = new Uint8Array(16);
  bytes.set(chance.bytes(16));
  const now = Math.floor(clock.now());
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** An epoch: 22 url-safe characters, made with the device's storage. */
export function newEpoch(chance: Chance): string {
  return [...chance.bytes(22)].map((byte) => URL_SAFE.charAt(byte % 64)).join("");
}
