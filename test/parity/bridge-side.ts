import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ConnectVersion } from '../../bridge/connect/versions.ts';
import { folder, running, testSettings } from '../bridge/bridge-fixture.ts';
import { freePorts } from '../real/stand/ports.ts';
import type { Side } from './play.ts';
import type { Ports } from './step.ts';

export async function portsForConnectors(): Promise<Ports> {
  const [grpc, http, grpc2, http2] = (await freePorts(4)) as [number, number, number, number];
  return { grpc, http, grpc2, http2 };
}

/** A bridge of this version without a connector; it stops with the test. */
export async function bridgeSide(t: TestContext, version: ConnectVersion): Promise<Side> {
  const { bridge, rest } = await running(t, testSettings(folder(), { 'bridge.connect.version': version }));
  assert.equal((await rest('/connectors/otlp-source', { method: 'DELETE' })).status, 204);
  return { restPort: bridge.addresses.rest.port, ports: await portsForConnectors(), settlesMs: 0 };
}
