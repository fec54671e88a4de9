import { expect, test } from "vitest";
import { flow, start, type Input, type RegisterEffect, type State } from "./flow";
import { saidOf, thingNamed, THINGS } from "./things";
import { valuesOf } from "./forms";
import en from "./texts/en.json";

const run = (state: State, ...inputs: readonly Input[]): { state: State; effects: readonly RegisterEffect[] } =>
  inputs.reduce<{ state: State; effects: readonly RegisterEffect[] }>((last, input) => flow.step(last.state, input), { state, effects: [] });
const open: Input = { type: "open", row: null, values: { name: "Pia" } };
const why = { key: "common.noNetwork" };

test("nothing is sent while a field is wrong, and its fault goes when one types there", () => {
  const wrong = run(start(), open, { type: "save", faults: { name: why } });
  expect(wrong.effects).toEqual([]);
  expect(run(wrong.state, { type: "type", name: "name", value: "Pi" }).state).toMatchObject({ faults: {}, values: { name: "Pi" } });
});

test("what is shown once is shown before the list is looked at again", () => {
  const saved = run(start(), open, { type: "save", faults: {} }, { type: "saved", answer: { pin: "12345678" }, shows: true });
  expect(saved.state).toMatchObject({ mode: "shown", answer: { pin: "12345678" } });
  expect(saved.effects).toEqual([{ type: "reload" }]);
  expect(run(saved.state, { type: "close" }).state.mode).toBe("list");
});

test("a refused change keeps what was typed", () => {
  const refused = run(start(), { ...open, row: { id: "1" } }, { type: "save", faults: {} }, { type: "failed", why, faults: { name: why } });
  expect(refused.state).toMatchObject({ mode: "form", busy: false, fault: why, faults: { name: why }, values: { name: "Pia" } });
});

test("what cannot be undone is asked once more, and nothing closes while it is on its way", () => {
  const row = { name: "H-01" };
  const asked = run(start(), { type: "act", act: "revoke", row, sure: true });
  expect([asked.state.mode, asked.effects]).toEqual(["sure", []]);
  const sent = run(asked.state, { type: "yes" });
  expect(sent.effects).toEqual([{ type: "act", act: "revoke", row }]);
  expect(run(sent.state, { type: "close" }).state).toBe(sent.state);
  expect(run(sent.state, { type: "acted", act: "revoke", row, answer: {}, shows: false }).state).toMatchObject({ mode: "list", told: { key: "register.done.revoke" } });
});

test("what one has looked at is no longer so when one types on", () => {
  const seen = run(start(), open, { type: "look", faults: {} }, { type: "looked", answer: { made: 12 } });
  expect(seen.state).toMatchObject({ seen: { made: 12 }, busy: false });
  expect(run(seen.state, { type: "type", name: "name", value: "" }).state).toMatchObject({ seen: null });
});

test("every thing has its words", () => {
  const words = new Set(Object.keys(en));
  const missing = THINGS.flatMap((thing) => [
    ...["title", "add", "what", "none", "says", ...(thing.changes ? ["saysChange"] : []), ...(thing.look === undefined ? [] : ["seen"])].map((each) => `register.${thing.name}.${each}`),
    ...thing.columns.map(({ name }) => `register.${thing.name}.column.${name}`),
    ...thing.fields.map(({ name }) => `register.${thing.name}.field.${name}`),
    ...thing.fields.filter((field) => field.kind === "choice" && field.optional !== undefined).map(({ name }) => `register.none.${name}`),
    ...(thing.tools ?? []).map(({ name }) => `register.tool.${name}`),
    ...(thing.acts ?? []).flatMap(({ name, sure, shows, href, fields }) => [
      ...(fields === undefined ? [] : [`register.says.${name}`, ...fields.map((field) => `register.${thing.name}.field.${field.name}`)]),
      `register.act.${name}`, ...(sure === true ? [`register.sure.${name}`] : []), ...(href === undefined ? [shows === true ? `register.shown.${name}` : `register.done.${name}`] : []),
    ]),
    ...(thing.shows === true ? [`register.shown.${thing.name}`] : []),
  ]).filter((key) => !words.has(key));
  expect(missing).toEqual([]);
});

test("a form for something new says so, and takes nobody's place who was faster", () => {
  const carton = thingNamed("cartons")!;
  const values = valuesOf(carton.fields, null);
  expect(saidOf(carton, null, values)).toMatchObject({ edition: "" });
  expect(saidOf(carton, { edition: "1f" }, values)).toMatchObject({ edition: "1f" });
  for (const named of ["people", "templates"]) {
    const thing = thingNamed(named)!;
    expect(thing.save(1, null, saidOf(thing, null, valuesOf(thing.fields, null))).body).not.toHaveProperty("edition");
  }
  expect(saidOf(thingNamed("totes")!, null, {})).not.toHaveProperty("edition");
});

test("what an act asks is sent once under its own key, and under another when it was put right", () => {
  const asked = run(start(), { type: "open", act: "arrive", key: "k", row: { id: "r" }, values: { quantity: "" } }, { type: "type", name: "quantity", value: "4" }, { type: "save", faults: {} });
  expect(asked.effects).toEqual([{ type: "save", row: { id: "r" }, act: "arrive", values: { quantity: "4" }, key: "k-1" }]);
  expect(run(asked.state, { type: "saved", answer: {}, shows: false }).state).toMatchObject({ mode: "list", told: { key: "register.done.arrive" } });
  const delivery = thingNamed("deliveries")!;
  expect(delivery.acts![0]!.call!(1, { id: "r" }, { quantity: 4 })).toMatchObject({ path: "/warehouses/1/receipts/r/arrivals", once: true });
  expect(saidOf(delivery, null, valuesOf(delivery.fields, null))).not.toHaveProperty("edition");
});

test("for whom units are kept back is asked in two fields and said in one", () => {
  const kept = thingNamed("kept")!;
  const said = (values: Record<string, string>) => kept.save(1, null, saidOf(kept, null, { ...valuesOf(kept.fields, null), name: "Shop", ...values })).body;
  expect(said({})).toMatchObject({ name: "Shop", whose: "", safety: 0 });
  expect(said({ for: "channel", whose: "web" })).toMatchObject({ whose: "channel:web" });
  expect(said({ for: "customer", whose: "ana@example.com" })).toMatchObject({ whose: "customer:ana@example.com" });
  expect(said({})).not.toHaveProperty("for");
});
