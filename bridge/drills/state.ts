import { CONNECTOR_STATES, type ConnectorState } from '../../proto/vocabulary/connect.ts';
import type { StatusView } from '../connect/views.ts';
import { drillFault, type Begin, type Drill } from './drill.ts';
import { FAILURES, type ShownFailure } from './traces.ts';

const FORM = 'state:CONNECTOR/TASK[,worker=HOST:PORT][,trace=TRACE]';
const isState = (text: string): text is ConnectorState => (CONNECTOR_STATES as readonly string[]).includes(text);

/** States of a task that holds ports open. */
const HOLDS_PORTS: readonly ConnectorState[] = ['RUNNING', 'PAUSED'];

type Wanted = { connector: ConnectorState; task: ConnectorState | 'none'; worker?: string; failure?: ShownFailure };

const without = <T extends { trace?: string }>({ trace: _trace, ...part }: T): Omit<T, 'trace'> => part;
const traced = (state: ConnectorState, trace: string | undefined) => (state === 'FAILED' && trace !== undefined ? { trace } : {});

/** The status with other states, worker and traces in it. A task that is there is shown as wanted, and none where none is wanted. */
function shown(status: StatusView, { connector, task, worker, failure }: Wanted): StatusView {
  const id = worker === undefined ? {} : { worker_id: worker };
  return {
    ...status,
    connector: { ...without(status.connector), ...id, state: connector, ...traced(connector, failure?.connector) },
    tasks: task === 'none' ? [] : status.tasks.map((one) => ({ ...without(one), ...id, state: task, ...traced(task, failure?.task) })),
    type: failure?.type ?? status.type,
  };
}

const begin =
  (wanted: Wanted): Begin =>
  async ({ status, noTask }) => {
    const hides = status.set((plain) => shown(plain, wanted));
    if (wanted.task !== 'none' && HOLDS_PORTS.includes(wanted.task)) return hides;
    const runsAgain = await noTask();
    return async () => {
      await runsAgain();
      await hides();
    };
  };

/** A name of the table, or a trace as it is: that has a colon. */
function failureOf(text: string): ShownFailure {
  const known = Object.hasOwn(FAILURES, text) ? FAILURES[text] : undefined;
  if (known) return known;
  if (/^\S+: /.test(text)) return { connector: text, task: text };
  throw drillFault(
    `trace=${text} is neither a trace ("java.lang.Exception: why") nor one of those kept: ${Object.keys(FAILURES).join(', ')}`,
  );
}

/** `trace=` takes the rest: traces have commas. */
const SHAPE = /^([A-Za-z]+)\/([A-Za-z]+)(?:,worker=([^,=\s]+:\d{1,5}))?(?:,trace=([\s\S]+))?$/;

function read(argument: string): Begin {
  const [, connector = '', task = '', worker, trace] = SHAPE.exec(argument) ?? [];
  if (!isState(connector) || !(isState(task) || task === 'none'))
    throw drillFault(
      `state:${argument} cannot be shown: write ${FORM}, both states of ${CONNECTOR_STATES.join(', ')}, or none for no task`,
    );
  const wanted: Wanted = { connector, task, ...(worker !== undefined && { worker }) };
  if (trace === undefined) return begin(wanted);
  if (connector !== 'FAILED' && task !== 'FAILED') throw drillFault('trace= is shown where something is FAILED, and nothing is');
  return begin({ ...wanted, failure: failureOf(trace) });
}

export const STATE: readonly Drill[] = [
  { form: FORM, meaning: 'the status of every connector says this; a task that would hold no ports holds none (TASK may be none)', read },
];
