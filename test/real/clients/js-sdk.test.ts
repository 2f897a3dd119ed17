import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { cleanEnv } from '../../doubles/otlpctl.ts';
import { arrived, threeOrdersOf } from './arrived.ts';
import { tap } from './tap.ts';
import { portOf, PROTOCOL_NAMES, PROTOCOLS } from './transports.ts';

/** The demonstration's service: its SDK flushes at the end and makes an export that failed its own failure. */
const SERVICE = resolve(import.meta.dirname, '../../demo/service.ts');

const runService = (env: Record<string, string>) =>
  execa(process.execPath, [SERVICE, '3'], {
    reject: false,
    extendEnv: false,
    env: cleanEnv({
      OTEL_LOG_LEVEL: 'warn',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      ...env,
    }),
  });

for (const protocol of PROTOCOL_NAMES)
  for (const compression of ['none', 'gzip'])
    test(`the JavaScript SDK over ${protocol}, compression ${compression}`, async (t) => {
      const bridge = await startBridgeProcess();
      t.after(() => bridge.stop());
      const wire = await tap(portOf(bridge, protocol));
      t.after(() => wire.close());

      const service = `js ${protocol} ${compression}`;
      const ran = await runService({
        OTEL_SERVICE_NAME: service,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${wire.port}`,
        OTEL_EXPORTER_OTLP_COMPRESSION: compression,
      });
      assert.deepEqual([ran.exitCode, ran.stdout, ran.stderr], [0, '', ''], 'the SDK has nothing to complain of');
      assert.equal(wire.heardGzip(), compression === 'gzip');
      assert.deepEqual(await arrived(bridge, 3), threeOrdersOf(service, PROTOCOLS[protocol].type));
    });

test('the JavaScript SDK says so when the bridge does not take what it sends: it posts a base endpoint with a path of its own to PATH/v1/traces', async (t) => {
  const bridge = await startBridgeProcess();
  t.after(() => bridge.stop());
  const ran = await runService({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${bridge.ports.http}/otlp`,
  });
  assert.equal(ran.exitCode, 1);
  assert.match(ran.stderr, /OTLP\/HTTP is posted to \/v1\/traces, \/v1\/metrics, \/v1\/logs\./);
});
