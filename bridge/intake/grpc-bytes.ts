import type { ServerHttp2Stream } from 'node:http2';
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib';
import { Metadata, type ServerInterceptor, status } from '@grpc/grpc-js';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Budget } from '../budget.ts';
import { tooLarge } from './accept.ts';
import { BUSY, gunzipped } from './http-body.ts';
import type { Limits } from './limits.ts';
import { ANSWER, type Answered, type Outcome } from './outcome.ts';
import { overdueAfter } from './overdue.ts';
import type { StatusWriter } from './status.ts';

/** What is used of the library's own call: it bounds one request, but not all of them together. A test notices when these go. */
type Inner = {
  stream: ServerHttp2Stream;
  incomingEncoding: string;
  decompressMessage(message: Buffer, encoding: string): Buffer | Promise<Buffer>;
};

type Refused = { code: number; details: string; metadata: Metadata };

export type GrpcBytes = {
  budget: Budget;
  refused: (signal: Signal) => void;
  writeStatus: StatusWriter;
  answered: Answered;
  maxRequestBytes: number;
};

const SIGNAL_OF = new Map<string, Signal>(SIGNALS.map((signal) => [`/${SIGNAL[signal].service}/Export`, signal]));
/** What gRPC clients may compress with; OTLP asks for gzip alone. */
const INFLATING: Readonly<Record<string, () => Gunzip | Inflate>> = { gzip: createGunzip, deflate: createInflate };
/** One byte that says whether it is compressed, and four of length. */
const FRAME_HEAD = 5;

/** Counts the bytes of Export calls while they come in and while they are inflated, and ends those that take too long. Other calls pass. */
export function countingBytes({ budget, refused, writeStatus, answered, maxRequestBytes }: GrpcBytes, limits: Limits): ServerInterceptor {
  const tooMuch = tooLarge(maxRequestBytes);
  const overdue = overdueAfter(limits.requestMs);
  const refusal = (outcome: Outcome): Refused => {
    const metadata = new Metadata();
    const { grpc: code, retryAfterSeconds } = ANSWER[outcome.is];
    if (retryAfterSeconds !== null) metadata.set('grpc-status-details-bin', writeStatus(outcome, 'protobuf'));
    return { code, details: outcome.reason, metadata };
  };

  return (method, call) => {
    const signal = SIGNAL_OF.get(method.path);
    if (signal === undefined) return call as never;
    const inner = call as unknown as Inner;
    const { stream } = inner;
    let held = 0;
    const letGo = () => {
      budget.giveBack(held);
      held = 0;
    };
    const end = (answer: Refused) => {
      letGo();
      stream.off('data', count);
      call.sendStatus(answer);
      stream.close();
    };
    const count = (chunk: Buffer) => {
      if (budget.take(chunk.length)) held += chunk.length;
      else {
        refused(signal);
        end(refusal(BUSY));
        answered('grpc', signal, BUSY.is, null);
      }
    };
    const inTime = overdue.begin(() => {
      end({ code: status.DEADLINE_EXCEEDED, details: 'The request did not arrive in time.', metadata: new Metadata() });
      answered('grpc', signal, 'undecodable', null);
    });
    const over = () => {
      inTime();
      letGo();
    };
    // Let go before the library hands the whole request on: from there its queue counts it.
    stream.prependListener('end', over);
    stream.on('data', count).once('close', over);
    const inflating = INFLATING[inner.incomingEncoding];
    if (inflating)
      inner.decompressMessage = async (message, encoding) => {
        if (encoding === 'identity') return message.subarray(FRAME_HEAD);
        const body = await gunzipped(message.subarray(FRAME_HEAD), maxRequestBytes, tooMuch, budget, inflating);
        if (Buffer.isBuffer(body)) return body;
        if (body === BUSY) refused(signal);
        answered('grpc', signal, body.is, null);
        // gRPC's own rule for a message that does not inflate. Source: gRPC over HTTP/2, "Compression".
        throw body.is === 'bad-encoding'
          ? { code: status.INTERNAL, details: 'Failed to decompress message', metadata: new Metadata() }
          : refusal(body);
      };
    return call as never;
  };
}
