/**
 * Why: the last person of a handheld goes on without a network, by badge and PIN, and nobody else.
 *
 * What the sign-in gave (the person, the ticket) is kept sealed: the key comes from badge and PIN by PBKDF2, then goes
 * through a key of the device that no script can read out, so that guessing must happen on this device, where tries are
 * counted before they are made. Whoever cannot open it reads nothing of the person.
 */

import type { Store } from "../core/ports";
import { mayTry, tried, type Tries } from "../core/tries";
import type { SignedIn } from "./session";

const NAME = "sealed";
/** Some 0.3 s on a desktop, about a second on a handheld. */
const ROUNDS = 600_000;

interface Sealed extends Tries {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly rounds: number;
  readonly device: CryptoKey;
  /** Whose it is, told by the device's key: a colleague's badge costs its person no try. */
  readonly whose: ArrayBuffer;
  readonly box: ArrayBuffer;
}

export interface Secret {
  readonly badge: string;
  readonly pin: string;
}

/** What became of a try. `none`: nobody worked here, or it may not be tried any more. */
export type Opened = { readonly is: "open"; readonly signedIn: SignedIn } | { readonly is: "wrong" } | { readonly is: "wait"; readonly seconds: number } | { readonly is: "none" };

/** Keeps a sign-in for this badge and PIN, for so many seconds; `still` is asked at the end whether it is wanted yet. */
export async function seal(store: Store, secret: Secret, signedIn: SignedIn, now: number, seconds: number, still: () => boolean, rounds = ROUNDS): Promise<void> {
  const device = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const key = await keyOf(secret, { salt, rounds, device });
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(signedIn)));
  const sealed: Sealed = { salt, iv, rounds, device, whose: await markOf(secret, device), box, failures: 0, notBefore: 0, since: now, until: now + seconds * 1000 };
  await store.transact(async (tx) => {
    if (still()) await tx.put("meta", NAME, sealed);
  });
}

/** Tries badge and PIN; another badge is no try. The try is on the disk before it is made; a right one takes back what the wrong ones cost. */
export async function open(store: Store, secret: Secret, now: number): Promise<Opened> {
  const there = await store.transact((tx) => tx.get<Sealed>("meta", NAME));
  if (there !== undefined && !same(await markOf(secret, there.device), there.whose)) return { is: "wrong" };
  const found = await store.transact(async (tx) => {
    const sealed = await tx.get<Sealed>("meta", NAME);
    if (sealed === undefined) return { is: "none" } as const;
    const may = mayTry(sealed, now);
    if (may.is === "wait") return may;
    if (may.is === "gone") {
      await tx.delete("meta", NAME);
      return { is: "none" } as const;
    }
    await tx.put("meta", NAME, { ...sealed, ...tried(sealed, now) });
    return sealed;
  });
  if ("is" in found) return found;
  const signedIn = await unsealed(found, secret);
  if (signedIn === null) return { is: "wrong" };
  await store.transact(async (tx) => {
    const latest = await tx.get<Sealed>("meta", NAME);
    if (latest !== undefined) await tx.put("meta", NAME, { ...latest, failures: 0, notBefore: 0 });
  });
  return { is: "open", signedIn };
}

/** The server has said no to this badge and PIN: what they would open here is worth nothing any more. */
export async function disown(store: Store, secret: Secret): Promise<void> {
  const sealed = await store.transact((tx) => tx.get<Sealed>("meta", NAME));
  if (sealed !== undefined && (await unsealed(sealed, secret)) !== null) await store.transact((tx) => tx.delete("meta", NAME));
}

async function unsealed(sealed: Sealed, secret: Secret): Promise<SignedIn | null> {
  const key = await keyOf(secret, sealed);
  try {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.box);
    return JSON.parse(new TextDecoder().decode(text)) as SignedIn;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "OperationError")) throw error;
    return null; // another badge, another PIN
  }
}

const markOf = ({ badge }: Secret, device: CryptoKey): Promise<ArrayBuffer> => crypto.subtle.sign("HMAC", device, new TextEncoder().encode(`badge\n${badge}`));

const same = (a: ArrayBuffer, b: ArrayBuffer): boolean => new Uint8Array(a).every((byte, at) => byte === new Uint8Array(b)[at]);

async function keyOf({ badge, pin }: Secret, { salt, rounds, device }: Pick<Sealed, "salt" | "rounds" | "device">): Promise<CryptoKey> {
  const given = await crypto.subtle.importKey("raw", new TextEncoder().encode(`${badge}\n${pin}`), "PBKDF2", false, ["deriveBits"]);
  const slow = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, given, 256);
  const bound = await crypto.subtle.sign("HMAC", device, slow);
  return crypto.subtle.importKey("raw", bound, "AES-GCM", false, ["encrypt", "decrypt"]);
}
