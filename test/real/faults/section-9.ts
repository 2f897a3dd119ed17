/** Two faults at once: each cause once, in this order, and no third. Those of the pairs that touch state, worker, Kafka and queues only. */
import { makeTopics, withAdmin } from '../stand/kafka-admin.ts';
import type { BridgeScene } from './bridge-scene.ts';
import type { Fault } from './fault.ts';
import { TOPICS } from './real-scene.ts';
import type { RealScene } from './real-scene.ts';
import { onFreedPorts, paused } from './section-1.ts';
import { kafkaOf } from './section-3-bridge.ts';
import { reset, UNAUTHORIZED } from './section-2.ts';
import { otlpServer, squatter } from './squatter.ts';

type Scene = RealScene | BridgeScene;

const pair = (first: string, second: string): Fault['expect'] => ({ first: [first], exit: 2, roots: [first, second] });

const squatted = (scene: Scene): Promise<unknown> => squatter(scene, scene.http, 'silent');

const resetAndTaken = async (scene: Scene): Promise<void> => {
  await reset(scene);
  await otlpServer(scene, scene);
};

export const SECTION_9: readonly Fault[] = [
  {
    id: 'rest-401-and-receivers-refused',
    expect: pair('port-held-by-other', 'connect-unauthorized'),
    real: {
      inject: async (scene) => {
        await onFreedPorts(squatted)(scene);
        await scene.proxyRest(UNAUTHORIZED);
      },
    },
    bridge: {
      started: false,
      inject: async (scene) => {
        await squatted(scene);
        await scene.bridge.start();
        await scene.settled('RUNNING', 'FAILED');
        await scene.proxyRest(UNAUTHORIZED);
      },
    },
  },
  {
    id: 'ports-reset-and-collector-on-old-port',
    expect: pair('configuration-reset', 'port-held-by-other'),
    real: { inject: resetAndTaken },
    bridge: { inject: resetAndTaken },
  },
  {
    id: 'paused-and-topic-missing',
    expect: pair('connector-paused', 'topic-missing'),
    real: {
      inject: async (scene) => {
        await paused(scene);
        await withAdmin(scene.stand.kafka, (admin) => admin.deleteTopics({ topics: ['otlp-logs'] }));
      },
    },
    bridge: {
      kafka: 'shared',
      inject: async (scene) => {
        await paused(scene);
        scene.after(() => makeTopics(kafkaOf(scene).kafka, TOPICS));
        await withAdmin(kafkaOf(scene).kafka, (admin) => admin.deleteTopics({ topics: ['otlp-logs'] }));
      },
    },
  },
];
