import DOMPurify from "dompurify";
import { Marked } from "marked";

const TAGS = ["p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "h1", "h2", "h3", "h4", "h5", "h6"];
const ADDRESS = /^(?:https?|mailto|tel):/i;

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

// HTML and pictures in a message are text like any other.
const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer: {
    html: ({ raw }) => escape(raw),
    image: ({ raw }) => escape(raw),
  },
});

const purify = DOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  if (!node.hasAttribute("href")) return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
});

// The texts are written for plain channels too: the line after a list is not part of its last point.
const LIST_END = /^((?:[-*]|\d+\.) .*)\n(?=\S)(?![-*] |\d+\. )/gm;

/** Returns a Markdown text as nodes that are safe to show. */
export const markdown = (text: string): DocumentFragment =>
  purify.sanitize(marked.parse(text.replace(LIST_END, "$1\n\n")) as string, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "start"],
    ALLOWED_URI_REGEXP: ADDRESS,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });

/** Returns an address if a link may lead there, else undefined. */
export const safeUrl = (url: string | undefined): string | undefined =>
  url && ADDRESS.test(url) ? url : undefined;
