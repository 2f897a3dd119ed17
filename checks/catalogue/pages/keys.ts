import { CONNECTOR_KEYS, type ConfigKey } from '../../../proto/vocabulary/keys.ts';
import { sentence, type Page } from '../page.ts';

const READS: Readonly<Record<ConfigKey['type'], string>> = {
  boolean: 'true or false',
  int: 'a whole number',
  string: 'text',
  choice: 'one of a few words, in any case',
  file: 'a file that the worker can read; a path that names none is refused, even while TLS is off',
};

/** What the definition of a key does not say. */
const MORE: readonly { keys: RegExp; text: string[]; commands?: string[]; seeAlso: string[] }[] = [
  {
    keys: /\.port$/,
    text: [
      'Two connectors on one worker need different ports: the second one fails with the port in use.',
      'Below 1024 the worker needs privileges.',
    ],
    seeAlso: ['port-in-use', 'port-permission-denied', 'port-change'],
  },
  {
    keys: /\.enabled$/,
    text: ['With both receivers off the connector refuses to start.'],
    seeAlso: ['receiver-disabled', 'configuration-invalid'],
  },
  {
    keys: /^otlp\.tls\./,
    text: ['The connector checks these keys and then serves plaintext: it logs event=tls_not_implemented. Put TLS in front of it.'],
    seeAlso: ['tls-ignored', 'tls-files-unreadable', 'tls_not_implemented'],
  },
  {
    keys: /^otlp\.bind\.address$/,
    text: ['Bound to 127.0.0.1 the ports are closed to other hosts. The bridge listens there where nobody says otherwise.'],
    seeAlso: ['receiver-bound-to-loopback', 'receiver-ports'],
  },
  {
    keys: /^kafka\.topic\./,
    text: ['A topic that is missing and cannot be created stops all three signals: one task writes them.'],
    seeAlso: ['topic-missing', 'topic-create-failed', 'topic-configuration'],
  },
  {
    keys: /\.format$/,
    text: [
      'JSON records have field names with underscores and base64 ids (not OTLP/JSON); protobuf records are base64 text of the request.',
    ],
    commands: ['otlpctl capacity --peak 5000 --burst 10'],
    seeAlso: ['message-format', 'format-choice', 'format-change'],
  },
  {
    keys: /\.queue\.size$/,
    text: [
      'Each signal has a queue of this size. When it is full the connector drops, and over gRPC still answers OK.',
      'A larger one only delays the loss where one signal passes about 480 messages a second.',
    ],
    commands: ['otlpctl capacity --peak 5000 --burst 10'],
    seeAlso: ['queue-size', 'queue-overflow', 'poll-ceiling', 'queue-size-change'],
  },
];

function rangeOf({ type, min, max, values, default: preset }: ConfigKey): string {
  const what = values ? values.join(' or ') : READS[type];
  const range = min === undefined || max === undefined ? '' : ` from ${min} to ${max}`;
  return `Takes ${what}${range}; ${preset === undefined ? 'no default' : `default ${preset}`}.`;
}

export const pagesOfKeys = (): Page[] =>
  CONNECTOR_KEYS.map((key) => {
    const more = MORE.filter(({ keys }) => keys.test(key.name));
    return {
      id: key.name,
      kind: 'key',
      title: `Configuration key ${key.name}`,
      text: [
        sentence(key.meaning),
        rangeOf(key),
        ...more.flatMap(({ text }) => text),
        'PUT .../config replaces the whole configuration: a key that is left out goes back to its default.',
      ],
      commands: ['otlpctl check connector-configuration', ...more.flatMap(({ commands = [] }) => commands)],
      seeAlso: [...new Set([...more.flatMap(({ seeAlso }) => seeAlso), 'configuration-update'])],
    };
  });
