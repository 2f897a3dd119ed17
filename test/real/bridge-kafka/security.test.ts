import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeCertificate } from '../../bridge/intake/certificates.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { exportRequest } from '../../doubles/load.ts';
import { until } from '../../doubles/until.ts';
import { makeTopics } from '../stand/kafka-admin.ts';
import { loneBroker } from '../stand/lone-broker.ts';
import type { LoneBroker } from '../stand/lone-broker.ts';
import { overHttp } from '../stand/otlp-clients.ts';
import { freePorts } from '../stand/ports.ts';
import { readTopic } from './records.ts';

const PASSWORD = 'correct-horse';
const jaas = (password = PASSWORD) =>
  `org.apache.kafka.common.security.plain.PlainLoginModule required username="bridge" password="${password}";`;

describe('SASL and TLS to the broker', () => {
  let broker: LoneBroker;
  let ports: { sasl: number; tls: number; mutual: number; both: number };
  let files: { trusted: string; own: string; stranger: string };

  before(async () => {
    const [sasl, tls, mutual, both, plain] = (await freePorts(5)) as [number, number, number, number, number];
    ports = { sasl, tls, mutual, both };
    const authority = makeCertificate('authority');
    const [server, client, stranger] = [
      makeCertificate('localhost', authority),
      makeCertificate('bridge', authority),
      makeCertificate('stranger'),
    ];
    broker = await loneBroker({
      kafka: '4.1.0',
      kafkaPort: plain,
      scram: [`SCRAM-SHA-512=[name=bridge,password=${PASSWORD}]`],
      broker: (controllerPort, folder) => {
        const file = (name: string, ...parts: string[]) => {
          const path = join(folder, name);
          writeFileSync(path, parts.join('\n'));
          return path;
        };
        files = {
          trusted: file('ca.pem', authority.cert),
          own: file('client.pem', client.key, client.cert, authority.cert),
          stranger: file('stranger.pem', stranger.key, stranger.cert),
        };
        // Kafka reads keys in PKCS #8.
        const key = execFileSync('openssl', ['pkcs8', '-topk8', '-nocrypt', '-in', server.keyFile], { encoding: 'utf8' });
        return {
          listeners: `PLAINTEXT://127.0.0.1:${plain},LOGIN://127.0.0.1:${sasl},TLS://127.0.0.1:${tls},MUTUAL://127.0.0.1:${mutual},BOTH://127.0.0.1:${both},CONTROLLER://127.0.0.1:${controllerPort}`,
          'advertised.listeners': `PLAINTEXT://127.0.0.1:${plain},LOGIN://127.0.0.1:${sasl},TLS://127.0.0.1:${tls},MUTUAL://127.0.0.1:${mutual},BOTH://127.0.0.1:${both}`,
          'listener.security.protocol.map':
            'PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,TLS:SSL,MUTUAL:SSL,BOTH:SASL_SSL,CONTROLLER:PLAINTEXT',
          'inter.broker.listener.name': 'PLAINTEXT',
          'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
          'listener.name.login.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_bridge="${PASSWORD}";`,
          'listener.name.login.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
          'listener.name.both.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_bridge="${PASSWORD}";`,
          'listener.name.both.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
          'ssl.keystore.type': 'PEM',
          'ssl.keystore.location': file('server.pem', key, server.cert, authority.cert),
          'ssl.truststore.type': 'PEM',
          'ssl.truststore.location': file('trust.pem', authority.cert),
          'listener.name.mutual.ssl.client.auth': 'required',
        };
      },
    });
    await makeTopics(broker.kafka, ['otlp-traces']);
  });
  after(() => broker.stop());

  const keysFor = (port: number, protocol: string, more: Record<string, string>) => ({
    'bridge.sink': 'kafka',
    'bridge.ack': 'kafka',
    'bridge.ack.timeout.ms': '8000',
    'bridge.kafka.bootstrap.servers': `127.0.0.1:${port}`,
    'bridge.kafka.security.protocol': protocol,
    ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`bridge.kafka.${key}`, value])),
  });
  const PLAIN = { 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': jaas() };
  const SCRAM = { 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': jaas() };
  const trusting = () => ({ 'ssl.truststore.location': files.trusted });

  const WELL: readonly [string, () => Record<string, string>][] = [
    ['SASL PLAIN', () => keysFor(ports.sasl, 'SASL_PLAINTEXT', PLAIN)],
    ['SASL SCRAM', () => keysFor(ports.sasl, 'SASL_PLAINTEXT', SCRAM)],
    ['TLS', () => keysFor(ports.tls, 'SSL', trusting())],
    ['TLS that asks for a certificate', () => keysFor(ports.mutual, 'SSL', { ...trusting(), 'ssl.keystore.location': files.own })],
    ['SASL over TLS', () => keysFor(ports.both, 'SASL_SSL', { ...trusting(), ...SCRAM })],
  ];
  for (const [what, keys] of WELL)
    test(`${what}: a record is stored`, async (t) => {
      const before = (await readTopic(broker.kafka, 'otlp-traces')).length;
      const bridge = await startBridgeProcess(keys());
      t.after(() => bridge.stop());
      const { status } = await overHttp(bridge.ports.http!, '/v1/traces', exportRequest('traces', what), {
        'content-type': 'application/x-protobuf',
      });
      assert.equal(status, 200, bridge.log());
      assert.equal((await readTopic(broker.kafka, 'otlp-traces')).length, before + 1);
      assert.ok(!bridge.log().includes(PASSWORD));
    });

  const ILL: readonly [string, () => Record<string, string>, string][] = [
    ['a wrong password', () => keysFor(ports.sasl, 'SASL_PLAINTEXT', { ...PLAIN, 'sasl.jaas.config': jaas('wrong') }), 'unauthenticated'],
    ['a certificate that nobody trusts', () => keysFor(ports.tls, 'SSL', {}), 'certificate'],
    ['no certificate of its own', () => keysFor(ports.mutual, 'SSL', trusting()), 'certificate'],
    [
      'a certificate of a stranger',
      () => keysFor(ports.mutual, 'SSL', { ...trusting(), 'ssl.keystore.location': files.stranger }),
      'certificate',
    ],
    ['no TLS where there is some', () => keysFor(ports.tls, 'PLAINTEXT', {}), 'unreachable'],
  ];
  for (const [what, keys, reason] of ILL)
    test(`${what}: refused with advice to try again, and ${reason} is said`, async (t) => {
      const bridge = await startBridgeProcess({ ...keys(), 'bridge.ack.timeout.ms': '1500' });
      t.after(() => bridge.stop());
      const seen = await until(reason, async () => {
        const { status } = await overHttp(bridge.ports.http!, '/v1/traces', exportRequest('traces', what), {
          'content-type': 'application/x-protobuf',
        });
        assert.equal(status, 503);
        const { sink } = (await (await fetch(bridge.metricsUrl)).json()) as { sink: { troubles: { reason: string; sentence: string }[] } };
        return sink.troubles[0];
      });
      assert.equal(seen.reason, reason, seen.sentence);
      assert.ok(!/wrong"|correct-horse/.test(bridge.log()));
    });

  test('a keystore of Java is told before anything starts', async () => {
    const path = join(broker.folder, 'server.properties');
    assert.ok(!readFileSync(path, 'latin1').includes('-----BEGIN'));
    await assert.rejects(
      startBridgeProcess(keysFor(ports.tls, 'SSL', { 'ssl.truststore.location': path })),
      /is not a PEM file: convert the keystore/,
    );
  });
});
