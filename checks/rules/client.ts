import { defineRule } from '../rule.ts';
import { clientRemedies } from './client-settings.ts';
import { clientProblem } from '../derive/client-problems.ts';
import { quote } from '../derive/evidence.ts';
import { isRecent } from '../derive/log.ts';
import { receiverViews } from '../derive/receivers.ts';
import { remedy } from '../derive/remedy.ts';
import { count, list, oneLine, span } from '../derive/words.ts';
import { nowOf } from '../derive/log.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';

/** Bodies that the HTTP receiver could not read and answered with 400. Source: vocabulary, http_*_error. */
function unreadable(facts: Facts): { signals: string[]; lines: number; error: string; lastAt: number | null; event: string } | undefined {
  const events = SIGNALS.map((signal) => ({ signal, event: `http_${signal === 'traces' ? 'trace' : signal}_error` }))
    .map((row) => ({ ...row, seen: seen(facts, 'log')?.events[row.event] }))
    .filter((row) => row.seen !== undefined && row.seen.count > 0 && isRecent(facts, row.seen.lastAt));
  const first = events[0];
  if (first?.seen === undefined) return undefined;
  return {
    signals: events.map((row) => row.signal),
    lines: events.reduce((sum, row) => sum + (row.seen?.count ?? 0), 0),
    error: first.seen.fields['error'] ?? '',
    lastAt: first.seen.lastAt,
    event: first.event,
  };
}

export const clientRejected = defineRule({
  id: 'client-rejected',
  layer: 'client',
  scope: 'client',
  status: 'warning',
  explains: ['log-lines', 'log-errors', 'no-traffic', 'traffic-stopped', 'message-intake', 'signal-intake', 'client-configuration'],
  heading: 'Issue 2: No Messages Received',
  meaning:
    'A sender reaches the receiver and its requests are refused for what they are: gzip over HTTP, which the connector does not decompress, a body it cannot read, or one above a fixed limit. The connector itself is well.',
  when({ facts }) {
    const bad = unreadable(facts);
    const given = clientProblem(facts, 'client-rejected');
    if (bad === undefined) return given && { sentence: given.sentence, evidence: given.evidence };
    const kind = seen(facts, 'target')?.kind;
    const gzip = kind === 'bridge' ? '' : '; gzip over HTTP, which this connector does not decompress, looks like this';
    const ago = bad.lastAt === null ? '' : `, last ${span(Math.max(0, nowOf(facts) - bad.lastAt))} before this look`;
    const grpc = receiverViews(facts).some((view) => view.transport === 'grpc' && view.state === 'serves') ? ' gRPC is not affected.' : '';
    return {
      sentence: `${count(bad.lines)} HTTP ${bad.lines === 1 ? 'request' : 'requests'} of ${list(bad.signals)} could not be read and ${bad.lines === 1 ? 'was' : 'were'} answered 400 (${oneLine(bad.error, 80)})${ago}${gzip}.${grpc}`,
      evidence: [
        quote(facts, 'log', `events.${bad.event}.count`),
        quote(facts, 'log', `events.${bad.event}.fields.error`),
        ...(given?.evidence ?? []),
      ],
    };
  },
  remedies({ facts }) {
    const given = clientProblem(facts, 'client-rejected');
    return given === undefined ? UNCOMPRESSED : clientRemedies(given);
  },
});

const UNCOMPRESSED = [
  remedy(
    'Have HTTP senders send uncompressed (a Collector: compression: none), or use gRPC.',
    'export OTEL_EXPORTER_OTLP_COMPRESSION=none',
  ),
];
