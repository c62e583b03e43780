/** `<script src="https://HOST/widget.js" defer></script>` adds the chat to a page. */
import { HamstringChat } from "./chat";

const ATTRIBUTES = ["server", "heading", "accent", "on-accent", "theme", "lang", "open", "mode"];

const script = document.currentScript as HTMLScriptElement | null;

function start(): void {
  // A page that places <hamstring-chat> itself gets no second one.
  const placed = document.querySelector<HamstringChat>("hamstring-chat");
  const element = placed ?? new HamstringChat();
  if (script && !element.hasAttribute("server")) element.setAttribute("server", new URL("/", script.src).href.replace(/\/$/, ""));
  for (const name of ATTRIBUTES) {
    const value = script?.getAttribute(`data-${name}`);
    if (value != null) element.setAttribute(name, value);
  }
  if (!placed) document.body.append(element);
}

if (document.body) start();
else document.addEventListener("DOMContentLoaded", start);
