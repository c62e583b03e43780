/** Where a session was, so that a reload doesn't end it. It ends with the tab. */
export interface Place {
  slug: string;
  step: number;
  left: number;
  hold: number;
}

const key = (server: string): string => `hamstring-player:${server}`;

export function recall(server: string): Place | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key(server)) ?? "") as Place;
  } catch {
    return undefined;
  }
}

export function keep(server: string, place: Place | undefined): void {
  try {
    if (place) sessionStorage.setItem(key(server), JSON.stringify(place));
    else sessionStorage.removeItem(key(server));
  } catch {
    // Storage is blocked: a reload ends the session.
  }
}
