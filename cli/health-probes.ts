import { isFailed, isSeen, isUnasked } from '../checks/facts/index.ts';
import type { Place } from '../checks/facts/index.ts';
import { PROBES } from '../checks/probes/all.ts';
import { hostProbe, lookAtHolders } from '../checks/probes/host.ts';
import type { Probe } from '../checks/probes/probe.ts';
import { defaultOf } from '../proto/vocabulary/keys.ts';
import { probesFor } from '../checks/gather.ts';

/** The list of connectors holds every status already: one exchange less. */
const statusFromList: Probe = {
  gives: ['rest.status'],
  needs: ['rest.list', 'target'],
  async look({ fact }) {
    const list = await fact('rest.list');
    const target = await fact('target');
    const { source } = list;
    if (isFailed(list))
      return {
        'rest.status': { source, failure: list.failure, detail: list.detail, ...(list.status !== undefined && { status: list.status }) },
      };
    if (isUnasked(list)) return { 'rest.status': { source, unasked: list.unasked, reason: list.reason } };
    const name = isSeen(target) ? target.value.connector : null;
    if (name === null)
      return { 'rest.status': { source, unasked: 'skipped', reason: 'no OTLP connector runs on this Connect', give: '--connector NAME' } };
    const found = Object.hasOwn(list.value, name) ? list.value[name] : undefined;
    if (found !== undefined) return { 'rest.status': { source, value: found.status } };
    return { 'rest.status': { source, failure: 'http', status: 404, detail: `no connector ${name} is in the list`, stage: 'answer' } };
  },
};

/** Who holds the receivers' ports, where they were asked for at others than the configuration has: a read of /proc, no exchange. */
const holdersWhereMoved: Probe = {
  ...hostProbe,
  async look(look) {
    const target = await look.fact('target');
    const { grpc, http, config } = isSeen(target) ? target.value : { grpc: null, http: null, config: null };
    const isMoved = (place: Place | null, key: string): boolean => place !== null && place.port !== Number(config?.[key] ?? defaultOf(key));
    if (config !== null && (isMoved(grpc, 'otlp.grpc.port') || isMoved(http, 'otlp.http.port')))
      return lookAtHolders(look, { alone: true });
    return {
      'host.listeners': { source: '/proc', unasked: 'skipped', reason: 'the receivers are asked where the configuration has them' },
    };
  },
};

/** State and configuration in one list, both receivers, one read of the metrics: at most six exchanges. */
export const HEALTH_PROBES: readonly Probe[] = [
  statusFromList,
  holdersWhereMoved,
  ...probesFor(['rest.root', 'rest.list', 'target', 'receiver.grpc', 'receiver.http', 'metrics'], PROBES).filter(
    (probe) => !probe.gives.includes('rest.status'),
  ),
];
