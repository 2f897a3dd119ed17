/** Where the words of the system say what it could not do, and not what is wrong. */
const PLAIN: Readonly<Record<string, string>> = { EISDIR: 'it is a directory' };

/** What Node.js says of a file that could not be used, without its code and the call: `no such file or directory`. */
export function errnoWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return PLAIN[code ?? ''] ?? message.split(',')[0]!.replace(/^E[A-Z]+: /, '');
}
