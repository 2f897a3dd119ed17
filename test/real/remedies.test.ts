import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { otlpctl } from '../doubles/otlpctl.ts';
import { until } from '../doubles/until.ts';
import { binFolder, onTerminal } from '../doubles/terminal.ts';
import { connectorOn, type ConnectorOn } from './stand/connector-on.ts';
import { sharedStand } from './stand/shared.ts';
import type { Stand } from './stand/stand.ts';

type Remedy = { sentence: string; command: string; byHand?: string };
type Fault = {
  id: string;
  /** brings it about, and takes away what only a person could */
  make(connector: ConnectorOn, t: TestContext): Promise<unknown>;
  /** of the remedies that have both ways */
  which: RegExp;
  healed(connector: ConnectorOn): Promise<unknown>;
};

const runs = (connector: ConnectorOn) => connector.settled('RUNNING', 'RUNNING');

/** Another process would hold it for longer; the task has met it by then, and is FAILED. Gives it free. */
async function heldPort(ask: ConnectorOn['ask'], settled: ConnectorOn['settled'], port: number): Promise<() => Promise<void>> {
  await ask('PUT', '/stop');
  await settled('STOPPED');
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  await ask('PUT', '/resume');
  await settled('RUNNING', 'FAILED');
  return async () => void (await new Promise((done) => holder.close(done)));
}

const FAULTS: readonly Fault[] = [
  {
    id: 'connector-paused',
    make: ({ ask, settled }) => ask('PUT', '/pause').then(() => settled('PAUSED', 'PAUSED')),
    which: /connector resume/,
    healed: runs,
  },
  {
    id: 'connector-stopped',
    make: ({ ask, settled }) => ask('PUT', '/stop').then(() => settled('STOPPED')),
    which: /connector resume/,
    healed: runs,
  },
  {
    id: 'port-in-use',
    make: ({ ask, settled, grpc }) => heldPort(ask, settled, grpc).then((free) => free()),
    which: /connector restart-task 0/,
    healed: runs,
  },
  {
    id: 'connector-not-found',
    // Connect 3.9 goes on showing it for a moment.
    make: async ({ ask }) => {
      await ask('DELETE', '');
      await until('Connect to forget the connector', async () => ((await ask('GET', '/status')).status === 404 ? true : undefined));
    },
    which: /connector deploy/,
    healed: runs,
  },
];

let stand: Stand;
before(async () => void (stand = await sharedStand('3.9.1')));
const BIN = binFolder();
const PATH = `${BIN}:${process.env.PATH}`;

/** What doctor says about it, with both ways. */
async function remedyOf({ id, which }: Fault, { name }: ConnectorOn): Promise<Required<Remedy>> {
  const target = ['--connect-url', stand.connectUrl, '--connector', name, '--metrics-url', stand.jolokiaUrl];
  const { stdout } = await otlpctl(['doctor', '--format', 'json', '--window', '0', ...target]);
  const { diagnoses } = JSON.parse(stdout) as { diagnoses: { id: string; remedies: Remedy[] }[] };
  const found = diagnoses.find((one) => one.id === id);
  assert.ok(found !== undefined, `${id} is not among ${diagnoses.map((one) => one.id).join(', ')}`);
  const remedy = found.remedies.find(({ command, byHand }) => which.test(command) && byHand !== undefined);
  assert.ok(remedy?.byHand !== undefined, `no remedy of ${id} has both ways: ${JSON.stringify(found.remedies)}`);
  return { ...remedy, byHand: remedy.byHand };
}

for (const fault of FAULTS)
  test(`${fault.id}, ${fault.which.source}: the command of otlpctl and the one by hand both heal it, as they stand there`, async (t) => {
    for (const way of ['command', 'byHand'] as const) {
      const connector = await connectorOn(t, stand);
      const cwd = mkdtempSync(join(tmpdir(), 'otlpctl-remedy-'));
      writeFileSync(join(cwd, 'connector.json'), JSON.stringify({ name: connector.name, config: connector.config }));
      await fault.make(connector, t);
      const { [way]: line } = await remedyOf(fault, connector);
      t.diagnostic(line);
      if (way === 'byHand') await promisify(execFile)('/bin/sh', ['-c', line], { cwd });
      else {
        const { code, screen } = await onTerminal(line, [['Go on? [y/N] ', 'y\r']], { cwd, env: { PATH, XDG_STATE_HOME: cwd } });
        assert.equal(code, 0, screen);
      }
      await fault.healed(connector);
      await connector.ask('DELETE', '');
    }
  });
