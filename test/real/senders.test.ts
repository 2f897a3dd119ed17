import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schema } from '../../proto/schema.ts';
import { SIGNAL } from '../../proto/vocabulary/signals.ts';
import { otlpctl } from '../doubles/otlpctl.ts';
import { until } from '../doubles/until.ts';
import { connectorOn } from './stand/connector-on.ts';
import { sharedStand } from './stand/shared.ts';

/** One trace request of a service, as its SDK would mark it. */
function requestOf(service: string): Uint8Array<ArrayBuffer> {
  const type = schema().lookupType(SIGNAL.traces.request);
  const attributes = Object.entries({ 'service.name': service, 'telemetry.sdk.name': 'opentelemetry', 'telemetry.sdk.language': 'python' });
  const resource = { attributes: attributes.map(([key, stringValue]) => ({ key, value: { stringValue } })) };
  return new Uint8Array(type.encode(type.fromObject({ resourceSpans: [{ resource }] })).finish());
}

for (const version of ['3.9.1', '4.1.0'] as const)
  for (const format of ['json', 'protobuf'] as const)
    test(`who sends is read from the records that the connector wrote: ${format}, Kafka ${version}`, async (t) => {
      const stand = await sharedStand(version);
      const connector = await connectorOn(t, stand, { 'otlp.message.format': format });
      for (const service of ['checkout', 'checkout', 'cart']) {
        const headers = { 'content-type': 'application/x-protobuf' };
        const { status } = await fetch(`http://127.0.0.1:${connector.http}/v1/traces`, {
          method: 'POST',
          headers,
          body: requestOf(service),
        });
        assert.equal(status, 200);
      }
      const target = ['--connect-url', stand.connectUrl, '--connector', connector.name, '--kafka', stand.kafka];
      const asked = async (): Promise<string> => (await otlpctl(['check', 'senders', '--window', '0', ...target])).stdout;
      const said = await until('the records to be there', async () => {
        const text = (await asked()).replace(/\s+/g, ' ');
        return text.includes('newest 3 records') ? text : undefined;
      });
      assert.match(said, /checkout 2 \(opentelemetry python; traces\) and cart 1 \(opentelemetry python; traces\)/);
      // Nothing was joined for it.
      const groups = (await otlpctl(['check', 'consumer-lag', '--window', '0', ...target])).stdout;
      assert.match(groups.replace(/\s+/g, ' '), /No consumer group has committed offsets on the topics/);
    });
