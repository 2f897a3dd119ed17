/**
 * Reads the text of a Java properties file: `key=value`, `key: value` or `key value`, comments after # and !, lines that go on after a backslash.
 * Source: java.util.Properties.load. A key that comes twice has its last value.
 */
export function readProperties(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [, key = '', value = ''] = /^((?:\\.|[^\\=:\s])*)\s*[=:]?\s*(.*)$/s.exec(line) ?? [];
    if (key !== '') found.set(unescaped(key), unescaped(value));
  }
  return found;
}

function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const part = natural.trimStart();
    if (open === '' && (part === '' || part.startsWith('#') || part.startsWith('!'))) continue;
    const goesOn = /(?:^|[^\\])(?:\\\\)*\\$/.test(part);
    open += goesOn ? part.slice(0, -1) : part;
    if (goesOn) continue;
    lines.push(open);
    open = '';
  }
  return open === '' ? lines : [...lines, open];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_all, code: string | undefined, sign: string | undefined) =>
    code === undefined ? (ESCAPES[sign ?? ''] ?? sign ?? '') : String.fromCharCode(parseInt(code, 16)),
  );
