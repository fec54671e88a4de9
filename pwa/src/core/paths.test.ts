import { expect, test } from "vitest";
import { matchPath } from "./paths";

test("an address gives its parameters, decoded", () => {
  expect(matchPath("/orders/:number", "/orders/10481")).toEqual({ number: "10481" });
  expect(matchPath("/bins/:code", "/bins/A07%C2%B703%C2%B7B/")).toEqual({ code: "A07·03·B" });
  expect(matchPath("/", "/")).toEqual({});
});

test("another address gives nothing, a torn one is no error", () => {
  expect(matchPath("/orders/:number", "/orders")).toBeNull();
  expect(matchPath("/orders", "/waves")).toBeNull();
  expect(matchPath("/x/:y", "/x/%E0%A4%A")).toEqual({ y: "%E0%A4%A" });
});
