import { Agent, request } from 'undici';
import { hostOf } from '../../checks/address.ts';
import type { ConnectRequest } from '../../checks/actions/plan.ts';
import type { Json } from '../../checks/facts/index.ts';
import { lookupOf } from '../../checks/probes/localhost.ts';
import type { Target } from '../../checks/target.ts';
import { endAfter } from '../end-after.ts';

/** What came back. `sent: false`: it never left, so nothing can have changed. */
export type Reply = { status: number; json: Json; text: string } | { failure: string; sent: boolean };

export type ConnectClient = {
  send(call: ConnectRequest, limits: { deadlineMs: number; signal: AbortSignal }): Promise<Reply>;
  close(): Promise<void>;
};

/** Errors of a connection that never stood. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'EACCES', 'EPERM'];
const MOST_BYTES = 1024 * 1024;

/**
 * What changes something is sent by undici: a connection of its own each, so that none is lost on one that the server was just closing,
 * nothing repeated by itself, no redirect, no proxy of the environment.
 */
export function openConnect({
  connectUrl,
  connectAuth,
  connectTls,
}: Pick<Target, 'connectUrl' | 'connectAuth' | 'connectTls'>): ConnectClient {
  const connect = { ...(connectUrl && lookupOf(hostOf(connectUrl))), ...connectTls, timeout: 10_000 };
  const agent = new Agent({ connect, pipelining: 0, maxResponseSize: MOST_BYTES });
  const authorization = connectAuth && `Basic ${Buffer.from(`${connectAuth.user}:${connectAuth.password}`).toString('base64')}`;
  return {
    async send({ method, url, body }, { deadlineMs, signal }) {
      const late = endAfter(deadlineMs);
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method,
          body,
          reset: true,
          headersTimeout: 0,
          bodyTimeout: 0,
          signal: AbortSignal.any([late, signal]),
          headers: {
            accept: 'application/json',
            ...(body !== null && { 'content-type': 'application/json' }),
            ...(authorization !== undefined && { authorization }),
          },
        });
        const text = await answer.body.text();
        return { status: answer.statusCode, text: text.slice(0, 2000), json: jsonOf(text) };
      } catch (error) {
        return failureOf(error as NodeJS.ErrnoException, { late: late.aborted, deadlineMs, calledOff: signal.aborted });
      }
    },
    close: () => agent.destroy(),
  };
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function failureOf(error: NodeJS.ErrnoException, how: { late: boolean; deadlineMs: number; calledOff: boolean }): Reply {
  const [first = error] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [error];
  if (how.calledOff) return { failure: 'it was interrupted', sent: true };
  if (how.late) return { failure: `no answer in ${Math.round(how.deadlineMs / 100) / 10} s`, sent: true };
  // What a TLS handshake refuses comes before the request.
  const code = first.code ?? '';
  const handshake = /^ERR_(SSL|TLS)|CERT|SELF_SIGNED|UNABLE_TO_/.test(code);
  return { failure: first.message.split('\n')[0] ?? code, sent: !NOT_SENT.includes(code) && !handshake };
}
