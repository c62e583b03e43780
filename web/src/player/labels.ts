/** What the player says; each line of feedback is sent in English, which is what the assistant reads. */
const en = {
  ready: "Get into position",
  start: "I'm ready",
  getReady: "Get ready",
  hold: "Hold",
  rest: "Relax",
  change: "Change sides",
  count: "Your pace",
  go: "Go",
  pause: "Pause",
  resume: "Go on",
  skip: "Skip",
  back: "Back",
  done: "Done",
  close: "End the session",
  side: "Side {n} of {of}",
  repetition: "Repetition {n} of {of}",
  times: "{n} times",
  seconds: "{n} seconds",
  next: "Next: {what}",
  last: "Next: the end",
  length: "How long do you hold?",
  cues: "At each change",
  sound: "Sound",
  vibration: "Vibration",
  speech: "Voice",
  wrong: "Something feels wrong",
  finished: "Done. Well held.",
  how: "How was it?",
  fine: "Fine",
  easy: "Too easy",
  hard: "Too hard",
  hurt: "It hurt",
};

export type PlayerLabels = typeof en;

const de: PlayerLabels = {
  ready: "In Stellung gehen", start: "Ich bin bereit", getReady: "Bereit machen", hold: "Halten", rest: "Locker lassen", change: "Seite wechseln",
  count: "In Ihrem Tempo", go: "Los", pause: "Pause", resume: "Weiter", skip: "Überspringen", back: "Zurück", done: "Fertig", close: "Beenden",
  side: "Seite {n} von {of}", repetition: "Wiederholung {n} von {of}", times: "{n} mal", seconds: "{n} Sekunden", next: "Danach: {what}", last: "Danach: Ende",
  length: "Wie lange halten Sie?", cues: "Bei jedem Wechsel", sound: "Ton", vibration: "Vibration", speech: "Stimme", wrong: "Etwas fühlt sich falsch an",
  finished: "Fertig. Gut gehalten.", how: "Wie war es?", fine: "Gut", easy: "Zu leicht", hard: "Zu schwer", hurt: "Es tat weh",
};

const fr: PlayerLabels = {
  ready: "Mettez-vous en position", start: "Je suis prêt", getReady: "Préparez-vous", hold: "Tenez", rest: "Relâchez", change: "Changez de côté",
  count: "À votre rythme", go: "Allez", pause: "Pause", resume: "Continuer", skip: "Passer", back: "Retour", done: "Fini", close: "Terminer",
  side: "Côté {n} sur {of}", repetition: "Répétition {n} sur {of}", times: "{n} fois", seconds: "{n} secondes", next: "Ensuite : {what}", last: "Ensuite : fin",
  length: "Combien de temps tenez-vous ?", cues: "À chaque changement", sound: "Son", vibration: "Vibration", speech: "Voix", wrong: "Quelque chose ne va pas",
  finished: "Terminé. Bien tenu.", how: "C'était comment ?", fine: "Bien", easy: "Trop facile", hard: "Trop dur", hurt: "J'ai eu mal",
};

const es: PlayerLabels = {
  ready: "Colóquese", start: "Estoy listo", getReady: "Prepárese", hold: "Mantenga", rest: "Suelte", change: "Cambie de lado",
  count: "A su ritmo", go: "Adelante", pause: "Pausa", resume: "Seguir", skip: "Saltar", back: "Atrás", done: "Hecho", close: "Terminar",
  side: "Lado {n} de {of}", repetition: "Repetición {n} de {of}", times: "{n} veces", seconds: "{n} segundos", next: "Después: {what}", last: "Después: fin",
  length: "¿Cuánto tiempo mantiene?", cues: "En cada cambio", sound: "Sonido", vibration: "Vibración", speech: "Voz", wrong: "Algo no va bien",
  finished: "Hecho. Bien mantenido.", how: "¿Qué tal?", fine: "Bien", easy: "Demasiado fácil", hard: "Demasiado difícil", hurt: "Me dolió",
};

const LANGUAGES: Record<string, PlayerLabels> = { en, de, fr, es };

/** Returns the player's labels in a language; English for any other. */
export const playerLabels = (language: string): PlayerLabels => LANGUAGES[language.toLowerCase().split("-")[0]] ?? en;
