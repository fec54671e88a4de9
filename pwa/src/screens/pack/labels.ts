/** Why: a carton has one live label. Paper may come out again, be doubted, or be void: each is asked for or said by a person. */

import type { Scan } from "../../core/barcode";
import type { Effect, Said } from "../../core/machine";
import { nextOrder, type PackCarton, type PackPrint, type PackPrinter, type PackView } from "../../core/packing";
import { outcome, wrong } from "../../core/said";
import { ask, back, go, phaseOf, post, type At, type Next, type OnBench, type Packing, type Somewhere } from "./state";

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
  return carton.print?.state === "printed" ? go({ ...state, mode: "label", closed: null }) : printAgain(state);
}

export function printAgain(state: OnBench): Next {
  const carton = labelled(state);
  return carton === null ? go(back(state)) : ask(back(state), "pack.reprint", { carton: carton.id });
}

/** The label is not right, or its address changed: it is taken back, and the carton open again. */
export function voidLabel(state: OnBench): Next {
  const carton = state.mode === "label" && state.closed !== null ? state.closed : labelled(state)?.id;
  return carton === undefined ? go(back(state)) : post(back(state), "void", `/cartons/${carton}/void-label`);
}

/** The printer that a carton's label is at: the one beside the station's own, where it went there. */
export const printerOf = (view: PackView, carton: PackCarton): PackPrinter | null => {
  const other = view.other ?? null;
  return other !== null && carton.print?.printer === other.id ? other : view.printer;
};

/** How far a label is on its way onto its carton. */
export type Way = "none" | "asked" | "void" | "waits" | "sending" | "doubted" | "out";

/** Only what came out can be stuck on; where no printer was asked it comes by another way. */
export function wayOf({ label, print }: PackCarton, printer: PackPrinter | null): Way {
  if (label === null || label.state === "refused") return "none";
  if (label.state !== "live") return label.state === "void" ? "void" : "asked";
  if (printer === null || print === null || print.state === "printed") return "out";
  if (print.state === "sending") return printTrouble(print, printer) === null ? "sending" : "waits";
  return print.state === "unknown" ? "doubted" : "waits";
}

/** Why a label has not come out, as a code; null where it has, or where nothing is known to keep it. */
export function printTrouble({ state, reason }: PackPrint, printer: PackPrinter): string | null {
  if (state === "printed" || state === "cancelled") return null;
  const lacks = printerLacks(printer);
  if (state !== "sending") return lacks ?? reason;
  // While it is sent, only what a person can mend keeps it; the rest is known when it has come out, or has not.
  return lacks !== null && isMended(lacks) ? lacks : null;
}

/** What is said under the label's picture. One instruction at a time: before the weight nothing is stuck on. */
export function labelHint(carton: PackCarton, printer: PackPrinter | null, due: boolean): Said {
  const way = wayOf(carton, printer);
  if (!due && way !== "void") return { key: "pack.labelAtLast" };
  return { key: way === "out" && carton.weight_g === null ? "pack.hint.unweighed" : `pack.hint.${way}` };
}

/** What to do about the label, once its carton is weighed. */
export function labelNext(carton: PackCarton, printer: PackPrinter | null): Said {
  const way = wayOf(carton, printer);
  if (way === "out" || way === "sending") return { key: "pack.nowScanLabel" };
  return { key: way === "waits" ? "pack.print.queued" : way === "doubted" ? "pack.cameOut" : way === "asked" ? "pack.label.wanted" : "pack.label.none" };
}

/** The carrier is asked for a label, after a refused or a void one. */
export function newLabel(state: Packing): Next {
  const carton = labelled(state);
  return carton === null ? go(state) : post(state, "newLabel", `/cartons/${carton.id}/retry-label`);
}

const PRINTER_WELL = new Set(["ready", "busy"]);
/** What a printer lacks, as its code; null where it is well, or is not known to be unwell. */
export const printerLacks = (printer: PackPrinter | null): string | null =>
  printer === null || isPrinterWell(printer) || printer.condition === "unknown" ? null : printer.condition;
export const isPrinterWell = ({ condition }: PackPrinter): boolean => PRINTER_WELL.has(condition);

/** What a person can mend at the printer; then it prints by itself. */
const MENDED = new Set(["paper_out", "head_open", "ribbon_out", "offline", "no_answer", "paused"]);
export const isMended = (cause: string): boolean => MENDED.has(cause);
export const mendingSaid = (cause: string): Said => ({ key: `pack.mend.${MENDED.has(cause) ? cause : "other"}` });

/** What the station's printer lacks, as something that is told once; null where it is well. */
export const troubleOf = (view: PackView | null): string | null => {
  const lacks = printerLacks(view?.printer ?? null);
  return lacks === null ? null : `${view?.printer?.id ?? ""} ${lacks}`;
};

/** The printer beside the station's own, where it can print and the own one cannot. */
export const refuge = (view: PackView | null): PackPrinter | null => {
  const other = view?.other ?? null;
  return other !== null && isPrinterWell(other) && printerLacks(view?.printer ?? null) !== null ? other : null;
};

/** Before the first tote: what would wait, and that one may begin all the same. */
export function printerWarns(view: PackView): Effect {
  const printer = view.printer;
  const other = refuge(view);
  const lines: Said[] = [mendingSaid(printerLacks(printer) ?? ""), ...(other === null ? [] : [{ key: "pack.printerRefuge", params: { name: other.name } }])];
  return { type: "feedback", feedback: { kind: "wrong", title: { key: "pack.printerStops", params: { name: printer?.name ?? "" } }, lines, acknowledge: { key: "pack.beginAnyway" } } };
}

/** The station prints on the other one of its printers; what waits comes out there. */
export const printOn = (state: Somewhere, printer: string): Next =>
  state.asking === null ? go({ ...state, asking: "printer" }, { type: "post", kind: "printer", path: `/stations/${encodeURIComponent(state.station.code)}/printer`, body: { printer } }) : go(state);

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
  if (state.closed !== null) return scan.code === "YES" ? voidLabel(state) : go(back(state));
  return scan.code === "REPRINT" || scan.code === "YES" || scan.code === "DONE" ? printAgain(state) : go(back(state));
}
