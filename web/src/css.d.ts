/** A style sheet, minified and ready for a component; see build.mjs. */
declare module "*.css" {
  const styles: import("lit").CSSResult;
  export default styles;
}
