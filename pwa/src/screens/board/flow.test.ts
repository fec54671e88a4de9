import { expect, test } from "vitest";
import { flow, start, type Act, type Input, type Opened, type State } from "./flow";
import { devicesNow, linesAnHour, needsNow, parkedNow, peopleNow, spanOf, wavesNow, type Board, type Device, type Need, type Parked, type Person, type Wave } from "./shapes";

const NOW = Date.parse("2026-11-24T14:00:00Z");
const MINUTE = Math.floor(NOW / 60_000);

const need = (kind: Need["kind"], more: Partial<Need> = {}): Need => ({
  kind, id: `${kind}-1`, since: "2026-11-24T13:50:00Z", order: null, bin: null, item: null, printer: null, person: null, why: null, said: null, ...more,
});
const person = (name: string, more: Partial<Person> = {}): Person => ({
  id: name, name, device: null, heard_at: null, did: null, place: null, at: null, tour: null, tour_number: null, wave: null, stops_done: 0, stops: 0, ...more,
});
const wave = (number: number, more: Partial<Wave> = {}): Wave => ({
  id: `w${number}`, number, state: "released", cutoff_at: "2026-11-24T15:00:00Z", carriers: [],
  stages: { lines: 40, picked: 10, packed: 0, loaded: 0, orders: 9, orders_open: 9 }, pace: {}, ...more,
});
const board = (more: Partial<Board> = {}): Board => ({
  today: { since: "2026-11-23T23:00:00Z", lines: 0, right: 0, saved_m: 0 }, waves: {}, people: {}, needs: {}, printers: {}, devices: {}, parked: {}, ...more,
});

function act(opened: Opened, what: Act): readonly unknown[] {
  const open = flow.step(start(), { type: "open", opened }).state;
  return flow.step(open, { type: "act", act: what }).effects;
}

test.each<[string, Opened, Act, string, Record<string, string | null>]>([
  ["a print came out", { need: need("print") }, { do: "print", decision: "printed" }, "print-jobs/print-1/decide", { decision: "printed" }],
  ["a fact is booked", { need: need("aside") }, { do: "aside", decision: "book" }, "facts-aside/aside-1/decide", { decision: "book" }],
  ["a count waits", { need: need("count") }, { do: "later" }, "tasks/count-1/later", {}],
  ["a hold is released", { need: need("hold", { order: 10481 }) }, { do: "release" }, "/orders/10481/holds/hold-1/release", {}],
  ["a tour is everybody's", { person: person("Ana", { tour: "t1" }) }, { do: "reassign", person: null }, "tours/t1/reassign", { person: null }],
])("%s", (_, opened, what, path, body) => {
  expect(act(opened, what)).toEqual([{ type: "ask", path, body }]);
});

test("an act that does not fit what was opened asks for nothing", () => {
  expect(act({ need: need("count") }, { do: "print", decision: "reprint" })).toEqual([]);
  expect(act({ person: person("Ana") }, { do: "reassign", person: null })).toEqual([]);
});

test("what is asked for is asked once, and a refusal is shown with what it was about", () => {
  const run = (state: State, ...inputs: Input[]): State => inputs.reduce((at, input) => flow.step(at, input).state, state);
  const opened = { need: need("print") };
  const asking = run(start(), { type: "open", opened }, { type: "act", act: { do: "print", decision: "printed" } });
  expect(flow.step(asking, { type: "act", act: { do: "print", decision: "printed" } }).effects).toEqual([]);
  expect(run(asking, { type: "failed", why: { key: "common.noNetwork" } })).toEqual({ mode: "open", opened, fault: { key: "common.noNetwork" } });
  expect(run(asking, { type: "did" })).toEqual({ mode: "watching" });
});

test("the most urgent wave with work is on top, what is loaded sinks", () => {
  const loaded = wave(1, { cutoff_at: "2026-11-24T13:00:00Z", stages: { lines: 4, picked: 4, packed: 4, loaded: 4, orders: 2, orders_open: 0 } });
  const rows = wavesNow(board({ waves: { a: loaded, b: wave(2), c: wave(3, { cutoff_at: "2026-11-24T14:30:00Z" }) } }), NOW);
  expect(rows.map((row) => row.wave.number)).toEqual([3, 2, 1]);
});

test("the finish moves on with the clock though nothing happens", () => {
  const one = board({ waves: { a: wave(1, { pace: { [MINUTE]: 20 } }) } });
  const [at, later] = [wavesNow(one, NOW)[0], wavesNow(one, NOW + 21 * 60_000)[0]];
  expect(at?.finish).toBe(NOW + 30 * 60_000);
  expect(at?.forecast).toEqual({ word: "on_time", minutes: 30 });
  expect(later?.finish).toBeNull();
  expect(later?.forecast.word).toBe("unknown");
});

test("lines an hour are those of all waves", () => {
  const waves = { a: wave(1, { pace: { [MINUTE]: 6 } }), b: wave(2, { pace: { [MINUTE]: 4 } }) };
  expect(linesAnHour(board({ waves }), NOW)).toBe(30);
  expect(linesAnHour(board({ waves: { a: wave(1, { pace: { [MINUTE]: 6 } }) } }), NOW)).toBeNull();
});

test("whoever stands still comes first, whoever has no tour last", () => {
  const people = {
    a: person("Ana", { tour: "t", heard_at: "2026-11-24T13:59:00Z" }),
    b: person("Ben", { tour: "u", heard_at: "2026-11-24T13:40:00Z" }),
    c: person("Cem"),
    e: person("Eda", { did: "pack.item", heard_at: "2026-11-24T13:59:00Z" }),
    f: person("Fay", { did: "pack.close", heard_at: "2026-11-24T13:30:00Z" }),
    d: person("Dia", { tour: "v", heard_at: "2026-11-24T13:54:00Z" }),
  };
  expect(peopleNow(board({ people }), NOW).map((each) => [each.person.name, each.standing])).toEqual([
    ["Ben", "stuck"], ["Dia", "quiet"], ["Ana", "working"], ["Eda", "working"], ["Cem", "idle"], ["Fay", "idle"],
  ]);
});

test("what hurts most is on top, then what waits longest", () => {
  const needs = { a: need("count"), b: need("hold"), c: need("print"), d: need("hold", { id: "hold-2", since: "2026-11-24T13:00:00Z" }) };
  expect(needsNow(board({ needs })).map((each) => each.id)).toEqual(["print-1", "hold-2", "hold-1", "count-1"]);
});

test("the first line of a day stands on an axis of an hour, not of days", () => {
  expect(spanOf(36_000, 36_000)).toEqual([32_400, 36_000]);
  expect(spanOf(0, 36_000)).toEqual([0, 36_000]);
});

const device = (name: string, more: Partial<Device> = {}): Device => ({ id: name, name, person: null, heard_at: "2026-11-24T13:58:00Z", battery: 80, charging: false, ...more });
const eyesOn = (more: Partial<Device>): unknown => devicesNow(board({ devices: { d: device("d", more) } }), NOW)[0]?.eyes;

test.each<[string, Partial<Device>, unknown]>([
  ["a device that is well", { person: "Ana" }, null],
  ["an empty one", { battery: 19 }, "low"],
  ["one with just enough", { battery: 20 }, null],
  ["an empty one in its cradle", { battery: 3, charging: true }, null],
  ["one whose browser tells nothing", { battery: null, charging: null }, null],
  ["one with which somebody works and of which nothing is heard", { person: "Ana", heard_at: "2026-11-24T13:45:00Z" }, "silent"],
  ["one that is switched off", { heard_at: "2026-11-20T13:45:00Z", battery: 5 }, null],
  ["one that was never heard", { person: "Ana", heard_at: null }, null],
])("%s", (_, more, eyes) => {
  expect(eyesOn(more)).toBe(eyes);
});

test("devices that need eyes come first, then those in somebody's hand; names count like numbers", () => {
  const all = [device("H 10"), device("H 9"), device("H 2", { person: "Ana" }), device("H 1", { battery: 4 })];
  const shown = devicesNow(board({ devices: Object.fromEntries(all.map((each) => [each.id, each])) }), NOW);
  expect(shown.map((each) => each.device.name)).toEqual(["H 1", "H 2", "H 9", "H 10"]);
});

test("the order that waits longest on its place comes first", () => {
  const parked = (place: number, since: string): Parked => ({ order: place, station: "P", place, since, complete: false, totes: [], to_pick: 0, backordered: 0 });
  const shown = parkedNow(board({ parked: { a: parked(1, "2026-11-24T13:50:00Z"), b: parked(2, "2026-11-24T13:40:00Z") } }));
  expect(shown.map((each) => each.place)).toEqual([2, 1]);
});
