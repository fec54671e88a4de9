import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chance, timers } from "./platform";
import { makeSocket, type LiveSocket } from "./socket";

class FakeSocket {
  static all: FakeSocket[] = [];
  readonly sent: unknown[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  hear(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }
}

let socket: LiveSocket;
beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  socket = makeSocket({ open: () => new FakeSocket() as unknown as WebSocket, url: () => "ws://x", timers, chance });
});
afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

const last = (): FakeSocket => FakeSocket.all[FakeSocket.all.length - 1]!;

test("follows a topic, shows what it gets, and gives it up with the last follower", () => {
  const [one, two]: [unknown[], unknown[]] = [[], []];
  const stopOne = socket.follow("queue", "1", (data) => one.push(data));
  socket.start();
  last().onopen?.();
  last().hear({ type: "snapshot", topic: "queue", key: "1", positions: { 1: 5 }, data: { a: 1 } });
  const stopTwo = socket.follow("queue", "1", (data) => two.push(data));
  last().hear({ type: "delta", topic: "queue", key: "1", stream: 1, from: 5, to: 6, data: { set: { a: 2 } } });
  expect(one).toEqual([{ a: 1 }, { a: 2 }]);
  expect(two).toEqual([{ a: 1 }, { a: 2 }]);
  stopOne();
  stopTwo();
  stopTwo();
  expect(last().sent.map((frame) => (frame as { type: string }).type)).toEqual(["subscribe", "unsubscribe"]);
});

test("leaves a half-open connection after two unanswered pings and makes a new one", () => {
  const links: string[] = [];
  socket.onLink((link) => links.push(link));
  socket.start();
  last().onopen?.();
  vi.advanceTimersByTime(45_000);
  expect(last().closed).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(FakeSocket.all).toHaveLength(2);
  FakeSocket.all[0]?.onclose?.({ code: 1006 });
  last().onopen?.();
  expect(links).toEqual(["connecting", "live", "stale", "live"]);
});

test("takes no notice of what it cannot read", () => {
  socket.start();
  last().onopen?.();
  last().hear("{torn");
  last().hear("null");
  expect(socket.link).toBe("live");
});
