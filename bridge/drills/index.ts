import { METRICS_PATH } from '../../proto/vocabulary/connect.ts';
import type { Connector } from '../connect/connector.ts';
import type { Worker } from '../connect/worker.ts';
import type { Log } from '../log.ts';
import { isLoopback } from '../loopback.ts';
import { metricsHandler, type Facts } from '../metrics/handler.ts';
import type { DoorName, Seams } from '../seams.ts';
import type { Door } from '../settings.ts';
import { badInput } from '../settings/bad-input.ts';
import { RECEIVER_KEY } from '../settings/keys.ts';
import type { StoredConnector } from '../state/stored.ts';
import { createBoard } from './board.ts';
import { createDoors } from './doors.ts';
import { dial } from './dial.ts';
import type { Controls } from './drill.ts';
import { CLOSED, receiverGate } from './receiver-gate.ts';

const LOGGER = 'otlpctl.bridge.Drills';

/** A bridge that others can reach is no place to practise on. */
function refuseBeyondLoopback(connectors: readonly StoredConnector[], doors: Readonly<Record<DoorName, Door>>): void {
  for (const what of ['rest', 'metrics'] as const) {
    const { host } = doors[what];
    if (!isLoopback(host))
      throw badInput(`bridge.drills=on: bridge.${what}.bind.address=${host} is beyond this machine: give 127.0.0.1, or leave drills off`);
  }
  for (const { name, config } of connectors) {
    const host = config['otlp.bind.address'] ?? RECEIVER_KEY.get('otlp.bind.address')!.default!;
    if (!isLoopback(host))
      throw badInput(`bridge.drills=on: otlp.bind.address=${host} of ${name} is beyond this machine: give 127.0.0.1, or leave drills off`);
  }
}

/** The metrics of a worker whose connectors have no task. */
function withoutTasks({ source, ...facts }: Facts): Facts {
  const all = (): Connector[] => source.all().map((connector) => ({ ...connector, task: null }));
  const { isReady, readiness } = source;
  return { ...facts, source: { all, find: (wanted) => all().find(({ name }) => name === wanted), isReady, readiness } };
}

/** Seams with drills in them, all off at first. Throws bad input when anything listens beyond loopback. */
export function createDrills(connectors: readonly StoredConnector[], settings: Readonly<Record<DoorName, Door>>, log: Log): Seams {
  refuseBeyondLoopback(connectors, settings);
  let worker: Worker | null = null;
  let tasksHidden = 0;
  const doors = createDoors();
  const gate = receiverGate(async (connector, error) => {
    log({ level: 'WARN', message: `${connector} cannot have its ports back (${error.message}): its task starts again`, logger: LOGGER });
    await worker?.restartTask(connector, '0');
  });
  const controls: Controls = {
    rest: dial((asked, next) => next(asked)),
    metrics: dial((answer) => answer),
    status: dial((status) => status),
    write: dial((outlet, _topic, batch) => outlet.write(batch)),
    receivers: gate,
    async noTask() {
      tasksHidden++;
      const open = await gate.hold({ ...CLOSED });
      return async () => {
        tasksHidden--;
        await open();
      };
    },
    shut: (door) => doors.shut(door),
  };
  const board = createBoard(controls, log);
  return {
    doors: doors.open,
    rest: (handle) => (asked) => controls.rest.now()(asked, handle),
    metrics(facts) {
      const [shown, hidden] = [facts, withoutTasks(facts)].map((one) => metricsHandler(one, board.on));
      return async (asked) => {
        if (asked.path === METRICS_PATH.drills) return board.handle(asked);
        const answer = await (tasksHidden > 0 ? hidden! : shown!)(asked);
        return asked.path === METRICS_PATH.json ? controls.metrics.now()(answer) : answer;
      };
    },
    shows: (status) => controls.status.now()(status),
    openReceivers: gate.open,
    sink: (sink) => ({
      place: sink.place,
      open(to) {
        const outlet = sink.open(to);
        return { ...outlet, write: (batch) => controls.write.now()(outlet, to.topic, batch) };
      },
      close: () => sink.close(),
    }),
    meet(found) {
      worker = found;
    },
    close: () => board.close(),
  };
}
