import { countries } from "./numbers.json";

/** Whom to call: in an emergency, for medical advice, and in a crisis of the mind. */
export interface Numbers {
  emergency: string;
  advice?: string;
  crisis?: string;
}

/** What the operator has set, as people read it; it may name several numbers. */
export interface Contacts {
  emergency_number: string;
  crisis_line: string;
}

const TABLE: Record<string, Numbers & { zone: string }> = countries;

/**
 * Returns the numbers of the person's country; undefined where it isn't known well enough.
 *
 * @param languages What the browser prefers, such as "en-GB". Many people abroad have it in "en-US": where the
 *   clock is that of another continent, a region says nothing.
 * @param zone The time zone of the clock, such as "Europe/Vienna".
 */
export function numbersOf(languages: readonly string[], zone: string): Numbers | undefined {
  const region = languages.map((language) => /[-_]([A-Z]{2})\b/.exec(language)?.[1]).find(Boolean);
  const numbers = region ? TABLE[region] : undefined;
  const elsewhere = /^(Africa|America|Asia|Australia|Europe)\//.exec(zone)?.[1];
  return numbers && (!elsewhere || elsewhere === numbers.zone) ? numbers : undefined;
}

/** Returns the numbers for this browser: of its country, else what the operator has set. */
export function localNumbers(contacts: Contacts): Numbers & { known: boolean } {
  const local = numbersOf(navigator.languages, Intl.DateTimeFormat().resolvedOptions().timeZone);
  // Of several numbers 112 is the one that mobile phones connect in most countries.
  const named = contacts.emergency_number.match(/\d[\d ]*\d/g) ?? ["112"];
  const emergency = named.includes("112") ? "112" : named[0];
  return { emergency, ...local, known: !!local || named.length === 1 };
}
