import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { folder, running, testSettings, type Reply, type Running } from './bridge-fixture.ts';

export type Exercise = Running & {
  drill: (...drills: string[]) => Promise<Reply>;
  end: () => Promise<Reply>;
  ports: { grpc: number; http: number; rest: number; metrics: number };
  status: () => Promise<{ connector: Part; tasks: Part[]; type: string }>;
};
export type Part = { state: string; worker_id: string; trace?: string };

/** A bridge with drills that stops with the test. */
export async function exercise(context: TestContext, keys: Record<string, string> = {}): Promise<Exercise> {
  const one = await running(context, testSettings(folder(), { 'bridge.drills': 'on', ...keys }));
  const { ports } = one.bridge.worker.find('otlp-source')!.task!;
  return {
    ...one,
    drill: (...drills) => one.metrics('/drills', { method: 'PUT', body: { drill: drills } }),
    end: () => one.metrics('/drills', { method: 'DELETE' }),
    ports: {
      grpc: ports.grpc ?? 0,
      http: ports.http ?? 0,
      rest: one.bridge.addresses.rest.port,
      metrics: one.bridge.addresses.metrics.port,
    },
    status: async () => (await one.rest('/connectors/otlp-source/status')).json as Awaited<ReturnType<Exercise['status']>>,
  };
}

export const accepts = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true))).on('error', () => done(false));
  });
