/** Why: a carton that weighs wrong is counted again, scan by scan; only then may somebody take the weight as it is. */

import type { Scan } from "../../core/barcode";
import { nameIn } from "../../core/named";
import { afterWeighed, benchOf, judgeWeight, nextOrder, slackOf, type PackCarton, type PackLine, type PackOrder } from "../../core/packing";
import { feedback, outcome, wrong } from "../../core/said";
import { labelNext, printerOf } from "./labels";
import { back, go, phaseOf, post, SAVED, stop, type At, type Next, type OnBench, type Packing } from "./state";

/** The carton that is to be weighed, with its order. */
export function onScale(state: OnBench): { readonly order: PackOrder; readonly carton: PackCarton } | null {
  const order = nextOrder(state.view);
  return order === null || order.carton === null || phaseOf(state.view, order) === "items" ? null : { order, carton: order.carton };
}

/** A text of digits that is no barcode, while a weight is due: from a scale that types. */
export const isWeight = (state: OnBench, scan: Scan): boolean => {
  const scale = onScale(state);
  return scale !== null && phaseOf(state.view, scale.order) === "weigh" && /^\d{2,6}$/.test(scan.raw);
};

export function weighed(state: OnBench, grams: number, id: string): Next {
  const scale = onScale(state);
  if (scale === null) return go(state);
  const { order, carton } = scale;
  const verdict = judgeWeight(carton.expected_g, grams);
  if (verdict.outcome !== "weight_right") return outside(state, carton, grams);
  const view = afterWeighed(state.view, order.id, grams);
  return go(
    { ...back(state), view, odd: null },
    feedback("right", outcome("weight_right", { grams }), labelNext(carton, printerOf(state.view, carton))),
    { type: "command", command: { id, kind: "pack.weigh", body: { carton: carton.id, grams }, saves: { [SAVED.view]: view } } },
    { type: "odd", odd: null },
  );
}

/** Counted again the first time; after that it is somebody's decision. */
function outside(state: OnBench, carton: PackCarton, grams: number): Next {
  const verdict = judgeWeight(carton.expected_g, grams);
  const counted = state.odd?.carton === carton.id && state.odd.counted;
  const odd = { carton: carton.id, grams, counted };
  // Who has counted already is not told to count again.
  const says = counted ? wrong({ key: "pack.oddWeight", params: { grams, ...rangeOf(carton) } }, { key: "pack.stillOutside" }) : wrong(outcome(verdict.outcome, verdict.params), { key: "pack.countAgain" });
  const bench = { ...back(state), odd };
  return go(counted ? bench : { ...bench, mode: "recount", counted: {} }, says, { type: "odd", odd });
}

/** What a carton may weigh, for the words beside the scale. */
export const rangeOf = (carton: PackCarton): { readonly low: number; readonly high: number } => ({
  low: Math.max(1, carton.expected_g - slackOf(carton.expected_g)), high: carton.expected_g + slackOf(carton.expected_g),
});

// --- counting again

/** What must lie in a carton: its lines with their units. Until the server has said that it is complete, all that is packed. */
export const contentsOf = (order: PackOrder, carton: PackCarton): readonly { readonly line: PackLine; readonly units: number }[] =>
  order.lines
    .map((line) => ({ line, units: carton.state === "complete" ? (carton.contents[line.line] ?? 0) : line.packed }))
    .filter(({ units }) => units > 0);

export function recounted(state: At<"recount">, scan: Scan): Next {
  const scale = onScale(state);
  if (scale === null) return go(back(state));
  const inside = contentsOf(scale.order, scale.carton);
  const fits = inside.flatMap(({ line, units }) => {
    const step = line.item.barcodes.find(({ code }) => code === scan.code)?.quantity;
    return step === undefined ? [] : [{ line, units, step }];
  });
  const [first] = fits;
  if (first === undefined) {
    const named = benchOf(state.view, state.language).known[scan.code ?? ""];
    return go(state, stop({ outcome: "not_of_this_order", params: { got: named ?? scan.code ?? scan.raw, order: String(scale.order.number) } }));
  }
  const open = fits.find(({ line, units, step }) => (state.counted[line.line] ?? 0) + step <= units);
  if (open === undefined) return go(state, wrong({ key: "pack.oneTooMany", params: { item: nameIn(first.line.item, state.language) } }, { key: "pack.takeOut" }));
  const counted = { ...state.counted, [open.line.line]: (state.counted[open.line.line] ?? 0) + open.step };
  if (inside.every(({ line, units }) => (counted[line.line] ?? 0) === units)) return countedRight(state);
  return go({ ...state, counted }, feedback("right", outcome("packed", { packed: counted[open.line.line] ?? 0, quantity: open.units })));
}

/** Somebody says that it is all there: only the scans say that. */
export function notCounted(state: At<"recount">): Next {
  const scale = onScale(state);
  if (scale === null) return go(back(state));
  const of = contentsOf(scale.order, scale.carton).reduce((sum, { units }) => sum + units, 0);
  const n = Object.values(state.counted).reduce((sum, units) => sum + units, 0);
  return go(state, wrong({ key: "pack.notCounted", params: { n, of } }, { key: "pack.notCountedMore" }));
}

function countedRight(state: At<"recount">): Next {
  if (state.odd === null) return go(back(state));
  const odd = { ...state.odd, counted: true };
  return go({ ...back(state), odd }, feedback("done", { key: "pack.countedRight" }, { key: "pack.weighAgain" }), { type: "odd", odd });
}

// --- taken as it is

export const accepting = (state: Packing): Next => (state.odd?.counted === true ? go({ ...state, mode: "accepting" }) : go(state));

export const accepted = (state: At<"accepting">, why: string): Next =>
  state.odd === null ? go(back(state)) : post(back(state), "accept", `/cartons/${state.odd.carton}/accept-weight`, { grams: state.odd.grams, why });
