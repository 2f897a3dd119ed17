import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../doubles/load.ts';
import { otlpctl } from '../doubles/otlpctl.ts';
import { connectorOn } from './stand/connector-on.ts';
import { withAdmin } from './stand/kafka-admin.ts';
import { recorder } from './stand/recorder.ts';
import type { Recorded } from './stand/recorder.ts';
import { sharedStand } from './stand/shared.ts';
import { startStand } from './stand/stand.ts';

type Report = { status: string; summary: string; durationMs: number; diagnoses: { id: string; status: string; sentence: string }[] };

const RUNS = 3;
/** Operations of Jolokia that only look. Source: Jolokia, "Protocol". */
const LOOKS = ['read', 'search', 'list', 'version'];

const isLook = ({ method, body }: Recorded): boolean =>
  method === 'GET' ||
  (method === 'POST' && [JSON.parse(body) as { type: string } | { type: string }[]].flat().every(({ type }) => LOOKS.includes(type)));

async function doctor(...args: string[]): Promise<Report & { code: number | null }> {
  const { code, stdout } = await otlpctl(['doctor', '--format', 'json', ...args]);
  return { ...(JSON.parse(stdout) as Report), code };
}

const findings = ({ diagnoses }: Report): string[] =>
  diagnoses.filter(({ status }) => status !== 'ok').map(({ id, sentence }) => `${id}: ${sentence}`);

for (const version of ['3.9.1', '4.1.0'] as const)
  test(`a healthy connector on Kafka ${version}, idle and busy: no finding, and nothing is changed by looking`, async (t) => {
    const stand = await sharedStand(version);
    const connector = await connectorOn(t, stand, { 'otlp.message.format': 'json' });
    const [rest, jolokia, http] = [
      await recorder(stand.connectUrl),
      await recorder(stand.jolokiaUrl),
      await recorder(`http://127.0.0.1:${connector.http}`),
    ];
    t.after(() => Promise.all([rest, jolokia, http].map((one) => one.close())));
    const look = [
      ['--connect-url', rest.url],
      ['--connector', connector.name],
      ['--metrics-url', `${jolokia.url}/jolokia/`],
      ['--otlp-http', http.url],
      ['--otlp-grpc', `127.0.0.1:${connector.grpc}`],
      ['--log-file', stand.logFile],
      ['--kafka', stand.kafka],
    ].flat();
    const topics = (): Promise<string[]> => withAdmin(stand.kafka, (admin) => admin.listTopics());
    const before = { topics: (await topics()).sort(), config: (await connector.ask('GET', '/config')).body };

    const cold = await doctor(...look, '--window', '0');
    t.diagnostic(`idle, --window 0: ${cold.durationMs} ms`);
    assert.deepEqual([cold.status, cold.code, findings(cold)], ['ok', 0, []]);
    for (let run = 0; run < RUNS; run++) {
      const idle = await doctor(...look, '--window', '2');
      assert.deepEqual([idle.status, idle.code, findings(idle)], ['ok', 0, []]);
    }
    assert.equal(Number((await connector.bean())?.attributes.TotalMessagesReceived), 0, 'a look puts nothing into the queues');

    const stop = new AbortController();
    t.after(() => stop.abort());
    for (const signal of ['traces', 'metrics', 'logs'] as const) void load({ port: connector.http, signal, perSecond: 60 }, stop.signal);
    await connector.beanWhen('messages of each signal', (bean) => bean.LogsReceived! > 0 && bean.RecordsProduced! > 60);
    for (let run = 0; run < RUNS; run++) {
      const busy = await doctor(...look);
      t.diagnostic(`busy, 5 s window: ${busy.durationMs} ms`);
      assert.deepEqual([busy.status, busy.code, findings(busy)], ['ok', 0, []]);
    }
    stop.abort();

    for (const { requests } of [rest, jolokia, http]) {
      assert.ok(requests.length > 0);
      assert.deepEqual(
        requests.filter((request) => !isLook(request)),
        [],
      );
    }
    assert.ok(
      http.requests.every(({ method }) => method === 'GET'),
      'nothing is sent to the receiver',
    );
    const made = Object.values(connector.topics);
    assert.deepEqual(
      (await topics()).filter((topic) => !made.includes(topic)).sort(),
      before.topics.filter((topic) => !made.includes(topic)),
    );
    assert.deepEqual((await connector.ask('GET', '/config')).body, before.config);
  });

test('plain doctor beside a healthy local worker finds everything at its usual place, and says what it did not look at', async (t) => {
  const stand = await startStand({ kafka: '3.9.1', ports: { rest: 8083, jolokia: 8778 } });
  t.after(stand.stop);
  await connectorOn({ after: () => undefined }, stand, {}, { name: 'otlp-source', ports: [4317, 4318] });
  const report = await doctor();
  assert.deepEqual([report.status, report.code, findings(report)], ['ok', 0, []]);
  assert.match(report.summary, /^OK for what was looked at: .*metrics/);
  const { stdout } = await otlpctl(['doctor', '--window', '0']);
  assert.match(stdout, /Not looked +.*--log-file/);
  assert.match(stdout, /Not looked(.|\n)*--kafka/);
});
