import type { StatusView } from '../connect/views.ts';
import type { Answer, Asked, Handler } from '../door.ts';
import type { Message } from '../message.ts';
import type { Outlet, Written } from '../sinks/sink.ts';
import type { DoorName } from '../seams.ts';
import type { Dial, Undo } from './dial.ts';
import type { Hold } from './receiver-gate.ts';

/** What drills turn: one of these a seam. */
export type Controls = {
  /** answers in place of REST, which it may ask */
  rest: Dial<(asked: Asked, next: Handler) => Answer | Promise<Answer>>;
  /** what GET /metrics.json says, in place of what it would */
  metrics: Dial<(answer: Answer) => Answer>;
  status: Dial<(status: StatusView) => StatusView>;
  write: Dial<(outlet: Outlet, topic: string, batch: readonly Message[]) => Promise<Written>>;
  receivers: { hold(hold: Hold): Promise<Undo> };
  /** the worker runs no task: receivers are closed, metrics are gone with it */
  noTask(): Promise<Undo>;
  shut(door: DoorName): Promise<Undo>;
};

export type Begin = (controls: Controls) => Undo | Promise<Undo>;

/** One drill: how it is written, what is so while it is on, and how its argument is read. */
export type Drill = {
  form: string;
  meaning: string;
  /** Null when the argument is another drill's. Throws a drill fault for one that is meant and cannot be. */
  read(argument: string): Begin | null;
  /** it closes the door that it would be ended over, so it needs an end of its own */
  locksOut?: true;
};

/** What cannot be drilled, in one sentence. */
export type DrillFault = Error & { code: 'drill-fault' };
export const drillFault = (sentence: string): DrillFault => Object.assign(new Error(sentence), { code: 'drill-fault' as const });
export const isDrillFault = (error: unknown): error is DrillFault =>
  error instanceof Error && (error as Partial<DrillFault>).code === 'drill-fault';

/** A drill whose argument is one word. */
export const word = (form: string, meaning: string, begin: Begin): Drill => ({
  form,
  meaning,
  read: (argument) => (argument === form.slice(form.indexOf(':') + 1) ? begin : null),
});

/** A drill whose argument has a pattern; what it captures is handed on. */
export const pattern = (form: string, meaning: string, shape: RegExp, begin: (part: string) => Begin | null): Drill => ({
  form,
  meaning,
  read(argument) {
    const part = shape.exec(argument)?.[1];
    return part === undefined ? null : begin(part);
  },
});
