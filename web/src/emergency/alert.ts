import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";

import type { Said } from "../talk/conversation";
import { fill, type Labels } from "../text/labels";
import { markdown } from "../text/markdown";
import { localNumbers, type Contacts } from "./numbers";

const WARNING = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3 2 20h20L12 3z M12 10v4 M12 17v.2" /></svg>`;
const PHONE = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 3h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 3 5a2 2 0 0 1 2-2z" /></svg>`;
const PIN = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 21s7-6 7-12a7 7 0 0 0-14 0c0 6 7 12 7 12z M12 7v4 M10 9h4" /></svg>`;
// https://developers.google.com/maps/documentation/urls/get-started: opens the map app of a phone.
const MAP = "https://www.google.com/maps/search/?api=1&query=";

const HEADLINE = /\*\*([^*]+)\*\*\s*/;

/** What is said around an alert. */
export interface Surroundings {
  labels: Labels;
  contacts?: Contacts;
  /** Whether links to a map may be shown. */
  map: boolean;
}

/** Returns an alert's headline, which is its first words in bold, and the rest of it. */
export function parts(said: Said, { labels, contacts }: Surroundings): [string, string] {
  let text = said.text ?? "";
  const local = contacts && localNumbers(contacts);
  // The number of the person's country, also where the text names those of several.
  if (contacts && local?.known) text = text.replaceAll(contacts.emergency_number, local.emergency);
  const headline = HEADLINE.exec(text)?.[1];
  return headline ? [headline, text.replace(HEADLINE, "")] : [labels[said.alert!], text];
}

/** Draws an alert: one headline, what to press, and what else there is to know. */
export function alert(said: Said, active: boolean, around: Surroundings) {
  const [headline, rest] = parts(said, around);
  return html`<section class="alert ${said.alert}" aria-live="off" aria-label=${headline} ?data-active-alert=${active}>
    <h2>${WARNING}<span>${headline}</span></h2>
    ${actions(said, around)}
    <div class="text">${guard([rest], () => markdown(rest))}</div>
  </section>`;
}

/** Draws the bar that stays while the alert it repeats is out of view. */
export function pinned(said: Said, show: () => void, around: Surroundings) {
  return html`<div class="pinned ${said.alert}">${WARNING}<span>${around.labels[said.alert!]}</span>
    ${said.alert === "emergency" ? call(said, around) : nothing}
    <button type="button" @click=${show}>${around.labels.readAgain}</button></div>`;
}

function actions(said: Said, around: Surroundings) {
  const { labels: l, map } = around;
  if (said.alert === "emergency")
    return html`<div class="act">${call(said, around)}
      ${map ? html`<a class="map" href=${MAP + encodeURIComponent(l.mapQuery)} target="_blank" rel="noopener noreferrer">${PIN}${l.map}</a>` : nothing}
    </div>`;
  const advice = around.contacts && localNumbers(around.contacts).advice;
  return advice ? html`<div class="act"><a class="advice" href="tel:${digits(advice)}">${PHONE}${fill(l.adviceLine, { n: advice })}</a></div>` : nothing;
}

function call(said: Said, { labels: l, contacts }: Surroundings) {
  if (!contacts) return nothing;
  const numbers = localNumbers(contacts);
  // Whoever may harm themselves is given the line that is there to talk.
  const number = (said.text?.includes(contacts.crisis_line) && numbers.crisis) || numbers.emergency;
  return html`<a class="call" href="tel:${digits(number)}">${PHONE}${fill(l.call, { n: number })}</a>`;
}

const digits = (number: string): string => number.replace(/[^\d+]/g, "");
