import type { Answer, Asked } from '../door.ts';
import type { Log } from '../log.ts';
import type { Undo } from './dial.ts';
import { isDrillFault, type Controls } from './drill.ts';
import { ALL, readOrder, type Chosen, type Order } from './parse.ts';

const LOGGER = 'otlpctl.bridge.Drills';

export type Board = {
  /** drills that are on, as they were written */
  on(): string[];
  /** answers /drills */
  handle(asked: Asked): Promise<Answer>;
  close(): void;
};

type Running = Chosen & { undo: Undo };

/** For the log: one line, where a whole trace was given too. */
const short = (text: string): string => (/^.{1,100}/.exec(text)?.[0] ?? '') + (/^.{1,100}$/.test(text) ? '' : '...');

/** Switches drills: PUT makes exactly those on that it names, DELETE ends all. One order at a time. */
export function createBoard(controls: Controls, log: Log): Board {
  const running: Running[] = [];
  let timer: NodeJS.Timeout | undefined;
  let endsAt: number | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const say = (level: 'WARN' | 'ERROR', message: string) => log({ level, message, logger: LOGGER });
  const end = async (one: Running): Promise<void> => {
    running.splice(running.indexOf(one), 1);
    try {
      await one.undo();
      say('WARN', `Drill ${short(one.text)} is off`);
    } catch (error) {
      say('ERROR', `Drill ${short(one.text)} is off, and what it changed could not all be put back: ${(error as Error).message}`);
    }
  };
  /** Last first, so that what was laid over something is lifted before it. */
  const endAll = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    endsAt = null;
    for (const one of [...running].reverse()) await end(one);
  };
  const begin = async ({ chosen, forSeconds }: Order): Promise<void> => {
    await endAll();
    for (const one of chosen) {
      running.push({ ...one, undo: await one.begin(controls) });
      say('WARN', `Drill ${short(one.text)} is on${forSeconds === null ? '' : ` for ${forSeconds} s`}: ${one.drill.meaning}`);
    }
    if (forSeconds === null) return;
    endsAt = Date.now() + forSeconds * 1000;
    // An order that came in between has a timer of its own, or none.
    const mine = setTimeout(() => void inTurn(async () => (timer === mine ? endAll() : undefined)), forSeconds * 1000).unref();
    timer = mine;
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = turn.then(work);
    turn = run.catch(() => {});
    return run;
  };

  const on = () => running.map(({ text }) => text);
  const shown = (): Answer => ({
    status: 200,
    body: {
      on: on(),
      endsAt: endsAt === null ? null : new Date(endsAt).toISOString(),
      drills: ALL.map(({ form, meaning }) => ({ form, meaning })),
    },
  });
  /** A drill that shuts the door waits for the answers in it, so this one is sent first. */
  const order = (body: string): Promise<Answer> | Answer => {
    const read = readOrder(body);
    const done = inTurn(() => begin(read)).catch(async (error: unknown) => {
      await inTurn(endAll);
      throw error;
    });
    if (!read.chosen.some(({ drill }) => drill.locksOut)) return done.then(shown);
    done.catch((error: unknown) => say('ERROR', `The drill could not begin: ${String(error)}`));
    return { status: 202, body: { on: read.chosen.map(({ text }) => text) }, headers: { connection: 'close' } };
  };

  const METHODS: Readonly<Record<string, (asked: Asked) => Answer | Promise<Answer>>> = {
    GET: shown,
    HEAD: shown,
    PUT: (asked) => order(asked.body),
    DELETE: () => inTurn(endAll).then(shown),
  };

  return {
    on,
    async handle(asked) {
      const method = METHODS[asked.method];
      if (!method)
        return {
          status: 405,
          body: { error: 'drills are shown by GET, switched by PUT and ended by DELETE' },
          headers: { allow: Object.keys(METHODS).join(', ') },
        };
      try {
        return await method(asked);
      } catch (error) {
        if (isDrillFault(error)) return { status: 400, body: { error: error.message } };
        throw error;
      }
    },
    close: () => clearTimeout(timer),
  };
}
