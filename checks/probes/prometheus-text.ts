/** One line of a page. `at`: when the value was taken, milliseconds since the epoch, where the line says so. */
export type PrometheusSample = { name: string; labels: Readonly<Record<string, string>>; value: number; at?: number };

export type PrometheusPage = {
  samples: PrometheusSample[];
  /** lines that are neither comment nor sample */
  unread: number;
  /** its end is missing: OpenMetrics without `# EOF`, a last line without its line feed (left out: half a number is another number), or too many samples */
  cut: boolean;
};

export type PrometheusTextOptions = {
  /** OpenMetrics by its content type: times are seconds there, and `# EOF` must stand at the end */
  openMetrics?: boolean;
  /** only samples whose name passes are read further and kept */
  wanted?: (name: string) => boolean;
};

/** A page of one connector has some dozen; this only keeps a page gone wild from filling the memory. */
const MOST_SAMPLES = 20_000;
const EOF = /(?:^|\n)# EOF\n?$/;

/**
 * Reads a page in the Prometheus text format or OpenMetrics, whatever the TYPE lines say: untyped, gauge and counter are all values. Comments and exemplars
 * are passed over; a line that is wrong is counted and costs no other. Sources: Prometheus "Exposition formats"; OpenMetrics 1.0, "Text format".
 */
export function readPrometheusText(text: string, { openMetrics = false, wanted = () => true }: PrometheusTextOptions = {}): PrometheusPage {
  const ended = EOF.test(text.slice(-8));
  const secondsToMs = openMetrics || ended ? 1000 : 1;
  const samples: PrometheusSample[] = [];
  let unread = 0;
  for (let from = 0, end = text.indexOf('\n'); end >= 0; from = end + 1, end = text.indexOf('\n', from)) {
    if (from === end || text.charCodeAt(from) === 0x23) continue;
    const name = nameAt(text, from, end);
    if (name !== undefined && name !== '' && !wanted(name)) continue;
    const line = text.slice(from, end).trim();
    if (line === '' || line.startsWith('#')) continue;
    const sample = sampleOf(line, secondsToMs);
    if (sample === undefined) unread += 1;
    else if (!wanted(sample.name)) continue;
    else if (samples.length >= MOST_SAMPLES) return { samples, unread, cut: true };
    else samples.push(sample);
  }
  const lacksEnd = openMetrics ? !ended : text !== '' && !text.endsWith('\n') && !ended;
  return { samples, unread, cut: lacksEnd };
}

const NAME = /[a-zA-Z_:][\w:]*/y;

/** The name that a line begins with, without cutting the line out of the page; empty where it stands within the braces. */
function nameAt(text: string, from: number, end: number): string | undefined {
  if (text.charCodeAt(from) === 0x7b) return '';
  NAME.lastIndex = from;
  const name = NAME.exec(text)?.[0];
  return name === undefined || from + name.length > end ? undefined : name;
}

/** A label, or the metric's own name in quotes, as names beyond ASCII are written. */
const ITEM = /\s*(?:([a-zA-Z_][\w.]*|"(?:[^"\\]|\\.)*")\s*=\s*)?("(?:[^"\\]|\\.)*")\s*(,|(?=\}))/y;
/** Value, perhaps a time, perhaps an exemplar. */
const REST = /^\s*([-+]?(?:\d[\w.+-]*|\.\d[\w+-]*|inf(?:inity)?|nan))(?:\s+(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?))?\s*(?:#.*)?$/i;

function sampleOf(line: string, stampToMs: number): PrometheusSample | undefined {
  let name = nameAt(line, 0, line.length) ?? '';
  let at = name.length;
  const labels: Record<string, string> = {};
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  if (line[at] === '{') {
    at += 1;
    for (;;) {
      ITEM.lastIndex = at;
      const item = ITEM.exec(line);
      if (item === null) break;
      const [whole, label, value = ''] = item;
      if (label !== undefined) labels[label.startsWith('"') ? unescape(label) : label] = unescape(value);
      else if (name === '') name = unescape(value);
      else return undefined;
      at += whole.length;
    }
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    if (line[at] !== '}') return undefined;
    at += 1;
  }
  const rest = name === '' ? null : REST.exec(line.slice(at));
  const value = rest === null ? undefined : numberOf(rest[1] ?? '');
  if (rest === null || value === undefined) return undefined;
  return { name, labels, value, ...(rest[2] === undefined ? {} : { at: Math.round(Number(rest[2]) * stampToMs) }) };
}

const unescape = (quoted: string): string =>
  quoted
    .slice(1, -1)
    .replace(/\\(.)/gs, (all, character: string) => (character === 'n' ? '\n' : /["\\]/.test(character) ? character : all));

function numberOf(text: string): number | undefined {
  const word = /^([-+]?)(inf|nan)/i.exec(text);
  if (word !== null) return word[2]?.toLowerCase() === 'nan' ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}
