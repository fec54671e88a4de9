import { expect, test } from "vitest";
import { ROUTES } from "./router";

test("each drawing of the menu stands for one screen", () => {
  const icons = ROUTES.flatMap(({ menu }) => (menu === undefined ? [] : [menu.icon]));
  expect(icons.length).toBeGreaterThan(10);
  expect(new Set(icons).size).toBe(icons.length);
});
