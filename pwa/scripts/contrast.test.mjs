import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const CSS = readFileSync(new URL("../src/ui/tokens.css", import.meta.url), "utf8");
const plain = CSS.slice(0, CSS.indexOf("@media"));
const more = CSS.slice(CSS.indexOf("@media"));
const colours = (block) => Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gi)].map(([, name, value]) => [name, value]));
const blocksOf = (css, selector) => [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, names]) => names.includes(selector)).map(([, , body]) => colours(body));
const base = (theme) => Object.assign({}, ...blocksOf(plain, ":root"), ...(theme === "dark" ? blocksOf(plain, '"dark"') : []));
const THEMES = {
  light: base("light"),
  dark: base("dark"),
  "light, more contrast": Object.assign({}, base("light"), ...blocksOf(more, '"light"')),
  "dark, more contrast": Object.assign({}, base("dark"), ...blocksOf(more, '"dark"')),
};

const light = (hex) => {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a, b) => {
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

const SEVEN = [["text", "bg"], ["text", "panel"], ["text", "raised"], ["on-right", "right"], ["on-wrong", "wrong"], ["on-done", "done"], ...[1, 2, 3, 4, 5, 6].map((n) => ["slot-ink", `slot${n}`])];
const FOUR_AND_A_HALF = [
  ["soft", "bg"], ["soft", "panel"], ["soft", "raised"], ["faint", "bg"], ["faint", "panel"], ["faint", "raised"], ["on-accent", "accent"], ["on-bad", "bad"],
  ["ok", "ok-bg"], ["bad", "bad-bg"], ["warn", "warn-bg"], ["accent", "accent-bg"], ["accent", "bg"], ["warn", "bg"], ["bad", "bg"], ["bad", "panel"], ["text", "warn-bg"], ["soft", "warn-bg"], ["soft", "accent-bg"],
];

describe.each(Object.entries(THEMES))("in the theme %s", (_, tokens) => {
  test.each(SEVEN)("%s on %s has 7:1", (front, back) => {
    expect(ratio(tokens[front], tokens[back])).toBeGreaterThanOrEqual(7);
  });
  test.each(FOUR_AND_A_HALF)("%s on %s has 4.5:1", (front, back) => {
    expect(ratio(tokens[front], tokens[back])).toBeGreaterThanOrEqual(4.5);
  });
});
