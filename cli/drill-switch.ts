import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../checks/target.ts';
import { METRICS_PATH, PORTS } from '../proto/vocabulary/connect.ts';
import { badInput, couldNotLook } from './bad-input.ts';
import { endAfter } from './end-after.ts';

/** What a bridge says of its drills. */
export type DrillBoard = { on: string[]; endsAt?: string | null; drills?: { form: string; meaning: string }[] };

export type DrillOrder = { method: 'GET' | 'DELETE' } | { method: 'PUT'; drills: readonly string[]; forSeconds: number | null };

export const HERE = new URL(`http://127.0.0.1:${PORTS.metrics}/`);

/** The metrics port of a bridge, and who asks there. */
export type DrillPlace = { url: URL; auth: Credentials | undefined };

type Reply = { status: number; text: string; /** WWW-Authenticate */ challenge: string };

/** By getBuiltinModule, as looks ask: an import of it costs 26 ms at every start. No proxy, no redirect. */
function exchange({ url, auth }: DrillPlace, method: string, body: string | undefined, deadlineMs: number): Promise<Reply> {
  const { request } = process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const login = auth === undefined ? {} : { auth: `${auth.user}:${auth.password}` };
    const options = { method, headers, agent: false, signal: endAfter(deadlineMs), ...login };
    const sent = request(url, options, (answer: IncomingMessage) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer
        .on('end', () => resolve({ status: answer.statusCode ?? 0, text, challenge: answer.headers['www-authenticate'] ?? '' }))
        .on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Who may ask stands in the bridge's own file; of what was sent nothing is said. */
function locked(challenge: string, { url, auth }: DrillPlace): Error {
  if (!/\bbasic\b/i.test(challenge))
    return couldNotLook(
      `the bridge at ${url.host} takes no user and password (HTTP 401)`,
      'add a line user:password to its bridge.auth.file',
    );
  const given = auth === undefined ? 'asks for a user and a password' : 'does not take the user and the password of --metrics-url';
  return couldNotLook(
    `the bridge at ${url.host} ${given} (HTTP 401)`,
    `give one of its bridge.auth.file, as in --metrics-url ${url.protocol}//USER:PASSWORD@${url.host}/`,
  );
}

function read({ status, text, challenge }: Reply, asked: DrillPlace): DrillBoard {
  const place = asked.url.host;
  if (status === 401) throw locked(challenge, asked);
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
export async function askDrills(place: DrillPlace, order: DrillOrder, deadlineMs: number): Promise<DrillBoard> {
  const asked = { ...place, url: new URL(METRICS_PATH.drills, place.url) };
  const body =
    order.method === 'PUT'
      ? JSON.stringify({ drill: order.drills, ...(order.forSeconds !== null && { forSeconds: order.forSeconds }) })
      : undefined;
  let reply: Reply;
  try {
    reply = await exchange(asked, order.method, body, deadlineMs);
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException;
    throw couldNotLook(
      `the bridge at ${asked.url.host} could not be asked (${code ?? (name === 'TimeoutError' ? 'no answer in time' : message)})`,
      'start one with otlpctl bridge --set bridge.drills=on, or name it with --metrics-url',
    );
  }
  return read(reply, asked);
}
