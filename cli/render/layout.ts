/** Words laid out in lines of a given width; no colour here, so that lengths are what a person sees. */

const length = (text: string): number => [...text].length;

/** Breaks between words only: a long address or path stands on its own line, whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line === '') line = word;
    else if (length(line) + 1 + length(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

export const indented = (lines: readonly string[], indent: number): string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));

/** A word that is cut at most this long before the end goes whole. */
const LAST_WORD = 16;

/** One line that says it was cut, at the end of a word where there is one near. */
export function cut(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (length(line) <= width) return line;
  const kept = [...line].slice(0, Math.max(1, width - 3)).join('');
  const space = kept.lastIndexOf(' ');
  const whole = line[kept.length] !== ' ' && space > 0 && kept.length - space <= LAST_WORD ? kept.slice(0, space) : kept;
  return `${whole.replace(/[\s,;:(]+$/, '')}...`;
}

/** Text beside a label wants this many columns, or stands below it. */
export const NARROW = 24;

/** A label in its column and the text beside it, wrapped under itself; where that is too narrow, below it. */
export function labelled(
  label: string,
  text: string,
  { indent = 2, column, width }: { indent?: number; column: number; width: number },
): string[] {
  if (width - indent - column < NARROW) return indented([label, ...indented(wrap(text, width - indent - 2), 2)], indent);
  const lines = wrap(text, width - indent - column);
  const [first = '', ...rest] = lines;
  const head = length(label) < column ? label.padEnd(column) : `${label} `;
  // A label that is longer than its column has a line of its own, unless the text still fits beside it.
  if (length(label) >= column && indent + length(head) + length(first) > width)
    return indented([label, ...indented(lines, column)], indent);
  return indented([`${head}${first}`.trimEnd(), ...indented(rest, column)], indent);
}

/** Rows as aligned columns, the last one wrapped under itself. Columns of numbers stand to the right. */
export function table(rows: readonly (readonly string[])[], { width, right = [] }: { width: number; right?: readonly number[] }): string[] {
  const last = Math.max(0, ...rows.map((row) => row.length - 1));
  const widths = Array.from({ length: last }, (_, column) => Math.max(0, ...rows.map((row) => length(row[column] ?? ''))));
  const before = widths.reduce((sum, one) => sum + one + 2, 0);
  return rows.flatMap((row) => {
    const cells = widths.map((one, column) =>
      right.includes(column) ? (row[column] ?? '').padStart(one) : (row[column] ?? '').padEnd(one),
    );
    const [first = '', ...rest] = wrap(row[last] ?? '', Math.max(20, width - before));
    return [`${cells.map((cell) => `${cell}  `).join('')}${first}`.trimEnd(), ...indented(rest, before)];
  });
}
