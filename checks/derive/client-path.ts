import type { Facts } from '../facts/index.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { receiverOf } from './client-aim.ts';
import { LABEL } from './receivers.ts';
import { quoteError, quoteSaid, signalsOf, type ClientView } from './client.ts';
import type { ClientExport } from './client-exports.ts';
import { endpointOf, rightPlace } from './client-places.ts';
import type { ClientProblem } from './client-cause.ts';
import { list } from './words.ts';

const id = 'client-wrong-path';
const COMMON = 'OTEL_EXPORTER_OTLP_ENDPOINT';

/** Paths of OTLP/HTTP, behind the target's own where its address has one. Source: OTLP specification, "OTLP/HTTP Request". */
export function pathProblems(facts: Facts, { exports, said }: ClientView): ClientProblem[] {
  const http = rightPlace(facts, 'http');
  const base = http?.path ?? '';
  const isWrong = (one: ClientExport): boolean =>
    one.transport !== 'grpc' && receiverOf(facts, one) === 'http' && one.place?.path !== `${base}${SIGNAL[one.signal].path}`;
  const wrong = exports.filter(isWrong);
  const spoken = said?.trouble === 'not-found' ? said : undefined;
  const evidence = spoken === undefined ? [] : [quoteError(facts, spoken)];
  const right = http === null ? 'http://localhost:4318' : endpointOf(http);
  const [first] = wrong;
  if (first !== undefined) return [named(facts, first, wrong, { base, right, evidence })];
  if (spoken === undefined) return [];
  return [
    {
      id,
      sentence: `The client posts over ${LABEL.http} to a path that is none of ${list(SIGNALS.map((signal) => SIGNAL[signal].path))}, and is answered 404.`,
      evidence,
      cure: 'Give the common endpoint without a path, or that of a signal with its own.',
      set: [`${COMMON}=${right}`],
    },
  ];
}

type Right = { base: string; right: string; evidence: ClientProblem['evidence'] };

function named(facts: Facts, first: ClientExport, wrong: readonly ClientExport[], { base, right, evidence }: Right): ClientProblem {
  const { path } = SIGNAL[first.signal];
  const isOwn = first.endpoint.variable !== COMMON;
  const said = isOwn
    ? `its ${first.signal} to ${first.place?.path ?? '/'}, not to ${base}${path}: an endpoint for one signal is used as it stands`
    : `its ${signalsOf(wrong)} to ${first.place?.path ?? '/'}${wrong.length > 1 ? ' and the like' : ''}: an SDK puts ${path} behind the path of the common endpoint`;
  return {
    id,
    sentence: `The client posts ${said}.`,
    evidence: [...quoteSaid(facts, first.endpoint), ...evidence],
    cure: isOwn ? `Put ${path} behind it.` : 'Leave the path out of the common endpoint.',
    set: [`${first.endpoint.variable}=${right}${isOwn ? path : ''}`],
  };
}
