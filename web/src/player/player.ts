import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import controls from "../chat/controls.css";
import type { Exercise } from "../talk/protocol";
import { fill } from "../text/labels";
import { Awake } from "./awake";
import { Cues } from "./cues";
import { playerLabels } from "./labels";
import { keep, recall } from "./memory";
import { holds, plan, type Phase } from "./plan";
import styles from "./player.css";

// As the assistant reads them; the last is asked about before anything else.
const FEEDBACK = { fine: "/thank", easy: "It was too easy", hard: "It was too hard", hurt: "It hurt during the exercise" } as const;
const WRONG = "/report_unclear_sign";

/** What is sent when a session ends: a text, and how it is shown. */
export class LeaveEvent extends Event {
  constructor(
    readonly text?: string,
    readonly title?: string,
  ) {
    super("leave");
  }
}

/** Leads through one exercise, large enough to be read from the floor. Fires `leave` when it is over. */
@customElement("hamstring-player")
export class ExercisePlayer extends LitElement {
  @property({ attribute: false }) exercise!: Exercise;
  @property({ attribute: false }) server = "";
  @property() lang = "en";
  /** Of its heading, which stands for that of the chat. */
  @property() level = "2";
  @state() private step = 0;
  @state() private left = 0; // milliseconds of this phase
  @state() private running = false;
  private phases: Phase[] = [];
  private hold = 0;
  private last = 0;
  private tick?: ReturnType<typeof setInterval>;
  private cues = new Cues();
  private awake = new Awake();

  static styles = [controls, styles];

  connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = -1;
    this.addEventListener("keydown", this.onKey);
    this.awake.start();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.onKey);
    this.halt();
    this.awake.stop();
    this.cues.stop();
  }

  protected willUpdate(changed: PropertyValues): void {
    if (!changed.has("exercise")) return;
    const place = recall(this.server);
    const same = place?.slug === this.exercise.slug ? place : undefined;
    this.choose(same?.hold ?? holds(this.dose)[0] ?? 0);
    this.step = same?.step ?? 0;
    this.left = same?.left ?? 0;
  }

  protected firstUpdated(): void {
    this.focus();
  }

  /** Buttons come and go with the phases: the focus stays in the player. */
  protected updated(changed: PropertyValues): void {
    if (changed.has("step") && !this.renderRoot.querySelector(":focus")) this.focus();
  }

  private get dose() {
    return this.exercise.dose ?? {};
  }

  private get phase(): Phase | undefined {
    return this.phases[this.step];
  }

  private choose(hold: number): void {
    this.hold = hold;
    this.phases = plan(this.dose, hold);
    this.requestUpdate();
  }

  private goTo(step: number): void {
    this.step = Math.max(0, Math.min(step, this.phases.length));
    this.left = (this.phase?.seconds ?? 0) * 1000;
    if (!this.phase || this.phase.kind === "ready") this.halt();
    else this.resume();
    this.announce();
  }

  private resume = (): void => {
    this.halt();
    this.running = true;
    this.last = performance.now();
    this.tick = setInterval(this.advance, 100);
  };

  private halt = (): void => {
    this.running = false;
    clearInterval(this.tick);
  };

  private advance = (): void => {
    const now = performance.now();
    const passed = now - this.last;
    this.last = now;
    if (this.phase?.seconds === undefined) {
      this.left += passed; // counts up
      return;
    }
    this.left -= passed;
    let moved = false;
    while (this.phase?.seconds !== undefined && this.left <= 0) {
      this.step++;
      this.left = this.phase?.seconds === undefined ? 0 : this.left + this.phase.seconds * 1000;
      moved = true;
    }
    if (!this.phase) this.halt();
    if (moved) this.announce();
    else this.save();
  };

  private announce(): void {
    this.save();
    this.cues.give(this.spoken);
  }

  private save(): void {
    const { slug = "" } = this.exercise;
    keep(this.server, { slug, step: this.step, left: this.left, hold: this.hold });
  }

  private leave(text?: string, title?: string): void {
    this.halt();
    keep(this.server, undefined);
    this.dispatchEvent(new LeaveEvent(text, title));
  }

  private onKey = (event: KeyboardEvent): void => {
    const button = (event.composedPath()[0] as HTMLElement).localName === "button";
    if (event.key === "Escape") this.leave();
    else if (event.key === "ArrowRight" && this.phase) this.goTo(this.step + 1);
    else if (event.key === "ArrowLeft") this.goTo(this.step - 1);
    else if (event.key === " " && !button && this.phase) this.proceed();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Does what the large button says. */
  private proceed = (): void => {
    const { phase } = this;
    if (phase?.kind === "ready" || (this.running && phase?.seconds === undefined)) this.goTo(this.step + 1);
    else if (this.running) this.halt();
    else this.resume();
  };

  private place(phase: Phase): string {
    const l = playerLabels(this.lang);
    const { sides, repetitions } = this.dose;
    const parts: string[] = [];
    if ((sides ?? 1) > 1) parts.push(fill(l.side, { n: phase.side, of: sides! }));
    if (phase.kind === "count") parts.push(fill(l.times, { n: repetitions! }));
    else if ((repetitions ?? 1) > 1 && this.hold) parts.push(fill(l.repetition, { n: phase.repetition, of: repetitions! }));
    return parts.join(" · ");
  }

  /** For those who listen: when the phase changes, not each second. */
  private get spoken(): string {
    const l = playerLabels(this.lang);
    const { phase } = this;
    if (!phase) return `${l.finished} ${l.how}`;
    const length = phase.kind === "hold" ? fill(l.seconds, { n: phase.seconds! }) : "";
    return [l[phase.kind], this.place(phase), length].filter(Boolean).join(". ");
  }

  protected render() {
    const l = playerLabels(this.lang);
    return html`<section class="player" aria-label=${this.exercise.name}>
      <div class="hidden" role="status">${this.spoken}</div>
      <div class="top">
        <h2 role="heading" aria-level=${this.level}>${this.exercise.name}</h2>
        <button type="button" class="end" @click=${() => this.leave()}>${l.close}</button>
      </div>
      ${this.phase ? this.renderPhase(this.phase) : this.renderEnd()}
    </section>`;
  }

  private renderPhase(phase: Phase) {
    const l = playerLabels(this.lang);
    const next = this.phases[this.step + 1];
    const open = phase.seconds === undefined;
    const main = phase.kind === "ready" ? l.start : !this.running ? l.resume : open ? l.done : l.pause;
    const { picture, picture_text: text, steps, feel } = this.exercise;
    return html`
      <div class="scene">
        ${picture ? html`<img src=${this.server + picture} alt=${text ?? ""} />` : nothing}
        ${phase.kind === "ready" ? html`<ol>${steps?.map((step) => html`<li>${step}</li>`)}</ol>` : nothing}
      </div>
      <div class="now">
        <p class="phase" aria-hidden="true">${l[phase.kind]}</p>
        ${phase.kind === "ready"
          ? this.renderLengths()
          : html`<p class="time" role="timer" aria-live="off">${clock(open ? Math.floor(this.left / 1000) : Math.ceil(this.left / 1000))}</p>`}
        <p class="place" aria-hidden="true">${this.place(phase)}</p>
        ${phase.kind === "hold" && feel ? html`<p class="feel">${feel}</p>` : nothing}
        <p class="next">${next ? fill(l.next, { what: `${l[next.kind]}${next.kind === "hold" ? `, ${fill(l.seconds, { n: next.seconds! })}` : ""}` }) : l.last}</p>
      </div>
      <div class="row">
        <button type="button" class="back" ?disabled=${this.step === 0} @click=${() => this.goTo(this.step - 1)}>${l.back}</button>
        <button type="button" class="main" @click=${this.proceed}>${main}</button>
        <button type="button" class="skip" @click=${() => this.goTo(this.step + 1)}>${l.skip}</button>
      </div>
      <div class="row cues" role="group" aria-label=${l.cues}>
        ${this.cues.available.map(
          (cue) => html`<button type="button" aria-pressed=${this.cues.has(cue)} @click=${() => (this.cues.toggle(cue), this.requestUpdate())}>${l[cue]}</button>`,
        )}
      </div>
      <button type="button" class="wrong" @click=${() => this.leave(WRONG, l.wrong)}>${l.wrong}</button>`;
  }

  private renderLengths() {
    const l = playerLabels(this.lang);
    const lengths = holds(this.dose);
    return lengths.length > 1
      ? html`<div class="row lengths" role="group" aria-label=${l.length}>
          ${lengths.map((n) => html`<button type="button" aria-pressed=${n === this.hold} @click=${() => this.choose(n)}>${fill(l.seconds, { n })}</button>`)}
        </div>`
      : nothing;
  }

  private renderEnd() {
    const l = playerLabels(this.lang);
    const answers = Object.keys(FEEDBACK) as (keyof typeof FEEDBACK)[];
    return html`<div class="finish">
        <p class="phase">${l.finished}</p>
        <h3 role="heading" aria-level=${Number(this.level) + 1}>${l.how}</h3>
        <div class="row">${answers.map((answer) => html`<button type="button" @click=${() => this.leave(FEEDBACK[answer], l[answer])}>${l[answer]}</button>`)}</div>
      </div>
      <button type="button" class="wrong" @click=${() => this.leave(WRONG, l.wrong)}>${l.wrong}</button>`;
  }
}

const clock = (seconds: number): string => (seconds < 60 ? `${seconds}` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
