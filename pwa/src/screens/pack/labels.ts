/** Why: a carton has one live label. Paper may come out again, be doubted, or be void: each is asked for or said by a person. */

import type { Scan } from "../../core/barcode";
import { nextOrder, type PackCarton } from "../../core/packing";
import { ask, back, go, outcome, phaseOf, post, wrong, type At, type Next, type OnBench, type Packing } from "./state";

/** The carton whose label is due; null while items are. */
export function labelled({ view }: OnBench): PackCarton | null {
  const order = nextOrder(view);
  return order === null || !["weigh", "scan", "reopened"].includes(phaseOf(view, order)) ? null : order.carton;
}

/** REPRINT: by itself where nothing came out; what is printed is asked for again only after a question. */
export function reprint(state: Packing): Next {
  const carton = labelled(state);
  if (carton === null) return go(state, wrong(outcome("label_missing"), { key: "pack.labelAtLast" }));
  if (carton.label?.state === "refused" || carton.label?.state === "void") return newLabel(state);
  if (carton.label?.state !== "live") return go(state, wrong({ key: "pack.label.wanted" }));
  return carton.print?.state === "printed" ? go({ ...state, mode: "label" }) : printAgain(state);
}

export function printAgain(state: OnBench): Next {
  const carton = labelled(state);
  return carton === null ? go(back(state)) : ask(back(state), "pack.reprint", { carton: carton.id });
}

/** The label is not right, or its address changed: it is taken back, and the carton open again. */
export function voidLabel(state: OnBench): Next {
  const carton = labelled(state);
  return carton === null ? go(back(state)) : post(back(state), "void", `/cartons/${carton.id}/void-label`);
}

/** The carrier is asked for a label, after a refused or a void one. */
export function newLabel(state: Packing): Next {
  const carton = labelled(state);
  return carton === null ? go(state) : post(state, "newLabel", `/cartons/${carton.id}/retry-label`);
}

/** Nobody knows whether it came out: whoever stands there does. */
export const isDoubted = (carton: PackCarton | null): boolean => carton?.print?.state === "unknown" && carton.label?.state === "live";

export function cameOut(state: Packing, yes: boolean): Next {
  const carton = labelled(state);
  if (carton === null || carton.print === null || !isDoubted(carton)) return go(state);
  return yes ? post(state, "printed", `/print-jobs/${carton.print.job}/decide`, { decision: "printed" }) : printAgain(state);
}

/** The command card in front of the question; null: the scan is not about it. */
export function labelScanned(state: At<"label">, scan: Scan): Next | null {
  if (scan.kind !== "command") return null;
  return scan.code === "REPRINT" || scan.code === "YES" || scan.code === "DONE" ? printAgain(state) : go(back(state));
}
