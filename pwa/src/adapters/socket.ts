/** Why: does what the live machine says, with the browser's WebSocket and one timer. */

import { Live, type Link, type LiveEffect, type ServerFrame } from "../core/live";
import type { Chance, Timers } from "../core/ports";

export interface LiveSocket {
  readonly link: Link;
  start(): void;
  stop(): void;
  /** Follows a topic until the returned function is called. `show` gets the data whenever it changes. */
  follow(topic: string, key: string, show: (data: unknown) => void): () => void;
  onLink(then: (link: Link) => void): () => void;
  onError(then: (code: string) => void): () => void;
}

export interface SocketParts {
  readonly open: (url: string) => WebSocket;
  readonly url: () => string;
  readonly timers: Timers;
  readonly chance: Chance;
}

export const liveUrl = (page: Location = location): string =>
  `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}/api/live`;

export function makeSocket({ open, url, timers, chance }: SocketParts): LiveSocket {
  const live = new Live(chance);
  const shows = new Map<string, Set<(data: unknown) => void>>();
  const links = new Set<(link: Link) => void>();
  const errors = new Set<(code: string) => void>();
  let socket: WebSocket | null = null;
  let callOff: () => void = () => undefined;

  const setTimer = (after: number | null): void => {
    callOff();
    callOff = after === null ? () => undefined : timers.after(after, () => run(live.timer()));
  };

  const connect = (): void => {
    const mine = open(url());
    socket = mine;
    mine.onopen = () => mine === socket && run(live.opened());
    mine.onmessage = (event) => {
      const frame = frameOf(event.data);
      if (mine === socket && frame !== null) run(live.received(frame));
    };
    mine.onclose = (event) => {
      if (mine !== socket) return;
      socket = null;
      run(live.closed(event.code));
    };
  };

  const disconnect = (): void => {
    const old = socket;
    socket = null;
    old?.close(1000);
  };

  const run = (effects: readonly LiveEffect[]): void => {
    for (const effect of effects) {
      switch (effect.do) {
        case "connect":
          connect();
          break;
        case "disconnect":
          disconnect();
          break;
        case "send":
          socket?.send(JSON.stringify(effect.frame));
          break;
        case "timer":
          setTimer(effect.after);
          break;
        case "no timer":
          setTimer(null);
          break;
        case "link":
          for (const then of links) then(effect.link);
          break;
        case "show":
          for (const show of shows.get(`${effect.topic}\n${effect.key}`) ?? []) show(effect.data);
          break;
        case "error":
          for (const then of errors) then(effect.code);
          break;
      }
    }
  };

  return {
    get link() {
      return live.link;
    },
    start: () => run(live.start()),
    stop: () => run(live.stop()),
    follow: (topic, key, show) => {
      const name = `${topic}\n${key}`;
      const set = shows.get(name) ?? new Set();
      shows.set(name, set.add(show));
      run(live.subscribe(topic, key));
      const known = live.data(topic, key);
      if (known !== undefined) show(known);
      return () => {
        set.delete(show);
        if (set.size > 0 || shows.get(name) !== set) return;
        shows.delete(name);
        run(live.unsubscribe(topic, key));
      };
    },
    onLink: (then) => (links.add(then), () => links.delete(then)),
    onError: (then) => (errors.add(then), () => errors.delete(then)),
  };
}

/** A frame of the server, or null for what cannot be read: the gap shows at the next delta. */
function frameOf(data: unknown): ServerFrame | null {
  try {
    const frame = JSON.parse(String(data)) as ServerFrame | null;
    return typeof frame?.type === "string" ? frame : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
