import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditFile } from '../../../cli/acting/audit-file.ts';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';
import { actingConnect, type ActingConnect, type Change, type Manner } from '../../doubles/acting-connect.ts';
import { stateFolder } from './acting.ts';

/** An action that asks Connect for a change, and the connector that it meets. */
export type Case = {
  /** words of the command */
  args: (connect: ActingConnect) => readonly string[];
  state?: string;
  taskState?: string;
  /** of Connect */
  version?: string;
  config?: Record<string, string>;
  /** there is no connector yet */
  absent?: true;
  /** configuration before an earlier run, for those who go back to it */
  earlier?: Record<string, string>;
  /** it is about the worker, whatever connectors there are */
  ofWorker?: true;
  /** without metrics nothing shows whether it was carried out */
  blind?: true;
  /** what it sends, as method and path below the connector */
  sends: readonly string[];
};

const words =
  (...args: string[]) =>
  () =>
    args;

/** A configuration in a file, with the ports of this connector. */
const deploying =
  (config: Record<string, string>, ...more: string[]) =>
  ({ ports }: ActingConnect): string[] => {
    const file = join(stateFolder(), 'connector.json');
    writeFileSync(
      file,
      JSON.stringify({ name: 'otlp-source', config: { 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1', ...ports, ...config } }),
    );
    return ['connector', 'deploy', file, ...more];
  };

const LOGGER = 'PUT /admin/loggers/io.conduktor.connect.otel';
const ONE_LOGGER = ['--logger', 'io.conduktor.connect.otel'];

export const CASES: Readonly<Record<string, Case>> = {
  restart: { blind: true, args: words('connector', 'restart'), sends: ['POST /restart?includeTasks=true&onlyFailed=false'] },
  'restart, only what failed': {
    args: words('connector', 'restart', '--only-failed'),
    taskState: 'FAILED',
    sends: ['POST /restart?includeTasks=true&onlyFailed=true'],
  },
  'restart-task': { blind: true, args: words('connector', 'restart-task', '0'), sends: ['POST /tasks/0/restart'] },
  pause: { args: words('connector', 'pause'), sends: ['PUT /pause'] },
  resume: { args: words('connector', 'resume'), state: 'PAUSED', sends: ['PUT /resume'] },
  stop: { args: words('connector', 'stop'), sends: ['PUT /stop'] },
  delete: { args: words('connector', 'delete'), sends: ['DELETE '] },
  'config set': { args: words('connector', 'config', 'set', 'otlp.message.queue.size=50000'), sends: ['PATCH /config'] },
  'config set where there is no PATCH': {
    args: words('connector', 'config', 'set', 'otlp.message.queue.size=50000'),
    version: '3.7.2',
    sends: ['PUT /config'],
  },
  'config rollback': {
    args: words('connector', 'config', 'rollback'),
    config: { 'otlp.message.queue.size': '500' },
    earlier: { 'otlp.message.queue.size': '700' },
    sends: ['PATCH /config'],
  },
  'deploy, the first time': { args: deploying({ 'otlp.message.queue.size': '500' }), absent: true, sends: ['POST /connectors'] },
  'deploy over one that is there': {
    args: deploying({ 'otlp.message.queue.size': '500' }, '--replace'),
    config: { 'otlp.message.format': 'protobuf' },
    sends: ['PUT /config'],
  },
  'config edit': { args: words('connector', 'config', 'edit'), sends: ['PATCH /config'] },
  shutdown: { args: words('shutdown'), sends: ['PUT /stop'] },
  'drain-restart': {
    args: ({ url }) => ['drain-restart', '--metrics-url', `${url}/metrics.json`],
    sends: ['POST /restart?includeTasks=true&onlyFailed=false'],
  },
  loglevel: { args: words('loglevel', 'DEBUG', ...ONE_LOGGER), ofWorker: true, sends: [LOGGER] },
  'debug-window': { args: words('debug-window', '--for', '0.1', ...ONE_LOGGER), ofWorker: true, sends: [LOGGER, LOGGER] },
};

/** Changes the configuration that it is shown, as a person would. */
export const EDITOR = { EDITOR: `sed -i 's/"tasks.max": "1"/"tasks.max": "2"/'` };

/** The connector of a case, and a state folder with its past. */
export async function begin(
  action: Case,
  manner?: (change: Change, nth: number) => Manner,
): Promise<{ connect: ActingConnect; folder: string; args: string[] }> {
  const { state = 'RUNNING', taskState = state, version, config, absent, earlier } = action;
  const connect = await actingConnect({
    ...(version !== undefined && { version }),
    ...(config && { config }),
    ...(absent && { name: null }),
    state,
    taskState,
    ...(taskState === 'FAILED' && { trace: 'java.lang.RuntimeException: something' }),
    ...(manner && { manner }),
  });
  const folder = stateFolder();
  if (earlier) seed(folder, connect, { ...connect.config(), ...earlier });
  return { connect, folder, args: [...action.args(connect)] };
}

/** A record of an earlier run. */
function seed(folder: string, { url }: ActingConnect, config: Record<string, string>): void {
  const run = { run: 'earlier', at: '2026-01-01T00:00:00.000Z' };
  const target = { connector: 'otlp-source', connectUrl: url, kind: 'connector' };
  const planned = {
    ...run,
    event: 'planned',
    action: 'connector config set',
    who: { pid: 1, host: 'elsewhere' },
    target,
    before: { config },
  };
  const ended = { ...run, event: 'ended', outcome: 'done', sentence: 'done', after: null };
  writeFileSync(auditFile(folder), `${JSON.stringify(planned)}\n${JSON.stringify(ended)}\n`);
}
