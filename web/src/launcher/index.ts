/** `<script src="https://HOST/widget.js" defer></script>` adds the chat to a page. */
import { HamstringChat } from "./element";

const ATTRIBUTES = ["server", "heading", "accent", "on-accent", "theme", "lang", "open", "mode", "map"];
const TAG = "hamstring-chat";

// A module has no `currentScript`: some tag managers make the tag one.
const script =
  (document.currentScript as HTMLScriptElement | null) ?? [...document.scripts].find(({ src }) => /\/widget\.js([?#]|$)/.test(src)) ?? null;

function start(): void {
  // A page that places <hamstring-chat> itself, or has the tag twice, gets no second one.
  const placed = document.querySelector(TAG);
  const element = placed ?? document.createElement(TAG);
  if (script && !element.hasAttribute("server")) element.setAttribute("server", new URL("/", script.src).href.replace(/\/$/, ""));
  for (const name of ATTRIBUTES) {
    const value = script?.getAttribute(`data-${name}`);
    if (value != null && !placed?.hasAttribute(name)) element.setAttribute(name, value);
  }
  if (!placed) document.body.append(element);
}

function begin(): void {
  start();
  // Some sites swap the body for that of the next page: the chat goes along.
  new MutationObserver(() => document.body && start()).observe(document.documentElement, { childList: true });
}

if (!customElements.get(TAG)) {
  customElements.define(TAG, HamstringChat);
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
} else if (document.body) start();
