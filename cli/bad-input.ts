/**
 * Errors that are one whole sentence for a person: what, where, what to do. Told apart from crashes by `code`,
 * so that any folder can throw one without importing this file.
 * bad-input: what was typed or configured cannot be used. could-not-look: the one thing that a command is about could not be seen.
 */
export const SENTENCE_CODES = ['bad-input', 'could-not-look'] as const;
export type SentenceCode = (typeof SENTENCE_CODES)[number];
export type SentenceError = Error & { code: SentenceCode; hint?: string };

const sentence = (code: SentenceCode, message: string, hint?: string): SentenceError =>
  Object.assign(new Error(message), { code }, hint === undefined ? {} : { hint });

export const badInput = (message: string, hint?: string): SentenceError => sentence('bad-input', message, hint);
export const couldNotLook = (message: string, hint?: string): SentenceError => sentence('could-not-look', message, hint);

export const isSentence = (error: unknown): error is SentenceError =>
  error instanceof Error && SENTENCE_CODES.includes((error as Partial<SentenceError>).code as SentenceCode);
