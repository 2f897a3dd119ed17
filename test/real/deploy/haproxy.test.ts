import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { HAPROXY } from '../tools.ts';
import { DEPLOY, deployed, filledIn } from './files.ts';

const judged = (file: string) => execa(HAPROXY, ['-c', '-f', file], { reject: false, all: true });

test('HAProxy takes the configuration as it is, and not one that is wrong', async (t) => {
  assert.equal((await judged(`${DEPLOY}/haproxy.cfg`)).exitCode, 0);
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-deploy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const wrong = join(folder, 'haproxy.cfg');
  writeFileSync(wrong, filledIn(deployed('haproxy.cfg'), { 'balance roundrobin': 'balance somehow' }));
  const { exitCode, all } = await judged(wrong);
  assert.equal(exitCode, 1);
  assert.match(all, /balance only supports/);
});

test('grace is longer than HAProxy needs to hear of it', () => {
  const said = deployed('haproxy.cfg');
  const ms = (pattern: RegExp) => {
    const [, count, unit] = pattern.exec(said) ?? [];
    return Number(count) * (unit === 'ms' ? 1 : 1000);
  };
  const [inter, fast, check, fall] = [
    ms(/ inter (\d+)(m?s)/),
    ms(/ fastinter (\d+)(m?s)/),
    ms(/timeout check (\d+)(m?s)/),
    ms(/ fall (\d+)/) / 1000,
  ];
  const heard = inter! + (fall! - 1) * fast! + check!;
  assert.equal(heard, 2200);
  assert.ok((JSON.parse(deployed('bridge.json')) as Record<string, number>)['bridge.stop.grace.ms']! >= 2 * heard);
});
