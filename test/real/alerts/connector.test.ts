import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNALS, type Signal } from '../../../proto/vocabulary/signals.ts';
import { load } from '../../doubles/load.ts';
import { otlpctl } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import { startExporter, writtenConfig } from '../jmx-exporter/exporter.ts';
import { connectorOn } from '../stand/connector-on.ts';
import { sharedStand } from '../stand/shared.ts';
import { startPrometheus } from './prometheus.ts';
import { faster, rulesOf } from './tools.ts';

/** A name that Connect takes and every place has to write in its own way. */
const NAME = 'otlp "eu" *?';
/** A page over JMX takes longer than a bridge's: four scrapes and more are in a range of 5 s all the same. */
const SCRAPE_MS = 1000;
/** Longer than range and `for` of any alert together, in seconds of the fast world. */
const LONGEST_S = 11;
const LONG_MS = 40_000;

const LOST = ['LogsLossHigh', 'LogsQueueDropping', 'MetricsLossHigh', 'MetricsQueueDropping', 'TracesLossHigh', 'TracesQueueDropping'];

test("a real Prometheus scrapes a true jmx_exporter by what otlpctl writes for both: each of a connector's alerts fires on its fault and on no look-alike", async (t) => {
  const stand = await sharedStand('3.9.1');
  const queue = { 'otlp.message.queue.size': '300' };
  const topics = Object.fromEntries(SIGNALS.map((signal) => [`kafka.topic.${signal}`, `alerts-${signal}`]));
  const connector = await connectorOn(t, stand, { ...queue, ...topics }, { name: NAME });
  const neighbour = await connectorOn(t, stand, queue);
  const exporter = await startExporter(t, stand, await writtenConfig(stand.workers[0]!.jmxUrl));
  const target = ['--connect-url', stand.connectUrl, '--connector', NAME, '--metrics-url', exporter.url];
  const { text, rules } = await rulesOf(...target);
  const unseen = await rulesOf('--names', 'runbook', '--connector', NAME, '--queue-size', '300');
  assert.deepEqual(unseen.rules, rules, 'who cannot look writes the same rules');
  const prometheus = await startPrometheus(exporter.page, faster(text), SCRAPE_MS);
  t.after(() => prometheus.stop());

  const ends: AbortController[] = [];
  t.after(() => ends.forEach((end) => end.abort()));
  const send = (http: number, perSecond: number, signals: readonly Signal[]) => {
    const end = new AbortController();
    ends.push(end);
    const sending = signals.map((signal) => load({ port: http, signal, perSecond, connections: 8 }, end.signal));
    return async () => (end.abort(), await Promise.all(sending));
  };
  const fires = (what: string, holds: (firing: string[]) => boolean) =>
    until(
      what,
      async () => {
        const now = await prometheus.firing();
        return holds(now) ? now : undefined;
      },
      LONG_MS,
    ).catch(async (error: Error) => assert.fail(`${error.message}; firing: ${(await prometheus.firing()).join(', ')}`));
  const firesJust = (...wanted: string[]) => fires(`just ${wanted.join(', ')}`, (now) => now.join() === wanted.sort().join());
  /** Looks on until the query gives so much, and finds no alert that fires all the while. */
  const silentUntil = (what: string, query: string, least: number) =>
    until(
      what,
      async () => {
        assert.deepEqual(await prometheus.firing(), [], `${what}, with scrapes of ${await prometheus.value('scrape_duration_seconds')} s`);
        return ((await prometheus.value(query)) ?? 0) >= least || undefined;
      },
      LONG_MS,
    );
  const ours = (attribute: string) => `otlp_${attribute}{connector_name!="${neighbour.name}"}`;
  type Alerts = { status: string; alerts: { id: string; state: string }[] };
  const live = async (...args: string[]): Promise<[number | null, Alerts]> => {
    const { code, stdout } = await otlpctl(['alerts', ...target, '--window', '1', '--format', 'json', ...args]);
    return [code, JSON.parse(stdout) as Alerts];
  };

  await until('a first scrape', async () => (await prometheus.value('up')) === 1 || undefined, LONG_MS);
  await fires('what fires before that to end', (now) => now.length === 0);

  // Just started, then idle, while a neighbour in the same worker drops what it gets.
  await neighbour.ask('PUT', '/pause');
  await neighbour.settled('PAUSED', 'PAUSED');
  const stopNeighbour = send(neighbour.http, 40, SIGNALS);
  const dropped = `otlp_TotalMessagesDropped{connector_name="${neighbour.name}"}`;
  await silentUntil('drops of the neighbour', `${dropped} > 0`, 1);
  await silentUntil('more of them', dropped, 120 * LONGEST_S);
  await stopNeighbour();

  // One signal used, two unused.
  let stop = send(connector.http, 20, ['traces']);
  await silentUntil('steady traces', ours('TracesReceived'), 20 * LONGEST_S);
  const [healthyCode, healthy] = await live('--prometheus-url', prometheus.url);
  assert.deepEqual([healthyCode, healthy.status], [0, 'ok'], JSON.stringify(healthy));
  await stop();

  // More of one signal than the poll loop takes.
  stop = send(connector.http, 700, ['traces']);
  const ceiling = ['HighMessageDropRate', 'OTLPPollCeiling', 'TracesLossHigh', 'TracesQueueDropping'];
  const limited = await fires(ceiling.join(), (now) => ceiling.every((id) => now.includes(id)));
  assert.ok(!limited.some((id) => /^(Metrics|Logs|OTLPMetricsAbsent|OTLPNoMessages)/.test(id)), limited.join());
  await stop();

  // All signals, well under the limits, with a loss that is history: the lifetime's ratio says otherwise.
  stop = send(connector.http, 100, SIGNALS);
  await fires('what is over to end', (now) => now.length === 0);
  await silentUntil('a load under the limits', ours('LogsReceived'), 100 * LONGEST_S);
  assert.ok((await prometheus.value(ours('DropRate')))! > 1);

  // Nothing leaves any more: queues fill, and everything is dropped. The gauges of the queues say 0 of 0 all the while.
  await connector.ask('PUT', '/pause');
  await firesJust('HighMessageDropRate', 'HighProcessingLag', 'HighQueueUtilization', ...LOST);
  for (const dead of ['MaxQueueUtilizationPercent', 'QueueCapacity', 'TracesQueueSize'])
    assert.equal(await prometheus.value(ours(dead)), 0);
  const [faultCode, fault] = await live('--prometheus-url', prometheus.url);
  assert.deepEqual([faultCode, fault.status], [2, 'critical'], JSON.stringify(fault));
  assert.notEqual(fault.alerts.find(({ id }) => id === 'HighQueueUtilization')?.state, 'silent');

  await connector.ask('PUT', '/resume');
  await stop();
  await firesJust('LogsNotReceived', 'MetricsNotReceived', 'OTLPNoMessagesReceived', 'TracesNotReceived');

  // Its series are gone, while the page and the neighbour's are there.
  await connector.ask('DELETE', '');
  await firesJust('OTLPMetricsAbsent');
  assert.notEqual(await prometheus.value(dropped), undefined);
  await exporter.process.kill();
  const [blindCode, blind] = await live();
  assert.deepEqual([blindCode, blind.status], [3, 'unknown'], JSON.stringify(blind));
  assert.deepEqual([...new Set(blind.alerts.map(({ state }) => state))], ['unknown']);
});
