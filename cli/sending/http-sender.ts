import { Pool } from 'undici';
import { bracketed } from '../../checks/address.ts';
import type { Place } from '../../checks/facts/index.ts';
import { lookupOf } from '../../checks/probes/localhost.ts';
import { SIGNAL, type Signal } from '../../proto/vocabulary/signals.ts';
import { failed, judgeHttp, type Answer } from '../../checks/probes/marked/answer.ts';
import type { SendProtocol } from '../../checks/probes/marked/payload.ts';

/** Sends one body and says what became of it; never rejects. */
export type Sender = { where: string; send(body: Buffer): Promise<Answer>; close(): Promise<void> };

export type SenderOptions = { place: Place; signal: Signal; protocol: SendProtocol; gzip: boolean; deadlineMs: number };

/** Requests under way at once; a receiver answers one after the other on each connection. */
const CONNECTIONS = 16;
const MOST_BYTES = 64 * 1024;

/** No redirect, no proxy of the environment, nothing sent twice; any certificate will do, for nothing secret is sent. */
export function openHttpSender({ place, signal, protocol, gzip, deadlineMs }: SenderOptions): Sender {
  const origin = `${place.tls === true ? 'https' : 'http'}://${bracketed(place.host)}:${place.port}`;
  const path = `${place.path ?? ''}${SIGNAL[signal].path}`;
  const connect = { ...lookupOf(place.host), timeout: deadlineMs, ...(place.tls === true && { rejectUnauthorized: false }) };
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    connect,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    maxResponseSize: MOST_BYTES,
  });
  const headers = {
    'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    'user-agent': 'otlpctl send',
    ...(gzip && { 'content-encoding': 'gzip' }),
  };
  return {
    where: `${origin}${path}`,
    async send(body) {
      try {
        const answer = await pool.request({ method: 'POST', path, headers, body });
        const reply = Buffer.from(await answer.body.arrayBuffer());
        return judgeHttp(
          { status: answer.statusCode, contentType: String(answer.headers['content-type'] ?? ''), body: reply },
          { signal, protocol, gzip },
        );
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        return failed(error as NodeJS.ErrnoException, code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT');
      }
    },
    close: () => pool.destroy(),
  };
}
