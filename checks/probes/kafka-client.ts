import { connect as connectPlain, isIP, type Socket } from 'node:net';
import type { Admin, ISocketFactoryArgs, Kafka, KafkaConfig } from 'kafkajs';
import type { Address } from '../facts/index.ts';
import type { KafkaSecurity } from '../target.ts';
import { kafkaFailure } from './kafka-failure.ts';
import { lookupOf } from './localhost.ts';
import { timeoutFailure } from './network-failure.ts';
import type { FailedOutcome } from './probe.ts';

export type KafkaAccess = {
  bootstrap: Address;
  security: KafkaSecurity | undefined;
  /** every connection goes to `bootstrap`, whatever the brokers advertise */
  pinned?: true;
  /** for each connection and each request */
  deadlineMs: number;
  signal: AbortSignal;
  count(): void;
};

/** Stands for the bootstrap address: kafkajs cuts `host:port` at its first colon, which no IPv6 address survives. */
const BOOTSTRAP = 'bootstrap.invalid';

/**
 * Lends an admin client of kafkajs that prints nothing, tries nothing twice, creates no topic, and leaves no socket or timer behind,
 * whatever the broker does. What goes wrong comes back as a failure.
 */
export async function withKafka<T>(
  access: KafkaAccess,
  ask: (admin: Admin, client: Kafka) => Promise<T>,
): Promise<{ value: T } | FailedOutcome> {
  const { Kafka, logLevel } = await loadKafkajs();
  const sockets = new Set<Socket>();
  const { deadlineMs, signal } = access;
  const client = new Kafka(
    kafkaConfigOf(access, { logLevel: logLevel.NOTHING }, (socket) => {
      access.count();
      sockets.add(socket);
    }),
  );
  const admin = client.admin();
  // kafkajs waits for what is under way when it disconnects; an error on its sockets ends that at once.
  const giveUp = (): void => sockets.forEach((socket) => socket.destroy(new Error('given up')));
  const gaveUp = new Promise<FailedOutcome>((resolve) => {
    const end = (): void => resolve(timeoutFailure('answer', deadlineMs));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
  try {
    const asked = admin
      .connect()
      .then(() => ask(admin, client))
      .then((value) => ({ value }))
      .catch((error: unknown) => kafkaFailure(error, deadlineMs));
    return await Promise.race([asked, gaveUp]);
  } finally {
    if (signal.aborted) giveUp();
    await Promise.race([admin.disconnect().catch(() => undefined), new Promise((resolve) => setImmediate(resolve))]);
    giveUp();
  }
}

/** A client that prints nothing and tries nothing twice, by this target's addresses and credentials. */
export const kafkaConfigOf = (
  access: Pick<KafkaAccess, 'bootstrap' | 'pinned' | 'security' | 'deadlineMs'>,
  { logLevel }: Pick<KafkaConfig, 'logLevel'>,
  onSocket: (socket: Socket) => void = () => undefined,
): KafkaConfig => ({
  clientId: 'otlpctl',
  brokers: [`${BOOTSTRAP}:1`],
  connectionTimeout: access.deadlineMs,
  authenticationTimeout: access.deadlineMs,
  requestTimeout: access.deadlineMs,
  enforceRequestTimeout: true,
  retry: { retries: 0 },
  ...(logLevel !== undefined && { logLevel }),
  logCreator: () => () => undefined,
  socketFactory: (wanted) => {
    const socket = openSocket(wanted, access);
    onSocket(socket);
    return socket;
  },
  ...(access.security?.tls === undefined ? {} : { ssl: tlsOf(access.security.tls) }),
  ...(access.security?.sasl === undefined ? {} : { sasl: saslOf(access.security.sasl) }),
});

function openSocket(
  { host, port, ssl, onConnect }: ISocketFactoryArgs,
  { bootstrap, pinned }: Pick<KafkaAccess, 'bootstrap' | 'pinned'>,
): Socket {
  const to = pinned === true || host === BOOTSTRAP ? bootstrap : { host, port };
  const options = { ...to, ...lookupOf(to.host) };
  if (!(ssl as unknown)) return connectPlain(options, onConnect);
  const name = isIP(to.host) > 0 ? {} : { servername: to.host };
  return process.getBuiltinModule('node:tls').connect({ ...options, ...name, ...ssl }, onConnect);
}

function tlsOf({ anyName, ...files }: NonNullable<KafkaSecurity['tls']>): NonNullable<KafkaConfig['ssl']> {
  return { ...files, ...(anyName === true ? { checkServerIdentity: () => undefined } : {}) };
}

function saslOf({ mechanism, user, password }: NonNullable<KafkaSecurity['sasl']>): NonNullable<KafkaConfig['sasl']> {
  return { mechanism, username: user, password } as NonNullable<KafkaConfig['sasl']>;
}

/** Loaded only where Kafka was given: it costs every start some 60 ms. */
export async function loadKafkajs() {
  quietNegativeTimers();
  return (await import('kafkajs')).default;
}

/** kafkajs 2.2.4 arms timers with negative delays, which Node.js 24 warns of on stderr; nobody can act on it. Other code's warnings pass. */
function quietNegativeTimers(): void {
  const emit = process.emitWarning;
  if (emit.name === exceptOfKafkajs.name) return;
  process.emitWarning = exceptOfKafkajs as typeof process.emitWarning;
  function exceptOfKafkajs(...said: Parameters<typeof process.emitWarning>): void {
    const isOfKafkajs = (said as unknown[])[1] === 'TimeoutNegativeWarning' && (new Error().stack ?? '').includes('kafkajs');
    if (!isOfKafkajs) emit.apply(process, said);
  }
}
