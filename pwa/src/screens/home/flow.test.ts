import { expect, test } from "vitest";
import { PLACES, placesFor } from "./flow";

const all = () => true;
const paths = (roles: string[], exists: (path: string) => boolean = all) => placesFor(roles, exists).map((place) => place.path);

test("the role decides the home", () => {
  expect(paths(["picker"])).toEqual(["/pick"]);
  expect(paths(["packer"])).toEqual(["/pack"]);
  expect(paths(["desk"])).toEqual(["/orders"]);
  expect(paths(["supervisor"])[0]).toBe("/release");
});

test("several roles have several places, the administrator all", () => {
  expect(paths(["picker", "packer"])).toEqual(["/pick", "/pack"]);
  expect(paths(["admin"])).toHaveLength(PLACES.length);
});

test("a place without a screen is not offered", () => {
  expect(paths(["picker"], (path) => path !== "/pick")).toEqual([]);
});
