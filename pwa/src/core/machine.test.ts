import { expect, test } from "vitest";
import { machine, speaking, to } from "./machine";

test("names are looked up in the language that is spoken when something happens, not when the screen came up", () => {
  type State = { readonly mode: "here"; readonly language: string; readonly heard: string };
  const flow = machine<State, { readonly type: "scan" }, never>({ here: { scan: (state) => to({ ...state, heard: state.language }) } });
  let spoken = "en";
  const { step } = speaking(flow, () => spoken);
  spoken = "de";
  expect(step({ mode: "here", language: "en", heard: "" }, { type: "scan" }).state.heard).toBe("de");
});
