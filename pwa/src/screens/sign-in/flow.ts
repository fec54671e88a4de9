/**
 * Why: a person proves who they are with what they have (the badge) and what they know (the PIN).
 *
 * 1. Scan the badge, or type it. 2. Type the PIN. 3. The server answers: in, or why not.
 * Without a network the last person of this device is let in by the device itself.
 * A one-time PIN must be changed first: a new one is typed twice. Another badge at any time begins again with that person. A device that is not enrolled yet, or was locked out, is enrolled by a code.
 */

import { parse, type Scan } from "../../core/barcode";
import { machine, to, type Effect, type Said, type Step } from "../../core/machine";
import { feedback, wrong } from "../../core/said";

export const PIN_LEAST = 6;
export const PIN_MOST = 12;

interface Base {
  /** What went wrong last, beside what can be done now. */
  readonly fault: Said | null;
}
export type State =
  | (Base & { readonly mode: "badge" })
  | (Base & { readonly mode: "pin"; readonly badge: string; readonly pin: string })
  | (Base & { readonly mode: "new pin"; readonly badge: string; readonly old: string; readonly first: string | null; readonly pin: string })
  | (Base & { readonly mode: "checking"; readonly badge: string; readonly old: string | null; readonly pin: string })
  | (Base & { readonly mode: "locked" })
  | (Base & { readonly mode: "enrol" })
  | (Base & { readonly mode: "enrolling" })
  | (Base & { readonly mode: "in" });

export type Input =
  | { readonly type: "scan"; readonly scan: Scan }
  | { readonly type: "badge typed"; readonly text: string }
  | { readonly type: "pin"; readonly pin: string }
  | { readonly type: "submit" }
  | { readonly type: "locked" }
  | { readonly type: "enrol" }
  | { readonly type: "code"; readonly code: string }
  | { readonly type: "back" }
  | { readonly type: "acknowledged" }
  /** `alone`: without a network, as the last person of this device. */
  | { readonly type: "signed in"; readonly alone?: boolean }
  | { readonly type: "enrolled" }
  | { readonly type: "refused"; readonly why: Said; readonly code?: string };

export type SignInEffect =
  | Effect
  | { readonly type: "sign in"; readonly badge: string; readonly pin: string; readonly newPin: string | null }
  | { readonly type: "enrol device"; readonly code: string };

type S<M extends State["mode"]> = Extract<State, { mode: M }>;

export const start = (badge: string | null): State =>
  badge === null ? { mode: "badge", fault: null } : { mode: "pin", badge, pin: "", fault: null };

/** What an address with `?enrol=…` asks for, where this device may be enrolled: the form, with the code where it holds one. */
export const askedBy = (code: string | null, mayEnrol: boolean): readonly Input[] =>
  code === null || !mayEnrol ? [] : [{ type: "enrol" }, ...(code === "" ? [] : [{ type: "code", code: codeIn(code) } as const])];

const LOCKED = new Set(["device_revoked", "device_unknown"]);

const withBadge = (badge: string): Step<State, SignInEffect> => to({ mode: "pin", badge, pin: "", fault: null });
const back = (): Step<State, SignInEffect> => to({ mode: "badge", fault: null });
const locked = (): Step<State, SignInEffect> => to({ mode: "locked", fault: null });
const enrolling = (code: string): Step<State, SignInEffect> => to({ mode: "enrolling", fault: null }, { type: "enrol device", code: codeIn(code) });

/** Something else than a badge: say what it is, and what is wanted. */
const notABadge = (state: State, scan: Scan): Step<State, SignInEffect> =>
  to(state, wrong({ key: "sign-in.notABadge" }, { key: `kind.${scan.kind}` }, { key: "sign-in.scanBadge" }));

const check = ({ badge }: S<"pin">, pin: string): Step<State, SignInEffect> =>
  to({ mode: "checking", badge, old: null, pin, fault: null }, { type: "sign in", badge, pin, newPin: null });

/** A new PIN is typed twice; the second must be the first. */
function newPin(state: S<"new pin">, pin: string): Step<State, SignInEffect> {
  const { badge, old, first } = state;
  if (first === null) return to({ ...state, first: pin, pin: "", fault: null });
  if (first !== pin) return to({ ...state, first: null, pin: "", fault: { key: "sign-in.pinsDiffer" } });
  return to({ mode: "checking", badge, old, pin, fault: null }, { type: "sign in", badge, pin: old, newPin: pin });
}

const askNewPin = (badge: string, old: string, fault: Said | null): Step<State, SignInEffect> =>
  to({ mode: "new pin", badge, old, first: null, pin: "", fault });

const digitsOf = (pin: string): string => pin.replace(/[^0-9]/g, "").slice(0, PIN_MOST);
const isPin = (text: string): boolean => /^[0-9]+$/.test(text) && text.length >= PIN_LEAST && text.length <= PIN_MOST;

export const flow = machine<State, Input, SignInEffect>({
  badge: {
    scan: (state, { scan }) => (scan.kind === "badge" && scan.code !== undefined ? withBadge(scan.code) : notABadge(state, scan)),
    "badge typed": (state, { text }) => {
      const typed = [text, `P-${text}`].map(parse).find((scan) => scan.kind === "badge");
      return typed?.code === undefined ? to({ ...state, fault: { key: "sign-in.badgeWrong" } }) : withBadge(typed.code);
    },
    enrol: () => to({ mode: "enrol", fault: null }),
    locked,
  },
  pin: {
    locked,
    scan: (state, { scan }) => {
      if (scan.kind === "badge" && scan.code !== undefined) return withBadge(scan.code);
      return isPin(scan.raw) ? check(state, scan.raw) : notABadge(state, scan);
    },
    pin: (state, { pin }) => to({ ...state, pin: digitsOf(pin), fault: null }),
    submit: (state) => (isPin(state.pin) ? check(state, state.pin) : to(state)),
    back,
  },
  "new pin": {
    locked,
    scan: (state, { scan }) => {
      if (scan.kind === "badge" && scan.code !== undefined) return withBadge(scan.code);
      return isPin(scan.raw) ? newPin(state, scan.raw) : notABadge(state, scan);
    },
    pin: (state, { pin }) => to({ ...state, pin: digitsOf(pin), fault: null }),
    submit: (state) => (isPin(state.pin) ? newPin(state, state.pin) : to(state)),
    back,
  },
  checking: {
    "signed in": (_state, { alone }) =>
      to({ mode: "in", fault: null }, alone === true ? feedback("done", { key: "sign-in.welcome" }, { key: "sign-in.alone" }) : feedback("right", { key: "sign-in.welcome" })),
    refused: ({ badge, old, pin }, { why, code }) => {
      if (code !== undefined && LOCKED.has(code)) return locked();
      if (code === "pin_must_change") return askNewPin(badge, pin, null);
      if (code === "pin_weak" && old !== null) return askNewPin(badge, old, why);
      return to({ mode: "pin", badge, pin: "", fault: why });
    },
  },
  /** Nobody works on it before it has a new code; whatever is no badge may be that. */
  locked: {
    scan: (state, { scan }) => (scan.kind === "unknown" ? enrolling(scan.raw) : to(state, wrong({ key: "sign-in.locked" }, { key: "sign-in.lockedWhat" }))),
    enrol: () => to({ mode: "enrol", fault: null }),
  },
  enrol: {
    scan: (_state, { scan }) => enrolling(scan.raw),
    code: (state, { code }) => (code.trim() === "" ? to(state) : enrolling(code)),
    back,
  },
  enrolling: {
    enrolled: () => to({ mode: "badge", fault: null }, feedback("done", { key: "sign-in.enrolled" })),
    refused: (_state, { why }) => to({ mode: "enrol", fault: why }),
  },
  in: {},
});

/** The code itself, also out of the address that a supervisor's QR code holds. */
export function codeIn(text: string): string {
  const code = /[?&#/](?:enrol|code)=([^&#\s]+)/.exec(text)?.[1];
  return (code ?? text).trim();
}
