// Builds the bundles of the pages into the static folder of the web application. Run by `npm run build`.
import { copyFile, mkdir, readFile, readdir, rm, stat } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "kesu", "web", "static", "build");
const fonts = join(here, "..", "src", "kesu", "web", "paper", "fonts"); // read by the typesetter, served to nobody
const PUBLIC_LIMIT = 150 * 1024; // bytes after gzip: the public pages open on slow phones

const common = { bundle: true, minify: true, legalComments: "none", logLevel: "warning", outdir: out, absWorkingDir: here };

const names = ["desk.css", "desk.js", "print.css", "print.js", "public.css", "public.js"];

// Written over, not emptied first: a running server goes on serving while somebody builds.
await mkdir(out, { recursive: true });
await build({ ...common, entryPoints: ["src/desk.js", "src/desk.css"], format: "iife", target: ["chrome123", "firefox121", "safari17.5"] });
await build({ ...common, entryPoints: ["src/print.js", "src/print.css"], format: "iife", target: ["chrome123", "firefox121", "safari17.5"] });
await build({ ...common, entryPoints: ["src/public.js", "src/public.css"], format: "iife", target: ["chrome70", "safari12.1"] });

for (const name of await readdir(out)) if (/\.(css|js)$/.test(name) && !names.includes(name)) await rm(join(out, name));

const notoSans = join(here, "node_modules", "@expo-google-fonts", "noto-sans-sc");
await mkdir(fonts, { recursive: true });
for (const weight of ["400Regular", "700Bold"]) await copyFile(join(notoSans, weight, `NotoSansSC_${weight}.ttf`), join(fonts, `NotoSansSC_${weight}.ttf`));
await copyFile(join(notoSans, "LICENSE_FONT"), join(fonts, "OFL.txt"));

let publicBytes = 0;
for (const name of names) {
  const path = join(out, name);
  const packed = gzipSync(await readFile(path)).length;
  if (name.startsWith("public")) publicBytes += packed;
  console.log(`${name}  ${Math.round((await stat(path)).size / 1024)} kB, ${Math.round(packed / 1024)} kB packed`);
}
if (publicBytes > PUBLIC_LIMIT) {
  console.error(`The public bundle is ${publicBytes} bytes packed; the limit is ${PUBLIC_LIMIT}.`);
  process.exit(1);
}
