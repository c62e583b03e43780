/** What marks a change for somebody who doesn't look: each is off until it is wanted, which is remembered. */
export const CUES = ["sound", "vibration", "speech"] as const;
export type Cue = (typeof CUES)[number];

const KEY = "hamstring-cues";

export class Cues {
  private on = new Set<string>();
  private audio?: AudioContext;

  constructor() {
    try {
      this.on = new Set((localStorage.getItem(KEY) ?? "").split(" "));
    } catch {
      // Storage is blocked: they start switched off.
    }
  }

  /** Those that this browser can give. */
  get available(): Cue[] {
    const able = { sound: "AudioContext" in window, vibration: "vibrate" in navigator, speech: "speechSynthesis" in window };
    return CUES.filter((cue) => able[cue]);
  }

  has(cue: Cue): boolean {
    return this.on.has(cue);
  }

  toggle(cue: Cue): void {
    if (!this.on.delete(cue)) this.on.add(cue);
    try {
      localStorage.setItem(KEY, CUES.filter((each) => this.on.has(each)).join(" "));
    } catch {
      // As above.
    }
    if (this.on.has(cue)) this.give("", cue);
  }

  /** Marks a change; `words` is what speech says. */
  give(words: string, only?: Cue): void {
    const wanted = (cue: Cue) => this.on.has(cue) && (!only || only === cue);
    if (wanted("sound")) this.beep();
    if (wanted("vibration")) navigator.vibrate?.(200);
    if (wanted("speech") && words) {
      speechSynthesis.cancel();
      speechSynthesis.speak(new SpeechSynthesisUtterance(words));
    }
  }

  stop(): void {
    if ("speechSynthesis" in window) speechSynthesis.cancel();
    void this.audio?.close();
    this.audio = undefined;
  }

  private beep(): void {
    this.audio ??= new AudioContext();
    const tone = this.audio.createOscillator();
    const volume = this.audio.createGain();
    tone.frequency.value = 880;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(this.audio.destination);
    tone.start();
    tone.stop(this.audio.currentTime + 0.2);
  }
}
