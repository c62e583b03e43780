/** What travels over the socket; the other side is channels/web. */

import type { Contacts } from "../emergency/numbers";

export interface Button {
  title: string;
  payload: string;
}

export type AlertLevel = "emergency" | "see_doctor" | "acute_injury";

export interface Dose {
  hold_seconds?: number | null;
  hold_seconds_max?: number | null;
  minutes?: number | null;
  sides?: number | null;
  repetitions?: number | null;
  text?: string;
}

export interface Exercise {
  slug?: string;
  name: string;
  kind?: string;
  position?: string;
  level?: string;
  dose?: Dose;
  purpose?: string;
  equipment?: string[];
  optional_equipment?: string[];
  areas?: string[];
  steps?: string[];
  cues?: string[];
  feel?: string;
  mistakes?: string[];
  avoid_if?: string[];
  stop_if?: string[];
  picture?: string;
  picture_text?: string;
  /** "picture": asked to be shown, so the steps are open. */
  show?: string;
  source?: { name: string; url?: string };
}

export interface BotMessage {
  type: "bot";
  at?: number;
  text?: string;
  buttons?: Button[];
  alert?: AlertLevel;
  settled?: true;
  card?: Exercise;
  progress?: { step: number; of: number };
  image?: string;
}

export interface UserMessage {
  type: "user";
  id: string;
  text: string;
}

export interface ServerError {
  type: "error";
  id?: string;
  error: { code: string; message: string; retry_after?: number };
}

export type FromServer =
  | { type: "session"; token: string; history: (BotMessage | UserMessage)[]; contacts?: Contacts }
  | { type: "ack" | "done"; id: string }
  | { type: "deleted"; token: string }
  | { type: "pong" }
  | BotMessage
  | UserMessage
  | ServerError;
