import type { Socket } from 'node:net';

/** What a client of HTTP/2 sends first, whether TLS is there or not. No HTTP/1.1 method begins like it. Source: RFC 9113 section 3.4. */
const PREFACE = Buffer.from('PRI * HTTP/2.0');

/**
 * Looks at the first bytes of a plain connection and hands it on with them still unread: once a connection, nothing a request.
 * One that says nothing for `silentMs` is closed, because no server watches over it yet.
 */
export function byPreface(socket: Socket, silentMs: number, handOn: (isHttp2: boolean) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const drop = () => socket.destroy();
  const look = (chunk: Buffer) => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    const isLikeIt = PREFACE.compare(seen, 0, length, 0, length) === 0;
    if (isLikeIt && length < PREFACE.length) return;
    socket.off('data', look).off('end', drop).off('error', drop).off('timeout', drop);
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(seen);
    handOn(isLikeIt);
  };
  socket.on('data', look).on('end', drop).on('error', drop).on('timeout', drop);
  socket.setTimeout(silentMs);
}
