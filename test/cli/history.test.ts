import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { health as look, HEALTH_OPTIONS } from '../../cli/health.ts';
import { parseArgv } from '../../cli/parse-argv.ts';
import { readOptions } from '../../cli/read-options.ts';
import { parsePerfdata } from '../../cli/render/perfdata.ts';
import { connectDouble } from '../doubles/connect.ts';
import { double } from '../doubles/double.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';
import { listen, type Double } from '../doubles/listen.ts';

/** The recorded page has 275 traces received, 270 produced, none dropped. */
const PAGE = readFileSync(new URL('../../fixtures/recorded/metrics/jmx_exporter-worker.txt', import.meta.url), 'utf8');
const DROPPED = 50;
const LOSSY = PAGE.replace(/^(\S+_(?:Traces|TotalMessages)Dropped\{.*\}) \S+$/gm, `$1 ${DROPPED}.0`);
const PER_SECOND = 0.25;

type Kept = (ageSeconds: number) => Record<string, number>;
const counters = (received: number): Record<string, number> => ({
  ...{ TracesReceived: received, MetricsReceived: 0, LogsReceived: 0, TotalMessagesReceived: received, RecordsProduced: received - 5 },
  ...{ TracesDropped: 0, MetricsDropped: 0, LogsDropped: 0, TotalMessagesDropped: 0 },
});
/** What it kept, by the first part of the path. */
const KEPT: Readonly<Record<string, Kept | null>> = {
  steady: (age) => counters(275 - age * PER_SECOND),
  still: () => counters(275),
  none: null,
};

/** A matrix over what is asked for, as Prometheus answers a range query. */
function matrix(kept: Kept | null, asked: URLSearchParams): object {
  const [start, end, step] = ['start', 'end', 'step'].map((key) => Number(asked.get(key))) as [number, number, number];
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const names = kept === null ? [] : Object.keys(kept(0));
  const result = names.map((name) => ({
    metric: { __name__: `otlp_${name}`, connector_name: 'otlp-source', instance: 'w:9404', job: 'connect' },
    values: times.map((at) => [at, String(kept!(end - at)[name])]),
  }));
  return { status: 'success', data: { resultType: 'matrix', result } };
}

type Doctor = { status: string; diagnoses: { id: string; sentence: string }[]; steps: { id: string; status: string; sentence: string }[] };

describe('what a Prometheus kept', { concurrency: 2 }, () => {
  const open: Double[] = [];
  const credentials: (string | undefined)[] = [];
  let target: string[];
  let at: string;
  before(async () => {
    const [grpc, http] = [await double('h2'), await double('otlp-http')];
    const config = { 'otlp.grpc.port': String(grpc.port), 'otlp.http.port': String(http.port) };
    const connect = await connectDouble({ connectors: { 'otlp-source': { config } } });
    const server = await listen(
      createServer((request, response) => {
        const url = new URL(request.url!, 'http://x');
        const [, first = ''] = url.pathname.split('/');
        if (!url.pathname.endsWith('/api/v1/query_range'))
          return void response.setHeader('content-type', 'text/plain; version=0.0.4').end(first === 'lossy' ? LOSSY : PAGE);
        credentials.push(request.headers.authorization);
        response.end(JSON.stringify(matrix(KEPT[first] ?? null, url.searchParams)));
      }),
    );
    open.push(grpc, http, connect, server);
    at = `127.0.0.1:${server.port}`;
    target = ['--connect-url', connect.url.href];
  });
  after(() => Promise.all(open.map((one) => one.close())));

  const health = async (page: string, ...args: string[]) => {
    const all = [...target, '--metrics-url', `http://${at}/${page}`, ...args];
    const options = readOptions(HEALTH_OPTIONS, parseArgv(all, HEALTH_OPTIONS, ''), {});
    const { text, code } = await look(options, { format: 'nagios', verbosity: 1 }, { env: {}, now: Date.now, version: '1.0.0' });
    return { code, text, perf: parsePerfdata(text.split(' | ')[1]!) };
  };
  const doctor = async (...args: string[]) => {
    const ran = await otlpctl(['doctor', ...target, '--metrics-url', `http://${at}/metrics`, '--format', 'json', ...args]);
    assert.equal(ran.stderr, '');
    const report = JSON.parse(ran.stdout) as Doctor;
    return { code: ran.code, stdout: ran.stdout, report, step: (id: string) => report.steps.find((step) => step.id === id) };
  };
  const of = (kept: string): string[] => ['--prometheus-url', `http://${at}/${kept}`];

  test('the first look of health has a rate, and loss of the last five minutes is critical', async () => {
    const [blind, steady, lossy] = await Promise.all([
      health('metrics'),
      health('metrics', ...of('steady')),
      health('lossy/metrics', ...of('steady')),
    ]);
    assert.deepEqual([blind.code, blind.perf.has('rate'), blind.perf.has('lost')], [0, false, false], blind.text);
    assert.deepEqual([steady.code, steady.perf.get('lost')], [0, 0], steady.text);
    assert.ok(Math.abs(steady.perf.get('rate')! - PER_SECOND) < 0.02, steady.text);
    assert.equal(lossy.code, 2, lossy.text);
    assert.match(lossy.text, /of 12[3-8] offered messages \((39|40|41) %\) were dropped over 5\.[0-3] min/);
  });

  test('what was given on the command line comes before what was kept', async () => {
    const previous = ["'received'=215c 'dropped'=0c 'queued'=5", String(Math.floor(Date.now() / 1000) - 60)] as const;
    const given = await health('metrics', ...of('steady'), '--previous', previous[0], '--previous-at', previous[1]);
    assert.equal(given.code, 0, given.text);
    assert.ok(Math.abs(given.perf.get('rate')! - 1) < 0.05, given.text);
  });

  test('a still window after ten still minutes is traffic that stopped; without them it is a note', async () => {
    const [stopped, idle] = await Promise.all([doctor('--window', '1', ...of('still')), doctor('--window', '1')]);
    assert.deepEqual([stopped.code, stopped.report.diagnoses[0]?.id], [1, 'traffic-stopped'], stopped.stdout);
    assert.match(stopped.report.diagnoses[0]!.sentence, /^No message arrived over 10\.\d min, after 275 before/);
    assert.match(
      stopped.step('metrics-history')!.sentence,
      /^Prometheus has 41 readings over 10\.0 min: 0 messages\/s were offered, 0 lost\.$/,
    );
    assert.deepEqual([idle.code, idle.step('metrics-history')], [0, undefined]);
    assert.ok(idle.report.diagnoses.some(({ id }) => id === 'idle'));
  });

  test('a Prometheus that cannot tell is unknown, and said; its credentials are sent and never shown', async () => {
    const [none, refused, secret] = await Promise.all([
      doctor('--window', '0', ...of('none')),
      doctor('--window', '0', '--prometheus-url', 'http://127.0.0.1:1'),
      doctor('--window', '0', '--prometheus-url', `http://me:hush@${at}/steady/`),
    ]);
    for (const { code, report, step } of [none, refused]) {
      assert.deepEqual([code, report.status, report.diagnoses[0]?.id], [3, 'unknown', 'history-unavailable']);
      assert.equal(step('metrics-history')?.status, 'unknown');
    }
    assert.match(none.report.diagnoses[0]!.sentence, /: it has no series of otlp-source in the last 10\.0 min\.$/);
    assert.match(refused.report.diagnoses[0]!.sentence, /ECONNREFUSED/);
    assert.equal(secret.code, 0, secret.stdout);
    assert.doesNotMatch(secret.stdout, /hush/);
    assert.ok(credentials.includes(`Basic ${Buffer.from('me:hush').toString('base64')}`));
  });

  test('a record keeps what each source said, and its replay judges the same', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'otlpctl-history-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const live = await doctor('--window', '0', ...of('steady'), '--record', join(folder, 'facts'));
    assert.match(live.step('metrics-source')!.sentence, /one reading, and 2[01] of 5\.\d min before from GET http:\/\/127\S+query_range/);
    const record = readFileSync(join(folder, 'facts', 'facts.json'), 'utf8');
    const { facts } = JSON.parse(record) as { facts: { metrics: { value: { samples: object[] } } } };
    assert.equal(facts.metrics.value.samples.length, 1);
    const again = await otlpctl(['doctor', '--replay', join(folder, 'facts'), '--format', 'json']);
    assert.deepEqual((JSON.parse(again.stdout) as Doctor).steps, live.report.steps);
  });
});
