import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig, transformWithOxc } from "vite";

/** Files that the app can do without until they are asked for: scripts the reader never sees alone, other alphabets, the painter of labels. */
const LATER = /\.(map|wasm)$|latin-ext|zpl\.worker/;

/** Writes sw.js: the service worker with the list of this build's files in it and a version made of their hashes. */
const serviceWorker = () => ({
  name: "pickwave-service-worker",
  apply: "build",
  async generateBundle(_options, bundle) {
    const publicFiles = readdirSync("public", { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.replace(/^public/, ""));
    const built = Object.keys(bundle).filter((file) => !file.startsWith(".vite/")).map((file) => `/${file}`);
    const all = [...new Set(["/index.html", ...built, ...publicFiles])].sort();
    const files = all.filter((file) => !LATER.test(file));
    const later = all.filter((file) => file.endsWith(".wasm"));
    const hash = createHash("sha256").update(files.join("\n"));
    for (const file of publicFiles) hash.update(readFileSync(`public${file}`));
    hash.update(readFileSync("index.html"));
    const { code } = await transformWithOxc(readFileSync("src/worker/sw.ts", "utf8"), "sw.ts");
    const version = hash.digest("hex").slice(0, 12);
    const source = code.replaceAll("__FILES__", JSON.stringify(files)).replaceAll("__LATER__", JSON.stringify(later)).replaceAll("__VERSION__", JSON.stringify(version));
    this.emitFile({ type: "asset", fileName: "sw.js", source });
  },
});

// The build: one entry, a chunk per screen, a manifest for the size check.
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [serviceWorker()],
  build: {
    target: "es2022",
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: true,
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8300", ws: true } } },
  test: { include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs"], testTimeout: 15000 },
});
