import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Bridge } from './index.ts';
import { inUrl } from './loopback.ts';
import type { Door } from './settings.ts';
import { badInput } from './settings/bad-input.ts';
import { connectorState, taskState } from './connect/views.ts';
import { systemWords } from './system-words.ts';

const urlOf = ({ host, port }: Door) => `http://${inUrl(host)}:${port}`;

/** What a script that started the bridge needs: where everything really is, and how its tasks came out. `ports`, `connector` and `task` are of the first connector. */
export function readyDocument(bridge: Bridge, pid: number) {
  const { rest, metrics } = bridge.addresses;
  const connectors = bridge.worker.all().map((connector) => ({
    name: connector.name,
    state: connectorState(connector),
    task: connector.task === null ? null : { state: taskState(connector), trace: connector.task.trace },
    ports: connector.task?.ports ?? { grpc: null, http: null },
  }));
  const first = connectors[0];
  return {
    schemaVersion: 1,
    pid,
    ports: { grpc: first?.ports.grpc ?? null, http: first?.ports.http ?? null, rest: rest.port, metrics: metrics.port },
    addresses: { rest, metrics },
    urls: { rest: urlOf(rest), metrics: urlOf(metrics) },
    connector: first?.name ?? null,
    task: first?.task ?? null,
    connectors,
  };
}

/** Whether the file will be writable, asked before anything is started. Throws bad input with the path. */
export function checkReadyFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw badInput(`--ready-file ${file} is a folder: name a file`);
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw badInput(`--ready-file ${file} cannot be written: ${systemWords(error)}`);
  }
}

/** Whole or not at all: written beside, then renamed. Throws bad input with the path. */
export function writeReadyFile(file: string, document: unknown): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(document, null, 2)}\n`);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw badInput(`--ready-file ${file} cannot be written: ${systemWords(error)}`);
  }
}
