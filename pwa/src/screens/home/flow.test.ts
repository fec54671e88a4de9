import { expect, test } from "vitest";
import { homeOf, isBare, PLACES, placesFor, setupFirst } from "./flow";

const all = () => true;
const paths = (roles: string[], exists: (path: string) => boolean = all) => placesFor(roles, exists).map((place) => place.path);

test("the role decides the home", () => {
  const home = (roles: string[]) => homeOf(placesFor(roles, all))?.path;
  expect(["picker", "packer", "desk", "supervisor", "admin"].map((role) => home([role]))).toEqual(["/pick", "/pack", "/orders", undefined, undefined]);
  expect(home(["integrator"])).toBe("/orders");
  expect(paths(["receiver"])).toEqual(["/tasks", "/supply"]);
  expect(paths(["picker"])).toEqual(["/pick", "/tasks"]);
  expect(paths(["supervisor"])[0]).toBe("/release");
  expect(home(["operator"])).toBe("/setup");
});

test("several roles have several places, the administrator all", () => {
  expect(paths(["picker", "packer"])).toEqual(["/pick", "/pack", "/tasks"]);
  expect(homeOf(placesFor(["picker", "packer"], all))).toBeUndefined();
  expect(paths(["admin"])).toHaveLength(PLACES.length);
});

test("a place without a screen is not offered", () => {
  expect(paths(["picker"], (path) => path !== "/pick")).toEqual(["/tasks"]);
});

test("until the first orders are there the set-up comes first; where nothing is set up there is nowhere else to go", () => {
  const admin = placesFor(["admin"], all);
  const guide = (done: number) => ({ steps: ["bins", "orders", "benches"].map((step, at) => ({ step, done: at < done })), next: done < 3 ? "bins" : null });
  expect([null, guide(0), guide(1), guide(2)].map((each) => setupFirst(admin, each)[0]?.path)).toEqual(["/pick", "/setup", "/setup", "/pick"]);
  expect(setupFirst(admin, guide(1))).toHaveLength(PLACES.length);
  expect([null, guide(0), guide(1)].map(isBare)).toEqual([false, true, false]);
});
