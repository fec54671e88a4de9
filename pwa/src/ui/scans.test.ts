import { expect, test } from "vitest";
import { parse } from "../core/barcode";
import { Scans } from "./scans";

test("what is scanned while the app is loading reaches the first screen, in order", () => {
  const scans = new Scans();
  const seen: string[] = [];
  for (const text of ["T-0002", "T-0003"]) scans.whenReady(() => scans.heard(parse(text)));
  scans.listen((scan) => void seen.push(scan.code ?? ""));
  expect(seen).toEqual([]);
  scans.ready();
  scans.whenReady(() => scans.heard(parse("T-0004")));
  expect(seen).toEqual(["T-0002", "T-0003", "T-0004"]);
});

test("the screen on top hears first, and what is not its business goes to the one below", () => {
  const scans = new Scans();
  const seen: string[] = [];
  scans.listen((scan) => void seen.push(`below ${scan.kind}`));
  const stop = scans.listen((scan) => (scan.kind === "badge" ? false : void seen.push(`above ${scan.kind}`)));
  for (const text of ["T-0002", "B-A07-03-B"]) scans.heard(parse(text));
  stop();
  scans.heard(parse("T-0002"));
  expect(seen).toEqual(["above tote", "above bin", "below tote"]);
});
