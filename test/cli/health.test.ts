import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { previousSample, withPrevious } from '../../cli/health.ts';
import { healthSentence, renderNagios } from '../../cli/render/nagios.ts';
import { parsePerfdata, perfdataOf } from '../../cli/render/perfdata.ts';
import { connectDouble, type ConnectDouble } from '../doubles/connect.ts';
import { double } from '../doubles/double.ts';
import type { Double } from '../doubles/listen.ts';
import * as build from '../facts.ts';
import { HEALTHY, HOSTILE, PORT_TAKEN, TWO_ROOTS } from './reports.ts';
import { BIN, otlpctl } from '../doubles/otlpctl.ts';

const facts = build.healthy({
  metrics: { value: build.metrics({ TracesReceived: 10_412, TracesDropped: 98, RecordsProduced: 10_408 }, null) },
});
const PERF = "'received'=10412c;;;0 'dropped'=98c;;;0 'queued'=4;8000;10000;0;30000 'rate'=U 'lost'=U%";
const line = (report = HEALTHY, from = facts, verbosity = 0) =>
  renderNagios([{ report, facts: from }], { columns: 80, colour: false, verbosity });

test('a healthy target is one line with its values', () => {
  assert.equal(line(), `OTLP OK - connector RUNNING, gRPC 4317 and HTTP 4318 accept, 4 queued | ${PERF}\n`);
});

test('a fault is named first, and the line stays short', () => {
  const [text] = line(PORT_TAKEN).split(' | ');
  assert.equal(text, 'OTLP CRITICAL - python3 (pid 3884) holds port 4317, so the task cannot start...');
  assert.ok(text!.length <= 80);
  assert.match(line(PORT_TAKEN, facts, 1).split(' | ')[0]!, /nothing is received$/);
  assert.match(healthSentence(TWO_ROOTS, facts), / \(\+1 more\)$/);
});

test('-vv lists diagnoses, steps and what was asked below the line', () => {
  const lines = line(PORT_TAKEN, facts, 2).trimEnd().split('\n');
  assert.ok(lines.includes('unknown metrics-source: Jolokia answers without the connector'));
  assert.ok(lines.slice(1).every((one) => !one.includes('|')));
});

test('no text can begin perfdata or leave ASCII', () => {
  const text = line(HOSTILE);
  assert.equal(text.split('|').length, 2);
  assert.match(text, /^[\x20-\x7e\n]+$/);
});

test('what was not seen is U, and the labels are always the same', () => {
  const blind = build.healthy({ metrics: { unasked: 'skipped', reason: 'not found' } });
  const perf = line(HEALTHY, blind).split(' | ')[1]!.trimEnd();
  assert.equal(perf, "'received'=Uc 'dropped'=Uc 'queued'=U 'rate'=U 'lost'=U%");
  assert.deepEqual(
    perfdataOf(blind).map(({ label }) => label),
    perfdataOf(facts).map(({ label }) => label),
  );
});

test('perfdata of the last look gives rates without a state file', () => {
  const previous = previousSample(
    { previous: "'received'=10000c;;;0 'dropped'=90c 'queued'=0;8000", 'previous-at': build.NOW / 1000 - 105 },
    build.NOW,
  );
  const perf = parsePerfdata(line(HEALTHY, withPrevious(facts, previous)).split(' | ')[1]!);
  // build.metrics takes its one sample five seconds before NOW
  assert.equal(perf.get('rate'), 4.12);
  assert.equal(perf.get('lost'), 1.905);
});

test('the first look has nothing to compare with; half of the two options is refused', () => {
  assert.equal(previousSample({ previous: '', 'previous-at': 0 }, build.NOW), undefined);
  assert.equal(previousSample({}, build.NOW), undefined);
  assert.equal(previousSample({ previous: "'received'=Uc 'dropped'=Uc 'queued'=U", 'previous-at': 1 }, build.NOW), undefined);
  assert.throws(() => previousSample({ previous: 'a=1' }, build.NOW), {
    message: '--previous and --previous-at belong together: give --previous-at too',
  });
  assert.throws(() => previousSample({ previous: 'a=1', 'previous-at': 9_999_999_999 }, build.NOW), { message: /is not in the past/ });
  assert.throws(() => previousSample({ previous: 'nonsense', 'previous-at': 1 }, build.NOW), {
    message: /^--previous is not perfdata of otlpctl health/,
  });
});

const ran = (child: ChildProcess): Promise<{ status: number | null; stderr: string }> =>
  new Promise((done) => {
    let stderr = '';
    child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (status) => done({ status, stderr }));
  });

describe('otlpctl health', { concurrency: 2 }, () => {
  const doubles: Double[] = [];
  let connect: ConnectDouble;
  let target: string[];
  let config: Record<string, string>;
  before(async () => {
    const [grpc, http] = [await double('h2'), await double('otlp-http')];
    config = { 'otlp.grpc.port': String(grpc.port), 'otlp.http.port': String(http.port) };
    connect = await connectDouble({ connectors: { 'otlp-source': { config } } });
    doubles.push(grpc, http, connect);
    target = ['--connect-url', connect.url.href];
  });
  after(() => Promise.all(doubles.map((one) => one.close())));

  test('one line, nothing on stderr, state and configuration in two exchanges', async () => {
    const own = await connectDouble({ connectors: { 'otlp-source': { config } } });
    const { code, stdout, stderr } = await otlpctl(['health', '--connect-url', own.url.href, '--metrics-url', 'http://127.0.0.1:1/']);
    await own.close();
    assert.deepEqual([code, stderr], [3, '']);
    assert.match(stdout, /^OTLP UNKNOWN - /);
    assert.deepEqual(own.requests.sort(), ['GET /', 'GET /connectors?expand=status&expand=info']);
  });

  test('metrics that nobody gave and that are not there leave the state alone', async () => {
    const { code, stdout } = await otlpctl(['health', ...target]);
    assert.equal(code, 0);
    assert.match(stdout, /^OTLP OK - connector RUNNING, gRPC \d+ and HTTP \d+ accept, metrics not seen \| '/);
  });

  test('the same as JSON', async () => {
    const { code, stdout } = await otlpctl(['health', ...target, '--format', 'json']);
    const document = JSON.parse(stdout) as { status: string; text: string; perfdata: { label: string }[]; looked: { requests: number } };
    assert.ok(document.looked.requests <= 6, `${document.looked.requests} exchanges`);
    assert.deepEqual([code, document.status, document.perfdata[0]!.label], [0, 'ok', 'received']);
    assert.match(document.text, /^OTLP OK - /);
  });

  const UNKNOWN: readonly [string[], string][] = [
    [['--peak', '5'], 'OTLP UNKNOWN - --peak: no such option, see otlpctl health --help\n'],
    [['--timeout', '10 minutes'], 'OTLP UNKNOWN - --timeout "10 minutes" is not a number of seconds (try 600)\n'],
    [['--format', 'xml'], 'OTLP UNKNOWN - --format "xml" is not one of nagios, json\n'],
    [['now'], 'OTLP UNKNOWN - "now" is one argument too many, see otlpctl health --help\n'],
  ];
  for (const [args, stdout] of UNKNOWN) {
    test(`${args.join(' ')} is UNKNOWN, on stdout`, async () =>
      assert.deepEqual({ ...(await otlpctl(['health', ...args])), json: 0 }, { code: 3, stdout, stderr: '', json: 0 }));
  }

  test('help and version exit 3, as plug-ins do', async () => {
    for (const word of ['--help', '-h', '--version', '-V']) {
      const { code, stderr, stdout } = await otlpctl(['health', word]);
      assert.deepEqual([code, stderr], [3, '']);
      if (word === '--help') {
        assert.match(stdout, /and not asked, for this is one short look[^]*--kafka, --kafka-config/);
        assert.doesNotMatch(stdout, /^ {2}--(?:kafka|log-file)\b/m);
      }
      assert.match(stdout, word === '--help' || word === '-h' ? /--previous-at EPOCH/ : /^otlpctl \d/);
    }
  });

  test('the first looks of a monitoring system and the one after a fault are judged', async () => {
    for (const [previous, at] of [
      ['', '0'],
      ['', '-1'],
      ["'received'=Uc 'dropped'=Uc 'queued'=U 'rate'=U 'lost'=U%", '1763910000'],
    ] as const) {
      const { code, stdout } = await otlpctl(['health', ...target, '--previous', previous, '--previous-at', at]);
      assert.deepEqual([code, stdout.slice(0, 8)], [0, 'OTLP OK ']);
    }
  });

  test('a full disk is UNKNOWN, without a word on stderr', { skip: !existsSync('/dev/full') }, async () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = await ran(spawn(process.execPath, [BIN, 'health', '--version'], { stdio: ['ignore', full, 'pipe'] }));
    closeSync(full);
    assert.deepEqual([status, stderr], [3, '']);
  });

  test('a crash is UNKNOWN and not WARNING', async () => {
    const bomb = 'data:text/javascript,globalThis.setTimeout=()=>{throw new Error("boom")}';
    const { code, stdout, stderr } = await otlpctl(['health', ...target], { node: ['--import', bomb] });
    assert.deepEqual([code, stderr], [3, '']);
    assert.match(stdout, /^OTLP UNKNOWN - .*boom/);
  });

  test('starts without oclif, chalk, gRPC, protobuf and an import of node:http', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'otlpctl-loaded-'));
    const [hooks, loaded] = [join(folder, 'hooks.mjs'), join(folder, 'loaded.txt')];
    writeFileSync(
      hooks,
      `import { registerHooks } from 'node:module'; import { appendFileSync } from 'node:fs';
       registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(loaded)}, url + '\\n'); return next(url, context); } });`,
    );
    const { code } = await otlpctl(['health', ...target], { node: ['--import', hooks] });
    const files = readFileSync(loaded, 'utf8').trim().split('\n');
    rmSync(folder, { recursive: true });
    assert.equal(code, 0);
    assert.deepEqual(
      files.filter(
        (url) => url.includes('/node_modules/') || /^node:(http|https|http2|tls|inspector)$/.test(url) || url.includes('/cli/main'),
      ),
      [],
    );
    assert.ok(files.length < 60, `${files.length} files`);
    // Looks that are taken on demand are no part of it.
    const texts = files.filter((url) => url.includes('/dist/')).map((url) => readFileSync(new URL(url), 'utf8'));
    for (const theirs of ['readNft(', 'firewallRules', 'createEntryReader('])
      assert.ok(!texts.some((text) => text.includes(theirs)), theirs);
  });
});
