import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";

import { Conversation, type Entry, type Said, type Sent } from "./conversation";
import { fill, labelsFor, type Labels } from "./labels";
import { markdown } from "./markdown";
import styles from "./chat.css";
import controls from "./controls.css";
import type { Button } from "./protocol";
import "./exercise";

const MAX_CHARS = 1000;
const COUNTED_FROM = 800;
const GAP_PX = 12;

const WARNING = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3 2 20h20L12 3z M12 10v4 M12 17v.2" /></svg>`;
const BUBBLE = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z" /></svg>`;

/**
 * The chat: a launcher and a panel, or a whole page.
 *
 * Attributes: `server`, `heading`, `accent`, `on-accent`, `theme` (auto, light, dark), `lang` (of the labels),
 * `open`, `mode` ("page" for a whole page). Colours and font: CSS variables `--hamstring-*`, see chat.css.
 */
@customElement("hamstring-chat")
export class HamstringChat extends LitElement {
  @property() server = location.origin;
  @property() heading = "";
  @property() accent = "";
  @property({ attribute: "on-accent" }) onAccent = "";
  @property() theme = "auto";
  @property({ reflect: true }) mode = "";
  @property() lang = "";
  @property({ type: Boolean, reflect: true }) open = false;

  @state() private conversation?: Conversation;
  @state() private draft = "";
  @state() private urgent = ""; // what the assertive live region says
  @state() private alertInView = true;
  @state() private atEnd = true;
  @query(".log") private log?: HTMLElement;
  @query("textarea") private input?: HTMLTextAreaElement;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("details") private menu?: HTMLDetailsElement;
  private darkness = matchMedia("(prefers-color-scheme: dark)");
  private watched?: Element;
  private watcher?: IntersectionObserver;

  static styles = [controls, styles];

  connectedCallback(): void {
    super.connectedCallback();
    this.darkness.addEventListener("change", this.applyTheme);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.darkness.removeEventListener("change", this.applyTheme);
    this.watcher?.disconnect();
    this.watcher = this.watched = undefined;
    this.conversation?.close();
    this.conversation = undefined;
  }

  private get labels(): Labels {
    return labelsFor(this.lang || document.documentElement.lang || "en");
  }

  private get isPage(): boolean {
    return this.mode === "page";
  }

  private get shown(): boolean {
    return this.open || this.isPage;
  }

  // Resolved here, so that the dark colours stand in one place of the style sheet.
  private applyTheme = (): void => {
    this.toggleAttribute("data-dark", this.theme === "dark" || (this.theme !== "light" && this.darkness.matches));
  };

  protected willUpdate(changed: PropertyValues): void {
    if (changed.has("theme")) this.applyTheme();
    if (changed.has("accent")) this.setColour("--hamstring-accent", this.accent);
    if (changed.has("onAccent")) this.setColour("--hamstring-on-accent", this.onAccent);
    // Only somebody who opens the chat costs the server a connection.
    if (this.shown && !this.conversation)
      this.conversation = new Conversation(this.server, this.labels.tooLong, (said) => this.onChange(said));
  }

  protected updated(changed: PropertyValues): void {
    if (changed.has("open") && changed.get("open") !== undefined && !this.isPage) {
      if (this.open) this.input?.focus();
      else this.renderRoot.querySelector<HTMLElement>(".launcher")?.focus();
    }
    if (changed.has("open")) this.showTurn();
    this.watchAlert();
  }

  private setColour(name: string, value: string): void {
    if (value) this.style.setProperty(name, value);
    else this.style.removeProperty(name);
  }

  private async onChange(said?: Said): Promise<void> {
    const follow = this.atEnd;
    if (said?.alert) this.urgent = `${this.labels[said.alert]} ${said.text ?? ""}`.replace(/\*\*/g, "");
    this.requestUpdate();
    await this.updateComplete;
    if (said?.alert || (follow && this.readingAlert)) this.showAlert();
    else if (follow) this.showTurn();
  }

  /** Whether the newest answer is an alert, which then stays in place until the user goes on. */
  private get readingAlert(): boolean {
    const said = this.conversation?.entries.findLast((entry) => entry.type === "bot" || entry.status !== "answered");
    return said?.type === "bot" && !!said.alert;
  }

  /** The alert that still holds: the last one, unless it was settled since. */
  private get activeAlert(): Said | undefined {
    const last = this.conversation?.entries.findLast((entry): entry is Said => entry.type === "bot" && !!(entry.alert || entry.settled));
    return last?.alert ? last : undefined;
  }

  private watchAlert(): void {
    const element = this.renderRoot.querySelector("[data-active-alert]") ?? undefined;
    if (element === this.watched) return;
    this.watcher?.disconnect();
    this.watched = element;
    this.alertInView = true;
    if (!element) return;
    this.watcher = new IntersectionObserver(([entry]) => (this.alertInView = entry.isIntersecting), { root: this.log });
    this.watcher.observe(element);
  }

  private showAlert = (): void => {
    this.bringUp(this.renderRoot.querySelector<HTMLElement>("[data-active-alert]"));
  };

  /** Shows the newest messages; a long answer from its beginning. */
  private showTurn(): void {
    const mine = this.renderRoot.querySelectorAll<HTMLElement>(".entry.mine");
    this.bringUp(mine[mine.length - 1]);
  }

  private bringUp(element: HTMLElement | null | undefined): void {
    // Not scrollIntoView, which would also scroll the page that embeds the chat.
    if (element && this.log) this.log.scrollTop = element.offsetTop - GAP_PX;
  }

  private scrollToEnd = (): void => {
    if (this.log) this.log.scrollTop = this.log.scrollHeight;
  };

  private onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = this.log!;
    this.atEnd = scrollHeight - scrollTop - clientHeight < 48;
  };

  private onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    if (this.menu?.open) {
      this.menu.open = false;
      this.menu.querySelector("summary")?.focus();
    } else if (!this.isPage && !this.dialog.open) this.open = false;
    else return;
    event.stopPropagation();
  };

  private onInputKey(event: KeyboardEvent): void {
    // Enter also ends the composition of a character in some languages.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
  }

  private submit = (event?: Event): void => {
    event?.preventDefault();
    const text = this.draft.trim();
    if (!text) return;
    this.draft = "";
    this.say(text);
  };

  private say(text: string, title?: string): void {
    this.urgent = "";
    this.atEnd = true;
    this.conversation!.say(text, title);
    this.input?.focus();
  }

  private startOver = (): void => {
    this.menu!.open = false;
    this.say("/start_over", this.labels.startOver);
  };

  private askDelete = (): void => {
    this.menu!.open = false;
    this.dialog.showModal();
  };

  private onDialogClose = (): void => {
    if (this.dialog.returnValue === "delete") this.conversation!.delete();
    this.dialog.returnValue = "";
    this.input?.focus();
  };

  protected render(): TemplateResult {
    return html`<div class="root">${this.shown ? this.renderPanel() : this.renderLauncher()}</div>`;
  }

  private renderLauncher() {
    return html`<button class="launcher" type="button" aria-expanded="false" aria-haspopup="dialog" @click=${() => (this.open = true)}>${BUBBLE}<span>${this.labels.open}</span></button>`;
  }

  private renderPanel() {
    const l = this.labels;
    const heading = this.heading || l.title;
    return html`<div
      class="panel"
      role=${this.isPage ? "main" : "dialog"}
      aria-label=${heading}
      @keydown=${this.onKey}
    >
      <div class="header">
        ${this.isPage ? html`<h1>${heading}</h1>` : html`<h2 class="title">${heading}</h2>`}
        <details>
          <summary>${l.menu}</summary>
          <div class="menu">
            <button type="button" class="start-over" @click=${this.startOver}>${l.startOver}</button>
            <button type="button" class="delete" ?disabled=${!this.conversation?.online} @click=${this.askDelete}>${l.remove}</button>
          </div>
        </details>
        ${this.isPage ? nothing : html`<button type="button" class="close" @click=${() => (this.open = false)}>${l.close}</button>`}
      </div>
      ${this.renderState()} ${this.renderPinned()}
      <div class="scroller">${this.renderLog()}${this.renderNewer()}</div>
      <div class="hidden assertive" role="alert">${this.urgent}</div>
      ${this.renderComposer()}
      <p class="footer">${l.footer}</p>
      <dialog aria-label=${l.remove} @close=${this.onDialogClose}>
        <form method="dialog">
          <p>${l.removeAsk}</p>
          <div class="row">
            <button value="keep">${l.removeNo}</button>
            <button class="danger" value="delete">${l.removeYes}</button>
          </div>
        </form>
      </dialog>
    </div>`;
  }

  private renderState() {
    const c = this.conversation!;
    const text = !c.online ? (c.ready ? this.labels.offline : this.labels.connecting) : c.notice === "deleted" && !c.entries.length ? this.labels.removed : c.notice === "deleted" ? "" : c.notice;
    return html`<div role="status">${text ? html`<p class="state">${text}</p>` : nothing}</div>`;
  }

  private renderPinned() {
    const alert = this.activeAlert;
    if (!alert || this.alertInView) return nothing;
    return html`<div class="pinned">${WARNING}<span>${this.labels[alert.alert!]}</span>
      <button type="button" @click=${this.showAlert}>${this.labels.readAgain}</button></div>`;
  }

  private renderNewer() {
    if (this.atEnd || this.readingAlert) return nothing;
    return html`<button type="button" class="newer" aria-label=${this.labels.newest} @click=${this.scrollToEnd}>↓</button>`;
  }

  private renderLog() {
    const c = this.conversation!;
    const l = this.labels;
    const lastUser = c.entries.findLastIndex((entry) => entry.type === "user");
    return html`<div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label=${l.log} tabindex="0" @scroll=${this.onScroll}>
      ${c.entries.length ? nothing : this.renderWelcome()}
      ${repeat(
        c.entries,
        (entry) => entry.key,
        (entry, index) =>
          entry.type === "user" ? this.renderSent(entry) : this.renderSaid(entry, index > lastUser),
      )}
      ${c.waiting
        ? html`<div class="entry"><div class="bubble typing"><span class="hidden">${l.typing}</span><i></i><i></i><i></i></div></div>`
        : nothing}
    </div>`;
  }

  private renderWelcome() {
    const l = this.labels;
    const starters: Button[] = [
      { title: l.startCause, payload: "/start_assessment" },
      { title: l.startWhy, payload: "/ask_why_tight" },
      { title: l.startExercises, payload: "/find_exercises" },
    ];
    return html`<div class="entry welcome"><div class="bubble">${l.welcome}</div>${this.renderChoices(starters, true)}</div>`;
  }

  private renderSent(entry: Sent) {
    const l = this.labels;
    const offline = entry.status === "queued";
    const stuck = entry.status === "late" || entry.status === "refused";
    return html`<div class="entry mine" data-status=${entry.status}>
      <span class="hidden">${l.you}:</span>
      <div class="bubble">${entry.text}</div>
      ${offline ? html`<p class="note">${l.queued}</p>` : nothing}
      ${stuck
        ? html`<p class="note trouble" role="status">${entry.reason ?? l.late}</p>
            <button type="button" class="retry" @click=${() => this.conversation!.retry(entry.id)}>${l.retry}</button>`
        : nothing}
    </div>`;
  }

  private renderSaid(entry: Said, latest: boolean) {
    const l = this.labels;
    const text = () => guard([entry.text], () => markdown(entry.text ?? ""));
    let body: unknown;
    if (entry.alert)
      body = html`<section class=${classMap({ alert: true, [entry.alert]: true })} aria-live="off" aria-label=${l[entry.alert]} ?data-active-alert=${entry === this.activeAlert}>
        <h2>${WARNING}${l[entry.alert]}</h2>
        <div class="text">${text()}</div>
      </section>`;
    else if (entry.card)
      body = html`<div class="bubble card"><hamstring-exercise .exercise=${entry.card} .labels=${l}></hamstring-exercise></div>`;
    else if (entry.text || entry.image)
      body = html`<div class="bubble">
        ${entry.progress
          ? html`<progress class="progress" max=${entry.progress.of} value=${entry.progress.step} aria-label=${fill(l.question, entry.progress)}></progress>`
          : nothing}
        <div class="text">${text()}</div>
        ${/^https:\/\//.test(entry.image ?? "") ? html`<img src=${entry.image!} alt="" loading="lazy" />` : nothing}
      </div>`;
    return html`<div class="entry said"><span class="hidden">${l.bot}:</span>${body}${entry.buttons ? this.renderChoices(entry.buttons, latest) : nothing}</div>`;
  }

  /** Buttons belong to the moment: they can be pressed until the user says anything. */
  private renderChoices(buttons: Button[], enabled: boolean) {
    return html`<ul class="choices" role="list">
      ${buttons.map(
        (button) => html`<li><button type="button" ?disabled=${!enabled} @click=${() => this.say(button.payload, button.title)}>${button.title}</button></li>`,
      )}
    </ul>`;
  }

  private renderComposer() {
    const l = this.labels;
    const left = MAX_CHARS - this.draft.length;
    return html`<form class="composer" @submit=${this.submit}>
      <div class="field">
        <textarea
          rows="1"
          aria-label=${l.write}
          placeholder=${l.write}
          aria-describedby="count"
          .value=${live(this.draft)}
          @input=${(event: InputEvent) => (this.draft = (event.target as HTMLTextAreaElement).value)}
          @keydown=${this.onInputKey}
        ></textarea>
        <p id="count" class=${classMap({ note: true, trouble: left < 0 })} ?hidden=${this.draft.length < COUNTED_FROM}>
          ${left < 0 ? fill(l.over, { n: -left }) : fill(l.left, { n: left })}
        </p>
      </div>
      <button type="submit">${l.send}</button>
    </form>`;
  }
}

export type { Entry };
