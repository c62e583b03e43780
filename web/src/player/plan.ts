import type { Dose } from "../talk/protocol";

export type Kind = "ready" | "getReady" | "hold" | "rest" | "change" | "count" | "go";

/** One part of a session. Without `seconds` it lasts until the person says so. */
export interface Phase {
  kind: Kind;
  seconds?: number;
  side: number;
  repetition: number;
}

const READY_SECONDS = 5;
const REST_SECONDS = 3;
const CHANGE_SECONDS = 5;

/**
 * Returns what to do, one after the other: all repetitions on one side, then the other side.
 *
 * @param dose How much; a hold is timed, repetitions are counted by the person, minutes are timed.
 * @param hold Seconds of a hold, where the dose leaves a choice.
 */
export function plan(dose: Dose, hold: number): Phase[] {
  const list: Phase[] = [
    { kind: "ready", side: 1, repetition: 1 },
    { kind: "getReady", seconds: READY_SECONDS, side: 1, repetition: 1 },
  ];
  for (let side = 1; side <= (dose.sides ?? 1); side++) {
    const at = { side, repetition: 1 };
    if (side > 1) list.push({ kind: "change", seconds: CHANGE_SECONDS, ...at });
    if (!hold) list.push(dose.repetitions ? { kind: "count", ...at } : { kind: "go", seconds: minutes(dose), ...at });
    else
      for (let repetition = 1; repetition <= (dose.repetitions ?? 1); repetition++) {
        if (repetition > 1) list.push({ kind: "rest", seconds: REST_SECONDS, side, repetition });
        list.push({ kind: "hold", seconds: hold, side, repetition });
      }
  }
  return list;
}

/** Returns the lengths of a hold that one may choose: a dose's own, or steps of its range. */
export function holds({ hold_seconds: least, hold_seconds_max: most }: Dose): number[] {
  if (!least) return [];
  return most && most > least ? [...new Set([least, Math.round((least + most) / 10) * 5, most])] : [least];
}

const minutes = (dose: Dose): number | undefined => (dose.minutes ? (dose.minutes * 60) / (dose.sides ?? 1) : undefined);
