import { appendFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { execa } from 'execa';

/** What was measured: the commit, and whether anything of the product differs from it. */
async function commit(): Promise<string> {
  const [hash, changes] = await Promise.all([
    execa('git', ['rev-parse', '--short', 'HEAD']),
    execa('git', ['status', '--porcelain', '--', 'bridge', 'cli', 'proto', 'package-lock.json']),
  ]);
  return `commit ${hash.stdout}${changes.stdout === '' ? '' : ' and changes'}`;
}

export const load = (): string => (loadavg()[0] ?? 0).toFixed(1);

/** Prints what a run has found and adds it to its file, with when, where and on what it was measured. `loadBefore` is `load()` at its start. */
export async function addResults(
  name: string,
  command: string,
  tools: string,
  loadBefore: string,
  lines: readonly string[],
): Promise<void> {
  const text = [
    '',
    `## ${new Date().toISOString().slice(0, 10)}, ${await commit()}`,
    '',
    `\`npm run bench -- ${command}\`, Node.js ${process.version}, ${tools}; ${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${loadBefore} before and ${load()} at the end.`,
    '',
    ...lines,
    '',
  ].join('\n');
  appendFileSync(resolve(import.meta.dirname, `results-${name}.md`), text);
  process.stdout.write(text);
}
