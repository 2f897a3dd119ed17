import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lastChanges, rowsForCi } from './faults/ci-rows.ts';
import { SECTIONS } from './faults/options.ts';
import type { RunOptions } from './faults/options.ts';
import { FAULTS, runFaults } from './faults/run-faults.ts';
import { asText } from './faults/table.ts';

/** Together with the rest of the real tier within what CI has. */
const MOST_MS = 20 * 60_000;

const record = mkdtempSync(join(tmpdir(), 'otlpctl-missed-faults-'));
const now = Date.now();
const only = rowsForCi(
  SECTIONS.flatMap((section) => FAULTS[section]),
  now,
  lastChanges(),
);
// Every other day the newer Kafka.
const kafka = Math.floor(now / 86_400_000) % 2 === 0 ? '3.9.1' : '4.1.0';

for (const stack of ['bridge', 'real'] as const)
  test(`${only.length} faults of the matrix, ${stack === 'real' ? `on Kafka ${kafka}` : 'on the bridge'}`, async (t) => {
    const options: RunOptions = { stack, kafka, only, sections: SECTIONS, record, endsAt: now + MOST_MS };
    const outcomes = await runFaults(options, (outcome) => t.diagnostic(asText(outcome)));
    const left = only.filter((id) => !outcomes.some((outcome) => outcome.id === id));
    if (left.length > 0) t.diagnostic(`NOT RUN for want of time: ${left.join(', ')}`);
    for (const outcome of outcomes)
      await t.test(outcome.id, { skip: outcome.verdict === 'waiting' ? outcome.reason : false }, () =>
        assert.equal(outcome.verdict, 'right', `${asText(outcome)}\nrecords of what was missed: ${record}`),
      );
  });
