/** Why: what should lie in the tote does not, or is damaged: which item, how many, why, and what that means for its order. */

import type { Scan } from "../../core/barcode";
import { afterShort, leftOfOrder, nextOrder, packedOfOrder, totesOf, waitsOf, type PackLine, type PackOrder, type PackView } from "../../core/packing";
import type { Said } from "../../core/machine";
import { feedback, outcome, wrong } from "../../core/said";
import { back, go, SAVED, type At, type Next, type Packing, type Reason } from "./state";

type Short = At<"short">;

/** The lines of an order that want more than is packed. */
export const openLines = (order: PackOrder): readonly PackLine[] => order.lines.filter((line) => line.packed < line.wanted);

/** The lines that may be short now. */
export const shortLines = (view: PackView): readonly PackLine[] => {
  const order = nextOrder(view);
  return order === null || totesOf(view, order.id).length === 0 ? [] : openLines(order);
};

/** Something is missing: of one open line it is clear what, of several it is asked. */
export function short(state: Packing, reason: Reason | null = null): Next {
  const lines = shortLines(state.view);
  const [only] = lines;
  if (only === undefined) return go(state, wrong({ key: "pack.shortNothing" }));
  const asked: Short = { ...state, mode: "short", at: 0, line: null, missing: 1, reason };
  return lines.length === 1 ? lineChosen(asked, only.line) : go(asked);
}

export function lineChosen(state: Short, id: string): Next {
  const line = shortLines(state.view).find((each) => each.line === id);
  return line === undefined ? go(back(state)) : go({ ...state, line: id, missing: line.wanted - line.packed });
}

export function unitsMissing(state: Short, units: number): Next {
  const line = shortLines(state.view).find((each) => each.line === state.line);
  return line === undefined ? go(back(state)) : go({ ...state, missing: Math.min(Math.max(1, units), line.wanted - line.packed) });
}

/** What becomes of an order when so many units of a line are not there. */
export type After = "goesOn" | "restLeaves" | "waitsWhole" | "nothingLeaves";
export function afterwards(view: PackView, order: string, line: string, missing: number): After {
  const after = afterShort(view, order, line, missing).orders[order];
  if (after === undefined || leftOfOrder(after) > 0) return "goesOn";
  if (waitsOf(after) > 0) return "waitsWhole";
  return packedOfOrder(after) > 0 ? "restLeaves" : "nothingLeaves";
}

/** It is written down as a fact, with the bench as it is then: of a line that wants fewer by now, only those. */
export function shortConfirmed(state: Short, id: string): Next {
  const order = nextOrder(state.view);
  const line = shortLines(state.view).find((each) => each.line === state.line);
  const tote = order === null ? undefined : totesOf(state.view, order.id)[0];
  if (state.line !== null && line === undefined) return go(back(state), wrong({ key: "pack.shortNothing" }));
  if (order === null || line === undefined || tote === undefined || state.reason === null) return go(back(state));
  const missing = Math.min(state.missing, line.wanted - line.packed);
  const after = afterwards(state.view, order.id, line.line, missing);
  const view = afterShort(state.view, order.id, line.line, missing);
  const then: Said = { key: `pack.short.${after}`, params: { order: String(order.number) } };
  const item = line.item.barcodes.find((each) => each.quantity === 1)?.code ?? line.item.barcodes[0]?.code ?? line.item.sku;
  const body = { station: state.station.id, fulfilment: order.id, tote: tote.code, item, missing, reason: state.reason };
  return go(
    { ...back(state), view, setDown: after === "waitsWhole" ? order.id : null },
    feedback(after === "restLeaves" ? "done" : "right", outcome("shorted_backordered", { missing }), then),
    { type: "command", command: { id, kind: "pack.short", body, saves: { [SAVED.view]: view } } },
  );
}

/** The command card in front of the question; null: the scan is not about it, so the item was there after all. */
export function shortScanned(state: Short, scan: Scan, newId: () => string): Next | null {
  const lines = shortLines(state.view);
  if (state.line === null && scan.kind === "item") {
    const line = lines.find((each) => each.item.barcodes.some(({ code }) => code === scan.code));
    return line === undefined ? null : lineChosen(state, line.line);
  }
  if (scan.kind !== "command") return null;
  const yes = scan.code === "YES" || scan.code === "DONE";
  if (state.line === null) {
    const marked = lines[state.at % lines.length];
    if (scan.code === "SHORT") return go({ ...state, at: (state.at + 1) % Math.max(1, lines.length) });
    return yes && marked !== undefined ? lineChosen(state, marked.line) : go(back(state));
  }
  if (scan.code === "SHORT") return go({ ...state, reason: "missing" });
  if (scan.code === "DAMAGED") return go({ ...state, reason: "damaged" });
  return yes && state.reason !== null ? shortConfirmed(state, newId()) : go(back(state));
}
