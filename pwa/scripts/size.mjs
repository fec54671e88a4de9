// The budget: what a handheld loads before its first screen stands, gzipped. Run after `npm run build`.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 60_000;
/** The handheld's screens: to sign in, to come home, to pick. What does not exist yet weighs nothing. */
const SCREENS = ["sign-in", "home", "pick", "picker"];
const DIST = new URL("../dist/", import.meta.url);

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));
const wanted = ["index.html", "src/i18n/de.json", ...SCREENS.flatMap((name) => [`src/screens/${name}/view.tsx`, `src/screens/${name}/texts/de.json`])];

const files = new Set();
const take = (name) => {
  const chunk = manifest[name];
  if (chunk === undefined || files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const each of chunk.imports ?? []) take(each);
};
wanted.forEach(take);

const sizes = [...files].map((file) => [file, gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length]);
for (const [file, size] of sizes.sort((a, b) => b[1] - a[1])) console.log(String(size).padStart(8), file);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
console.log(`${String(total).padStart(8)} of ${BUDGET} bytes, gzipped, on a handheld's first load`);
process.exitCode = total > BUDGET ? 1 : 0;
