/** Keeps the screen on, where the browser can; it lets go by itself when the page is hidden. */
export class Awake {
  private lock?: WakeLockSentinel;
  private wanted = false;

  start(): void {
    this.wanted = true;
    document.addEventListener("visibilitychange", this.ask);
    void this.ask();
  }

  stop(): void {
    this.wanted = false;
    document.removeEventListener("visibilitychange", this.ask);
    void this.lock?.release();
    this.lock = undefined;
  }

  private ask = async (): Promise<void> => {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      if (this.wanted) this.lock = lock;
      else void lock.release();
    } catch {
      // A low battery: the screen may go dark, the time goes on.
    }
  };
}
