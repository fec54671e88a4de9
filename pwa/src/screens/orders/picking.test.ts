import { expect, test } from "vitest";
import { bodyOf, mayDo, moved, OFTEN, picking, SELDOM, start, type Action, type Begin, type Found, type Input, type State } from "./picking";

function after(...inputs: readonly Input[]): { readonly state: State; readonly effects: readonly Begin[] } {
  let state: State = start;
  const effects: Begin[] = [];
  for (const input of inputs) {
    const step = picking.step(state, input);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const ask = (action: Action, found: Found = { q: null, status: null }): Input => ({ type: "ask", action, found, key: "k" });
const PAGE = [9, 8, 7, 6, 5];

test("orders are chosen one by one, as a range, and all of a page", () => {
  expect(after({ type: "toggle", number: 9 }, { type: "toggle", number: 7 }, { type: "toggle", number: 9 }).state.chosen).toEqual([7]);
  expect(after({ type: "toggle", number: 6 }, { type: "extend", page: PAGE, number: 8 }).state.chosen).toEqual([6, 8, 7]);
  expect(after({ type: "extend", page: PAGE, number: 8 }).state.chosen).toEqual([8]);
  expect(after({ type: "toggle", number: 4 }, { type: "page", page: PAGE }).state.chosen).toEqual([4, ...PAGE]);
  expect(after({ type: "page", page: PAGE }, { type: "page", page: PAGE }).state.chosen).toEqual([]);
});

test("what is asked for the chosen ones is begun once, with what it needs", () => {
  const tag: readonly Input[] = [{ type: "toggle", number: 9 }, ask("tag"), { type: "go" }];
  expect(after(...tag).state).toMatchObject({ mode: "asking", fault: { key: "orders.bulk.must.tag" } });
  expect(after(...tag, { type: "text", text: "No Tag" }, { type: "go" }).effects).toEqual([]);
  const begun = after(...tag, { type: "text", text: " gift " }, { type: "go" }, { type: "go" });
  expect(begun.effects).toEqual([{ type: "begin", action: "tag", orders: [9], text: "gift", key: "k-1" }]);
  expect(bodyOf(begun.effects[0] as Begin)).toEqual({ action: "tag", orders: [9], tag: "gift" });
  expect(after(ask("hold")).state.mode).toBe("picking");
});

test("all that are found are asked for by what finds them", () => {
  const { effects } = after({ type: "found" }, ask("hold", { q: "ana", status: "ready" }), { type: "go" });
  expect(bodyOf(effects[0] as Begin)).toEqual({ action: "hold", found: { q: "ana", status: "ready" }, note: "" });
  expect(after({ type: "found" }, { type: "toggle", number: 3 }).state).toMatchObject({ all: false, chosen: [3] });
});

test("what failed can be asked again, and what was begun leaves nothing chosen", () => {
  const going: readonly Input[] = [{ type: "toggle", number: 9 }, ask("cancel"), { type: "go" }];
  expect(after(...going, { type: "failed", why: { key: "x" }, refused: false }).state).toMatchObject({ mode: "asking", busy: false, fault: { key: "x" } });
  expect(after(...going, { type: "begun" }).state).toEqual(start);
  expect(after(...going, { type: "back" }, { type: "begun" }).state).toEqual(start);
  expect(after(...going.slice(0, 2), { type: "back" }).state).toMatchObject({ mode: "picking", chosen: [9] });
});

test("what is sent again goes under its own key, what was edited or refused under another one", () => {
  const failed: readonly Input[] = [{ type: "toggle", number: 9 }, ask("hold"), { type: "go" }, { type: "failed", why: { key: "x" }, refused: false }];
  const keys = (...inputs: readonly Input[]) => after(...inputs).effects.map(({ key }) => key);
  expect(keys(...failed, { type: "go" })).toEqual(["k-0", "k-0"]);
  expect(keys(...failed.slice(0, 3), { type: "failed", why: { key: "x" }, refused: true }, { type: "go" })).toEqual(["k-0", "k-1"]);
  expect(keys(...failed, { type: "text", text: "later" }, { type: "go" })).toEqual(["k-0", "k-1"]);
});

test("nothing is asked of another list than the one that was looked at", () => {
  const asked: readonly Input[] = [{ type: "found" }, ask("cancel", { q: "ana", status: null })];
  expect(after(...asked, { type: "none" }, { type: "go" })).toEqual({ state: start, effects: [] });
  const late = after(...asked, { type: "go" }, { type: "none" }, { type: "failed", why: { key: "x" }, refused: false }, { type: "go" });
  expect(late.effects.map(({ orders }) => orders)).toEqual([{ q: "ana", status: null }, { q: "ana", status: null }]);
});

test("only what one may do is offered", () => {
  expect(mayDo(OFTEN, ["orders.hold", "orders.cancel"])).toEqual(["hold"]);
  expect(mayDo(SELDOM, ["orders.hold", "orders.cancel"])).toEqual(["cancel"]);
  expect(mayDo(SELDOM, ["orders.edit"])).toEqual(["service", "tag", "untag"]);
});

test("keys go from row to row and no further", () => {
  expect([moved("ArrowDown", 0, 3), moved("ArrowUp", 0, 3), moved("End", 0, 3), moved("Home", 2, 3), moved("ArrowDown", 2, 3)]).toEqual([1, 0, 2, 0, 2]);
  expect(moved("a", 0, 3)).toBeNull();
});
