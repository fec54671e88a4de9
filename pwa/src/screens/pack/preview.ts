/** Why: what will come out of the printer is on the screen before: drawn once for each content, kept on the device. */

import type { Drawn, Wanted } from "./zpl.worker";

interface Keeper {
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

const KEPT = 24;
const LIST = "labels";

/** The label could not be drawn: its ZPL is said to be broken, or the renderer could not be fetched. */
export class NotDrawn extends Error {
  override readonly name = "NotDrawn";
}

/** The size that the label says itself (`^PW`, `^LL`, in dots), else four by six inches. */
export function sizeOf(zpl: string): Omit<Wanted, "id" | "zpl"> {
  const dots = (command: string): number | null => {
    const found = new RegExp(`\\^${command}(\\d+)`).exec(zpl)?.[1];
    return found === undefined ? null : Number(found);
  };
  const [width, height] = [dots("PW"), dots("LL")];
  const dots_per_mm = (width ?? 0) > 1000 ? 12 : 8;
  return { width_mm: (width ?? 812) / dots_per_mm, height_mm: (height ?? 1218) / dots_per_mm, dots_per_mm };
}

/** A name for a content: 53 bits, for a cache of a few dozen. */
export function nameOf(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  return `${(a >>> 0).toString(16)}${(b >>> 0).toString(16)}`;
}

let worker: Worker | null = null;
let count = 0;
const waiting = new Map<number, (drawn: Drawn) => void>();
const drawing = new Map<string, Promise<string>>();

function painter(): Worker {
  if (worker !== null) return worker;
  const made = new Worker(new URL("./zpl.worker.ts", import.meta.url), { type: "module" });
  made.addEventListener("message", ({ data }: MessageEvent<Drawn>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  made.addEventListener("error", () => {
    for (const [id, tell] of waiting) tell({ id, why: "the renderer could not be fetched" });
    waiting.clear();
    made.terminate();
    worker = null;
  });
  worker = made;
  return made;
}

const drawn = (zpl: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const id = ++count;
    waiting.set(id, (answer) => ("png" in answer ? resolve(`data:image/png;base64,${answer.png}`) : reject(new NotDrawn(answer.why))));
    painter().postMessage({ id, zpl, ...sizeOf(zpl) } satisfies Wanted);
  });

/** The picture of a label as an address for `<img>`. The same content is drawn once. Throws `NotDrawn`. */
export function pictureOf(zpl: string, keeper: Keeper): Promise<string> {
  const name = `label.${nameOf(zpl)}`;
  const known = drawing.get(name);
  if (known !== undefined) return known;
  const picture = (async () => {
    const kept = await keeper.get<string>(name);
    if (kept !== undefined) return kept;
    const fresh = await drawn(zpl);
    const names = [...((await keeper.get<string[]>(LIST)) ?? []).filter((each) => each !== name), name];
    await keeper.put(name, fresh);
    for (const old of names.splice(0, Math.max(0, names.length - KEPT))) {
      await keeper.delete(old);
      drawing.delete(old);
    }
    await keeper.put(LIST, names);
    return fresh;
  })();
  drawing.set(name, picture);
  picture.catch(() => drawing.delete(name));
  return picture;
}
