import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type ClientHttp2Session } from 'node:http2';
import { SIGNAL } from '../../proto/vocabulary/signals.ts';
import { picker } from '../bridge/intake/samples.ts';
import { holdsItems } from './oracle.ts';
import { fuzzRequest, type FuzzRequest } from './requests.ts';

/** How a request was answered: taken, told so (with a status that OTLP has), or neither. */
type Answered = { verdict: 'taken' | 'refused' | 'wrong'; said: string };
/** `full`: taken, and a reader that is not the bridge's finds something in it. */
export type Fuzzed = { sent: number; taken: number; full: number; refused: number; wrong: string[] };

/** Statuses an OTLP server may answer these requests with; 500 and INTERNAL are ours to explain, but for gzip that is none over gRPC. */
const HTTP_REFUSALS = new Set([400, 413, 415, 503]);
const GRPC_REFUSALS = new Set([3, 8, 12, 14]);

const post = (agent: Agent, port: number, { signal, type, encoding, body }: FuzzRequest): Promise<Answered> =>
  new Promise((resolve) => {
    const headers = { ...(type === '' ? {} : { 'content-type': type }), 'content-encoding': encoding, 'content-length': body.length };
    const sent = request({ agent, host: '127.0.0.1', port, method: 'POST', path: SIGNAL[signal].path, headers }, (response) => {
      const status = response.statusCode!;
      const verdict = status === 200 ? 'taken' : HTTP_REFUSALS.has(status) ? 'refused' : 'wrong';
      response.resume().on('end', () => resolve({ verdict, said: `HTTP ${status}` }));
    });
    sent.on('error', (error) => resolve({ verdict: 'wrong', said: `HTTP ${error.message}` }));
    sent.end(body);
  });

/** By hand, because a library would not send what is broken. */
function callByHand(session: ClientHttp2Session, { kind, signal, encoding, body }: FuzzRequest): Promise<Answered> {
  const head = Buffer.from([encoding === 'identity' ? 0 : 1, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 1);
  const path = `/${SIGNAL[signal].service}/Export`;
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', 'grpc-encoding': encoding };
  const stream = session.request(headers);
  let code = -1;
  const look = (answer: Record<string, unknown>) => {
    if (answer['grpc-status'] !== undefined) code = Number(answer['grpc-status']);
  };
  stream.on('response', look).on('trailers', look);
  stream.on('error', () => {}).resume();
  stream.end(Buffer.concat([head, body]));
  return new Promise((resolve) => {
    stream.on('close', () => {
      const isRefusal = GRPC_REFUSALS.has(code) || (code === 13 && kind.includes('gzip'));
      resolve({ verdict: code === 0 ? 'taken' : isRefusal ? 'refused' : 'wrong', said: `gRPC ${code}` });
    });
  });
}

/** Sends `count` requests made from `seed`, `lanes` at a time, and judges every answer. The same seed sends the same. */
export async function fuzz(ports: { http: number; grpc: number }, count: number, seed: number, lanes = 8): Promise<Fuzzed> {
  const pick = picker(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const session = connect(`http://127.0.0.1:${ports.grpc}`);
  session.on('error', () => {});
  await once(session, 'connect');
  const result: Fuzzed = { sent: 0, taken: 0, full: 0, refused: 0, wrong: [] };
  const lane = async () => {
    while (result.sent < count) {
      const number = result.sent++;
      const asked = fuzzRequest(pick);
      const { verdict, said } = await (asked.transport === 'http' ? post(agent, ports.http, asked) : callByHand(session, asked));
      const isRight = verdict !== 'wrong' && (asked.may === 'either' || (asked.may === 'succeed') === (verdict === 'taken'));
      if (!isRight) result.wrong.push(`request ${number} (${asked.kind}, ${asked.signal}, ${asked.encoding}): ${said}`);
      if (verdict === 'taken') {
        result.taken++;
        try {
          if (holdsItems(asked)) result.full++;
        } catch (error) {
          result.wrong.push(`request ${number} (${asked.kind}, ${asked.signal}): taken, and ${String(error)}`);
        }
      }
      if (verdict === 'refused') result.refused++;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  agent.destroy();
  session.destroy();
  return result;
}
