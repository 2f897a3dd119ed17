/** Edit distance (insert, delete, replace, swap of neighbours), given up beyond `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replace, swap));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}

/** True when all letters of the short one stand in the long one in their order: `otlp-src` in `otlp-source`, or a beginning. */
function abbreviates(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return short.length > 2 && at === short.length;
}

/** Candidates that look like the name, nearest first: one is short for the other, or a third of the letters differ at most. */
export function nearNames(name: string, candidates: readonly string[]): string[] {
  const limit = Math.max(2, Math.ceil(name.length / 3));
  const wanted = name.toLowerCase();
  return candidates
    .filter((candidate) => candidate !== name)
    .map((candidate) => {
      const other = candidate.toLowerCase();
      const short = abbreviates(wanted, other) || abbreviates(other, wanted);
      return { candidate, far: short ? 1 : distance(wanted, other, limit) };
    })
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .map(({ candidate }) => candidate);
}
