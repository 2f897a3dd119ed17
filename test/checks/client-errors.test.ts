import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { clientSaid, type ClientTrouble } from '../../checks/derive/client-error.ts';
import { diagnose } from '../../checks/diagnose.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { gather, probesFor } from '../../checks/gather.ts';
import { changed, healthy } from '../facts.ts';
import { settings } from '../doubles/settings.ts';
import { TROUBLED, type Trouble } from '../real/clients/troubled.ts';

/** What real SDKs said when they were set up wrongly, and what is made of it: test/real/clients/record-errors.ts records it. */
type Recorded = { target: 'connector' | 'bridge'; sdk: 'js' | 'python'; trouble: Trouble; said: string };
const RECORDED = JSON.parse(readFileSync(new URL('../../fixtures/recorded/clients/errors.json', import.meta.url), 'utf8')) as Recorded[];

const PORTS = { grpc: 4317, http: 4318 };

/** By what was set up: what the words tell, where the SDK says any, and the cause that doctor names. */
const EXPECTED: Readonly<Record<Trouble, { words: ClientTrouble; cause: string }>> = {
  'grpc-to-http-port': { words: 'grpc-to-http', cause: 'client-protocol-mismatch' },
  'http-to-grpc-port': { words: 'http-to-grpc', cause: 'client-protocol-mismatch' },
  'signal-endpoint-without-path': { words: 'not-found', cause: 'client-wrong-path' },
  'localhost-in-container': { words: 'refused', cause: 'client-wrong-address' },
  'proxy-env-on-client': { words: 'proxy', cause: 'client-proxy' },
  'proxy-before-grpc': { words: 'proxy', cause: 'client-proxy' },
  'exporter-none': { words: 'answered', cause: 'client-not-exporting' },
  'https-to-plaintext': { words: 'plain', cause: 'client-protocol-mismatch' },
  'https-to-plaintext-grpc': { words: 'plain', cause: 'client-protocol-mismatch' },
  'gzip-over-http': { words: 'unreadable', cause: 'client-rejected' },
};

/** Where the words are others, or none: the SDK does without them, or is not troubled. */
const OTHERWISE: Readonly<Record<string, ClientTrouble | undefined>> = {
  // gRPC core names the address that refused, which is the proxy's.
  'python proxy-before-grpc bridge': 'refused',
  'python proxy-before-grpc connector': 'refused',
  // JavaScript's HTTP exporter follows no proxy variable.
  'js proxy-env-on-client bridge': undefined,
  'js proxy-env-on-client connector': 'answered',
  'js exporter-none bridge': undefined,
  'js exporter-none connector': undefined,
  'python exporter-none bridge': undefined,
  'python exporter-none connector': undefined,
  'js gzip-over-http bridge': undefined,
  'python gzip-over-http bridge': undefined,
};
const wordsOf = ({ sdk, trouble, target }: Recorded): ClientTrouble | undefined => {
  const name = `${sdk} ${trouble} ${target}`;
  return name in OTHERWISE ? OTHERWISE[name] : EXPECTED[trouble].words;
};

const nameOf = ({ sdk, trouble, target }: Recorded): string => `${sdk}, ${trouble}, ${target}`;

/** As the probe makes facts of it. */
type Words = { said: string; variables?: Record<string, string> };
async function clientFacts({ said, variables }: Words): Promise<Pick<Facts, 'client.env' | 'client.error'>> {
  const client = {
    ...(variables && { env: { place: 'orders.env', variables } }),
    ...(said !== '' && { error: { place: 'app.log', text: said } }),
  };
  const facts = await gather({ connectUrl: null, client }, settings(), probesFor(['client.env', 'client.error']));
  return { 'client.env': facts['client.env'], 'client.error': facts['client.error'] };
}

const onTarget = (target: Recorded['target']): Facts => {
  const facts = healthy();
  return target === 'connector'
    ? facts
    : changed(facts, { target: { value: { ...(facts.target as { value: object }).value, kind: 'bridge' } } as never });
};

for (const recorded of RECORDED)
  test(`what the SDK says tells the trouble: ${nameOf(recorded)}`, async () => {
    const { 'client.error': error } = await clientFacts({ said: recorded.said });
    const said = 'value' in error ? clientSaid(error.value) : undefined;
    assert.equal(said?.trouble, wordsOf(recorded), recorded.said);
    assert.ok((said?.line.length ?? 0) < 400);
  });

/** gzip is no trouble on a bridge, and JavaScript gets past its proxy variable. */
const isHarmless = ({ sdk, trouble, target }: Recorded): boolean =>
  (trouble === 'gzip-over-http' && target === 'bridge') || (trouble === 'proxy-env-on-client' && `${sdk} ${target}` === 'js connector');

for (const recorded of RECORDED)
  test(`environment and words together name the one cause, and leave the target healthy: ${nameOf(recorded)}`, async () => {
    const { said, trouble } = recorded;
    const client = await clientFacts({ said, variables: TROUBLED[trouble](PORTS) });
    const { status, diagnoses } = diagnose(changed(onTarget(recorded.target), client));
    const roots = diagnoses.filter((one) => one.status !== 'ok' && one.because === null);
    assert.deepEqual(
      roots.map(({ id, scope }) => [id, scope]),
      isHarmless(recorded) ? [] : [[EXPECTED[recorded.trouble].cause, 'client']],
    );
    assert.equal(status, 'ok');
  });

test('a gRPC call that is cut off is a matter of size where a connector did it; over HTTP, or on a bridge, it tells nothing', async () => {
  const said = 'PeriodicExportingMetricReader: metrics export failed (error Error: 1 CANCELLED: Call cancelled)';
  const by = (protocol: string, port: number) => ({
    said,
    variables: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  });
  const cases: [Recorded['target'], Words, string[]][] = [
    ['connector', by('grpc', PORTS.grpc), ['client-rejected']],
    ['connector', by('http/protobuf', PORTS.http), []],
    ['bridge', by('grpc', PORTS.grpc), []],
  ];
  for (const [target, client, causes] of cases) {
    const { diagnoses } = diagnose(changed(onTarget(target), await clientFacts(client)));
    const found = diagnoses.filter(({ status }) => status !== 'ok').map(({ id }) => id);
    assert.deepEqual(found, causes, `${target} ${JSON.stringify(client.variables)}`);
  }
});
