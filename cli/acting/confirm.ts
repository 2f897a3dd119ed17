import { createInterface } from 'node:readline';
import type { Consent } from '../../checks/actions/plan.ts';

export type Asker = { stdin: NodeJS.ReadableStream; prompt(text: string): void };

const question = (consent: Consent): string => (consent.by === 'name' ? `Type ${consent.name} to go on: ` : 'Go on? [y/N] ');
const isYes = (consent: Consent, answer: string): boolean =>
  consent.by === 'name' ? answer.trim() === consent.name : /^y(es)?$/i.test(answer.trim());

/** Asks a person on a terminal. The end of input and an interruption are a no. */
export async function agrees(consent: Consent, { stdin, prompt }: Asker, signal: AbortSignal): Promise<boolean> {
  prompt(question(consent));
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    const answer = await new Promise<string | null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true });
      lines.once('line', resolve);
      lines.once('close', () => resolve(null));
    });
    // Nobody has ended the line of the question.
    if (answer === null) prompt('\n');
    return answer !== null && isYes(consent, answer);
  } finally {
    lines.close();
  }
}
