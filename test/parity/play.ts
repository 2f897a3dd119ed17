import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { exportRequest } from '../doubles/load.ts';
import { overGrpc } from '../real/stand/otlp-clients.ts';
import { PORT_NAMES } from './step.ts';
import type { Json, Ports, Step } from './step.ts';

/** One of the two that are asked: where its REST is, and the ports its connectors get. */
export type Side = {
  restPort: number;
  ports: Ports;
  /** how long an answer that is waited for must stay: what Connect says at once may be what was before */
  settlesMs: number;
};

/** An answer before anything in it is made comparable. `body` is JSON where it is that, else text. */
export type Answer = { status: number; type: string | null; location: string | null; allow: string | null; body: Json };

const UNTIL_MS = 20_000;
const AGAIN_MS = 100;

const filled = (text: string, ports: Ports): string =>
  PORT_NAMES.reduce((said, name) => said.replaceAll(`{${name}}`, String(ports[name])), text);

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

function once({ request: asked, body, type, headers = {} }: Step, { restPort, ports }: Side): Promise<Answer> {
  const [method, path] = asked.split(' ') as [string, string];
  const text = body === undefined ? undefined : filled(typeof body === 'string' ? body : JSON.stringify(body), ports);
  const ours: Record<string, string | number> = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
  if (text !== undefined && type !== null) ours['content-type'] = type ?? 'application/json';
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: restPort, method, path, agent: false, headers: { ...ours, ...headers } }, (answer) => {
      let said = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
      answer.on('error', reject).on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? null,
          location: answer.headers.location ?? null,
          allow: answer.headers.allow ?? null,
          body: parsed(said),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** A worker that has just taken a change says 409 for a moment, whatever it is asked. */
const isMomentary = ({ status, body }: Answer): boolean =>
  status === 409 && /rebalance|stale configuration|momentarily/.test(JSON.stringify(body));

/** Asks until the answer is one to compare, or the deadline: then the last one stands. */
export async function play(step: Step, side: Side): Promise<Answer> {
  for (const signal of step.send ?? []) await overGrpc(side.ports.grpc, signal, exportRequest(signal, 'parity'));
  let fitsSince: number | null = null;
  for (const end = Date.now() + UNTIL_MS; ; await pause(AGAIN_MS)) {
    const answer = await once(step, side);
    if (step.once) return answer;
    const fits = !isMomentary(answer) && (step.until === undefined || step.until.test(JSON.stringify(answer.body)));
    fitsSince = fits ? (fitsSince ?? Date.now()) : null;
    const settled = fitsSince !== null && (step.until === undefined || Date.now() - fitsSince >= side.settlesMs);
    if (settled || Date.now() > end) return answer;
  }
}
