// House rules that the type checker cannot keep. Run as `npm run lint`; each rule has its why beside it.

import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

const LETTERS = /\p{L}/u;
/** Attributes that people read or hear. */
const SPOKEN = new Set(["title", "alt", "placeholder", "aria-label", "aria-description", "label"]);

/** Who may import whom: the core reaches nothing outside, screens do not reach each other. */
const WALLS = [
  { from: /^src\/core\/(?!.*\.test\.)/, may: /^src\/(core|generated)\//, why: "the core reaches only itself and the generated tables" },
  { from: /^src\/generated\//, may: /^src\/generated\//, why: "generated files stand alone" },
  { from: /^src\/adapters\/(?!.*\.test\.)/, may: /^src\/(core|generated|adapters)\//, why: "adapters know the core, not the screens" },
  { from: /^src\/ui\//, may: /^src\/(core|generated|adapters|ui|i18n|app\.|screens\/\*)/, why: "the shared parts know no single screen" },
  { from: /^src\/screens\/[^/]+\/flow\.ts$/, may: /^src\/(core|generated|ui\/icons)|^(\.\/|same)/, why: "a flow is pure: words, sounds and commands are effects", sameFolder: true },
  { from: /^src\/screens\//, may: /^src\/(core|generated|adapters|ui)\//, why: "a screen does not reach into another one", sameFolder: true },
];

/** Every fault found in one file, as `path:line what`. */
export function faultsOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const found = [];
  const fault = (node, what) => found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1} ${what}`);
  const isTest = /\.test\.tsx?$/.test(path);
  const visit = (node) => {
    if (path.endsWith(".tsx") && !isTest) {
      if (ts.isJsxText(node) && LETTERS.test(node.text) && node.text.trim() !== "Pickwave") fault(node, `literal text "${node.text.trim()}": give it a key, say it with t()`);
      if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText(file)) && node.initializer !== undefined && ts.isStringLiteral(node.initializer) && LETTERS.test(node.initializer.text)) {
        fault(node, `literal text in ${node.name.getText(file)}: give it a key, say it with t()`);
      }
    }
    if (node.kind === ts.SyntaxKind.AnyKeyword) fault(node, "any: say what it is, or unknown");
    if (ts.isCatchClause(node) && node.block.statements.length === 0) fault(node, "an error caught and forgotten");
    if (ts.isCallExpression(node) && node.expression.getText(file) === "console.log") fault(node, "console.log left behind");
    if (ts.isImportDeclaration(node)) wall(node);
    ts.forEachChild(node, visit);
  };
  const wall = (node) => {
    const target = node.moduleSpecifier.text;
    const rule = WALLS.find((each) => each.from.test(path));
    if (rule === undefined || isTest) return;
    if (!target.startsWith(".")) {
      if (/^src\/core\//.test(path)) fault(node, `${target}: the core has no dependencies`);
      return;
    }
    const resolved = resolve(path, target);
    const same = rule.sameFolder === true && resolved.startsWith(path.slice(0, path.lastIndexOf("/") + 1));
    if (!same && !rule.may.test(resolved)) fault(node, `${target}: ${rule.why}`);
  };
  visit(file);
  const head = ts.getLeadingCommentRanges(text, 0) ?? [];
  if (/^src\/(core|adapters|ui|worker)\//.test(path) && !isTest && head.length === 0) found.push(`${path}:1 no word on why this file exists`);
  return found;
}

const resolve = (from, target) => {
  const parts = from.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/") + (/\.\w+$/.test(target) ? "" : target.endsWith("ui") ? "/" : ".ts");
};

/** The keys that a file says: literal ones, and prefixes of those that are put together. */
export function keysIn(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const keys = [];
  const take = (node, params) => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    if (ts.isStringLiteralLike(node)) keys.push({ key: node.text, params, line });
    else if (ts.isTemplateExpression(node)) keys.push({ prefix: node.head.text, line });
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach((each) => take(each, params));
  };
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText(file) === "t" && node.arguments.length > 0) {
      take(node.arguments[0], paramsIn(node.arguments[1], file));
    }
    if (ts.isObjectLiteralExpression(node)) {
      const property = (name) => node.properties.find((each) => ts.isPropertyAssignment(each) && each.name.getText(file) === name)?.initializer;
      const key = property("key");
      const onlySaid = node.properties.every((each) => ["key", "params"].includes(each.name?.getText(file) ?? ""));
      if (key !== undefined && onlySaid) take(key, paramsIn(property("params"), file));
    }
    if (ts.isPropertyAssignment(node) && node.name.getText(file) === "title" && ts.isStringLiteralLike(node.initializer) && /^[a-z-]+\.\w+$/i.test(node.initializer.text)) {
      take(node.initializer, null);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return keys;
}

/** The names of the parameters given, or null where they cannot be told from the text. */
function paramsIn(node, file) {
  if (node === undefined) return [];
  if (!ts.isObjectLiteralExpression(node)) return null;
  if (node.properties.some((each) => ts.isSpreadAssignment(each))) return null;
  return node.properties.map((each) => each.name?.getText(file));
}

/** The sources, as [path from the package, text]. */
export const sources = (root = new URL("..", import.meta.url)) =>
  readdirSync(new URL("src", root), { recursive: true })
    .map((name) => `src/${name}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .sort()
    .map((path) => [path, readFileSync(new URL(path, root), "utf8")]);

if (process.argv[1]?.endsWith("lint.mjs")) {
  const faults = sources().flatMap(([path, text]) => (path.startsWith("src/generated/") ? [] : faultsOf(path, text)));
  for (const each of faults) console.error(each);
  console.log(faults.length === 0 ? "lint: nothing found" : `lint: ${faults.length} found`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
