import { expect, test } from "vitest";
import { flow, inkOn, isColour, start, type Brand, type Input, type Save, type State } from "./flow";

const brand: Brand = { name: "Hafen", contact: "", colour: "#1f62d9", ink: "#ffffff", logo: "", edition: "b1" };

function run(...inputs: Input[]): { readonly state: State; readonly saves: readonly Save[] } {
  let state = start();
  const saves: Save[] = [];
  for (const input of [{ type: "brand", brand } as const, ...inputs]) {
    const next = flow.step(state, input);
    state = next.state;
    saves.push(...next.effects);
  }
  return { state, saves };
}

test("a picture goes with what was read, once, and is kept when nobody touches it", () => {
  const picture = { file: "iVBO", shown: "blob:1" };
  expect(run({ type: "picture", picture }, { type: "save" }, { type: "save" }).saves).toEqual([{ type: "save", body: { name: "Hafen", contact: "", colour: "#1f62d9", logo: "new", file: "iVBO", edition: "b1" } }]);
  expect(run({ type: "save" }).saves[0]?.body).toMatchObject({ logo: "keep" });
  expect(run({ type: "picture", picture }, { type: "noPicture" }, { type: "save" }).saves[0]?.body).toEqual({ name: "Hafen", contact: "", colour: "#1f62d9", logo: "none", edition: "b1" });
});

test("a refusal is said and what was written stays; what was saved is the new ground", () => {
  expect(run({ type: "edit", draft: { colour: "blue" } }, { type: "save" }, { type: "failed", why: { key: "x" }, faults: ["No colour."] }).state).toMatchObject({ busy: false, faults: ["No colour."], draft: { colour: "blue" } });
  expect(run({ type: "save" }, { type: "saved", brand: { ...brand, name: "Neu", edition: "b2" } }).state).toMatchObject({ saved: true, brand: { edition: "b2" }, draft: { name: "Neu" } });
});

test("what is written on a colour can be read", () => {
  expect([inkOn("#1f62d9"), inkOn("#ffd23f"), inkOn("#000000"), inkOn("#ffffff")]).toEqual(["#ffffff", "#000000", "#ffffff", "#000000"]);
  expect([isColour("#1F62D9"), isColour("blue"), isColour("#12345")]).toEqual([true, false, false]);
});
