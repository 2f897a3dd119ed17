import type { IncomingMessage } from 'node:http';
import { createGunzip, type Gunzip, type Inflate as InflateStream } from 'node:zlib';
import { HELD_BYTES_KEY } from '../../proto/vocabulary/keys.ts';
import type { Budget } from '../budget.ts';
import type { Outcome } from './outcome.ts';

/** A body, an outcome that ends the request before it is whole, or null when the sender went away. */
export type Body = Buffer | Outcome | null;

export const BUSY: Outcome = {
  is: 'busy',
  reason: `The requests held here have reached ${HELD_BYTES_KEY.name}: send this again later.`,
};

/**
 * Reads a body of at most `limit` bytes and calls back once. A single chunk is passed on as it is: copying "to be safe" would double the memory of a full
 * queue. No promise, because a request that waits for a turn of its own costs more than its body.
 */
export function readBody(request: IncomingMessage, limit: number, tooLarge: Outcome, budget: Budget, give: (body: Body) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let isGiven = false;
  const done = (body: Body) => {
    if (isGiven) return;
    isGiven = true;
    budget.giveBack(size);
    give(body);
  };
  const more = (chunk: Buffer) => {
    if (isGiven) return;
    if (size + chunk.length > limit) return done(tooLarge);
    if (!budget.take(chunk.length)) return done(BUSY);
    size += chunk.length;
    chunks.push(chunk);
  };
  const gone = () => done(null);
  if (Number(request.headers['content-length'] ?? 0) > limit) return give(tooLarge);
  request.on('data', more);
  // Over HTTP/2 a request that breaks off ends as well, behind this: what there is of it would pass for all of it.
  request.on('aborted', gone);
  request.on('end', () => done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
  request.on('error', gone);
  request.on('close', gone);
}

/** zlib hands out slices of its 16 KiB chunks: a queue of small bodies would keep all of them alive, so small ones get memory of their own. */
const ofItsOwn = (bytes: Buffer): Buffer => (bytes.buffer.byteLength > 2 * bytes.length ? Buffer.from(bytes) : bytes);

/** Inflates as long as limit and budget last: no small body becomes a large one, and no crowd of small ones a crowd of large ones. */
export function gunzipped(
  body: Buffer,
  limit: number,
  tooLarge: Outcome,
  budget: Budget,
  inflating: () => Gunzip | InflateStream = createGunzip,
): Promise<Buffer | Outcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stream = inflating();
    const share = budget.inflating(() => done(BUSY));
    const done = (result: Buffer | Outcome) => {
      share.end();
      stream.off('data', more).destroy();
      resolve(result);
    };
    const more = (chunk: Buffer) => {
      if (size + chunk.length > limit) return done(tooLarge);
      if (!share.take(chunk.length)) return done(BUSY);
      size += chunk.length;
      chunks.push(chunk);
    };
    // The bytes as they came are held until they are inflated.
    if (!share.take(body.length)) return done(BUSY);
    stream.on('data', more);
    stream.on('end', () => done(chunks.length === 1 ? ofItsOwn(chunks[0]!) : Buffer.concat(chunks, size)));
    stream.on('error', () => done({ is: 'bad-encoding', reason: 'The body is not the gzip that Content-Encoding says, or it is cut.' }));
    stream.end(body);
  });
}

export type Inflate = (
  body: Buffer,
  contentEncoding: string | undefined,
  limit: number,
  tooLarge: Outcome,
  budget: Budget,
) => Promise<Buffer | Outcome> | Buffer | Outcome;

/** Undoes Content-Encoding. */
export const inflate: Inflate = (body, contentEncoding, limit, tooLarge, budget) => {
  const encoding = (contentEncoding ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip') return { is: 'unsupported-encoding', reason: 'This Content-Encoding is not read here: send gzip or nothing.' };
  return gunzipped(body, limit, tooLarge, budget);
};
