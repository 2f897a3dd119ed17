/** What Node.js says of a file that could not be used, without its code and the call: `no such file or directory`. */
export const errnoWords = (error: unknown): string => (error as Error).message.split(',')[0]!.replace(/^E[A-Z]+: /, '');
