import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Keeps the panel within what is seen of the page: without the part that a phone's keyboard covers. */
export class SeenPart implements ReactiveController {
  /**
   * @param host The panel; gets `--seen-height` and `--seen-top`.
   * @param changed Called after a change, such as the keyboard's coming.
   */
  constructor(
    private host: ReactiveControllerHost & HTMLElement,
    private changed: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    visualViewport?.addEventListener("resize", this.follow);
    visualViewport?.addEventListener("scroll", this.follow);
    this.follow();
  }

  hostDisconnected(): void {
    visualViewport?.removeEventListener("resize", this.follow);
    visualViewport?.removeEventListener("scroll", this.follow);
  }

  private follow = (event?: Event): void => {
    const seen = visualViewport;
    // Whoever zooms in with two fingers wants to see the panel large, not small.
    if (!seen || seen.scale > 1.01) return;
    this.host.style.setProperty("--seen-height", `${seen.height}px`);
    this.host.style.setProperty("--seen-top", `${seen.offsetTop}px`);
    if (event?.type === "resize") this.changed();
  };
}
