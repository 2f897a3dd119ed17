import { CONNECTOR_CLASS, statusOf } from '../stand/connect-rest.ts';
import { freePorts } from '../stand/ports.ts';
import type { Worker } from '../stand/stand.ts';
import { until } from '../../doubles/until.ts';
import type { RealScene, StandPlan } from './real-scene.ts';
import { nobodyOn } from './squatter.ts';

/** Two workers, the second under an address of its own, and Connect's own five minutes before it moves tasks. */
export const PAIR: StandPlan = () =>
  Promise.resolve({
    workers: 2,
    worker: (number: number, port: number) => ({
      'scheduled.rebalance.max.delay.ms': 300_000,
      ...(number === 0 ? {} : { listeners: `http://127.0.0.1:${port},http://127.0.0.2:${port}`, 'rest.advertised.host.name': '127.0.0.2' }),
    }),
  });

/** Adds connectors of one port each until the task of otlp-source sits on the second worker, and makes that one not the leader. */
async function onSecondWorker(scene: RealScene): Promise<Worker> {
  const [, second] = scene.stand.workers as [Worker, Worker];
  await until(
    'the task to be on the second worker',
    async () => {
      if ((await scene.status())?.tasks[0]?.worker_id.startsWith('127.0.0.2')) return true;
      await scene.ask('PUT', '/stop');
      await scene.settled('STOPPED');
      const [http] = await freePorts(1);
      const filler = `filler-${http}`;
      const config = {
        'connector.class': CONNECTOR_CLASS,
        'otlp.bind.address': '127.0.0.1',
        'otlp.grpc.enabled': 'false',
        'otlp.http.port': String(http),
      };
      await scene.connect('POST', '/connectors', { name: filler, config });
      await until(
        'the filler to run',
        async () => (await statusOf(scene.stand.connectUrl, filler))?.tasks[0]?.state === 'RUNNING' || undefined,
      );
      await scene.ask('PUT', '/resume');
      await scene.settled('RUNNING', 'RUNNING');
      return undefined;
    },
    60_000,
  );
  return second;
}

const LEFT_MS = 60_000;
/** A delay of 0 is that of every other rebalance. */
const HELD_BACK = /with rebalance delay: [1-9]/;

/** The worker with the task ends without a word, or says goodbye; the other waits for it. */
export const withoutSecondWorker = (signal: 'SIGKILL' | 'SIGTERM') => async (scene: RealScene) => {
  const second = await onSecondWorker(scene);
  second.signal(signal);
  await until('the first worker to hold the task back', () => scene.log().some((line) => HELD_BACK.test(line)) || undefined, LEFT_MS);
  await nobodyOn(scene.http, LEFT_MS);
};

export const elsewhere = async (scene: RealScene): Promise<void> => {
  await scene.ask('PATCH', '/config', { 'otlp.bind.address': '127.0.0.2' });
  await scene.settled('RUNNING', 'RUNNING');
  await onSecondWorker(scene);
};
