import type { Contacts } from "../emergency/numbers";
import { Connection } from "./connection";
import type { BotMessage, FromServer, UserMessage } from "./protocol";

/** After so long without an answer, a message says so. */
const ANSWER_MS = 20_000;
/** Longer texts are not even sent: the server would drop the line. */
const MAX_SENT_CHARS = 50_000;

export type Status = "queued" | "sent" | "answered" | "late" | "refused";

export interface Sent extends UserMessage {
  key: string;
  status: Status;
  /** What is sent; absent for messages of another tab or of the past. */
  wire?: { text: string; title?: string };
  /** Why it was refused. */
  reason?: string;
}

export interface Said extends BotMessage {
  key: string;
}

export type Entry = Sent | Said;

const sessionOf = (token: string | null): string | null => {
  try {
    return JSON.parse(atob(token!.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return null;
  }
};

/** The conversation as the browser knows it. Only the session token is stored in the browser, no text. */
export class Conversation {
  entries: Entry[] = [];
  online = false;
  /** Whether the history has come. */
  ready = false;
  notice = "";
  /** Whom the operator names for emergencies. */
  contacts?: Contacts;
  private connection: Connection;
  private token: string | null = null;
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly storageKey: string;

  /**
   * @param server Address of the assistant.
   * @param changed Called after every change; gets the message of the assistant that was just said, if any.
   */
  constructor(
    server: string,
    private tooLong: string,
    private changed: (said?: Said) => void,
  ) {
    this.storageKey = `hamstring-session:${server}`;
    this.connection = new Connection(
      server,
      () => ({ type: "hello", token: this.storedToken() }),
      (message) => this.receive(message),
      (open) => {
        this.online = open;
        this.changed();
      },
    );
    window.addEventListener("storage", this.adopt);
  }

  close(): void {
    window.removeEventListener("storage", this.adopt);
    this.timers.forEach((timer) => clearTimeout(timer));
    this.connection.close();
  }

  /** Sends a text; `title` is what a pressed button says. */
  say(text: string, title?: string): void {
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    const sent: Sent = { type: "user", key: id, id, text: title ?? text, status: "queued", wire: { text, title } };
    this.entries = [...this.entries, sent];
    if (text.length > MAX_SENT_CHARS) this.update(id, { status: "refused", reason: this.tooLong });
    else this.post(sent);
  }

  /** Sends a message again; the server answers it once, however often it comes. */
  retry(id: string): void {
    const sent = this.update(id, { status: "queued", reason: undefined });
    if (!sent) return;
    // A new line brings the history, and with it an answer that got lost.
    if (this.online && sent.status === "late") this.connection.reconnect();
    else this.post(sent);
  }

  delete(): void {
    this.connection.send({ type: "delete" });
  }

  get waiting(): boolean {
    return this.entries.some((entry) => entry.type === "user" && entry.status === "sent");
  }

  private post(sent: Sent): void {
    clearTimeout(this.timers.get(sent.id));
    this.timers.set(
      sent.id,
      setTimeout(() => this.update(sent.id, { status: "late" }, ["queued", "sent"]), ANSWER_MS),
    );
    if (this.online) {
      this.connection.send({ type: "message", id: sent.id, ...sent.wire });
      this.update(sent.id, { status: "sent" });
    } else this.changed();
  }

  /** Changes a message of the user and returns it as it was; only if it has one of the given states. */
  private update(id: string, change: Partial<Sent>, from?: Status[]): Sent | undefined {
    const old = this.entries.find((entry): entry is Sent => entry.type === "user" && entry.id === id);
    if (!old || (from && !from.includes(old.status))) return undefined;
    this.entries = this.entries.map((entry) => (entry === old ? { ...old, ...change } : entry));
    this.changed();
    return old;
  }

  private receive(message: FromServer): void {
    switch (message.type) {
      case "session":
        this.store(message.token);
        this.contacts = message.contacts;
        this.restore(message.history);
        break;
      case "bot": {
        const said = { ...message, key: `bot-${message.at ?? Math.random()}` };
        this.entries = [...this.entries, said];
        this.changed(said);
        break;
      }
      case "user": // typed in another tab
        if (!this.entries.some((entry) => entry.type === "user" && entry.id === message.id))
          this.entries = [...this.entries, { ...message, key: message.id, status: "sent" }];
        this.changed();
        break;
      case "done":
        clearTimeout(this.timers.get(message.id));
        this.update(message.id, { status: "answered" });
        break;
      case "deleted":
        this.store(message.token);
        this.entries = [];
        this.notice = "deleted";
        this.changed();
        break;
      case "error":
        if (message.id) {
          clearTimeout(this.timers.get(message.id));
          this.update(message.id, { status: "refused", reason: message.error.message });
        } else {
          this.notice = message.error.message;
          this.changed();
        }
    }
  }

  /** Shows what the assistant remembers, then what it has not got yet, and sends that. */
  private restore(history: (BotMessage | UserMessage)[]): void {
    const known = new Set(history.map((message) => (message.type === "user" ? message.id : "")));
    const unsent = this.entries.filter((entry): entry is Sent => entry.type === "user" && !!entry.wire && !known.has(entry.id) && entry.status !== "answered");
    this.entries = [
      ...history.map((message, index): Entry =>
        message.type === "user"
          ? { ...message, key: message.id || `user-${index}`, status: "answered" }
          : { ...message, key: `bot-${message.at ?? index}` },
      ),
      ...unsent,
    ];
    this.ready = true;
    unsent.filter((entry) => entry.status !== "refused").forEach((entry) => this.post(entry));
    this.changed();
  }

  /** Two tabs that were opened at the same time meet in one conversation, as long as one has said nothing. */
  private adopt = (event: StorageEvent): void => {
    if (event.key !== this.storageKey || !event.newValue || this.entries.length) return;
    if (sessionOf(event.newValue) !== sessionOf(this.token)) this.connection.reconnect();
  };

  private store(token: string): void {
    this.token = token;
    try {
      localStorage.setItem(this.storageKey, token);
    } catch {
      // Storage is blocked: the conversation lasts as long as the page.
    }
  }

  private storedToken(): string | null {
    try {
      return localStorage.getItem(this.storageKey) ?? this.token;
    } catch {
      return this.token;
    }
  }
}
