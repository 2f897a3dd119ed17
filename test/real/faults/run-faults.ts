import { mkdtempSync, renameSync, rmSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bridgeScene } from './bridge-scene.ts';
import { cleanUps } from './clean-ups.ts';
import type { CleanUps } from './clean-ups.ts';
import { isWaiting } from './fault.ts';
import type { BridgeCell, Expected, Fault, RealCell, Section } from './fault.ts';
import { isRight, judge } from './judge.ts';
import type { Given, Look } from './judge.ts';
import type { RunOptions } from './options.ts';
import { brokerFor, clear, realScene, standFor } from './real-scene.ts';
import { SECTION_1 } from './section-1.ts';
import { SECTION_2 } from './section-2.ts';
import { SECTION_3 } from './section-3.ts';
import { SECTION_4 } from './section-4.ts';
import { SECTION_5 } from './section-5.ts';
import { SECTION_6 } from './section-6.ts';
import { SECTION_9 } from './section-9.ts';
import type { LoneBroker } from '../stand/lone-broker.ts';
import type { Stand } from '../stand/stand.ts';

export const FAULTS: Readonly<Record<Section, readonly Fault[]>> = {
  1: SECTION_1,
  2: SECTION_2,
  3: SECTION_3,
  4: SECTION_4,
  5: SECTION_5,
  6: SECTION_6,
  9: SECTION_9,
};

export type Outcome = { id: string; expected: Expected; tookMs: number } & (
  { verdict: 'right' | 'missed'; given: Given } | { verdict: 'not brought about' | 'waiting'; reason: string }
);

export function chosen({ only, sections }: Pick<RunOptions, 'only' | 'sections'>): readonly Fault[] {
  const all = sections.flatMap((section) => FAULTS[section]);
  const unknown = only.filter((id) => !all.some((fault) => fault.id === id));
  if (unknown.length > 0) throw new Error(`no fault is named ${unknown.join(', ')}: give ids of ${all.map(({ id }) => id).join(', ')}`);
  return only.length === 0 ? all : only.map((id) => all.find((fault) => fault.id === id)!);
}

/** Runs the chosen faults one after the other. Everything is undone at the end, also when a signal ends the run. */
export async function runFaults(options: RunOptions, tell: (outcome: Outcome) => void): Promise<Outcome[]> {
  const faults = chosen(options);
  const run = cleanUps();
  const forget = endOnSignal(run);
  const shared = sharedBy(run, (owner) => standFor(owner, options.kafka));
  const brokers = sharedBy(run, (owner) => brokerFor(owner, options.kafka));
  const outcomes: Outcome[] = [];
  try {
    for (const fault of faults) {
      if (Date.now() > (options.endsAt ?? Infinity)) break;
      const outcome = await broughtAbout(() => runFault(fault, options, run, shared, brokers));
      outcomes.push(outcome);
      tell(outcome);
    }
  } finally {
    await run.run();
    forget();
  }
  return outcomes;
}

type Shared<T> = { get(): Promise<T>; drop(): Promise<void> };
type SharedBroker = Shared<LoneBroker>;

/** One for all faults that need none of their own; made anew when one of them left it broken. */
function sharedBy<T>(run: CleanUps, make: (owner: CleanUps) => Promise<T>): Shared<T> {
  let owner = cleanUps();
  let stand: T | undefined;
  run.after(async () => void (await owner.run()));
  return {
    get: async () => (stand ??= await make(owner)),
    drop: async () => {
      await owner.run();
      owner = cleanUps();
      stand = undefined;
    },
  };
}

/** What could not be brought about is tried once more: a busy machine is no finding. What was missed is not. */
async function broughtAbout(run: () => Promise<Outcome>): Promise<Outcome> {
  const first = await run();
  return first.verdict === 'not brought about' ? run() : first;
}

async function runFault(fault: Fault, options: RunOptions, run: CleanUps, shared: Shared<Stand>, brokers: SharedBroker): Promise<Outcome> {
  const startedAt = Date.now();
  const cell = fault[options.stack];
  const about = (expected: Expected) => ({ id: fault.id, expected, tookMs: Date.now() - startedAt });
  if (isWaiting(cell)) return { ...about(fault.expect), verdict: 'waiting', reason: cell.waiting };
  const expected = cell.expect ?? fault.expect;
  const scratch = mkdtempSync(join(tmpdir(), 'otlpctl-look-'));
  const record = join(scratch, 'record');
  try {
    const seen = (look: Look): Promise<Given> => judge(look, record);
    const given =
      options.stack === 'real'
        ? await onReal(cell as RealCell, options, run, shared, seen)
        : await onBridge(cell as BridgeCell, options, run, brokers, seen);
    const right = isRight(expected, given);
    if (!right) keepRecord(record, join(options.record, `${options.stack}-${fault.id}`));
    return { ...about(expected), verdict: right ? 'right' : 'missed', given };
  } catch (error) {
    return { ...about(expected), verdict: 'not brought about', reason: (error as Error).message };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function keepRecord(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

async function onReal(
  cell: RealCell,
  { kafka }: RunOptions,
  run: CleanUps,
  shared: Shared<Stand>,
  seen: (look: Look) => Promise<Given>,
): Promise<Given> {
  const own = cleanUps();
  run.after(async () => void (await own.run()));
  try {
    const stand = cell.stand === undefined ? await shared.get() : await standFor(own, kafka, cell.stand);
    const scene = await realScene(stand, cell.connector);
    own.after(async () => {
      const errors = await scene.run();
      if (cell.stand === undefined)
        await Promise.all(errors.map((error) => Promise.reject(error)))
          .then(() => clear(stand))
          .catch(() => shared.drop());
    });
    await cell.inject(scene);
    return await seen(scene.look);
  } finally {
    await own.run();
  }
}

async function onBridge(
  cell: BridgeCell,
  { kafka }: RunOptions,
  run: CleanUps,
  shared: SharedBroker,
  seen: (look: Look) => Promise<Given>,
): Promise<Given> {
  const own = cleanUps();
  run.after(async () => void (await own.run()));
  try {
    const { broker, set = {} } = typeof cell.kafka === 'function' ? await cell.kafka(own) : {};
    const stand = typeof cell.kafka === 'function' ? await brokerFor(own, kafka, broker) : cell.kafka && (await shared.get());
    const scene = await bridgeScene(
      { ...set, ...cell.set },
      { started: cell.started !== false, stand, ...(cell.node && { node: cell.node }) },
    );
    own.after(async () => {
      const errors = await scene.run();
      if (errors.length > 0) await shared.drop();
    });
    await cell.inject(scene);
    return await seen(scene.look);
  } finally {
    await own.run();
  }
}

/** On Ctrl-C: undoes everything, then ends as the signal would have. */
function endOnSignal(run: CleanUps): () => void {
  const end = (signal: NodeJS.Signals): void => {
    forget();
    void run.run().then(() => process.kill(process.pid, signal));
  };
  const forget = (): void => void ['SIGINT', 'SIGTERM'].forEach((signal) => process.off(signal, end));
  process.on('SIGINT', end).on('SIGTERM', end);
  return forget;
}
