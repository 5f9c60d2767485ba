// Bundles src/ into dist/: one stylesheet, one module for every page, the editor as a chunk loaded
// where a page has one, a small classic script for the head, pictures and fonts as files of our own.
// Django's manifest adds the hash to each name later, so the entry names here stay plain.
import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const watching = process.argv.includes("--watch");
// A build goes to its own folder first: an interrupted one never leaves half a bundle in dist/.
const dist = join(here, "dist");
const target = watching ? dist : join(here, `dist.${process.pid}`);

const common = {
  absWorkingDir: here,
  outdir: target,
  bundle: true,
  minify: !watching,
  sourcemap: watching ? "inline" : false,
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  logLevel: "warning",
  legalComments: "eof",
};
const pages = {
  ...common,
  entryPoints: [{ in: "src/main.js", out: "main" }, { in: "src/main.css", out: "main" }],
  format: "esm",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "files/[name]",
  loader: { ".woff2": "file", ".woff": "empty", ".svg": "file" },
};
const head = { ...common, entryPoints: [{ in: "src/theme.js", out: "theme" }], format: "iife" };

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(join(here, "src/images"), join(target, "images"), { recursive: true });

if (watching) {
  for (const options of [pages, head]) await (await esbuild.context(options)).watch();
  console.log("Watching static/src; stop with Ctrl-C.");
} else {
  try {
    await Promise.all([esbuild.build(pages), esbuild.build(head)]);
    rmSync(dist, { recursive: true, force: true });
    renameSync(target, dist);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    // esbuild has already printed its own messages with file and line.
    if (!error.errors) console.error(String(error));
    process.exitCode = 1;
  }
}
