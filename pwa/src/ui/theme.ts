/** Why: a hall is dark, a desk is light; a person may want it otherwise, and holds the device in the left hand. */

import { effect, signal } from "@preact/signals";
import { keep, stored } from "./kept";
import { here } from "./router";

export type ThemeWish = "auto" | "dark" | "light";
export type Hand = "right" | "left";

const oneOf = <T extends string>(value: string | null, all: readonly T[], otherwise: T): T =>
  all.find((each) => each === value) ?? otherwise;

export const themeWish = signal<ThemeWish>(oneOf(stored("theme"), ["auto", "dark", "light"], "auto"));
export const hand = signal<Hand>(oneOf(stored("hand"), ["right", "left"], "right"));

/** Sets the theme, the hand and the browser's own colours whenever screen or wish change. */
export function startTheme(root: HTMLElement = document.documentElement): void {
  const darkQuery = matchMedia("(prefers-color-scheme: dark), (max-width: 560px)");
  const darkDevice = signal(darkQuery.matches);
  darkQuery.addEventListener("change", (event) => (darkDevice.value = event.matches));
  effect(() => {
    const wish = themeWish.value === "auto" ? (here.value?.route.theme ?? "auto") : themeWish.value;
    const theme = wish === "auto" ? (darkDevice.value ? "dark" : "light") : wish;
    root.dataset["theme"] = theme;
    root.dataset["hand"] = hand.value;
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", theme === "dark" ? "#0b0f14" : "#ffffff");
    keep("theme", themeWish.value);
    keep("hand", hand.value);
  });
}
