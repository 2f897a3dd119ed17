import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { cleanEnv } from '../../doubles/otlpctl.ts';
import { PYTHON_SDK } from '../tools.ts';
import { arrived, threeOrdersOf } from './arrived.ts';
import { tap } from './tap.ts';
import { portOf, PROTOCOL_NAMES, PROTOCOLS } from './transports.ts';

const ORDERS = resolve(import.meta.dirname, 'orders.py');

const placeOrders = async (protocol: string, env: Record<string, string>) => {
  const ran = await execa(PYTHON_SDK, [ORDERS, protocol], { extendEnv: false, env: cleanEnv(env) });
  return { said: JSON.parse(ran.stdout) as Record<string, string>, stderr: ran.stderr };
};

/** The gRPC exporter raises InvalidCompressionValueException over the specification's `none`: whoever wants none must not name any. */
const COMPRESSIONS: Readonly<Record<string, Record<string, string>>> = { none: {}, gzip: { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } };

for (const protocol of PROTOCOL_NAMES)
  for (const [compression, named] of Object.entries(COMPRESSIONS))
    test(`the Python SDK over ${protocol}, compression ${compression}`, async (t) => {
      const bridge = await startBridgeProcess();
      t.after(() => bridge.stop());
      const wire = await tap(portOf(bridge, protocol));
      t.after(() => wire.close());

      const service = `python ${protocol} ${compression}`;
      const ran = await placeOrders(protocol, {
        OTEL_SERVICE_NAME: service,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${wire.port}`,
        ...named,
      });
      assert.deepEqual(ran, { said: { traces: 'SUCCESS', metrics: 'SUCCESS', logs: 'SUCCESS' }, stderr: '' });
      assert.equal(wire.heardGzip(), compression === 'gzip');
      assert.deepEqual(await arrived(bridge, 3), threeOrdersOf(service, PROTOCOLS[protocol].type));
    });

test('the Python SDK says so when the bridge does not take what it sends', async (t) => {
  const bridge = await startBridgeProcess();
  t.after(() => bridge.stop());
  const ran = await placeOrders('http/json', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${bridge.ports.http}/otlp` });
  assert.deepEqual(ran.said, { traces: 'FAILURE', metrics: 'FAILURE', logs: 'FAILURE' });
  assert.match(ran.stderr, /404/);
});
