import { expect, test } from "vitest";
import { actionOf, differences, faultOf, flow, isSound, start, tabOf, type All, type Input, type KindView, type Looked, type Rule, type RuleSet, type State } from "./flow";

const rule = (name: string, when = "true"): Rule => ({ name: { en: name }, when, then: { do: "hold", reason: "fraud_suspected", owner: "desk", due_hours: 4 } });
const set = (version: number, ...rules: Rule[]): RuleSet => ({ version, state: "live", rules, note: "", written_by: "", written_at: null, live_by: null, live_at: null, edition: `e${version}` });
const view = (draft: RuleSet | null = null): KindView => ({
  name: "fraud", words: { en: "Fraud" }, decides: { en: "?" }, moments: [], actions: ["hold", "refuse", "tag", "pass"], first: false, choices: {},
  reasons: { fraud_suspected: { en: "Fraud" } }, owners: { desk: { en: "the desk" } }, live: set(3, rule("A"), rule("B")), draft,
});
const sound: Looked = { faults: [], steps: [] };

const run = (...inputs: Input[]): { state: State; asked: readonly All[] } => {
  let state: State = start;
  const asked: All[] = [];
  for (const input of inputs) {
    const step = flow.step(state, input);
    state = step.state;
    asked.push(...step.effects);
  }
  return { state, asked };
};
const rulesOf = (state: State): readonly string[] => ("rules" in state ? state.rules.map(({ name }) => name.en) : []);

test("a draft begins as what is live, and every change is looked at by the server", () => {
  const { state, asked } = run({ type: "seen", view: view() }, { type: "begin" }, { type: "change", at: 1, rule: { when: "false" } });
  expect(state).toMatchObject({ mode: "writing", dirty: true });
  expect(asked.map((effect) => effect.type)).toEqual(["check", "check"]);
  expect(asked.at(-1)).toMatchObject({ rules: [rule("A"), rule("B", "false")] });
});

test("rules are added, moved and taken away; beyond the ends nothing moves", () => {
  const begun: Input[] = [{ type: "seen", view: view() }, { type: "begin" }];
  expect(rulesOf(run(...begun, { type: "move", at: 1, by: -1 }).state)).toEqual(["B", "A"]);
  expect(rulesOf(run(...begun, { type: "move", at: 1, by: 1 }).state)).toEqual(["A", "B"]);
  expect(rulesOf(run(...begun, { type: "add" }, { type: "remove", at: 0 }).state)).toEqual(["B", "Rule 3"]);
});

test("what was looked at before the last key says nothing any more", () => {
  const old = [rule("A")];
  const { state } = run({ type: "seen", view: view() }, { type: "begin" }, { type: "looked", looked: sound, rules: old });
  expect(state).toMatchObject({ mode: "writing", looked: null });
});

test("a draft is saved over what was opened, and may go live only as it is saved", () => {
  const { state, asked } = run({ type: "seen", view: view() }, { type: "begin" }, { type: "save" }, { type: "saved", draft: { ...set(4, rule("A")), state: "draft" } });
  expect(asked.at(-1)).toMatchObject({ type: "save", edition: "e3" });
  expect(state).toMatchObject({ dirty: false, told: { key: "policy.saved" } });
  const live = run({ type: "seen", view: view(set(4, rule("A"))) }, { type: "ask", ask: "live" }, { type: "note", note: " because " }, { type: "yes" });
  expect(live.asked.at(-1)).toEqual({ type: "live", note: "because", edition: "e4" });
});

test("a draft that was never saved is only forgotten", () => {
  const { state, asked } = run({ type: "seen", view: view() }, { type: "begin" }, { type: "ask", ask: "drop" }, { type: "yes" });
  expect(state).toMatchObject({ mode: "reading", dirty: false });
  expect(asked.some((effect) => effect.type === "drop")).toBe(false);
});

test("what comes from outside does not write over what is being typed", () => {
  const { state } = run({ type: "seen", view: view() }, { type: "begin" }, { type: "add" }, { type: "seen", view: view() });
  expect(rulesOf(state)).toHaveLength(3);
});

test("a fault stands at its part of its rule", () => {
  const looked: Looked = { steps: [], faults: [{ field: "rules[1].then.reason", en: "no", de: "nein" }] };
  expect(faultOf(looked, 1, "then")?.en).toBe("no");
  expect(faultOf(looked, 0, "then")).toBeUndefined();
  expect(isSound({ ...(run({ type: "seen", view: view() }).state as Extract<State, { mode: "reading" }>), looked })).toBe(false);
});

test("two versions are compared rule by rule", () => {
  const before = [rule("A"), rule("B"), rule("C")];
  const after = [rule("A"), rule("B", "false"), rule("D")];
  expect(differences(before, after).map(({ name, what }) => [name.en, what])).toEqual([["B", "changed"], ["D", "added"], ["C", "removed"]]);
  expect(differences([rule("A"), rule("B")], [rule("B"), rule("A")]).map(({ what }) => what)).toEqual(["moved", "moved"]);
  expect(differences(before, before)).toEqual([]);
});

test("an action begins with everything that it needs", () => {
  expect(actionOf(view(), "hold")).toEqual({ do: "hold", reason: "fraud_suspected", owner: "desk", due_hours: 24 });
  expect(actionOf(view(), "pass")).toEqual({ do: "pass" });
});

test("the address says which side is shown", () => {
  expect(tabOf(new URLSearchParams("tab=history"))).toBe("history");
  expect(tabOf(new URLSearchParams("tab=dance"))).toBe("procedure");
});
