import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { diagnose } from '../../checks/diagnose.ts';
import { toRecord } from '../../checks/record.ts';
import { exitCodeOf } from '../../cli/exit-codes.ts';
import { writeRecords } from '../../cli/record-folder.ts';
import { RENDERERS, type RenderOptions } from '../../cli/render/index.ts';
import { renderNagios } from '../../cli/render/nagios.ts';
import { parsePerfdata } from '../../cli/render/perfdata.ts';
import { harmlessText } from '../../cli/writer.ts';
import { factsOfRecording, loadRecording, RECORDINGS } from '../recorded.ts';
import { assertGolden } from './golden.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

/** What the real connector showed, as otlpctl says it. */
const OPTIONS: RenderOptions = { columns: 80, colour: false, verbosity: 0 };
const ALL = RECORDINGS.map((name) => {
  const facts = factsOfRecording(loadRecording(name));
  return { name, facts, report: diagnose(facts) };
});

/** A command is never wrapped, nor is a word longer than the line. */
const mayBeLong = (line: string) => /^ {4,}\S+ /.test(line) || !line.trim().includes(' ');

for (const { name, facts, report } of ALL) {
  test(`${name}: one screen, one status in every form`, () => {
    const text = harmlessText(RENDERERS.text([{ report, facts }], OPTIONS), false);
    const lines = text.trimEnd().split('\n');
    const roots = report.diagnoses.filter(({ because, status }) => because === null && status !== 'ok');
    if (roots.length <= 1) assert.ok(lines.length <= 24, `${lines.length} lines:\n${text}`);
    assert.deepEqual(
      lines.filter((line) => line.length > 80 && !mayBeLong(line)),
      [],
    );
    const json = JSON.parse(RENDERERS.json([{ report, facts }], OPTIONS)) as { status: string };
    assert.equal(json.status, report.status);
    assert.match(lines.slice(0, 3).join('\n'), new RegExp(`(^|\\s)${report.status.toUpperCase()}( for what was looked at)?$`, 'm'));
    const nagios = renderNagios([{ report, facts }], OPTIONS);
    const [line, perf] = nagios.trimEnd().split(' | ') as [string, string];
    assert.ok(line.startsWith(`OTLP ${report.status.toUpperCase()} - `) && line.length <= 80, line);
    assert.ok(perf.split(' ').length >= 5 && (perf.includes('=U') || parsePerfdata(perf).size >= 3), perf);
  });
}

for (const name of ['healthy-with-traffic', 'port-taken-grpc', 'overload-drops', 'paused', 'worker-killed']) {
  test(`${name} as doctor prints it`, () => {
    const { facts, report } = ALL.find((one) => one.name === name)!;
    assertGolden(`recorded/${name}.txt`, harmlessText(RENDERERS.text([{ report, facts }], OPTIONS), false));
    assertGolden(`recorded/${name}.nagios.txt`, renderNagios([{ report, facts }], OPTIONS));
  });
}

describe('a replay', { concurrency: 2 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-replay-'));
  after(() => rmSync(folder, { recursive: true }));

  for (const name of ['healthy-with-traffic', 'worker-hung']) {
    test(`of ${name} says the same in every format, with the same exit code`, async () => {
      const { facts, report } = ALL.find((one) => one.name === name)!;
      const directory = join(folder, name);
      writeRecords(directory, [JSON.stringify(toRecord(facts))]);
      const runs = await Promise.all(
        ['text', 'json', 'junit'].map((format) => otlpctl(['doctor', '--replay', directory, '--format', format])),
      );
      assert.deepEqual(
        runs.map(({ code, stderr }) => [code, stderr]),
        runs.map(() => [exitCodeOf(report.status), '']),
      );
      assert.equal(runs[0]!.stdout, harmlessText(RENDERERS.text([{ report, facts }], OPTIONS), false));
      assert.deepEqual((JSON.parse(runs[1]!.stdout) as { diagnoses: unknown }).diagnoses, JSON.parse(JSON.stringify(report.diagnoses)));
    });
  }

  test('of several connectors shows each, worst first, and the worst decides', async () => {
    const names = ['healthy-with-traffic', 'paused'];
    const directory = join(folder, 'several');
    writeRecords(
      directory,
      names.map((name) => JSON.stringify(toRecord(ALL.find((one) => one.name === name)!.facts))),
    );
    const { code, stdout } = await otlpctl(['doctor', '--replay', directory, '--format', 'json']);
    const document = JSON.parse(stdout) as { status: string; others: { status: string }[] };
    assert.deepEqual([code, document.status, document.others.map(({ status }) => status)], [2, 'critical', ['ok']]);
  });

  test('an answer of many pages reaches a pipe whole', async () => {
    const directory = join(folder, 'big');
    const record = JSON.stringify(toRecord(ALL.find((one) => one.name === 'worker-killed')!.facts));
    writeRecords(
      directory,
      Array.from({ length: 40 }, () => record),
    );
    const { stdout } = await otlpctl(['doctor', '--replay', directory, '--format', 'json']);
    assert.ok(stdout.length > 256 * 1024, `${stdout.length} characters`);
    assert.equal((JSON.parse(stdout) as { others: unknown[] }).others.length, 39);
  });
});
