import { test } from 'node:test';
import assert from 'node:assert/strict';
import { otlpctl } from '../../../checks/derive/commands.ts';
import { tailByHand, troublesByHand } from '../../../checks/derive/log-by-hand.ts';
import type { Facts, LogSeen } from '../../../checks/facts/index.ts';
import { logSource } from '../../../checks/steps/log-source.ts';
import { healthy, withValue } from '../../facts.ts';

const withLog = (change: Partial<LogSeen>): Facts => withValue(healthy(), 'log', change);

const PLACES: readonly (readonly [what: string, change: Partial<LogSeen>, troubles: string, tail: string])[] = [
  ['a file', { place: '/l/a b.log' }, "grep -E 'ERROR|WARN' '/l/a b.log' | tail -50", "tail -n 200 '/l/a b.log'"],
  [
    'rotated files',
    { place: '/l/c.log (after c.log.1)', files: ['/l/c.log.1', '/l/c.log'] },
    "grep -E -h 'ERROR|WARN' /l/c.log.1 /l/c.log | tail -50",
    'tail -n 200 /l/c.log',
  ],
  [
    'compressed ones',
    { place: '/l/c.log (after c.log.1.gz)', files: ['/l/c.log.1.gz', '/l/c.log'] },
    "zgrep -E -h 'ERROR|WARN' /l/c.log.1.gz /l/c.log | tail -50",
    'tail -n 200 /l/c.log',
  ],
  [
    'a command',
    { place: 'kubectl logs c-0', command: 'kubectl logs c-0' },
    "kubectl logs c-0 | grep -E 'ERROR|WARN' | tail -50",
    'kubectl logs c-0 | tail -n 200',
  ],
  [
    'standard input',
    { place: 'standard input' },
    "grep -E 'ERROR|WARN' connect.log | tail -50",
    'tail -n 200 ${KAFKA_HOME:-/opt/kafka}/logs/connect.log',
  ],
];

for (const [what, change, troubles, tail] of PLACES)
  test(`the log by hand: ${what}`, () => {
    assert.deepEqual([troublesByHand(withLog(change)), tailByHand(withLog(change))], [troubles, tail]);
  });

test('how the log was read is said where it matters', () => {
  const sentence = (change: Partial<LogSeen>): string => logSource.evaluate(withLog(change)).sentence;
  assert.match(sentence({ zoneOffsetMinutes: 120 }), /; it is written in another time zone: 120 min added to its times\.$/);
  assert.match(sentence({ zoneOffsetMinutes: -330 }), /taken off its times\.$/);
  assert.match(sentence({ unended: true }), /; it had not ended when the time was up\.$/);
  assert.match(
    sentence({ cut: { readBytes: 64 * 1024 * 1024, totalBytes: 161 * 1024 * 1024 } }),
    /only its last 64 of 161 MiB were read\.$/,
  );
});

test('a command that prints the log is part of the commands that look again', () => {
  const facts = withValue(withValue(healthy(), 'target', { logPlace: null, logCommand: "ssh w 'cat /l'" }), 'run', {
    given: ['log-command'],
  });
  assert.match(otlpctl(facts, 'doctor'), / --log-command 'ssh w '\\''cat \/l'\\'''$/);
  assert.doesNotMatch(otlpctl(facts, 'metrics'), /log-command/);
});
