import { connect as connectPlain, isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Address, Spoke, Stage } from '../facts/index.ts';
import type { TlsFiles } from '../target.ts';
import { deadline } from './deadline.ts';
import { firstStage, lookupOf } from './localhost.ts';
import { networkFailure, timeoutFailure } from './network-failure.ts';
import type { FailedOutcome } from './probe.ts';
import { spoken } from './spoken.ts';

/** What is said on one connection: bytes, when the answer is enough, and a farewell before the connection is closed with FIN. */
export type Dialogue = {
  say: Buffer;
  enough(bytes: Buffer): boolean;
  farewell?: Buffer;
  /** ALPN inside TLS; empty for none */ alpn: string;
};

/** After a completed connect: what came, and how it ended. `tls`: the hello was answered. */
export type Heard = { bytes: Buffer; ended: 'enough' | 'closed' | 'silence'; tls?: true };

export type TalkLimits = { deadlineMs: number; signal: AbortSignal };
/** A client certificate, where the other side wants one. */
export type TlsOptions = Pick<TlsFiles, 'cert' | 'key'> & { passphrase?: string };

const MOST_BYTES = 64 * 1024;
/** For the other side to close after our FIN; destroying at once could reset what it still sends. */
const FAREWELL_MS = 200;

/**
 * Says something on a socket of its own and listens: no HTTP or gRPC library, so that whatever comes back can be told.
 * Failures (name, refused, reset, tls, timeout before the connection stands) come back as such; silence afterwards is a `Heard`.
 * The connection is ended, never reset: a reset is an ERROR line in the connector's log.
 */
export function talk(
  address: Address,
  dialogue: Dialogue,
  limits: TalkLimits,
  tls: boolean | TlsOptions = false,
): Promise<Heard | FailedOutcome> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = tls
      ? connectTls(address, dialogue.alpn, tls === true ? {} : tls)
      : connectPlain({ host: address.host, port: address.port, ...lookupOf(address.host) });
    const chunks: Buffer[] = [];
    let stage: Stage = firstStage(address.host);
    const heard = (ended: Heard['ended']): Heard => ({
      bytes: Buffer.concat(chunks),
      ended,
      ...(tls && stage === 'answer' ? { tls: true as const } : {}),
    });
    const settle = (result: () => Heard | FailedOutcome): void => {
      callOff();
      limits.signal.removeEventListener('abort', late);
      socket.removeAllListeners();
      try {
        const found = result();
        void leave(socket, 'ended' in found && found.ended === 'enough' ? dialogue.farewell : undefined).then(() => resolve(found));
      } catch (error) {
        socket.destroy();
        reject(error as Error);
      }
    };
    const giveUp = (ms: number): void =>
      settle(() => (stage === 'answer' ? heard(chunks.length > 0 ? 'enough' : 'silence') : timeoutFailure(stage, ms)));
    const late = (): void => giveUp(performance.now() - began);
    const callOff = deadline(limits.deadlineMs, () => giveUp(limits.deadlineMs));
    limits.signal.addEventListener('abort', late);

    const open = (): void => {
      stage = 'answer';
      if (dialogue.enough(Buffer.alloc(0))) return settle(() => heard('enough'));
      socket.write(dialogue.say);
    };
    socket.on('lookup', (error: Error | null) => (stage = error === null ? 'connect' : 'name'));
    // A name with several addresses has no `lookup` event.
    socket.on('connectionAttempt', () => (stage = 'connect'));
    socket.on('connect', () => (tls ? (stage = 'tls') : open()));
    socket.on('secureConnect', open);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (bytes.length >= MOST_BYTES || dialogue.enough(bytes)) settle(() => heard('enough'));
    });
    socket.on('end', () =>
      settle(() => (stage === 'tls' ? networkFailure(Object.assign(new Error('closed'), { code: 'ECONNRESET' }), stage) : heard('closed'))),
    );
    socket.on('error', (error: NodeJS.ErrnoException) => settle(() => (chunks.length > 0 ? heard('closed') : errored(error, stage))));
    if (limits.signal.aborted) late();
  });

  function errored(error: NodeJS.ErrnoException, stage: Stage): Heard | FailedOutcome {
    // An alert (a client certificate wanted, no common protocol) is an answer to the hello all the same.
    if (stage === 'tls' && /alert/i.test(error.message)) return { bytes: Buffer.alloc(0), ended: 'closed', tls: true };
    return networkFailure(error, stage);
  }
}

function connectTls(address: Address, alpn: string, own: TlsOptions): TLSSocket {
  const name = isIP(address.host) > 0 ? {} : { servername: address.host };
  // Only whether TLS is spoken counts here, not whose certificate it is.
  return process.getBuiltinModule('node:tls').connect({
    host: address.host,
    port: address.port,
    ...lookupOf(address.host),
    ...name,
    ...own,
    rejectUnauthorized: false,
    ...(alpn === '' ? {} : { ALPNProtocols: [alpn] }),
  });
}

function leave(socket: Socket, farewell: Buffer | undefined): Promise<void> {
  socket.on('error', () => undefined);
  if (farewell === undefined) {
    // Everything that came was read, so that closing now sends FIN; an end() would wait for a connect or handshake that may never come.
    socket.destroy();
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), FAREWELL_MS);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
    socket.end(farewell);
  });
}

/** What came back, in the words of facts/receivers.ts. */
export function spokeOf(heard: Heard): Spoke {
  if (heard.bytes.length > 0) return spoken(heard.bytes);
  return heard.ended === 'silence' ? 'silence' : 'closed';
}
