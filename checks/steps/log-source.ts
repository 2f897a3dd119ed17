import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { clock, count, span } from '../derive/words.ts';
import { pass, without } from '../derive/verdict.ts';
import { nowOf } from '../derive/log.ts';
import { seen } from '../facts/index.ts';
import type { Facts, LogSeen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const logSource = defineCheck({
  id: 'log-source',
  heading: 'Contact and Escalation',
  question: "Can the worker's log be read, and from when?",
  why: 'A log that is not there is silent, and silence looks like health. How far back it goes, and when the task last started in it, decides what its lines prove.',
  needs: ['log'],
  commands: ['tail -100 $KAFKA_HOME/logs/connect.log', 'Review connector logs at DEBUG level'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const log = seen(facts, 'log');
  if (log === undefined) return without(facts, 'log', 'The log');
  const start =
    log.startedAt === null
      ? "the task's last start is not in it"
      : `the task last started ${span(Math.max(0, nowOf(facts) - log.startedAt))} before this look`;
  const from = log.fromAt === null ? '' : ` from ${clock(log.fromAt)}`;
  return pass(
    `${log.place}: ${count(log.lines)} lines${from}${log.lastAt === null ? '' : ` to ${clock(log.lastAt)}`}; ${[start, ...notes(log)].join('; ')}.`,
    quote(facts, 'log', 'lines'),
  );
}

const MIB = 1024 * 1024;

/** What a reader must know of how it was read. */
function notes({ cut, unended, zoneOffsetMinutes: zone }: LogSeen): string[] {
  return [
    ...(cut === undefined ? [] : [`only its last ${Math.round(cut.readBytes / MIB)} of ${Math.round(cut.totalBytes / MIB)} MiB were read`]),
    ...(unended === true ? ['it had not ended when the time was up'] : []),
    ...(zone === undefined
      ? []
      : [`it is written in another time zone: ${Math.abs(zone)} min ${zone > 0 ? 'added to' : 'taken off'} its times`]),
  ];
}
