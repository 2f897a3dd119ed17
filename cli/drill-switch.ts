import type { IncomingMessage } from 'node:http';
import { METRICS_PATH, PORTS } from '../proto/vocabulary/connect.ts';
import { badInput, couldNotLook } from './bad-input.ts';

/** What a bridge says of its drills. */
export type DrillBoard = { on: string[]; endsAt?: string | null; drills?: { form: string; meaning: string }[] };

export type DrillOrder = { method: 'GET' | 'DELETE' } | { method: 'PUT'; drills: readonly string[]; forSeconds: number | null };

export const HERE = new URL(`http://127.0.0.1:${PORTS.metrics}/`);

type Reply = { status: number; text: string };

/** By getBuiltinModule, as looks ask: an import of it costs 26 ms at every start. No proxy, no redirect. */
function exchange(url: URL, method: string, body: string | undefined, deadlineMs: number): Promise<Reply> {
  const { request } = process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method, headers, agent: false, signal: AbortSignal.timeout(deadlineMs) }, (answer: IncomingMessage) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text })).on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function read({ status, text }: Reply, place: string): DrillBoard {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const { error, on } = (json ?? {}) as { error?: unknown; on?: unknown };
  if (status === 400 && typeof error === 'string') throw badInput(error);
  if (typeof error === 'string') throw couldNotLook(`${place} has no drills: ${error}`);
  if (status >= 300 || !Array.isArray(on)) throw couldNotLook(`what answers at ${place} is no bridge with drills (HTTP ${status})`);
  return json as DrillBoard;
}

/** Asks a bridge for its drills, or switches them. Rejects with one sentence when it cannot, or the bridge refuses. */
export async function askDrills(metricsUrl: URL, order: DrillOrder, deadlineMs: number): Promise<DrillBoard> {
  const url = new URL(METRICS_PATH.drills, metricsUrl);
  const body =
    order.method === 'PUT'
      ? JSON.stringify({ drill: order.drills, ...(order.forSeconds !== null && { forSeconds: order.forSeconds }) })
      : undefined;
  let reply: Reply;
  try {
    reply = await exchange(url, order.method, body, deadlineMs);
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException;
    throw couldNotLook(
      `the bridge at ${url.host} could not be asked (${code ?? (name === 'TimeoutError' ? 'no answer in time' : message)})`,
      'start one with otlpctl bridge --set bridge.drills=on, or name it with --metrics-url',
    );
  }
  return read(reply, url.host);
}
