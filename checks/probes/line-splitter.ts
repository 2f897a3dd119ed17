import { StringDecoder } from 'node:string_decoder';

/** Text lines out of bytes that come in pieces. What is kept of a line without an end is bounded: the rest of it is left out. */
const LONGEST = 64 * 1024;

export function createLineSplitter(onLine: (line: string) => void): { add(bytes: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    add(bytes) {
      const lines = (rest + decoder.write(bytes)).split('\n');
      rest = (lines.pop() ?? '').slice(0, LONGEST);
      lines.forEach(onLine);
    },
    end() {
      rest += decoder.end();
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
