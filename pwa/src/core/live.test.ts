import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDelta, Live, PING_EVERY, type ClientFrame, type LiveEffect, type ServerFrame } from "./live";

const half = { random: () => 0.5, bytes: (count: number) => new Uint8Array(count) };
const sent = (effects: LiveEffect[]): ClientFrame[] => effects.flatMap((each) => (each.do === "send" ? [each.frame] : []));
const links = (effects: LiveEffect[]) => effects.flatMap((each) => (each.do === "link" ? [each.link] : []));
const waits = (effects: LiveEffect[]) => effects.flatMap((each) => (each.do === "timer" ? [each.after] : []));

const snapshot = (positions: Record<string, number>, data: unknown): ServerFrame => ({ type: "snapshot", topic: "queue", key: "1", positions, data });
const delta = (from: number, to: number, set: Record<string, unknown>): ServerFrame => ({
  type: "delta", topic: "queue", key: "1", stream: 1, from, to, data: { set },
});

function opened(): Live {
  const live = new Live(half);
  live.subscribe("queue", "1");
  live.start();
  live.opened();
  return live;
}

describe("a topic", () => {
  test("is asked for whole at first, and from its positions after a reconnect", () => {
    const live = new Live(half);
    expect(live.subscribe("queue", "1")).toEqual([]);
    live.start();
    expect(sent(live.opened())).toEqual([{ type: "subscribe", topic: "queue", key: "1", after: null }]);
    live.received(snapshot({ 1: 881 }, { a: 1 }));
    live.received(delta(881, 885, { b: 2 }));
    live.closed(1006);
    live.timer();
    expect(sent(live.opened())).toEqual([{ type: "subscribe", topic: "queue", key: "1", after: { 1: 885 } }]);
    expect(live.data("queue", "1")).toEqual({ a: 1, b: 2 });
  });

  test("is asked for anew when a delta comes from beyond what is known, and keeps showing what it has", () => {
    const live = opened();
    live.received(snapshot({ 1: 10 }, { a: 1 }));
    expect(sent(live.received(delta(12, 14, { a: 3 })))).toEqual([{ type: "subscribe", topic: "queue", key: "1", after: null }]);
    expect(live.data("queue", "1")).toEqual({ a: 1 });
    expect(live.received(delta(14, 15, { a: 4 }))).toEqual([]);
    live.received(snapshot({ 1: 15 }, { a: 4 }));
    expect(live.data("queue", "1")).toEqual({ a: 4 });
  });

  test("drops a delta that it knows already", () => {
    const live = opened();
    live.received(snapshot({ 1: 10 }, { a: 1 }));
    live.received(delta(10, 12, { a: 2 }));
    expect(live.received(delta(10, 12, { a: 2 }))).toEqual([]);
    expect(live.received(delta(9, 11, { a: 0 }))).toEqual([]);
    expect(live.data("queue", "1")).toEqual({ a: 2 });
  });

  test("is asked for anew when the server says resync", () => {
    const live = opened();
    live.received(snapshot({ 1: 10 }, {}));
    expect(sent(live.received({ type: "resync", topic: "queue", key: "1" }))).toMatchObject([{ type: "subscribe", after: null }]);
  });

  test("that was given up is not shown any more", () => {
    const live = opened();
    expect(sent(live.unsubscribe("queue", "1"))).toEqual([{ type: "unsubscribe", topic: "queue", key: "1" }]);
    expect(live.received(snapshot({ 1: 1 }, { a: 1 }))).toEqual([]);
  });

  test("ends as the server has it, whatever is lost, doubled or cut", () => {
    const change = fc.record({ id: fc.constantFrom("a", "b", "c"), value: fc.nat(), fate: fc.constantFrom("comes", "lost", "doubled", "cut") });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const live = new Live(half);
        const server: Record<string, unknown> = {};
        let position = 0;
        const answer = (frames: ClientFrame[]): void => {
          for (const frame of frames) if (frame.type === "subscribe") feed(snapshot({ 1: position }, { ...server }));
        };
        const feed = (frame: ServerFrame): void => answer(sent(live.received(frame)));
        live.subscribe("queue", "1");
        live.start();
        answer(sent(live.opened()));
        for (const { id, value, fate } of changes) {
          server[id] = value;
          const frame = delta(position, ++position, { [id]: value });
          if (fate === "cut") {
            live.closed(1006);
            live.timer();
            answer(sent(live.opened()));
          }
          if (fate === "comes" || fate === "doubled") feed(frame);
          if (fate === "doubled") feed(frame);
        }
        server["end"] = 1;
        feed(delta(position, ++position, { end: 1 }));
        expect(live.data("queue", "1")).toEqual(server);
      }),
    );
  });
});

describe("the link", () => {
  test("pings every 15 seconds and is stale after two that nobody answered", () => {
    const live = opened();
    const first = live.timer();
    expect(sent(first)).toEqual([{ type: "ping" }]);
    expect(waits(first)).toEqual([PING_EVERY]);
    expect(sent(live.timer())).toEqual([{ type: "ping" }]);
    const third = live.timer();
    expect(links(third)).toEqual(["stale"]);
    expect(third).toContainEqual({ do: "disconnect" });
  });

  test("stays live while anything is heard", () => {
    const live = opened();
    for (let i = 0; i < 10; i++) {
      live.timer();
      live.received({ type: "pong" });
    }
    expect(live.link).toBe("live");
  });

  test("waits twice as long each time, up to thirty seconds, and stays stale until it is open again", () => {
    const live = opened();
    const seen: number[] = [];
    let effects = live.closed(1006);
    for (let i = 0; i < 8; i++) {
      seen.push(...waits(effects));
      expect(live.link).toBe("stale");
      live.timer();
      effects = live.closed(1006);
    }
    expect(seen).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
    live.start();
    expect(links(live.opened())).toEqual(["live"]);
  });

  test("gives up on a connection that does not open", () => {
    const live = new Live(half);
    live.start();
    expect(live.timer()).toContainEqual({ do: "disconnect" });
    expect(live.link).toBe("stale");
  });

  test("asks for sign-in on 4401 and does not try again by itself", () => {
    const live = opened();
    expect(links(live.closed(4401))).toEqual(["signin"]);
    expect(live.timer()).toEqual([]);
    expect(live.start()).toContainEqual({ do: "connect" });
  });

  test("tries again after 4408, from where it was", () => {
    const live = opened();
    live.received(snapshot({ 1: 7 }, {}));
    expect(waits(live.closed(4408))).toEqual([500]);
    live.timer();
    expect(sent(live.opened())).toMatchObject([{ after: { 1: 7 } }]);
  });

  test("does nothing more once it was stopped", () => {
    const live = opened();
    expect(live.stop()).toContainEqual({ do: "disconnect" });
    expect(live.closed(1000)).toEqual([]);
    expect(live.timer()).toEqual([]);
  });
});

test("a delta sets by path, removes by id and leaves the rest as it is", () => {
  const tours = { t1: { stop: 1, lines: { l1: 2 } }, t2: { stop: 5 } };
  const next = applyDelta(tours, { set: { "t1/lines/l1": 3, t3: { stop: 0 } }, gone: ["t2"] }) as typeof tours;
  expect(next).toEqual({ t1: { stop: 1, lines: { l1: 3 } }, t3: { stop: 0 } });
  expect(tours.t1.lines.l1).toBe(2);
});
