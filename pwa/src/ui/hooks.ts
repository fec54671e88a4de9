/** Why: what a screen needs from the outside, in a handful of hooks. */

import { signal, useSignal, type ReadonlySignal } from "@preact/signals";
import { createContext, type RefObject } from "preact";
import { useContext, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { App } from "../app";
import type { Effect, Machine } from "../core/machine";
import { navigate } from "./router";
import type { ScanHandler } from "./scans";

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error("no app around this component");
  return app;
}

/** Hears scans while the component stands. A bounce of the trigger is left out unless `every` is asked for. */
export function useScan(handler: ScanHandler, every = false): void {
  const { scans } = useApp();
  const latest = useRef(handler);
  latest.current = handler;
  // Before the first paint: who sees the screen may scan at once.
  useLayoutEffect(() => scans.listen((scan, bounced) => (bounced && !every ? undefined : latest.current(scan, bounced))), [scans, every]);
}

/** Runs when a full-screen answer comes up: a sheet over it would hide it. */
export function useAnswered(then: () => void): void {
  const shown = useApp().shown.value;
  const latest = useRef(then);
  latest.current = then;
  useEffect(() => {
    if (shown !== null) latest.current();
  }, [shown]);
}

/** The element that hands type into from the moment it is there. The attribute `autofocus` works once a page. */
export function useFocus<T extends HTMLElement>(wanted = true): RefObject<T | null> {
  const element = useRef<T>(null);
  useLayoutEffect(() => {
    if (wanted) element.current?.focus({ preventScroll: true });
  }, [wanted]);
  return element;
}

/** What takes the focus when something that was asked is answered, and the button that asked went with the answer. */
export function useFocusBack<T extends HTMLElement>(asking: boolean): RefObject<T | null> {
  const element = useRef<T>(null);
  const asked = useRef(false);
  if (asking) asked.current = true;
  useEffect(() => {
    if (asking || !asked.current || document.activeElement !== document.body) return;
    asked.current = false;
    element.current?.focus({ preventScroll: true });
  });
  return element;
}

export interface Flow<S, I> {
  readonly state: ReadonlySignal<S>;
  readonly send: (input: I) => void;
}

/**
 * Runs a flow: `send` steps the machine and does its effects. The common effects (`feedback`, `command`, `go`) are done
 * here, feedback first, so the beep waits for nothing; the screen's own go to `perform`.
 */
export function useFlow<S, I extends { readonly type: string }, E extends { readonly type: string }>(
  machine: Machine<S, I, E>,
  initial: () => S,
  perform: (effect: Exclude<E, Effect>, send: (input: I) => void) => void = () => undefined,
): Flow<S, I> {
  const app = useApp();
  const latest = useRef(perform);
  latest.current = perform;
  return useMemo(() => {
    const state = signal(initial());
    const send = (input: I): void => {
      const { state: next, effects } = machine.step(state.peek(), input);
      state.value = next;
      for (const effect of effects) run(effect as unknown as Effect | Exclude<E, Effect>);
    };
    const run = (effect: Effect | Exclude<E, Effect>): void => {
      const common = effect as Effect;
      if (common.type === "feedback") app.answer(common.feedback, () => send({ type: "acknowledged" } as unknown as I));
      else if (common.type === "command") void app.take(common.command);
      else if (common.type === "go") navigate(common.path);
      else latest.current(effect as Exclude<E, Effect>, send);
    };
    return { state, send };
  }, [machine]);
}

/** Follows a live topic while the component stands; undefined until the first snapshot. Look at `app.link` for stale. */
export function useTopic<T>(topic: string, key: string | null): ReadonlySignal<T | undefined> {
  const { live } = useApp();
  const data = useSignal<T | undefined>(undefined);
  useEffect(() => {
    data.value = undefined;
    return key === null ? undefined : live.follow(topic, key, (next) => (data.value = next as T));
  }, [live, topic, key]);
  return data;
}

/** Does it each time that the server is there again: what could not be read is asked for anew. */
export function useBack(again: () => void): void {
  const { link } = useApp();
  const before = useRef(link.value);
  useEffect(() => {
    if (link.value === "live" && before.current !== "live") again();
    before.current = link.value;
  }, [link.value]);
}

/** Keeps the screen on while the component stands. */
export function useAwake(): void {
  const { keepAwake } = useApp();
  useEffect(() => {
    keepAwake(true);
    return () => keepAwake(false);
  }, [keepAwake]);
}

/** The device's time, in milliseconds, anew every `every` ms: for clocks and cut-offs. */
export function useNow(every = 10_000): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now.value;
}
