declare module "*/launcher.css" {
  const text: string;
  export default text;
}
declare module "*.css" {
  import type { CSSResult } from "lit";
  const styles: CSSResult;
  export default styles;
}
