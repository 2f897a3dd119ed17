import type { SinkTrouble } from '../../../proto/vocabulary/sink-troubles.ts';
import { reasonIn } from '../../trouble.ts';
import type { Fault } from '../sink.ts';
import type { Sockets } from './sockets.ts';

type Told = { name: string; message: string; code: string | undefined; type: string | undefined; broker: string | undefined };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** kafkajs wraps errors in errors: the innermost says what was, and any of them may have Kafka's name for it. */
function told(error: unknown): Told {
  let [at, type] = [error, undefined as string | undefined];
  for (let depth = 0; isObject(at) && depth < 6; depth++) {
    type ??= text(at['type']);
    if (!isObject(at['cause'])) break;
    at = at['cause'];
  }
  if (!isObject(at)) return { name: '', message: String(error), code: undefined, type, broker: undefined };
  return { name: String(at['name']), message: String(at['message']), code: text(at['code']), type, broker: text(at['broker']) };
}

/** A certificate's error has a code of OpenSSL or of Node's TLS; a socket's one of the system. */
const isOfTls = (code: string | undefined, message: string): boolean =>
  /CERT|SSL|TLS|SIGNATURE/.test(code ?? '') || /certificate|self.signed|alert|wrong version number/i.test(message);

/** A broker without a leader for a partition is asked for as number -1. */
const HAS_NO_LEADER = /Broker -1 |Invalid partition metadata|without metadata/;

function reasonOf({ name, message, code, type }: Told, isElsewhere: boolean): SinkTrouble {
  if (type !== undefined) return reasonIn(type);
  if (name.includes('SASL')) return 'unauthenticated';
  if (name === 'KafkaJSRequestTimeoutError') return 'unresponsive';
  if (HAS_NO_LEADER.test(message)) return 'not-writable';
  if (name === 'KafkaJSConnectionError' || name === 'KafkaJSConnectionClosedError') {
    if (isOfTls(code, message)) return 'certificate';
    return isElsewhere ? 'advertised-unreachable' : 'unreachable';
  }
  return name === 'KafkaJSBrokerNotFound' || name === 'KafkaJSLockTimeout' || name === 'KafkaJSError' ? 'unreachable' : 'failed';
}

/** What kafkajs threw, in a word and a sentence. */
export function kafkaFault(error: unknown, topic: string, sockets: Sockets): Fault {
  const what = told(error);
  // Only who was let in at a bootstrap server hears of others.
  const isElsewhere = what.broker !== undefined && !sockets.bootstrap.includes(what.broker) && !sockets.hasReached(what.broker);
  const reason = reasonOf(what, isElsewhere);
  const said = what.type === undefined ? what.message : `${what.type}: ${what.message}`;
  const sentence: Partial<Record<SinkTrouble, string>> = {
    'topic-missing': `{${topic}=UNKNOWN_TOPIC_OR_PARTITION}: the topic does not exist and is not created`,
    'advertised-unreachable': `Kafka answers at ${sockets.bootstrap.join(', ')} and advertises ${what.broker}, which cannot be reached: ${said}`,
    certificate: `TLS: ${said}`,
    unauthorized: `[${topic}] ${said}`,
    slow: `replicas of ${topic} do not confirm in time: ${said}`,
    'not-writable': `partition of ${topic}: ${said}`,
  };
  return { reason, sentence: sentence[reason] ?? said };
}

/** Faults after which the client is made anew: its connections, or what it believes of the cluster, may be what is wrong. */
export const SPOILS_CLIENT: ReadonlySet<SinkTrouble> = new Set<SinkTrouble>([
  'unreachable',
  'unresponsive',
  'slow',
  'advertised-unreachable',
  'certificate',
  'unauthenticated',
  'failed',
]);
