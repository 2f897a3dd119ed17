import { badInput } from './bad-input.ts';

/** What only a shell understands, where it stands outside quotes. */
const FOR_A_SHELL = '|&;<>`$()';
/** After these a backslash within double quotes stands for itself no longer. Source: POSIX.1-2024, Shell Command Language, 2.2.3. */
const ESCAPED_IN_QUOTES = '$`"\\';

/**
 * A command as words, with quotes and backslashes as a POSIX shell reads them. No shell ever sees it: what would need one is refused,
 * because it would reach the tool as a word and fail in words that nobody understands.
 */
export function commandWords(text: string, named: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!;
    const next = text[at + 1];
    if (sign === quote) quote = '';
    else if (quote === "'") word += sign;
    else if (sign === '\\' && next !== undefined && (quote === '' || ESCAPED_IN_QUOTES.includes(next))) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote === '"') word += sign;
    else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (FOR_A_SHELL.includes(sign))
      throw badInput(`${named} has ${sign} outside quotes, and no shell runs it: quote it, or write sh -c '…' around the whole`);
    else word = (word ?? '') + sign;
  }
  if (quote !== '') throw badInput(`${named} has a ${quote} that is never closed`);
  if (word !== undefined) words.push(word);
  if ((words[0] ?? '') === '') throw badInput(`${named} is empty: give it a value`);
  return words;
}
