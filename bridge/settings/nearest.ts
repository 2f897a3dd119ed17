/** Edits between two words: the classic table, one row at a time. */
function edits(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    above = row;
  }
  return above[b.length]!;
}

/** The name that was probably meant, if one is near: at most a third of the letters differ. */
export function nearest(word: string, names: readonly string[]): string | null {
  const scored = names.map((name) => ({ name, far: edits(word.slice(0, 80).toLowerCase(), name) })).sort((a, b) => a.far - b.far);
  const best = scored[0];
  return best && best.far <= Math.max(2, Math.floor(word.length / 3)) ? best.name : null;
}
