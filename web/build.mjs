// Bundles the widget: dist/widget.js, which a page loads, and dist/assets/, which it loads when the chat is opened.
// scripts/build_web.py checks the sizes.
import { readFile, rm } from "node:fs/promises";
import { basename } from "node:path";
import { build, transform } from "esbuild";

// A style sheet becomes a module: components adopt it, so no page needs to allow inline styles.
const styleSheets = {
  name: "style-sheets",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      const text = JSON.stringify(code.trim());
      if (path.includes("/launcher/")) return { contents: `export default ${text};`, loader: "js" };
      return { contents: `import { unsafeCSS } from "lit"; export default unsafeCSS(${text});`, loader: "js" };
    });
  },
};

const common = {
  bundle: true,
  minify: true,
  target: ["chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  plugins: [styleSheets],
};

await rm("dist", { recursive: true, force: true });
// The names carry a hash of the content, so that browsers keep them for good.
const { metafile } = await build({
  ...common,
  entryPoints: { chat: "src/chat/chat.ts" },
  outdir: "dist/assets",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  format: "esm",
  splitting: true,
  metafile: true,
  banner: {
    js: "/* Hamstring assistant. Contains Lit (BSD-3-Clause), marked (MIT) and DOMPurify (Apache-2.0 or MPL-2.0). */",
  },
});
const [chat] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === "src/chat/chat.ts");
await build({
  ...common,
  entryPoints: ["src/launcher/index.ts"],
  outfile: "dist/widget.js",
  format: "iife",
  define: { CHAT: JSON.stringify(`assets/${basename(chat)}`) },
});
