// Bundles the widget into dist/widget.js. scripts/build_web.py checks its size.
import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

// A style sheet becomes a module: components adopt it, so no page needs to allow inline styles.
const styleSheets = {
  name: "style-sheets",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      const text = JSON.stringify(code.trim());
      return { contents: `import { unsafeCSS } from "lit"; export default unsafeCSS(${text});`, loader: "js" };
    });
  },
};

await build({
  entryPoints: ["src/index.ts"],
  outfile: "dist/widget.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  banner: {
    js: "/* Hamstring assistant. Contains Lit (BSD-3-Clause), marked (MIT) and DOMPurify (Apache-2.0 or MPL-2.0). */",
  },
  plugins: [styleSheets],
});
