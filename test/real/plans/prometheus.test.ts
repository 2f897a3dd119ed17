import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { inProcess } from '../../doubles/in-process.ts';
import { discard, keep } from '../stand/keeper.ts';
import { part } from '../stand/part.ts';
import { freePorts } from '../stand/ports.ts';
import { PROMETHEUS } from '../tools.ts';

/** Two hours of a connector in a Prometheus of its own: 50 traces a second, of which ten minutes had 400, half of them dropped, and 20 logs a second. */
const SCRAPE_S = 15;
const HOURS_S = 7200;
const BUSY = { from: 3000, to: 3600, perSecond: 400 };
let folder: string;
let url: string;

function openMetrics(now: number): string {
  const lines: string[] = [];
  const counter = (name: string, connector: string, perSecond: (second: number) => number): void => {
    let value = 0;
    lines.push(`# TYPE ${name} unknown`);
    for (let second = 0; second <= HOURS_S; second += SCRAPE_S) {
      lines.push(`${name}{connector_name="${connector}",instance="worker:9404"} ${value} ${now - HOURS_S + second}`);
      value += perSecond(second) * SCRAPE_S;
    }
  };
  const isBusy = (second: number): boolean => second >= BUSY.from && second < BUSY.to;
  counter('otlp_TracesReceived', 'otlp-source', (second) => (isBusy(second) ? BUSY.perSecond / 2 : 50));
  counter('otlp_TracesDropped', 'otlp-source', (second) => (isBusy(second) ? BUSY.perSecond / 2 : 0));
  counter('otlp_LogsReceived', 'otlp-source', () => 20);
  counter('otlp_MetricsReceived', 'another', () => 5000);
  return `${lines.join('\n')}\n# EOF\n`;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otlpctl-prometheus-'));
  const { adopt } = keep(folder, process.pid);
  const [port] = (await freePorts(1)) as [number];
  url = `http://127.0.0.1:${port}`;
  const [text, data, config] = ['history.txt', 'data', 'prometheus.yml'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(text, openMetrics(Math.floor(Date.now() / 1000) - 60));
  writeFileSync(config, 'scrape_configs: []\n');
  await execa('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', text, data]);
  const ready = async () => (await fetch(`${url}/-/ready`).catch(() => null))?.status === 200;
  const command = [PROMETHEUS, `--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=127.0.0.1:${port}`] as const;
  await part({ name: 'prometheus', logFile: join(folder, 'prometheus.log'), command: [...command], ready }, adopt).start();
});
after(() => discard(folder));

const capacity = (...words: string[]) =>
  inProcess(['capacity', '--from-target', '--connect-url', 'none', '--prometheus-url', url, ...words, '--format', 'json']);

test('peak and burst of the past: what was dropped counts, another connector does not', async (t) => {
  const { code, stdout, stderr } = await capacity('--connector', 'otlp-source');
  assert.deepEqual([code, stderr], [0, '']);
  const { measured } = JSON.parse(stdout) as {
    measured: { peakPerSecond: number; burstSeconds: number; signals: Record<string, number>; sources: { peak: { from: string } } };
  };
  const near = (is: number, expected: number) => assert.ok(Math.abs(is - expected) <= expected * 0.05, `${is}, and it is ${expected}`);
  near(measured.peakPerSecond, BUSY.perSecond + 20);
  near(measured.signals['traces']!, BUSY.perSecond);
  near(measured.signals['logs']!, 20);
  assert.equal(measured.signals['metrics'], 0);
  assert.ok(Math.abs(measured.burstSeconds - (BUSY.to - BUSY.from)) <= 120, `${measured.burstSeconds} s, a step of a minute at each end`);
  assert.equal(measured.sources.peak.from, 'prometheus');
  t.diagnostic(`${measured.peakPerSecond} msg/s for ${measured.burstSeconds} s; 420 for 600 s were written`);
});

test('a connector that it does not know, or several and none named: one sentence that lists them', async () => {
  const unknown = await capacity('--connector', 'nobody');
  assert.equal(unknown.code, 3);
  assert.match(unknown.stdout, /nothing of nobody: it has another, otlp-source/);
  assert.match((await capacity()).stdout, /it has another, otlp-source/);
  assert.match(
    (await capacity('--connector', 'otlp-source', '--history', '60')).stdout,
    /no series of the connector in this time|nothing was sent/,
  );
});
