/**
 * Records what SDKs say when they are set up wrongly, against the stand-in connector and a bridge, in fixtures/recorded/clients/errors.json:
 * `OTLPCTL_TOOLS=… node test/real/clients/record-errors.ts`. Ports are written as 4317 and 4318.
 */
import { writeFileSync } from 'node:fs';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { connectorOn } from '../stand/connector-on.ts';
import { startStand } from '../stand/stand.ts';
import { runClient, TROUBLED, type Ports, type Sdk, type Trouble } from './troubled.ts';

type Recorded = { target: 'connector' | 'bridge'; sdk: Sdk; trouble: Trouble; said: string };

const MOST = 4000;
const plain = (text: string, { grpc, http }: Ports): string =>
  text
    .replaceAll(String(grpc), '4317')
    .replaceAll(String(http), '4318')
    .replaceAll(/(?:file:\/\/)?\/[\w/.-]*\/node_modules/g, 'node_modules')
    .slice(0, MOST);

async function recordAgainst(target: Recorded['target'], ports: Ports): Promise<Recorded[]> {
  const all: Recorded[] = [];
  for (const trouble of Object.keys(TROUBLED) as Trouble[])
    for (const sdk of ['js', 'python'] as const) {
      const said = await runClient(TROUBLED[trouble](ports), { sdk, alone: trouble === 'localhost-in-container' });
      all.push({ target, sdk, trouble, said: plain(said, ports) });
    }
  return all;
}

const bridge = await startBridgeProcess();
const onBridge = await recordAgainst('bridge', { grpc: bridge.ports.grpc!, http: bridge.ports.http! });
await bridge.stop();
const stand = await startStand({ kafka: '3.9.1' });
const cleanUps: (() => Promise<void>)[] = [];
try {
  const connector = await connectorOn({ after: (cleanUp) => cleanUps.push(cleanUp) }, stand);
  const onConnector = await recordAgainst('connector', connector);
  const file = new URL('../../../fixtures/recorded/clients/errors.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify([...onBridge, ...onConnector], null, 1)}\n`);
} finally {
  for (const cleanUp of cleanUps) await cleanUp();
  await stand.stop();
}
