/** What V8 says where it names no place, but quotes what stands around it. */
const QUOTES = /^Unexpected token /;

const messageFor = (text: string): string => {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

/** Where V8 stopped reading. Until the text holds that character, another error comes first. */
function stoppedAt(text: string): number {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (QUOTES.test(messageFor(text.slice(0, middle)))) bad = middle;
    else good = middle;
  }
  return good;
}

/** Where a text stops being JSON, and why, in one phrase. Nothing of the text is in it, because files of settings hold secrets. Null for JSON. */
export function jsonFault(text: string): { where: string; why: string } | null {
  const message = messageFor(text);
  if (message === '') return null;
  const [, what = message, position] = /^(.*?)(?: in JSON| after JSON)? at position (\d+)/s.exec(message) ?? [];
  const isQuoting = QUOTES.test(message);
  const at = isQuoting ? stoppedAt(text) : position === undefined ? text.trimEnd().length : Number(position);
  const lines = text.slice(0, at).split('\n');
  const where = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
  return { where, why: isQuoting ? 'Unexpected character' : position === undefined ? 'it breaks off' : what };
}
