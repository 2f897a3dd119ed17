import type { LoneBrokerOptions } from '../stand/lone-broker.ts';
import type { BridgeScene } from './bridge-scene.ts';
import type { CleanUps } from './clean-ups.ts';
import type { RealScene, StandPlan } from './real-scene.ts';

/** What doctor and health must say: the first diagnosis above ok (`none` for a healthy target; one of these, where several are right) and the exit code. */
export type Expected = {
  first: readonly string[];
  exit: 0 | 1 | 2 | 3;
  /** health's exit code where that is another: it reads no log */
  healthExit?: 0 | 1 | 2 | 3;
  /** where more than the first counts: every cause above ok that no other explains, in order */
  roots?: readonly string[];
};

/** A cell that cannot be judged before something exists. Never counted as right. */
export type Waiting = { waiting: string };

/** Brings the fault about and returns once it can be seen. What it changes it has undone by `scene.after`. */
export type RealCell = {
  inject: (scene: RealScene) => Promise<void>;
  /** a stand of its own, ended after the fault; the shared one when left out */
  stand?: StandPlan;
  /** keys laid over the connector's usual ones */
  connector?: Readonly<Record<string, string>>;
  expect?: Expected;
};

/** Drills that the bridge of a cell may be put through. */
export const DRILLS_ON = { 'bridge.drills': 'on' } as const;

/** A broker for the bridge to write to: the shared one, or one that is made for the fault, with keys of the bridge that go with it. */
export type BrokerPlan = (
  owner: Pick<CleanUps, 'after'>,
) => Promise<{ broker?: Partial<LoneBrokerOptions>; set?: Readonly<Record<string, string>> }>;

export type BridgeCell = {
  /** the bridge writes to Kafka, and the scene has its broker */
  kafka?: 'shared' | BrokerPlan;
  inject: (scene: BridgeScene) => Promise<void>;
  /** false: `inject` starts the bridge itself */
  started?: false;
  /** options of Node.js for the bridge's process */
  node?: readonly string[];
  /** keys the bridge is started with */
  set?: Readonly<Record<string, string>>;
  expect?: Expected;
};

/** A bridge in the state that is given, and then drills. */
export const drilled = (drills: readonly string[], before?: (scene: BridgeScene) => Promise<unknown>): BridgeCell => ({
  set: DRILLS_ON,
  inject: async (scene) => {
    await before?.(scene);
    await scene.drill(...drills);
  },
});

/** Of the fault matrix; 9 are the pairs. */
export type Section = 1 | 2 | 3 | 4 | 5 | 6 | 9;

/** One row of the fault matrix. A cell's own `expect` takes the place of the row's. */
export type Fault = { id: string; expect: Expected; real: RealCell | Waiting; bridge: BridgeCell | Waiting };

export const isWaiting = (cell: RealCell | BridgeCell | Waiting): cell is Waiting => 'waiting' in cell;

export const expected = (exit: Expected['exit'], ...first: string[]): Expected => ({ first, exit });
