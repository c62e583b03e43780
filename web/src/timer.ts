import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { fill, type Labels } from "./labels";
import controls from "./controls.css";
import styles from "./timer.css";
import type { Dose } from "./protocol";

type Kind = "getReady" | "hold" | "rest" | "change";

interface Phase {
  kind: Kind;
  seconds: number;
  side: number;
  repetition: number;
}

const READY_SECONDS = 3;
const REST_SECONDS = 3;
const CHANGE_SECONDS = 5;

/** Returns what to do, one after the other: all repetitions on one side, then the other side. */
export function phases(dose: Dose): Phase[] {
  const seconds = dose.hold_seconds ?? 0;
  const list: Phase[] = [{ kind: "getReady", seconds: READY_SECONDS, side: 1, repetition: 1 }];
  for (let side = 1; side <= (dose.sides ?? 1); side++)
    for (let repetition = 1; repetition <= (dose.repetitions ?? 1); repetition++) {
      if (repetition > 1) list.push({ kind: "rest", seconds: REST_SECONDS, side, repetition });
      else if (side > 1) list.push({ kind: "change", seconds: CHANGE_SECONDS, side, repetition });
      list.push({ kind: "hold", seconds, side, repetition });
    }
  return list;
}

/** Counts the seconds of a hold, and its repetitions and sides. */
@customElement("hamstring-timer")
export class HoldTimer extends LitElement {
  @property({ attribute: false }) dose!: Dose;
  @property({ attribute: false }) labels!: Labels;
  @state() private step = -1;
  @state() private left = 0; // milliseconds of this phase
  @state() private running = false;
  private plan: Phase[] = [];
  private last = 0;
  private tick?: ReturnType<typeof setInterval>;

  static styles = [controls, styles];

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.halt();
  }

  protected willUpdate(changed: PropertyValues): void {
    if (changed.has("dose")) this.plan = phases(this.dose);
  }

  /** A new button takes the place of the one that was pressed: the focus goes with it. */
  protected updated(changed: PropertyValues): void {
    const before = changed.get("step");
    const started = this.step === 0 && before !== undefined && (before < 0 || before >= this.plan.length);
    if (started || (before !== undefined && !this.phase)) this.renderRoot.querySelector("button")?.focus();
  }

  private get phase(): Phase | undefined {
    return this.plan[this.step];
  }

  private start = (): void => {
    this.step = 0;
    this.left = this.plan[0].seconds * 1000;
    this.resume();
  };

  private resume = (): void => {
    this.running = true;
    this.last = performance.now();
    this.tick = setInterval(this.advance, 100);
  };

  private halt = (): void => {
    this.running = false;
    clearInterval(this.tick);
  };

  private stop = (): void => {
    this.halt();
    this.step = -1;
  };

  private advance = (): void => {
    const now = performance.now();
    this.left -= now - this.last;
    this.last = now;
    while (this.phase && this.left <= 0) {
      this.step++;
      this.left += (this.phase?.seconds ?? 0) * 1000;
    }
    if (!this.phase) this.halt();
  };

  private place(phase: Phase): string {
    const parts: string[] = [];
    if ((this.dose.sides ?? 1) > 1) parts.push(fill(this.labels.side, { n: phase.side, of: this.dose.sides! }));
    if ((this.dose.repetitions ?? 1) > 1)
      parts.push(fill(this.labels.repetition, { n: phase.repetition, of: this.dose.repetitions! }));
    return parts.join(" · ");
  }

  protected render() {
    const { labels: l, phase } = this;
    const finished = this.step >= this.plan.length;
    // Spoken when the phase changes, not each second.
    const spoken = phase
      ? `${l[phase.kind]}. ${this.place(phase)}${phase.kind === "hold" ? `. ${fill(l.seconds, { n: phase.seconds })}` : ""}`
      : finished ? l.finished : "";
    return html`
      <div class="hidden" role="status">${spoken}</div>
      ${phase
        ? html`<div class="box" role="group" aria-label=${l.timer}>
            <p class="phase" aria-hidden="true">${l[phase.kind]}</p>
            <p class="seconds" aria-hidden="true">${Math.ceil(this.left / 1000)}</p>
            <p class="place" aria-hidden="true">${this.place(phase)}</p>
            <div class="row">
              <button type="button" @click=${this.running ? this.halt : this.resume}>${this.running ? l.pause : l.resume}</button>
              <button type="button" @click=${this.stop}>${l.stop}</button>
            </div>
          </div>`
        : html`${finished ? html`<p class="phase" aria-hidden="true">${l.finished}</p>` : nothing}
            <button type="button" @click=${this.start}>${finished ? l.again : l.timer}</button>`}
    `;
  }
}
