import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { paramsOf } from "../src/core/message.ts";
import { keysIn, sources } from "./lint.mjs";

const ROOT = new URL("../src/", import.meta.url);
const LANGUAGES = ["en", "de"];
const folders = readdirSync(new URL("screens", ROOT), { withFileTypes: true }).filter((each) => each.isDirectory()).map((each) => each.name);
const read = (path) => {
  try {
    return JSON.parse(readFileSync(new URL(path, ROOT), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
};
const catalogues = [
  ["shared", Object.fromEntries(LANGUAGES.map((code) => [code, read(`i18n/${code}.json`)]))],
  ...folders.map((folder) => [folder, Object.fromEntries(LANGUAGES.map((code) => [code, read(`screens/${folder}/texts/${code}.json`)]))]),
];
const english = Object.assign({}, ...catalogues.map(([, each]) => each.en));
const used = sources().filter(([path]) => !/\.test\./.test(path) && !path.startsWith("src/generated/")).flatMap(([path, text]) => keysIn(path, text).map((each) => ({ path, ...each })));

describe.each(catalogues)("the texts of %s", (name, texts) => {
  test("have the same keys in every language", () => {
    for (const code of LANGUAGES) expect(Object.keys(texts[code]).sort(), code).toEqual(Object.keys(texts.en).sort());
  });

  test("take the same parameters in every language, and are not broken", () => {
    for (const key of Object.keys(texts.en)) for (const code of LANGUAGES) expect(paramsOf(texts[code][key]), `${code} ${key}`).toEqual(paramsOf(texts.en[key]));
  });

  test("say something in every language", () => {
    for (const code of LANGUAGES) for (const [key, text] of Object.entries(texts[code])) expect(text.trim(), `${code} ${key}`).not.toBe("");
  });

  test("have keys that begin with the screen's name", () => {
    if (name !== "shared") expect(Object.keys(texts.en).filter((key) => !key.startsWith(`${name}.`))).toEqual([]);
  });
});

test("every key that is said exists, and a screen says only its own and the shared ones", () => {
  const shared = Object.keys(catalogues[0][1].en);
  const lost = used.filter(({ key, prefix, path }) => {
    const folder = /^src\/screens\/([^/]+)\//.exec(path)?.[1];
    const here = folder === undefined ? shared : [...shared, ...Object.keys(Object.fromEntries(catalogues)[folder]?.en ?? {})];
    return key === undefined ? prefix !== "outcome:" && !here.some((each) => each.startsWith(prefix)) : !key.startsWith("outcome:") && !here.includes(key);
  });
  expect(lost.map(({ path, line, key, prefix }) => `${path}:${line} ${key ?? `${prefix}…`}`)).toEqual([]);
});

test("every key is said with the parameters that it takes", () => {
  const wrong = used.filter(({ key, params }) => key !== undefined && english[key] !== undefined && Array.isArray(params) && [...paramsOf(english[key])].sort().join() !== [...params].sort().join());
  expect(wrong.map(({ path, line, key }) => `${path}:${line} ${key}`)).toEqual([]);
});

/** Shared with the screens that come. */
const RESERVED = /^(nav|common)\./;
test("no text is kept that nobody says", () => {
  const said = new Set(used.map(({ key }) => key));
  const prefixes = used.flatMap(({ prefix }) => (prefix === undefined || prefix === "" ? [] : [prefix]));
  expect(Object.keys(english).filter((key) => !said.has(key) && !RESERVED.test(key) && !prefixes.some((prefix) => key.startsWith(prefix)))).toEqual([]);
});
