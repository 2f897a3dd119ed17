import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bridgeSide, portsForConnectors } from '../parity/bridge-side.ts';
import { unlike } from '../parity/compare.ts';
import { judge } from '../parity/differences.ts';
import { playAll, readRecord, writeRecord } from '../parity/record.ts';
import { startStand } from './stand/stand.ts';

/** A rebalance is over by then, so that a status is no longer that from before the change. */
const SETTLES_MS = 1500;

/** What a worker has logged decides which loggers it lists, and so does who used it before. */
const VARIES = ['loggers'];

for (const [version, kafka] of [
  ['4.1', '4.1.0'],
  ['3.9', '3.9.1'],
] as const)
  test(`one script of requests goes to Kafka Connect ${kafka} and to the bridge, and the answers differ where it is listed alone`, async (t) => {
    // Its own: a worker keeps every logger whose level was ever set, and lists it.
    const stand = await startStand({ kafka });
    t.after(stand.stop);
    const connect = await playAll({
      restPort: Number(new URL(stand.connectUrl).port),
      ports: await portsForConnectors(),
      settlesMs: SETTLES_MS,
    });
    // With OTLPCTL_RECORD=1 what Connect says now becomes what the bridge is compared with where there is no Connect.
    if (process.env['OTLPCTL_RECORD'] === '1') writeRecord(version, connect);
    const bridge = await playAll(await bridgeSide(t, version));
    assert.deepEqual(judge(version, new Map([...connect].map(([step, answer]) => [step, unlike(answer, bridge.get(step)!)]))), []);

    const recorded = readRecord(version);
    const moved = [...connect].filter(([step, answer]) => !VARIES.includes(step) && unlike(recorded.get(step)!, answer).length > 0);
    assert.deepEqual(
      moved.map(([step]) => step),
      [],
      'Connect no longer answers as recorded: play it again with OTLPCTL_RECORD=1',
    );
  });
