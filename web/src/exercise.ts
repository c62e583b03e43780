import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import { safeUrl } from "./markdown";
import controls from "./controls.css";
import styles from "./exercise.css";
import type { Labels } from "./labels";
import type { Exercise } from "./protocol";
import "./timer";

/** One exercise: what it is for, how much, how, and when to stop. */
@customElement("hamstring-exercise")
export class ExerciseCard extends LitElement {
  @property({ attribute: false }) exercise!: Exercise;
  @property({ attribute: false }) labels!: Labels;

  static styles = [controls, styles];

  protected render() {
    const { exercise: e, labels: l } = this;
    const tags = [e.kind, e.position, e.level, ...(e.areas ?? [])].filter(Boolean);
    const image = /^https:\/\//.test(e.image ?? "") ? e.image : undefined;
    const source = safeUrl(e.source?.url);
    return html`<section aria-label=${e.name}>
      <h2>${e.name}</h2>
      ${tags.length ? html`<ul class="tags">${tags.map((tag) => html`<li>${tag}</li>`)}</ul>` : nothing}
      ${e.purpose ? html`<p class="purpose">${e.purpose}</p>` : nothing}
      ${image ? html`<img src=${image} alt="" loading="lazy" />` : nothing}
      <dl>
        ${e.dose?.text ? html`<dt>${l.dose}</dt><dd>${e.dose.text}</dd>` : nothing}
        <dt>${l.equipment}</dt>
        <dd>${e.equipment?.length ? e.equipment.join(", ") : l.nothing}</dd>
        ${e.optional_equipment?.length ? html`<dt>${l.optional}</dt><dd>${e.optional_equipment.join(", ")}</dd>` : nothing}
        ${e.feel ? html`<dt>${l.feel}</dt><dd>${e.feel}</dd>` : nothing}
      </dl>
      ${e.steps?.length ? html`<ol>${e.steps.map((step) => html`<li>${step}</li>`)}</ol>` : nothing}
      ${this.list(l.cues, e.cues)} ${this.list(l.mistakes, e.mistakes)}
      ${e.dose?.hold_seconds
        ? html`<hamstring-timer .dose=${e.dose} .labels=${l}></hamstring-timer>`
        : nothing}
      ${e.stop_if?.length || e.avoid_if?.length
        ? html`<div class="stop">${this.list(l.leaveOut, e.avoid_if)} ${this.list(l.stopIf, e.stop_if)}</div>`
        : nothing}
      ${e.source
        ? html`<p class="source">${l.source}:
            ${source ? html`<a href=${source} target="_blank" rel="noopener noreferrer">${e.source.name}</a>` : e.source.name}</p>`
        : nothing}
    </section>`;
  }

  private list(heading: string, items: string[] | undefined) {
    return items?.length ? html`<h3>${heading}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>` : nothing;
  }
}
