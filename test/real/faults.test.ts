import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { IN_EVERY_RUN, lastChanges, rowsForCi } from './faults/ci-rows.ts';
import { SECTIONS } from './faults/options.ts';
import type { RunOptions } from './faults/options.ts';
import { FAULTS, runFaults } from './faults/run-faults.ts';
import type { Outcome } from './faults/run-faults.ts';
import { asText } from './faults/table.ts';

/** No further fault is begun after that long, on both stacks together. */
const MOST_MS = 8 * 60_000;

const record = mkdtempSync(join(tmpdir(), 'otlpctl-missed-faults-'));
const now = Date.now();
const only = rowsForCi(
  SECTIONS.flatMap((section) => FAULTS[section]),
  now,
  lastChanges(),
);
// Every other day the newer Kafka.
const kafka = Math.floor(now / 86_400_000) % 2 === 0 ? '3.9.1' : '4.1.0';

/** Why otlpctl was not judged. What this machine could not bring about in two tries is skipped and told, but for the rows that every run has. */
function notJudged(outcome: Outcome): string | false {
  if (outcome.verdict === 'waiting') return outcome.reason;
  if (outcome.verdict !== 'not brought about' || IN_EVERY_RUN.includes(outcome.id)) return false;
  return `NOT BROUGHT ABOUT in two tries: ${outcome.reason}`;
}

for (const stack of ['bridge', 'real'] as const)
  test(`${only.length} faults of the matrix, ${stack === 'real' ? `on Kafka ${kafka}` : 'on the bridge'}`, async (t) => {
    const options: RunOptions = { stack, kafka, only, sections: SECTIONS, record, endsAt: now + MOST_MS };
    const outcomes = await runFaults(options, (outcome) => t.diagnostic(asText(outcome)));
    const left = only.filter((id) => !outcomes.some((outcome) => outcome.id === id));
    if (left.length > 0) t.diagnostic(`NOT RUN for want of time: ${left.join(', ')}`);
    for (const outcome of outcomes)
      await t.test(outcome.id, { skip: notJudged(outcome) }, () =>
        assert.equal(outcome.verdict, 'right', `${asText(outcome)}\nrecords of what was missed: ${record}`),
      );
  });
