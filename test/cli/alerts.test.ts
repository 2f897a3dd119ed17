import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

/** A page as a jmx_exporter gives it, and a Prometheus of which the first path says what it answers. */
const PAGE = readFileSync(new URL('../../fixtures/recorded/metrics/jmx_exporter-runbook.txt', import.meta.url), 'utf8');

async function world(t: { after(end: () => void): void }): Promise<string> {
  const server = createServer(({ url = '' }, answer) => {
    if (url === '/metrics') return void answer.setHeader('content-type', 'text/plain; version=0.0.4').end(PAGE);
    if (url.startsWith('/bad/'))
      return void answer.writeHead(422).end('{"status":"error","errorType":"execution","error":"too many samples"}');
    const result = url.startsWith('/empty/') ? [] : historyOf(new URL(url, 'http://x').searchParams);
    answer.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Over the time that is asked for: traces come and some are dropped, and of another connector nothing is. */
function historyOf(asked: URLSearchParams): object[] {
  const [start, end, step] = ['start', 'end', 'step'].map((key) => Number(asked.get(key))) as [number, number, number];
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const series = (attribute: string, perSecond: number, connector = 'otlp-source') => ({
    metric: { __name__: `otlp_${attribute}`, connector_name: connector, instance: 'w:9404', job: 'connect' },
    values: times.map((at) => [at, String((at - start) * perSecond)]),
  });
  const steady = ['MetricsReceived', 'LogsReceived', 'MetricsDropped', 'LogsDropped'].map((name) => series(name, 0));
  const traces = ['TracesReceived', 'TotalMessagesReceived', 'RecordsProduced'].map((name) => series(name, 20));
  const lost = ['TracesDropped', 'TotalMessagesDropped'].map((name) => series(name, 1));
  return [...steady, ...traces, ...lost, series('TracesDropped', 50, 'otlp-b')];
}

const JSON_OF = ['--connect-url', 'none', '--connector', 'otlp-source', '--queue-size', '10000', '--format', 'json', '--window', '0'];
type Document = { status: string; alerts: { id: string; state: string; seen: string }[]; error?: { message: string } };
const run = async (...args: string[]): Promise<{ code: number | null; document: Document }> => {
  const { code, stdout } = await otlpctl(['alerts', ...JSON_OF, ...args]);
  return { code, document: JSON.parse(stdout) as Document };
};
const stateOf = ({ alerts }: Document, id: string) => alerts.find((one) => one.id === id)?.state;

test('one look with a Prometheus behind it tells what fires; without metrics its readings stand alone', async (t) => {
  const url = await world(t);
  const [blind, empty] = await Promise.all([
    run('--metrics-url', 'http://127.0.0.1:1/metrics', '--prometheus-url', `${url}/sub/`),
    run('--metrics-url', `${url}/metrics`, '--prometheus-url', `${url}/empty`),
  ]);
  assert.deepEqual([blind.code, blind.document.status], [2, 'critical'], JSON.stringify(blind.document));
  assert.deepEqual(
    ['HighMessageDropRate', 'TracesQueueDropping', 'LogsQueueDropping', 'OTLPNoMessagesReceived', 'OTLPMetricsAbsent'].map((id) =>
      stateOf(blind.document, id),
    ),
    ['firing', 'firing', 'silent', 'silent', 'silent'],
  );
  assert.match(blind.document.alerts.find(({ id }) => id === 'HighMessageDropRate')!.seen, /4\.8 % over 5\.0 min/);
  assert.deepEqual([empty.code, stateOf(empty.document, 'OTLPMetricsAbsent')], [3, 'firing']);
});

test('a Prometheus that cannot tell is one sentence and exit code 3', async (t) => {
  const url = await world(t);
  const all = await Promise.all(
    [`${url}/bad`, 'http://127.0.0.1:1'].map((prometheus) => run('--metrics-url', `${url}/metrics`, '--prometheus-url', prometheus)),
  );
  assert.deepEqual(
    all.map(({ code }) => code),
    [3, 3],
  );
  const [bad, refused] = all.map(({ document }) => document.error?.message ?? '');
  assert.match(bad!, /HTTP 422: too many samples/);
  assert.match(refused!, /ECONNREFUSED/);
});

test('a rule file for the names on a page, and refusals in one sentence', async (t) => {
  const url = await world(t);
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-rules-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'rules.yml');
  const rules = (...args: string[]) => otlpctl(['alerts', 'rules', '--connect-url', 'none', '--metrics-url', `${url}/metrics`, ...args]);
  const made = await rules('--queue-size', '2000', '--output', file);
  assert.deepEqual([made.code, made.stdout, made.stderr], [0, `15 rules for otlp-source written to ${file}.\n`, '']);
  const written = parse(readFileSync(file, 'utf8')) as { groups: { rules: { alert: string; expr: string }[] }[] };
  assert.equal(
    written.groups[0]!.rules.find(({ alert }) => alert === 'LogsQueueDropping')?.expr,
    'increase(otlp_LogsDropped{connector_name="otlp-source"}[5m]) > 0',
  );
  const wrong = await Promise.all([
    rules('--queue-size', '2000', '--output', file),
    rules('--rule', 'HighMessageDrop'),
    otlpctl(['alerts', 'rules', '--connect-url', 'none', '--metrics-url', 'http://127.0.0.1:1/metrics']),
  ]);
  const says = [
    /is there already/,
    /--rule "HighMessageDrop" is no alert \(did you mean "HighMessageDropRate"/,
    /cannot be seen: .*give --metrics-url of the page/,
  ];
  for (const [i, { code, stdout, stderr }] of wrong.entries()) {
    assert.deepEqual([code, stdout, stderr.split('\n').length], [3, '', 2], stderr);
    assert.match(stderr, says[i]!);
  }
});
