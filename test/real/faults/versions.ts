import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunOptions } from './options.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What ran, in one sentence: otlpctl and its commit, Node.js, and on the real stack Kafka and Java. */
export function versions({ stack, kafka }: RunOptions): string {
  const { version } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as { version: string };
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'cli', 'checks', 'bridge', 'proto') === '' ? '' : ' with changes';
  const java =
    stack === 'real'
      ? `, Kafka and Connect ${kafka}, ${/version "([^"]+)"/.exec(spawnSync('java', ['-version']).stderr.toString())?.[1] ?? '?'} Java`
      : '';
  return `otlpctl ${version} at ${git('rev-parse', '--short', 'HEAD')}${changed}, Node.js ${process.version}${java}.`;
}
