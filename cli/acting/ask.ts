import type { ConnectRequest } from '../../checks/actions/plan.ts';
import type { Json } from '../../checks/facts/index.ts';
import type { ConnectClient } from './connect-client.ts';

/** These are looks: a hang costs no more. */
const DEADLINE_MS = 5_000;
const NEVER = new AbortController().signal;

/** Asks Connect something that changes nothing, before a plan is made; null: it does not say. */
export async function ask(client: ConnectClient, method: ConnectRequest['method'], url: string, body: Json = null): Promise<Json> {
  const call: ConnectRequest = { kind: 'request', method, url, body: body === null ? null : JSON.stringify(body), does: 'looks' };
  const reply = await client.send(call, { deadlineMs: DEADLINE_MS, signal: NEVER });
  return 'status' in reply && reply.status === 200 ? reply.json : null;
}
