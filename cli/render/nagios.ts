import { backlogOf } from '../../checks/derive/queue.ts';
import { seen, type Facts } from '../../checks/facts/index.ts';
import type { OverallStatus, Report } from '../../checks/report.ts';
import type { Renderer } from './format.ts';
import { cut } from './layout.ts';
import { count } from './numbers.ts';
import { formatPerf, perfdataOf } from './perfdata.ts';

/** A first line stays whole on pagers and in web tables. Source: Monitoring Plugins guidelines, "Plugin Output for Nagios". */
const LINE = 80;
const SERVICE = 'OTLP';

/** ASCII without the sign that begins perfdata. */
const plainText = (text: string): string =>
  text
    .replace(/\s*\|\s*/g, ' ')
    .replace(/[^\x20-\x7e]+/g, '?')
    .trim();

export const serviceLine = (status: OverallStatus, text: string, most = LINE): string => {
  const head = `${SERVICE} ${status.toUpperCase()} - `;
  return head + cut(plainText(text), most - head.length);
};

/** What one look saw of a target that is well. */
function saw(facts: Facts): string {
  const state = seen(facts, 'rest.status')?.connector.state;
  const [grpc, http] = [seen(facts, 'receiver.grpc'), seen(facts, 'receiver.http')];
  const ports = [...(grpc ? [`gRPC ${grpc.address.port}`] : []), ...(http ? [`HTTP ${http.address.port}`] : [])];
  const waiting = backlogOf(facts)?.messages;
  return [
    ...(state === undefined ? [] : [`connector ${state}`]),
    ...(ports.length === 0 ? [] : [`${ports.join(' and ')} accept${ports.length === 1 ? 's' : ''}`]),
    waiting === undefined ? 'metrics not seen' : `${count(waiting)} queued`,
  ].join(', ');
}

/** A bare `http://host:port` without its scheme: the line is short. */
const withoutScheme = (sentence: string): string => sentence.replace(/\bhttps?:\/\/([\w.:[\]-]*[\w\]])\/?(?=[\s,;:)]|$)/g, '$1');

/** The sentence of the line: the root to act on first, and how many more there are. */
export function healthSentence(report: Report, facts: Facts): string {
  const roots = report.diagnoses.filter(({ because, status }) => because === null && status !== 'ok');
  if (roots.length === 0) return report.status === 'ok' ? saw(facts) : report.summary;
  return `${withoutScheme(roots[0]!.sentence.replace(/\.$/, ''))}${roots.length > 1 ? ` (+${roots.length - 1} more)` : ''}`;
}

/** -vv: what was asked and what was seen, below the line; a second perfdata part is not begun. */
const details = (report: Report): string[] => [
  ...report.diagnoses.map(({ id, status, sentence }) => `${status.toUpperCase()} ${id}: ${sentence}`),
  ...report.steps.map(({ id, status, sentence }) => `${status} ${id}: ${sentence}`),
  ...[...new Set(report.steps.flatMap((step) => step.evidence.map(({ source }) => `asked ${source}`)))],
];

export const renderNagios: Renderer = ([{ report, facts }], { verbosity }) => {
  const line = serviceLine(report.status, healthSentence(report, facts), verbosity > 0 ? Infinity : LINE);
  const perf = perfdataOf(facts).map(formatPerf).join(' ');
  const more = verbosity > 1 ? details(report).map((text) => plainText(text)) : [];
  return [`${line} | ${perf}`, ...more].map((one) => `${one}\n`).join('');
};

/** The same as one JSON document: doctor's, with the line's text and values. */
export const renderHealthJson: Renderer = ([{ report, facts }]) =>
  `${JSON.stringify({ ...report, text: serviceLine(report.status, healthSentence(report, facts)), perfdata: perfdataOf(facts) }, null, 2)}\n`;
