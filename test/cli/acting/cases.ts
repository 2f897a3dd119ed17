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
    return ['deploy', file, ...more];
  };

export const CASES: Readonly<Record<string, Case>> = {
  restart: { args: words('restart'), sends: ['POST /restart?includeTasks=true&onlyFailed=false'] },
  'restart, only what failed': {
    args: words('restart', '--only-failed'),
    taskState: 'FAILED',
    sends: ['POST /restart?includeTasks=true&onlyFailed=true'],
  },
  'restart-task': { args: words('restart-task', '0'), sends: ['POST /tasks/0/restart'] },
  pause: { args: words('pause'), sends: ['PUT /pause'] },
  resume: { args: words('resume'), state: 'PAUSED', sends: ['PUT /resume'] },
  stop: { args: words('stop'), sends: ['PUT /stop'] },
  delete: { args: words('delete'), sends: ['DELETE '] },
  'config set': { args: words('config', 'set', 'otlp.message.queue.size=50000'), sends: ['PATCH /config'] },
  'config set where there is no PATCH': {
    args: words('config', 'set', 'otlp.message.queue.size=50000'),
    version: '3.7.2',
    sends: ['PUT /config'],
  },
  'config rollback': {
    args: words('config', 'rollback'),
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
};

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
  return { connect, folder, args: ['connector', ...action.args(connect)] };
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
