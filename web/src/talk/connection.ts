import type { FromServer } from "./protocol";

const FIRST_DELAY_MS = 500;
const LAST_DELAY_MS = 10_000;
const OPEN_MS = 10_000;
const HEARTBEAT_MS = 20_000;
const SILENCE_MS = 45_000;

/**
 * The line to the server: one WebSocket, the browser's own. Both directions keep their order, the session
 * stays bound to the connection, and the token stays out of addresses and logs. Here it only gains what a
 * browser leaves out: reconnecting with backoff, and noticing that a line is dead.
 */
export class Connection {
  private readonly url: string;
  private socket!: WebSocket;
  private heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
  private again?: ReturnType<typeof setTimeout>;
  private attempts = 0;
  private heard = 0;

  /**
   * @param server Address of the assistant, such as https://assistant.example.org
   * @param hello Says who we are, each time the line opens.
   * @param onMessage Gets what the server sends.
   * @param onState Gets true when the server has answered and false when the line breaks.
   */
  constructor(
    server: string,
    private hello: () => object,
    private onMessage: (message: FromServer) => void,
    private onState: (open: boolean) => void,
  ) {
    const url = new URL("webhooks/web/socket", server.endsWith("/") ? server : `${server}/`);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    this.url = url.href;
    window.addEventListener("offline", this.reconnect);
    window.addEventListener("online", this.reconnect);
    this.connect();
  }

  send(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Drops the line and opens a new one, at once. A browser that goes offline may keep a dead one for minutes. */
  reconnect = (): void => {
    this.attempts = 0;
    this.drop();
    this.connect();
  };

  close(): void {
    clearInterval(this.heartbeat);
    window.removeEventListener("offline", this.reconnect);
    window.removeEventListener("online", this.reconnect);
    this.drop();
  }

  private connect(): void {
    const socket = (this.socket = new WebSocket(this.url));
    const mine = (handle: () => void) => () => socket === this.socket && handle();
    this.heard = Date.now();
    this.again = setTimeout(mine(() => this.retry()), OPEN_MS);
    socket.onopen = mine(() => {
      clearTimeout(this.again);
      this.send(this.hello());
    });
    socket.onclose = mine(() => this.retry());
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      this.heard = Date.now();
      const message = JSON.parse(event.data) as FromServer;
      if (message.type === "session") {
        this.attempts = 0;
        this.onState(true);
      }
      this.onMessage(message);
    };
  }

  /** Backoff with jitter, so that a server that restarts is not met by everybody at once. */
  private retry(): void {
    this.drop();
    const delay = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.attempts++);
    this.again = setTimeout(() => this.connect(), delay * (0.5 + Math.random() / 2));
  }

  private drop(): void {
    clearTimeout(this.again);
    this.socket.onclose = null;
    this.socket.close();
    this.onState(false);
  }

  private beat(): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (Date.now() - this.heard > SILENCE_MS) this.reconnect();
    else this.send({ type: "ping" });
  }
}
