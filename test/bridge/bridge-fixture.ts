import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startBridge, type Bridge, type BridgeParts } from '../../bridge/index.ts';
import type { LogLine } from '../../bridge/log.ts';
import { readSettings, type BridgeSettings } from '../../bridge/settings.ts';
import { schema } from '../../proto/schema.ts';
import { SIGNAL } from '../../proto/vocabulary/signals.ts';

export type Reply = { status: number; headers: Record<string, string | string[] | undefined>; text: string; json: unknown };

/** One HTTP request; a string body goes as it is, anything else as JSON. */
export function ask(
  url: string,
  { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const bytes = body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
  const type = bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(bytes)) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: false, headers: { ...type, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        let json: unknown = null;
        try {
          json = JSON.parse(text);
        } catch {
          // not every answer has a JSON body
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}

/** A folder of its own, gone when the test process ends: what runs in it stops before. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'otlpctl-bridge-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Settings with every port free and a folder of their own, the memory sink, and what `keys` says. */
export function testSettings(directory: string, keys: Record<string, string> = {}): BridgeSettings {
  const all = {
    'bridge.state.dir': directory,
    'bridge.sink': 'memory',
    'bridge.rest.port': '0',
    'bridge.metrics.port': '0',
    'bridge.flush.timeout.ms': '1000',
    'otlp.grpc.port': '0',
    'otlp.http.port': '0',
    ...keys,
  };
  return readSettings({ set: Object.entries(all).map(([key, value]) => `${key}=${value}`), portOffset: 0, env: {} });
}

export type Running = {
  bridge: Bridge;
  lines: LogLine[];
  rest: (path: string, options?: Parameters<typeof ask>[1]) => Promise<Reply>;
  metrics: (path: string, options?: Parameters<typeof ask>[1]) => Promise<Reply>;
};

/** A bridge on free ports that stops with the test. */
export async function running(context: TestContext, settings: BridgeSettings, parts: Partial<BridgeParts> = {}): Promise<Running> {
  const lines: LogLine[] = [];
  const bridge = await startBridge(settings, { log: (line) => lines.push(line), now: Date.now, ...parts });
  context.after(() => bridge.stop(1000));
  const at = (door: { host: string; port: number }) => (path: string, options?: Parameters<typeof ask>[1]) =>
    ask(`http://${door.host}:${door.port}${path}`, options);
  return { bridge, lines, rest: at(bridge.addresses.rest), metrics: at(bridge.addresses.metrics) };
}

/** One Export request of one span, as protobuf. */
export function oneSpan(): Buffer {
  const type = schema().lookupType(SIGNAL.traces.request);
  const span = { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2), name: 'look', startTimeUnixNano: 1, endTimeUnixNano: 2 };
  return Buffer.from(type.encode(type.fromObject({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })).finish());
}

/** Sends Export requests one after another and gives their statuses. */
export async function sendTraces(port: number, count: number): Promise<number[]> {
  const body = oneSpan();
  const statuses: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const { status } = await ask(`http://127.0.0.1:${port}/v1/traces`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-protobuf' },
    });
    statuses.push(status);
  }
  return statuses;
}

/** Waits until something holds; says what did not after the deadline. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, deadlineMs = 3000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((next) => setTimeout(next, 5));
  }
}

export const eventsOf = (lines: readonly LogLine[]): string[] => lines.flatMap(({ message }) => /^event=(\S+)/.exec(message)?.[1] ?? []);
