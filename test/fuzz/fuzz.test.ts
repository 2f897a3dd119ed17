import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { folder, running, testSettings, until } from '../bridge/bridge-fixture.ts';
import { fuzz } from './fuzz.ts';
import { FUZZ_LIMIT } from './requests.ts';

const COUNT = Number(process.env['OTLPCTL_FUZZ_REQUESTS'] ?? 2000);
/** Fixed, so that what is found is found again; `npm run fuzz` takes others. */
const SEED = Number(process.env['OTLPCTL_FUZZ_SEED'] ?? 20261125);

const total = (counts: Readonly<Record<Signal, number>>) => SIGNALS.reduce((sum, signal) => sum + counts[signal], 0);

test(`${COUNT} requests, sound and broken, over both transports: every answer is right and every accepted one accounted for`, async (t) => {
  const { bridge, lines } = await running(t, testSettings(folder(), { 'bridge.max.request.bytes': String(FUZZ_LIMIT) }));
  const { task } = bridge.worker.find('otlp-source')!;
  const result = await fuzz({ http: task!.ports.http!, grpc: task!.ports.grpc! }, COUNT, SEED);
  assert.deepEqual(result.wrong, []);
  assert.equal(result.taken + result.refused, COUNT);
  assert.ok(result.taken > COUNT / 10 && result.refused > COUNT / 10, `${result.taken} taken, ${result.refused} refused`);

  const counts = () => task!.snapshot()!;
  for (const signal of SIGNALS) {
    const { accepted, produced, queued, inFlight, dropped } = counts();
    assert.equal(accepted[signal], produced[signal] + queued[signal] + inFlight[signal] + dropped[signal], signal);
  }
  await until('all is stored', () => total(counts().produced) === total(counts().accepted));
  assert.equal(total(counts().dropped) + total(counts().refused), 0);
  // What was empty is answered OK, and is nothing to queue.
  assert.equal(total(counts().accepted), result.full);
  assert.deepEqual(
    lines.filter(({ message }) => message.includes('http_request_error')),
    [],
  );
  assert.equal(task!.state(), 'RUNNING');
});
