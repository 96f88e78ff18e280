// Builds what browsers get: style sheets cut down to what the pages use, mirrored ones for right-to-left scripts,
// the scripts. The fonts were cut by subset_fonts.py before. Every file is named by its content, so that it can be kept for good.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const require = createRequire(join(root, "package.json"));
const { PurgeCSS } = await import("purgecss");
const rtlcss = require("rtlcss");

const modules = join(root, "node_modules");
const fonts = join(root, ".build/fonts");
const source = join(root, "app/web/static");
const target = join(source, "built");
const KERN = join(modules, "@kern-ux/native/dist/kern.min.css");
const WEIGHTS = [400, 600];
const SUBSETS = {
  latin: "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
  "latin-ext": "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF",
};

// The newcomers' fonts, by the script of the page: a page loads those of its own, and of them only what it shows.
const CYRILLIC = "U+0400-045F, U+0490-0491, U+2116";
const ARABIC = "U+0600-06FF, U+200C-200E, U+2010-2011, U+FB50-FDFF, U+FE80-FEFC";
const NEWCOMERS_FACES = {
  latin: ["latin", "latin-ext"].flatMap((subset) => fira(subset, SUBSETS[subset])),
  cyrillic: [...fira("latin", SUBSETS.latin), ...fira("cyrillic", CYRILLIC)],
  arabic: [["Vazirmatn", "newcomers-vazirmatn-latin", "400 600", SUBSETS.latin], ["Vazirmatn", "newcomers-vazirmatn-arabic", "400 600", ARABIC]],
};

function fira(subset, range) {
  return WEIGHTS.map((weight) => ["Fira Sans", `newcomers-${subset}-${weight}`, weight, range]);
}

// Which rooms' templates and own styles go into which sheet. A slice may add styles/*.css of its own.
const SHEETS = {
  public: ["web", "region", "results", "practices", "round_tables"],
  workspace: ["web", "accounts", "region", "rounds", "feedback", "outreach", "assessment", "releases", "results", "exports", "agency", "practices", "round_tables", "projects", "joining"],
};
// Our own classes, and those that templates put together from a word and a kind, which a search does not find.
const KEPT = [
  /^wk-/,
  "kern-icon--small",
  ...["info", "success", "warning", "danger"].flatMap((kind) => [`kern-alert--${kind}`, `kern-badge--${kind}`, `kern-icon--${kind}`]),
  ...["primary", "secondary", "tertiary"].map((kind) => `kern-btn--${kind}`),
  ...["form-input__input", "form-input__select", "form-check__checkbox"].map((part) => `kern-${part}--error`),
  "kern-table__header--numeric",
  ...["pre", "blockquote", "ol", "em"], // what the documents in docs/ turn into, which no template names
];
// What the macros that newcomers' pages use put together.
const PIECES = [
  "kern-icon", "kern-label", "kern-label--small", "kern-icon--small", "kern-badge", "kern-badge--small", "kern-title", "kern-alert", "kern-alert__header", "kern-alert__body",
  ...["info", "warning", "danger"].flatMap((kind) => [`kern-alert--${kind}`, `kern-badge--${kind}`, `kern-icon--${kind}`]),
  "kern-list", "kern-list--bullet", "wk-alert", "wk-error-summary",
];
// KERN's colours follow light and dark by a rule for themes within a page, which a search for classes takes for unused.
const THEMES = /:is\(body,[^{]*\{/;

const manifest = {};

function files(folder, extensions) {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes("/built/"))
    .sort();
}

function put(name, content) {
  const bytes = Buffer.from(content);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const built = name.replace(/(\.[a-z0-9]+)$/, `.${digest}$1`);
  writeFileSync(join(target, built), bytes);
  if (!built.endsWith(".woff2")) {
    writeFileSync(join(target, `${built}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(target, `${built}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
  manifest[name] = built;
  return built;
}

function faces(list) {
  return list.map(([family, file, weight, range]) => {
    const name = `${file}.woff2`;
    const built = manifest[name] ?? put(name, readFileSync(join(fonts, name)));
    return `@font-face{font-family:"${family}";font-style:normal;font-display:swap;font-weight:${weight};` +
      `src:url("${built}") format("woff2");unicode-range:${range.replaceAll(" ", "")}}`;
  }).join("");
}

function squeeze(css) {
  return css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*\n\s*/g, "").replace(/\s*([{}:;,>])\s+/g, "$1").replace(/;}/g, "}");
}

function sheet(slices) {
  const folders = slices.map((slice) => join(root, "app", slice));
  const own = [join(source, "willkommen.css"), ...folders.flatMap((folder) => files(join(folder, "styles"), [".css"]))];
  return cut(own, folders.flatMap((folder) => files(folder, [".html", ".py", ".js"])), KEPT);
}

// The newcomers' pages show few pieces, so their sheet holds no more, our own classes included.
function newcomersSheet() {
  const frame = ["base", "newcomers", "error"].map((name) => join(root, `app/web/templates/web/${name}.html`));
  const own = [join(source, "willkommen.css"), ...files(join(root, "app/feedback/styles"), [".css"])];
  const content = [...frame, ...files(join(root, "app/feedback/templates"), [".html"]), ...files(join(root, "app/feedback/static"), [".js"])];
  return cut(own, [...content, { raw: "rtl", extension: "html" }], PIECES, true);
}

// Light and dark differ in few of KERN's variables; the others are as good as the values they stand for, and those are
// shorter. What comes before the first words on a slow line is worth cutting.
function settled(css) {
  const plain = css.replace(/\[data-kern-theme=\w+\](,\[data-kern-theme=\w+\])*\{[^{}]*\}/g, "")
    .replace(/var\((--kern-[\w-]+),[^()]*\)/g, "var($1)");
  const values = new Map();
  for (const [, name, value] of plain.matchAll(/(--kern-[\w-]+):([^;}]*)/g)) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  const always = plain.replace(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\}/g, "");
  const fixed = new Map([...values].filter(([name, found]) => found.size === 1 && always.includes(`${name}:`)).map(([name, [value]]) => [name, value]));
  const insert = (text) => text.replace(/var\((--kern-[\w-]+)\)/g, (use, name) => (fixed.has(name) ? insert(fixed.get(name)) : use));
  return insert(plain.replace(/(--kern-[\w-]+):[^;}]*;?/g, (definition, name) => (fixed.has(name) ? "" : definition)))
    .replace(/[^{}]+\{\}/g, "").replace(/;}/g, "}");
}

async function cut(own, content, safelist, themed = false) {
  const purge = new PurgeCSS();
  const kern = readFileSync(KERN, "utf8").replace(/^\uFEFF?@charset "UTF-8";/, "");
  const raw = (themed ? kern.replace(THEMES, "body{") : kern) + own.map((path) => readFileSync(path, "utf8")).join("\n");
  const [{ css }] = await purge.purge({
    content,
    css: [{ raw }],
    variables: true,
    safelist,
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
  });
  return squeeze(css);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const everywhere = faces(Object.entries(SUBSETS).flatMap(([subset, range]) => WEIGHTS.map((weight) => ["Fira Sans", `fira-sans-${subset}-${weight}`, weight, range])));
for (const [name, slices] of Object.entries(SHEETS)) {
  put(`${name}.css`, everywhere + await sheet(slices));
}
const newcomers = settled(await newcomersSheet());
for (const [script, list] of Object.entries(NEWCOMERS_FACES)) {
  put(`newcomers-${script}.css`, faces(list) + (script === "arabic" ? rtlcss.process(newcomers) : newcomers));
}
for (const path of [...files(source, [".js", ".svg"]), ...files(join(root, "app/feedback/static"), [".js"])]) {
  put(basename(path), readFileSync(path));
}
// The form asks for one script only: each request costs a slow line a round trip.
const together = ["newcomers.js", "keeping.js"].map((name) => `{${readFileSync(join(root, "app/feedback/static", name), "utf8")}}`);
put("form.js", `"use strict";\n${together.join("\n")}`);
put("htmx.js", readFileSync(join(modules, "htmx.org/dist/htmx.min.js")));
writeFileSync(join(target, "manifest.json"), JSON.stringify(manifest, null, 2));
for (const name of Object.keys(manifest).filter((key) => key.endsWith(".css"))) {
  const bytes = readFileSync(join(target, `${manifest[name]}.br`)).length;
  console.log(`${name}: ${(bytes / 1024).toFixed(1)} KiB over the wire`);
}
