/**
 * Text from outside as a terminal may have it: control characters, terminal escapes, and characters that turn the reading order or hide
 * themselves are shown as `\x1b` or `\u202e`. A tab becomes two blanks. A line feed stays only where `newlines` asks for it, else it is shown as `\n`.
 */
export function printable(text: string, { newlines = false }: { newlines?: boolean } = {}): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd').replace(DANGEROUS, (character) => {
    if (character === '\r\n' || character === '\n') return newlines ? '\n' : '\\n';
    return SHOWN[character] ?? escaped(character);
  });
}

const DANGEROUS = /\r\n|[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

const SHOWN: Readonly<Record<string, string>> = { '\t': '  ', '\r': '\\r' };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
