import { expect, test } from "vitest";
import { faultsOf, keysIn } from "./lint.mjs";

const VIEW = "src/screens/x/view.tsx";

test("literal text on a screen is found, in the middle and in attributes", () => {
  expect(faultsOf(VIEW, `export const A = () => <p title="Hello">Scan {1} bin</p>;`)).toHaveLength(3);
  expect(faultsOf(VIEW, `export const A = () => <p title={t("a.b")}>{t("a.c")} · 1</p>;`)).toEqual([]);
});

test("walls between the rooms are kept", () => {
  expect(faultsOf("src/core/a.ts", `/** Why */ import { h } from "preact";`)).toHaveLength(1);
  expect(faultsOf("src/core/a.ts", `/** Why */ import { x } from "../adapters/http";`)).toHaveLength(1);
  expect(faultsOf(VIEW, `import { y } from "../home/flow";`)).toHaveLength(1);
  expect(faultsOf(VIEW, `import { y } from "./flow"; import { t } from "../../ui"; import { p } from "../../core/barcode";`)).toEqual([]);
  expect(faultsOf("src/screens/x/flow.ts", `import { t } from "../../ui/i18n";`)).toHaveLength(1);
});

test("any, a forgotten error and a file without a why are found", () => {
  expect(faultsOf("src/core/a.ts", `export const a = (b: any) => { try { b(); } catch {} };`)).toHaveLength(3);
});

test("the keys of a file are known: said, put together, chosen, and as something that a flow says", () => {
  const keys = keysIn(VIEW, "t('a.b', { n: 1 }); t(`role.${x}`); t(y ? 'c.d' : 'c.e'); const s = { key: 'f.g', params: { z: 1 } };");
  expect(keys.map(({ key, prefix, params }) => [key ?? prefix, params])).toEqual([
    ["a.b", ["n"]], ["role.", undefined], ["c.d", []], ["c.e", []], ["f.g", ["z"]],
  ]);
});
