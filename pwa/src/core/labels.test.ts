import { expect, test } from "vitest";
import { labels, type Named } from "./labels";

const FRAME = [560, 250] as const;
const placed = (...marks: readonly Named[]) => labels(marks, FRAME);

test("a name stands beside its dot where there is room", () => {
  expect(placed({ at: [100, 100], text: "Aylin" })).toEqual([{ x: 112, y: 104, anchor: "start" }]);
});

test("people at one place have their names around it, and no name more than there is room for", () => {
  const crowd = Array.from({ length: 6 }, (_, i) => ({ at: [100, 100] as const, text: `Picker ${i}` }));
  expect(placed(...crowd)).toEqual([
    { x: 112, y: 104, anchor: "start" },
    { x: 100, y: 120, anchor: "start" },
    { x: 88, y: 104, anchor: "end" },
    { x: 100, y: 88, anchor: "start" },
    null,
    null,
  ]);
});

test("no name lies over a neighbour's dot, nor beyond the frame", () => {
  expect(placed({ at: [100, 100], text: "Kwame" }, { at: [120, 102], text: "Aylin" })).toEqual([
    { x: 88, y: 104, anchor: "end" },
    { x: 132, y: 106, anchor: "start" },
  ]);
  expect(placed({ at: [545, 100], text: "Jonas" })).toEqual([{ x: 533, y: 104, anchor: "end" }]);
});

test("what has no name has none", () => {
  expect(placed({ at: [1, 1] })).toEqual([null]);
});
