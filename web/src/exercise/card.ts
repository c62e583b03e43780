import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import controls from "../chat/controls.css";
import type { Exercise } from "../talk/protocol";
import type { Labels } from "../text/labels";
import { safeUrl } from "../text/markdown";
import styles from "./card.css";

/** Somebody wants to be led through an exercise. */
export class StartEvent extends Event {
  constructor(readonly exercise: Exercise) {
    super("start-exercise", { bubbles: true, composed: true });
  }
}

/** One exercise: its picture, how much, who leaves it out, and on demand how it is done. */
@customElement("hamstring-exercise")
export class ExerciseCard extends LitElement {
  @property({ attribute: false }) exercise!: Exercise;
  @property({ attribute: false }) labels!: Labels;
  @property({ attribute: false }) server = "";

  static styles = [controls, styles];

  protected render() {
    const { exercise: e, labels: l } = this;
    const source = safeUrl(e.source?.url);
    const equipment = e.equipment?.length ? e.equipment.join(", ") : l.nothing;
    return html`<section aria-label=${e.name}>
      ${this.picture()}
      <h2>${e.name}</h2>
      ${e.dose?.text ? html`<p class="dose"><span class="hidden">${l.dose}: </span>${e.dose.text}</p>` : nothing}
      <p class="need">${l.equipment}: ${equipment}</p>
      ${e.avoid_if?.length ? html`<div class="stop">${this.list(l.leaveOut, e.avoid_if)}</div>` : nothing}
      <button type="button" class="start" @click=${this.start}>${l.start}</button>
      ${e.steps?.length
        ? html`<details ?open=${e.show === "picture"}><summary>${l.steps}</summary>
            <ol>${e.steps.map((step) => html`<li>${step}</li>`)}</ol>
            ${e.feel ? html`<h3>${l.feel}</h3><p>${e.feel}</p>` : nothing}
            ${this.list(l.cues, e.cues)} ${this.list(l.mistakes, e.mistakes)}
          </details>`
        : nothing}
      <details><summary>${l.stopAndMore}</summary>
        ${e.stop_if?.length ? html`<div class="stop">${this.list(l.stopIf, e.stop_if)}</div>` : nothing}
        ${e.purpose ? html`<p class="purpose">${e.purpose}</p>` : nothing}
        ${e.optional_equipment?.length ? html`<p>${l.optional}: ${e.optional_equipment.join(", ")}</p>` : nothing}
        ${e.source
          ? html`<p class="source">${l.source}:
              ${source ? html`<a href=${source} target="_blank" rel="noopener noreferrer">${e.source.name}</a>` : e.source.name}</p>`
          : nothing}
      </details>
    </section>`;
  }

  private start = (): void => {
    this.dispatchEvent(new StartEvent(this.exercise));
  };

  private picture() {
    const { picture, picture_text: text } = this.exercise;
    // Only ours: no other address gets to know who looks at what.
    if (!/^\/pictures\/[a-z0-9-]+\.svg$/.test(picture ?? "")) return nothing;
    return html`<img src=${this.server + picture} alt=${text ?? ""} width="320" height="240" loading="lazy" decoding="async" />`;
  }

  private list(heading: string, items: string[] | undefined) {
    return items?.length ? html`<h3>${heading}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>` : nothing;
  }
}
