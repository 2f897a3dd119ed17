/** Source: errno(3). "folder" as everywhere in the bridge. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'a file has that name',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a file stands in its path',
  EROFS: 'the file system is read-only',
};

/** Why the system would not, in words where we have some, else its code. */
export function systemWords(error: unknown): string {
  const { code = 'no reason given' } = error as NodeJS.ErrnoException;
  return WORDS[code] ?? code;
}
