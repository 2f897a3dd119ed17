import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { otlpctl } from '../../doubles/otlpctl.ts';
import { TOOLS } from '../tools.ts';

const TSC = resolve(import.meta.dirname, '../../../node_modules/typescript/bin/tsc');
/** Grafana's type of a dashboard, with the words of its enums instead of the enums: that is how they stand in JSON. */
const HEAD = `import type { Dashboard } from '${TOOLS}/grafana/node_modules/@grafana/schema';
type Plain<T> = T extends string ? \`\${T}\` : T extends readonly (infer One)[] ? Plain<One>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
export const made: Plain<Dashboard> = `;

/** What the compiler says of a document as Grafana's Dashboard; empty: nothing. */
async function judged(folder: string, json: string): Promise<string> {
  const file = join(folder, 'dashboard.ts');
  writeFileSync(file, HEAD + json);
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--moduleResolution', 'nodenext'];
  const { stdout } = await execa(process.execPath, [TSC, ...options, file], { reject: false });
  return stdout;
}

for (const naming of ['bridge', 'jmx-exporter'])
  test(`Grafana's own types take the dashboard for ${naming}, and none with a word that is wrong`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'otlpctl-dashboard-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const { code, stdout, stderr } = await otlpctl([
      'alerts',
      'dashboard',
      '--names',
      naming,
      '--connector',
      'otlp-source',
      '--queue-size',
      '10000',
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(await judged(folder, stdout), '');
    for (const [right, wrong] of [
      ['"gridPos"', '"gridpos"'],
      ['"absolute"', '"absolut"'],
      ['"schemaVersion": 39', '"schemaVersion": "39"'],
    ] as const) {
      const broken = stdout.replace(right, wrong);
      assert.notEqual(broken, stdout);
      assert.match(await judged(folder, broken), /error TS/, wrong);
    }
  });
