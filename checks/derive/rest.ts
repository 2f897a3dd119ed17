import type { Facts, Failed, FactId } from '../facts/index.ts';
import { isFailed, isSeen, isUnasked } from '../facts/index.ts';
import { connectUrl } from './commands.ts';
import { isConnectError } from './connector.ts';

/** How Connect's REST interface answered, as one word. Every `connect-*` diagnosis is one of these. */
export type RestState =
  | 'answers'
  | 'refused'
  | 'name'
  | 'timeout'
  | 'filtered'
  | 'unauthorized'
  | 'foreign'
  | 'tls'
  | 'rebalancing'
  | 'errors'
  | 'skipped'
  | 'unknown';
export type RestView = { state: RestState; fact: FactId; failed: Failed | undefined; url: string };

/** The looks that carry the state; the first that failed speaks when none was answered. */
const LOOKS = ['rest.list', 'rest.status', 'rest.root'] as const;

export function restView(facts: Facts): RestView {
  const url = connectUrl(facts);
  const told = (state: RestState, fact: FactId, failed?: Failed): RestView => ({ state, fact, failed, url });
  const answered = (['rest.list', 'rest.status'] as const).find((id) => isSeen<unknown>(facts[id]));
  if (answered !== undefined) return told('answers', answered);
  const failing = LOOKS.map((id) => ({ id, fact: facts[id] as Failed })).filter(({ fact }) => isFailed(fact));
  const first = failing[0];
  if (first !== undefined) return told(stateOf(first.fact), first.id, first.fact);
  return told(
    LOOKS.some((id) => isUnasked<unknown>(facts[id]) && (facts[id] as { unasked: string }).unasked === 'unknown') ? 'unknown' : 'skipped',
    'rest.list',
  );
}

function stateOf(failed: Failed): RestState {
  if (failed.failure === 'http') return stateOfStatus(failed);
  if (failed.failure === 'timeout') return failed.stage === 'connect' ? 'filtered' : 'timeout';
  const states: Partial<Record<Failed['failure'], RestState>> = {
    refused: 'refused',
    name: 'name',
    tls: 'tls',
    reset: 'foreign',
    malformed: 'foreign',
    denied: 'unauthorized',
    absent: 'foreign',
  };
  return states[failed.failure] ?? 'unknown';
}

function stateOfStatus(failed: Failed): RestState {
  if (failed.status === 401 || failed.status === 403) return 'unauthorized';
  if (failed.status === 409 && isConnectError(failed)) return 'rebalancing';
  return isConnectError(failed) ? 'errors' : 'foreign';
}
