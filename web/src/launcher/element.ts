import type { ChatPanel } from "../chat/chat";
import styles from "./launcher.css";

/** The hashed file of the chat; set by the build. */
declare const CHAT: string;

const OPEN: Record<string, string> = {
  en: "Chat about tight hamstrings",
  de: "Über verkürzte Oberschenkelrückseiten chatten",
  fr: "Discuter des ischio-jambiers raides",
  es: "Hablar sobre isquiotibiales tensos",
};
const FAILED: Record<string, string> = {
  en: "The chat could not be loaded. Press again. Bladder or bowel trouble, or numb between the legs: get help now.",
  de: "Der Chat ließ sich nicht laden. Bitte noch einmal drücken. Probleme mit Blase oder Darm, oder taub zwischen den Beinen: sofort Hilfe holen.",
  fr: "La discussion n'a pas pu être chargée. Réessayez. Troubles urinaires ou intestinaux, engourdissement entre les jambes : de l'aide tout de suite.",
  es: "No se pudo cargar el chat. Pulse otra vez. Problemas de vejiga o intestino, o entumecimiento entre las piernas: pida ayuda ya.",
};
const BUBBLE = "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z";
const SVG = "http://www.w3.org/2000/svg";

/**
 * The chat on a page: a button, and the panel that is loaded when it is pressed or the browser has nothing to do.
 *
 * Attributes: `server`, `heading`, `accent`, `on-accent`, `theme` (auto, light, dark), `lang` (of the labels), `open`,
 * `mode` ("page" for a whole page), `map` ("off": no link to a map). Colours and font: variables `--hamstring-*`.
 */
export class HamstringChat extends HTMLElement {
  static observedAttributes = ["open", "server", "heading", "accent", "on-accent", "theme", "lang", "mode", "map"];
  private darkness = matchMedia("(prefers-color-scheme: dark)");
  private button = document.createElement("button");
  private note = document.createElement("p");
  private panel?: ChatPanel;
  private loading?: Promise<void>;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    const box = document.createElement("div");
    box.className = "root";
    this.button.className = "launcher";
    this.button.type = "button";
    this.button.setAttribute("aria-haspopup", "dialog");
    this.button.setAttribute("aria-expanded", "false");
    this.button.addEventListener("click", () => {
      this.button.focus(); // Safari leaves that out
      this.open = true;
    });
    const icon = document.createElementNS(SVG, "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", BUBBLE);
    icon.append(path);
    this.button.append(icon, document.createElement("span"));
    this.note.className = "failed";
    this.note.setAttribute("role", "status");
    box.append(this.note, this.button);
    root.append(box);
    // A page's shortcuts must not take what is typed here. Esc is for both.
    for (const type of ["keydown", "keypress", "keyup"])
      this.addEventListener(type, (event) => (event as KeyboardEvent).key !== "Escape" && event.stopPropagation());
  }

  /** Whether the panel is shown. */
  get open(): boolean {
    return this.hasAttribute("open");
  }
  set open(open: boolean) {
    this.toggleAttribute("open", open);
  }

  connectedCallback(): void {
    this.darkness.addEventListener("change", this.applyTheme);
    if (this.remembered("get")) this.open = true;
    this.update();
    const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
    if (!saving) (window.requestIdleCallback ?? setTimeout)(() => this.isConnected && void this.load().catch(() => {}));
  }

  disconnectedCallback(): void {
    this.darkness.removeEventListener("change", this.applyTheme);
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected) return;
    if (name === "open" && (before === null) !== (now === null)) this.remembered(this.open ? "set" : "remove");
    this.update(name === "open" && before === null);
  }

  private get isPage(): boolean {
    return this.getAttribute("mode") === "page";
  }

  private get language(): string {
    return this.getAttribute("lang") || document.documentElement.lang || "en";
  }

  private get server(): string {
    return this.getAttribute("server") || location.origin;
  }

  private say(texts: Record<string, string>): string {
    return texts[this.language.toLowerCase().split("-")[0]] ?? texts.en;
  }

  private update(opened = false): void {
    this.applyTheme();
    this.setColour("--hamstring-accent", this.getAttribute("accent"));
    this.setColour("--hamstring-on-accent", this.getAttribute("on-accent"));
    this.button.querySelector("span")!.textContent = this.say(OPEN);
    const shown = this.open || this.isPage;
    if (shown && !this.panel) void this.show();
    this.button.hidden = shown && (!!this.panel || this.isPage);
    if (!this.panel) return;
    const { panel } = this;
    panel.server = this.server;
    panel.heading = this.getAttribute("heading") ?? "";
    panel.lang = this.language;
    panel.mode = this.getAttribute("mode") ?? "";
    panel.map = this.getAttribute("map") ?? "";
    panel.open = shown;
    if (opened) panel.enter();
  }

  private async show(): Promise<void> {
    this.button.setAttribute("aria-busy", "true");
    try {
      await this.load();
      this.note.textContent = "";
    } catch {
      this.note.textContent = this.say(FAILED);
      this.open = false;
      return;
    } finally {
      this.button.removeAttribute("aria-busy");
    }
    if (this.panel || !(this.open || this.isPage)) return;
    this.panel = document.createElement("hamstring-panel") as ChatPanel;
    this.panel.addEventListener("close-chat", this.close);
    const focused = this.shadowRoot!.activeElement === this.button;
    this.update();
    this.shadowRoot!.append(this.panel);
    if (focused) this.panel.enter();
  }

  /** Fetches the code of the chat, once. */
  private load(): Promise<void> {
    this.loading ??= import(new URL(CHAT, `${this.server}/`).href).catch((error) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading!;
  }

  private close = (): void => {
    this.open = false;
    this.button.focus();
  };

  // Resolved here, so that the dark colours stand in one place of the style sheet.
  private applyTheme = (): void => {
    const theme = this.getAttribute("theme");
    this.toggleAttribute("data-dark", theme === "dark" || (theme !== "light" && this.darkness.matches));
  };

  private setColour(name: string, value: string | null): void {
    if (value) this.style.setProperty(name, value);
    else this.style.removeProperty(name);
  }

  /** Whoever reloads the page, or goes to the next, finds the panel as it was. */
  private remembered(what: "get" | "set" | "remove"): boolean {
    const key = `hamstring-open:${this.server}`;
    try {
      if (what === "set") sessionStorage.setItem(key, "1");
      else if (what === "remove") sessionStorage.removeItem(key);
      return !!sessionStorage.getItem(key);
    } catch {
      return false;
    }
  }
}
