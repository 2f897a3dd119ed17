import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogueOf } from '../../checks/catalogue/runbook.ts';
import { EVERY_STEP } from '../../checks/steps/on-demand.ts';
import { load } from '../doubles/load.ts';
import { otlpctl } from '../doubles/otlpctl.ts';
import { stateFolder } from '../cli/acting/acting.ts';
import { ACTIONS, CHECKS, COMMANDS, type Row, type Scene } from './runbook-steps.ts';
import { connectorOn } from './stand/connector-on.ts';
import { freePorts } from './stand/ports.ts';
import { sharedStand } from './stand/shared.ts';

const KINDS = { checks: Object.keys(CHECKS), commands: Object.keys(COMMANDS), actions: Object.keys(ACTIONS) };

test('every step of the catalogue that runs is asked of the real stack below, once', () => {
  const running = catalogueOf(EVERY_STEP).filter(({ state }) => state !== 'planned');
  assert.deepEqual(Object.values(KINDS).flat().sort(), running.map(({ id }) => id).sort());
});

/** Runs a step as the runbook's reader would, and holds what it said against what the stack makes right. */
async function run(id: string, row: Row, scene: Scene): Promise<void> {
  const { more, code = 0, says } = row(scene);
  const ran = await otlpctl(['runbook', 'run', id, ...more]);
  const said = `${ran.stdout}${ran.stderr}`;
  assert.equal(ran.code, code, `${id}: exit ${ran.code}\n${said}`);
  assert.match(said, says, id);
}

for (const version of ['3.9.1', '4.1.0'] as const)
  test(`Kafka ${version}: every step of the runbook, on a healthy connector under load`, async (t) => {
    const stand = await sharedStand(version);
    const connector = await connectorOn(t, stand, { 'otlp.message.format': 'json' });
    const stop = new AbortController();
    t.after(() => stop.abort());
    const sending = load({ port: connector.http, signal: 'traces', perSecond: 20 }, stop.signal);
    await connector.beanWhen('traces to be written', ({ RecordsProduced = 0 }) => RecordsProduced > 10);
    const file = join(mkdtempSync(join(tmpdir(), 'otlpctl-runbook-')), 'connector.json');
    writeFileSync(file, JSON.stringify(connector.config));
    const scene: Scene = {
      connect: ['--connect-url', stand.connectUrl, '--connector', connector.name],
      metrics: ['--metrics-url', stand.jolokiaUrl],
      kafka: ['--kafka', stand.kafka],
      log: ['--log-file', stand.logFile],
      act: ['--yes', '--state-dir', stateFolder()],
      grpc: connector.grpc,
      http: connector.http,
      free: (await freePorts(2)) as [number, number],
      file,
    };

    await t.test('checks', async (checks) => {
      const all = [...scene.connect, ...scene.metrics, ...scene.kafka, ...scene.log, '--active', '--window', '2', '--timeout', '30'];
      const { stdout, stderr } = await otlpctl(['check', ...KINDS.checks, ...all, '--format', 'json']);
      assert.match(stderr, /^--active sends: [^\n]*\n$/);
      const { steps } = JSON.parse(stdout) as { steps: { id: string; status: string; sentence: string }[] };
      for (const { id, status, sentence } of steps) checks.diagnostic(`${id}: ${status}: ${sentence}`);
      const isRight = ({ id, status, sentence }: (typeof steps)[number]): boolean =>
        status === (CHECKS[id]?.status ?? 'ok') && CHECKS[id]?.says.test(sentence) === true;
      assert.deepEqual(
        steps.filter((one) => !isRight(one)).map(({ id, status, sentence }) => `${id}: ${status}: ${sentence}`),
        [],
      );
      assert.deepEqual(steps.map(({ id }) => id).sort(), [...KINDS.checks].sort());
    });
    // What the two versions tell apart is seen in the checks.
    if (version === '3.9.1') return;
    for (const [id, row] of Object.entries(COMMANDS)) await t.test(id, () => run(id, row, scene));
    stop.abort();
    await sending.catch(() => undefined);
    await connector.beanWhen(
      'everything to be written',
      ({ TotalMessagesReceived, RecordsProduced }) => TotalMessagesReceived === RecordsProduced,
    );
    for (const [id, row] of Object.entries(ACTIONS)) await t.test(id, () => run(id, row, scene));
  });
