import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { countedRun } from '../count/count.ts';
import { readBreaks } from '../count/breaks.ts';
import { tallyText } from '../count/tally.ts';
import { loneBroker } from '../stand/lone-broker.ts';
import type { LoneBroker } from '../stand/lone-broker.ts';

const PLAN = { perSecond: 400, connections: 24, bytes: 300 };

for (const kafka of ['3.9.1', '4.1.0'] as const)
  describe(`nothing acknowledged is lost, Kafka ${kafka}`, () => {
    let broker: LoneBroker;
    before(async () => {
      broker = await loneBroker({ kafka });
    });
    after(() => broker.stop());

    const run = async (seconds: number, breaks: string, set: Record<string, string>) => {
      const result = await countedRun(broker, { ...PLAN, count: seconds * PLAN.perSecond, breaks: readBreaks(breaks), set });
      assert.deepEqual(result.lost, [], tallyText(result));
      assert.equal(result.exit, 0, result.log.slice(-2000));
      assert.doesNotMatch(result.log, /Warning|Unhandled|at .*node_modules/);
      return result;
    };

    test('bridge.ack=kafka: the bridge is killed again and again, and stopped', async () => {
      const { acknowledged } = await run(6, 'bridge-kill@1,bridge-kill@2.5,bridge-stop@4', { 'bridge.ack': 'kafka' });
      assert.ok(acknowledged > 3 * PLAN.perSecond, `${acknowledged}`);
    });

    test('bridge.ack=kafka: the broker freezes, dies and comes back; senders are told to try again, and then are stored again', async () => {
      const set = { 'bridge.ack': 'kafka', 'bridge.ack.timeout.ms': '1000', 'bridge.kafka.request.timeout.ms': '2000' };
      const { acknowledged, refused, unanswered, log } = await run(40, 'broker-freeze@1:3,broker-kill@6:1', set);
      assert.ok(acknowledged > 5 * PLAN.perSecond && refused > PLAN.perSecond, `${acknowledged} and ${refused}`);
      assert.equal(unanswered, 0, 'the ports stay open');
      assert.ok((log.match(/ WARN .* kafka /g) ?? []).length < 40, 'a line for each change');
      assert.ok((log.match(/ kafkajs: /g) ?? []).length < 20, 'the library is quiet');
    });

    test('bridge.ack=queue: a stop hands everything on, and a broker that is away for a while is waited for', async () => {
      const { acknowledged, refused, duplicated } = await run(4, 'bridge-stop@1.5', {});
      assert.ok(acknowledged > 2 * PLAN.perSecond, `${acknowledged}`);
      assert.deepEqual([duplicated, refused < PLAN.perSecond], [0, true]);
      const away = await run(8, 'broker-kill@1:2', {});
      assert.deepEqual([away.refused, away.unanswered], [0, 0]);
    });
  });
