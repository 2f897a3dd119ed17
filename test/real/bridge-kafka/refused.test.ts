import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { SinkTrouble } from '../../../proto/vocabulary/sink-troubles.ts';
import { makeCertificate, makeCertificateUntil, type Pem } from '../../bridge/intake/certificates.ts';
import { kafkaConfigs, makeTopics, withAdmin } from '../stand/kafka-admin.ts';
import { loneBroker, type LoneBroker } from '../stand/lone-broker.ts';
import { freePorts } from '../stand/ports.ts';
import { watchedBridge } from './watched-bridge.ts';

const TOPIC = 'refused-traces';
const DENIED = {
  ...{ resourceType: 2, resourceName: TOPIC, resourcePatternType: 3 },
  ...{ principal: 'User:ANONYMOUS', host: '*', operation: 4, permissionType: 2 },
};

/** Kafka reads keys in PKCS #8. */
const keystoreOf = ({ keyFile, cert }: Pem): string =>
  `${execFileSync('openssl', ['pkcs8', '-topk8', '-nocrypt', '-in', keyFile], { encoding: 'utf8' })}${cert}`;

type Case = {
  what: string;
  reason: SinkTrouble;
  says: RegExp;
  over: 'plain' | 'tls';
  ail: () => Promise<unknown>;
  heal: () => Promise<unknown>;
};

describe('bridge.ack=kafka: what troubles Kafka is told to senders with advice to try again, is named, and passes by itself', () => {
  let broker: LoneBroker;
  let ports: { plain: number; tls: number; nobody: number };
  let authority: Pem;
  const file = (name: string): string => join(broker.folder, name);

  before(async () => {
    const [plain, tls, nobody] = (await freePorts(3)) as [number, number, number];
    ports = { plain, tls, nobody };
    authority = makeCertificate('authority');
    broker = await loneBroker({
      kafka: '4.1.0',
      kafkaPort: plain,
      broker: (controllerPort, folder) => {
        writeFileSync(join(folder, 'server.pem'), keystoreOf(makeCertificate('localhost', authority)));
        return {
          listeners: `PLAINTEXT://127.0.0.1:${plain},TLS://127.0.0.1:${tls},CONTROLLER://127.0.0.1:${controllerPort}`,
          'advertised.listeners': `PLAINTEXT://127.0.0.1:${plain},TLS://127.0.0.1:${tls}`,
          'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,TLS:SSL,CONTROLLER:PLAINTEXT',
          'inter.broker.listener.name': 'PLAINTEXT',
          'ssl.keystore.type': 'PEM',
          'ssl.keystore.location': join(folder, 'server.pem'),
          'auto.create.topics.enable': 'false',
          'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'allow.everyone.if.no.acl.found': 'true',
        };
      },
    });
    await makeTopics(broker.kafka, [TOPIC]);
  });
  after(() => broker.stop());

  /** The broker with a file that is otherwise. */
  const restarted = async (name: string, change: (text: string) => string): Promise<void> => {
    await broker.broker.kill();
    writeFileSync(file(name), change(readFileSync(file(name), 'utf8')));
    await broker.broker.start();
  };
  const advertising = (from: number, to: number) =>
    restarted('server.properties', (text) =>
      text.replace(`advertised.listeners=PLAINTEXT://127.0.0.1:${from},`, `advertised.listeners=PLAINTEXT://127.0.0.1:${to},`),
    );
  const certifiedUntil = (until: Date) => restarted('server.pem', () => keystoreOf(makeCertificateUntil(until, 'localhost', authority)));
  const quota = (...change: string[]) =>
    kafkaConfigs(broker, ['--alter', ...change, '--entity-type', 'clients', '--entity-name', 'refused-bridge']);
  const hour = (from: number) => new Date(Date.now() + from * 3_600_000);

  const CASES: readonly Case[] = [
    {
      ...{ what: 'the topic is deleted', reason: 'topic-missing', says: /UNKNOWN_TOPIC_OR_PARTITION/, over: 'plain' },
      ail: () => withAdmin(broker.kafka, (admin) => admin.deleteTopics({ topics: [TOPIC] })),
      heal: () => makeTopics(broker.kafka, [TOPIC]),
    },
    {
      ...{ what: 'permission is taken away', reason: 'unauthorized', says: /TOPIC_AUTHORIZATION_FAILED|not authorized/i, over: 'plain' },
      ail: () => withAdmin(broker.kafka, (admin) => admin.createAcls({ acl: [DENIED] })),
      heal: () => withAdmin(broker.kafka, (admin) => admin.deleteAcls({ filters: [DENIED] })),
    },
    {
      ...{ what: 'a quota is less than what is sent', reason: 'throttled', says: /throttle refused-bridge/, over: 'plain' },
      ail: () => quota('--add-config', 'producer_byte_rate=100'),
      heal: () => quota('--delete-config', 'producer_byte_rate'),
    },
    {
      ...{ what: 'the advertised address is wrong', reason: 'advertised-unreachable', says: /advertises 127\.0\.0\.1:\d+/, over: 'plain' },
      ail: () => advertising(ports.plain, ports.nobody),
      heal: () => advertising(ports.nobody, ports.plain),
    },
    {
      ...{ what: "the broker's certificate has expired", reason: 'certificate', says: /TLS: .*expired/i, over: 'tls' },
      ail: () => certifiedUntil(hour(-1)),
      heal: () => certifiedUntil(hour(24)),
    },
  ];

  for (const { what, reason, says, over, ail, heal } of CASES)
    test(what, async (t) => {
      writeFileSync(file('ca.pem'), authority.cert);
      const tls = { 'bridge.kafka.security.protocol': 'SSL', 'bridge.kafka.ssl.truststore.location': file('ca.pem') };
      const watched = await watchedBridge(t, `127.0.0.1:${ports[over]}`, {
        'bridge.ack': 'kafka',
        'bridge.ack.timeout.ms': '1500',
        'bridge.kafka.client.id': 'refused-bridge',
        'kafka.topic.traces': TOPIC,
        ...(over === 'tls' ? tls : {}),
      });
      await watched.stores();
      await ail();
      const { status, retryAfter, trouble, warning } = await watched.refusing(reason);
      assert.deepEqual([status, Number(retryAfter) > 0], [503, true]);
      assert.match(trouble.sentence, says);
      assert.match(warning, says);
      await heal();
      await watched.stores();
      await watched.recovered();
    });
});
