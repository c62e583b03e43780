import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";

import { alert, parts, pinned, type Surroundings } from "../emergency/alert";
import alertStyles from "../emergency/alert.css";
import "../exercise/card";
import type { LeaveEvent } from "../player/player";
import { recall } from "../player/memory";
import { Conversation, type Said, type Sent } from "../talk/conversation";
import type { Button, Exercise } from "../talk/protocol";
import { fill, labelsFor, type Labels } from "../text/labels";
import { markdown } from "../text/markdown";
import styles from "./chat.css";
import controls from "./controls.css";
import { SeenPart } from "./viewport";

const MAX_CHARS = 4000;
const COUNTED_FROM = 3600;
const GAP_PX = 12;

const MORE = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5v.1 M12 12v.1 M12 19v.1" /></svg>`;
const CROSS = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 5l14 14 M19 5 5 19" /></svg>`;
const DOWN = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v15 M5 12l7 7 7-7" /></svg>`;


/** The panel of the chat, or a whole page (`mode="page"`). Its place and its attributes: launcher/element.ts. */
@customElement("hamstring-panel")
export class ChatPanel extends LitElement {
  @property() server = location.origin;
  @property() heading = "";
  @property({ reflect: true }) mode = "";
  @property() lang = "";
  @property() map = "";
  @property({ type: Boolean }) open = false;

  @state() private conversation?: Conversation;
  @state() private draft = "";
  @state() private urgent = ""; // what the assertive live region says
  @state() private alertInView = true;
  @state() private atEnd = true;
  @state() private playing?: Exercise;
  @query(".log") private log?: HTMLElement;
  @query("textarea") private input?: HTMLTextAreaElement;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query(".header details") private menu?: HTMLDetailsElement;
  private watched?: Element;
  private resumed = false;
  private turning = false; // since something was said, until the person scrolls
  private watcher?: IntersectionObserver;

  constructor() {
    super();
    new SeenPart(this, () => this.atEnd && this.showTurn());
  }

  static styles = [controls, styles, alertStyles];

  connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate(); // a page that moves the chat disconnects it for a moment
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watcher?.disconnect();
    this.watcher = this.watched = undefined;
    this.conversation?.close();
    this.conversation = undefined;
  }

  private get language(): string {
    return this.lang || document.documentElement.lang || "en";
  }

  private get labels(): Labels {
    return labelsFor(this.language);
  }

  private get around(): Surroundings {
    return { labels: this.labels, contacts: this.conversation?.contacts, map: this.map !== "off" };
  }

  private get isPage(): boolean {
    return this.mode === "page";
  }

  private get shown(): boolean {
    return this.open || this.isPage;
  }

  /** Puts the focus where one goes on: in the field. On a touch screen that would bring the keyboard up. */
  enter(): void {
    void this.updateComplete.then(() => this.focusField());
  }

  private focusField(): void {
    if (!matchMedia("(pointer: coarse)").matches) this.input?.focus();
  }

  private close = (): void => {
    this.dispatchEvent(new Event("close-chat"));
  };

  protected willUpdate(): void {
    // Only somebody who opens the chat costs the server a connection.
    if (this.shown && !this.conversation)
      this.conversation = new Conversation(this.server, this.labels.tooLong, (said) => this.onChange(said));
  }

  protected updated(changed: PropertyValues): void {
    if (changed.has("open")) this.showTurn();
    this.watchAlert();
  }

  private async onChange(said?: Said): Promise<void> {
    const follow = this.atEnd || this.turning;
    if (said?.alert) this.playing = undefined;
    if (!this.resumed && this.conversation?.ready) {
      this.resumed = true;
      this.resumePlay();
    }
    if (said?.alert) this.urgent = parts(said, this.around).join(" ").replace(/\*\*/g, "");
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
    const element = this.renderRoot.querySelector("[data-active-alert] h2") ?? undefined;
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

  /** Shows the newest messages: a question with its buttons, anything else from its beginning. */
  private showTurn(): void {
    const mine = [...this.renderRoot.querySelectorAll<HTMLElement>(".entry.mine")].at(-1);
    const entries = this.conversation?.entries ?? [];
    const last = entries.at(-1);
    const asks = last?.type === "bot" && last.buttons?.some(({ payload }) => payload.startsWith("/answer_question"));
    const question = [...this.renderRoot.querySelectorAll<HTMLElement>(".entry.said")].at(-1);
    // What is scrolled to the top; where less than a screen follows, the browser shows the end.
    const fits = mine && this.log && this.log.scrollHeight - mine.offsetTop <= this.log.clientHeight;
    if (asks && !fits && question && question.offsetHeight > this.log!.clientHeight) this.scrollToEnd();
    else this.bringUp(asks && !fits ? question : mine);
  }

  private bringUp(element: HTMLElement | null | undefined): void {
    // Not scrollIntoView, which would also scroll the page that embeds the chat.
    if (element && this.log) this.log.scrollTop = element.offsetTop - GAP_PX;
  }

  private scrollToEnd = (): void => {
    if (this.log) this.log.scrollTop = this.log.scrollHeight;
  };

  private look = (): void => {
    this.turning = false;
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
    } else if (!this.isPage && !this.dialog.open) this.close();
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
    this.atEnd = this.turning = true;
    this.conversation!.say(text, title);
    this.focusField();
  }

  private play = async ({ exercise }: { exercise: Exercise }): Promise<void> => {
    try {
      await import("../player/player");
    } catch {
      this.conversation!.notice = this.labels.notLoaded;
      return this.requestUpdate();
    }
    this.playing = exercise;
  };

  /** Goes on with a session that a reload has interrupted. */
  private resumePlay(): void {
    const slug = recall(this.server)?.slug;
    const said = this.conversation!.entries.findLast((entry): entry is Said => entry.type === "bot" && !!slug && entry.card?.slug === slug);
    if (said?.card && !this.activeAlert) void this.play({ exercise: said.card });
  }

  private onLeave = async ({ text, title }: LeaveEvent): Promise<void> => {
    this.playing = undefined;
    await this.updateComplete;
    if (text) this.say(text, title);
    else this.showTurn();
    this.focusField();
  };

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
    this.focusField();
  };

  protected render(): TemplateResult {
    return html`<div class="root">${this.shown ? this.renderPanel() : nothing}</div>`;
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
      ${this.playing
        ? html`<hamstring-player .exercise=${this.playing} .server=${this.server} lang=${this.language} level=${this.isPage ? 1 : 2} @leave=${this.onLeave}></hamstring-player>`
        : nothing}
      <div class="talk" ?hidden=${!!this.playing} @start-exercise=${this.play}>
      <div class="header">
        ${this.isPage ? html`<h1>${heading}</h1>` : html`<h2 class="title">${heading}</h2>`}
        <details>
          <summary aria-label=${l.menu}>${MORE}</summary>
          <div class="menu">
            <button type="button" class="start-over" @click=${this.startOver}>${l.startOver}</button>
            <button type="button" class="delete" ?disabled=${!this.conversation?.online} @click=${this.askDelete}>${l.remove}</button>
          </div>
        </details>
        ${this.isPage ? nothing : html`<button type="button" class="close" aria-label=${l.close} @click=${this.close}>${CROSS}</button>`}
      </div>
      ${this.renderState()} ${this.renderPinned()}
      ${this.renderLog()}
      <div class="hidden assertive" role="alert">${this.urgent}</div>
      ${this.renderComposer()}
      <details class="footer"><summary>${l.footerShort}</summary><p>${l.footer}</p></details>
      </div>
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
    const active = this.activeAlert;
    return active && !this.alertInView ? pinned(active, this.showAlert, this.around) : nothing;
  }

  private renderNewer() {
    if (this.atEnd || this.readingAlert) return nothing;
    return html`<button type="button" class="newer" aria-label=${this.labels.newest} @click=${this.scrollToEnd}>${DOWN}</button>`;
  }

  private renderLog() {
    const c = this.conversation!;
    const l = this.labels;
    const lastUser = c.entries.findLastIndex((entry) => entry.type === "user");
    return html`<div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label=${l.log} tabindex="0" @scroll=${this.onScroll} @wheel=${this.look} @touchmove=${this.look}>
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
    if (entry.alert) body = alert(entry, entry === this.activeAlert, this.around);
    else if (entry.card)
      body = html`<div class="bubble card"><hamstring-exercise .exercise=${entry.card} .labels=${l} .server=${this.server}></hamstring-exercise></div>`;
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
      ${this.renderNewer()}
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
