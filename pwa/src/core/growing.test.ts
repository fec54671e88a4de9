import { expect, test } from "vitest";
import { growing, start, type Ask, type Input, type State } from "./growing";

const why = { key: "common.noNetwork" };

function run(...inputs: readonly Input[]): { readonly state: State; readonly asks: readonly Ask[] } {
  let state: State = start();
  const asks: Ask[] = [];
  for (const input of inputs) {
    const next = growing.step(state, input);
    state = next.state;
    asks.push(...next.effects);
  }
  return { state, asks };
}

const came = (turn: number, after: string | null, items: readonly string[], next: string | null): Input => ({ type: "came", asked: { type: "ask", turn, after }, page: { items, next } });
const failed = (turn: number, after: string | null): Input => ({ type: "failed", asked: { type: "ask", turn, after }, why });
const FIRST = [{ type: "anew" }, came(1, null, ["a", "b"], "b")] as const;

test("pages stand behind each other, and none is asked for twice", () => {
  const { state, asks } = run(...FIRST, { type: "more" }, { type: "more" }, came(2, "b", ["c"], null), { type: "more" });
  expect(asks.map(({ after }) => after)).toEqual([null, "b"]);
  expect(state).toMatchObject({ mode: "idle", rows: ["a", "b", "c"], next: null });
});

test("what is asked anew takes the place of all that was there, not before it comes", () => {
  const again = run(...FIRST, { type: "anew" });
  expect(again.state).toMatchObject({ rows: ["a", "b"] });
  expect(growing.step(again.state, came(2, null, ["z"], null)).state).toMatchObject({ rows: ["z"], next: null });
});

test("an answer that comes after a newer question changes nothing", () => {
  const { state } = run(...FIRST, { type: "more" }, { type: "anew" }, came(2, "b", ["c"], null), failed(2, "b"));
  expect(state).toMatchObject({ mode: "busy", rows: ["a", "b"], next: "b", fault: null });
});

test("what failed says why and is asked again, the first page too", () => {
  const first = run({ type: "anew" }, failed(1, null), { type: "more" });
  expect(first.asks.map(({ after }) => after)).toEqual([null, null]);
  const { state, asks } = run(...FIRST, { type: "more" }, failed(2, "b"));
  expect(state).toMatchObject({ mode: "idle", rows: ["a", "b"], next: "b", fault: why });
  expect(asks).toHaveLength(2);
  expect(growing.step(state, { type: "more" })).toMatchObject({ state: { fault: null }, effects: [{ after: "b" }] });
});
