import { startReceivers, type OpenReceivers, type ReceiverOptions } from '../intake/receivers.ts';
import { isLoopback } from '../loopback.ts';
import type { Undo } from './dial.ts';

/** What is on the receivers' ports now. */
export type Stand = { leave(): void; refuse(): void; close(deadlineMs: number): Promise<void> };

/** What is to be on the ports of every task. */
export type Hold = {
  open(options: ReceiverOptions): Promise<Stand>;
  /** requests are still served, so a task that starts may start this way */
  serves: boolean;
};

const NOBODY: Stand = { leave: () => {}, refuse: () => {}, close: () => Promise.resolve() };
const PLAIN_HOLD: Hold = { open: startReceivers, serves: true };
export const CLOSED: Hold = { open: () => Promise.resolve(NOBODY), serves: false };

/** The ports of one task: who is on them, and one change of that at a time. */
type Place = { connector: string; options: ReceiverOptions; stand: Stand; over: boolean; turn: Promise<unknown> };

export type ReceiverGate = { open: OpenReceivers; hold(hold: Hold): Promise<Undo> };

/** Stands between tasks and their receivers. What is held last counts; without a hold each task has plain receivers. `lost` is told whose ports could not be had again. */
export function receiverGate(lost: (connector: string, error: Error) => Promise<void>): ReceiverGate {
  const places = new Set<Place>();
  const holds: Hold[] = [];
  const wanted = () => holds.at(-1) ?? PLAIN_HOLD;

  const inTurn = <T>(place: Place, work: () => Promise<T>): Promise<T> => {
    const run = place.turn.then(work);
    place.turn = run.catch(() => {});
    return run;
  };
  const turn = (place: Place): Promise<void> =>
    inTurn(place, async () => {
      if (place.over) return;
      await place.stand.close(0);
      place.stand = NOBODY;
      place.stand = await wanted().open(place.options);
    });
  const turnAll = async (): Promise<void> => {
    const all = [...places];
    const results = await Promise.allSettled(all.map(turn));
    for (const [index, result] of results.entries())
      if (result.status === 'rejected') await lost(all[index]!.connector, result.reason as Error);
  };

  const open: OpenReceivers = async (options, connector) => {
    const { bindAddress: host } = options;
    if (!isLoopback(host))
      throw Object.assign(new Error(`bridge.drills is on, and ${host} is beyond this machine`), { receiver: 'http' as const, host });
    // Opened for true at first, whatever holds: that gives free ports their numbers, and finds those that are taken.
    const hold = wanted();
    const first = (await (hold.serves ? hold : PLAIN_HOLD).open(options)) as Awaited<ReturnType<OpenReceivers>>;
    const { grpcPort, httpPort } = first;
    const known = { ...options, grpc: grpcPort === null ? null : { port: grpcPort }, http: httpPort === null ? null : { port: httpPort } };
    const place: Place = { connector, options: known, stand: first, over: false, turn: Promise.resolve() };
    places.add(place);
    if (!hold.serves)
      await turn(place).catch((error: unknown) => {
        places.delete(place);
        throw error;
      });
    return {
      grpcPort,
      httpPort,
      leave: () => place.stand.leave(),
      refuse: () => place.stand.refuse(),
      close(deadlineMs) {
        place.over = true;
        places.delete(place);
        return inTurn(place, () => place.stand.close(deadlineMs));
      },
    };
  };

  return {
    open,
    async hold(hold) {
      holds.push(hold);
      await turnAll();
      return async () => {
        holds.splice(holds.indexOf(hold), 1);
        await turnAll();
      };
    },
  };
}
