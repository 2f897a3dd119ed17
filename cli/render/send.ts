import { joinAddress } from '../../checks/address.ts';
import type { Finder } from '../sending/finder.ts';
import type { Route } from '../sending/place.ts';
import type { SendReport, Spread } from '../sending/report.ts';
import type { SendPlan } from '../sending/send-marked.ts';
import type { RenderOptions } from './format.ts';
import { indented, labelled, table } from './layout.ts';
import { count, rate, span } from './numbers.ts';

export type SendView = { report: SendReport; plan: SendPlan; route: Route; where: string; cutShort: boolean };

/** Said before anything is sent: what is put where. */
export function announcement(
  { count: n, perSecond, signal, protocol, gzip, mark, place }: SendPlan,
  route: Route,
  finder: Finder | undefined,
): string {
  const how = `${protocol}${gzip ? ', gzip' : ''}${perSecond === undefined ? '' : `, ${rate(perSecond)}/s`}`;
  const records = `${count(n)} ${n === 1 ? 'record' : 'records'}`;
  const topic = `topic ${route.topic}${route.assumedTopic ? ' (its default; the configuration is not known)' : ''}`;
  const found = finder === undefined ? '' : `, looked for in ${finder.where}`;
  return `Sends ${count(n)} marked ${n === 1 ? 'request' : 'requests'} of ${signal} to ${joinAddress(place)} (${how}): puts ${records} on ${topic}, marked otlpctl-send-${mark.run}${found}.`;
}

const spread = ({ min, p50, p99, max }: Spread, n: number): string =>
  n === 1 ? span(p50) : `median ${span(p50)}, 99 % within ${span(p99)}, ${span(min)} to ${span(max)}`;

const COLUMN = 10;
const MOST_NAMED = 5;

function storedLines({ report, plan }: SendView): [string, string][] {
  const { stored } = report;
  if (stored === null) return [];
  const { found, expected, missing, where, ms, identified } = stored;
  const time = ms === null ? '' : `; ${spread(ms, found)} after it was sent`;
  const what = identified
    ? `${count(found)} of the ${count(expected)} taken are in ${where}`
    : `${count(found)} more than before in ${where}, not told apart`;
  const ids = missing.slice(0, MOST_NAMED).map((number) => plan.mark.idOf(number));
  return [
    ['Stored', `${what}${time}`],
    ...(expected - found > 0
      ? ([
          [
            'Missing',
            `${count(expected - found)} that were answered OK${ids.length === 0 ? '' : `: ${ids.join(', ')}${expected - found > ids.length ? ', …' : ''}`}`,
          ],
        ] as [string, string][])
      : []),
    ...(stored.foundThoughRefused > 0
      ? ([
          [
            'Beware',
            `${count(stored.foundThoughRefused)} are there that were answered as not taken: a client that sends them again stores them twice`,
          ],
        ] as [string, string][])
      : []),
    ...(stored.twice > 0 ? ([['Twice', `${count(stored.twice)} are there more than once`]] as [string, string][]) : []),
    ...(stored.problem === null ? [] : ([['Not seen', `reading ended early: ${stored.problem}`]] as [string, string][])),
  ];
}

function rateLine({ report: { rate: reached } }: SendView): [string, string][] {
  if (reached.asked === null || reached.reached === null) return [];
  const held = reached.held ? 'held' : `not held: this machine and the receiver reach ${rate(reached.reached)}/s`;
  return [
    [
      'Rate',
      reached.held ? `${rate(reached.reached)}/s of ${rate(reached.asked)}/s asked, ${held}` : `${rate(reached.asked)}/s asked, ${held}`,
    ],
  ];
}

function notes({ report, plan, route }: SendView): [string, string][] {
  const silent = plan.protocol === 'grpc' && route.isConnector && report.stored === null;
  const hex = plan.protocol === 'http/json' && route.isConnector && plan.signal === 'traces';
  return [
    ...report.peculiar.map((one): [string, string] => ['note', one]),
    ...(silent
      ? ([['note', 'This connector answers OK over gRPC also when it drops: --verify shows what is stored.']] as [string, string][])
      : []),
    ...(hex
      ? ([['note', 'This connector reads the hex ids of OTLP/JSON as base64: trace ids are stored wrongly.']] as [string, string][])
      : []),
  ];
}

function text(view: SendView, { columns }: RenderOptions): string {
  const { report, plan, where, cutShort } = view;
  const answers = report.answers.map(({ code, said, count: n, ms }) => [
    code,
    count(n),
    `${spread(ms, n)}${said === '' ? '' : `; ${said}`}`,
  ]);
  const lines: [string, string][] = [...rateLine(view), ...storedLines(view), ...notes(view)];
  return `${[
    `${count(report.sent)} of ${count(plan.count)} sent to ${where}${cutShort ? ', interrupted' : ''}`,
    '',
    ...indented(table(answers, { width: columns - 2, right: [1] }), 2),
    ...(lines.length === 0 ? [] : ['']),
    ...lines.flatMap(([label, said]) => labelled(label, said, { column: COLUMN, width: columns })),
  ].join('\n')}\n`;
}

function json({ report, plan, route, where, cutShort }: SendView): string {
  return JSON.stringify({
    schemaVersion: 1,
    signal: plan.signal,
    protocol: plan.protocol,
    gzip: plan.gzip,
    where,
    topic: route.topic,
    run: plan.mark.run,
    marks: `otlpctl-send-${plan.mark.run}-NUMBER`,
    count: plan.count,
    interrupted: cutShort,
    ...report,
  });
}

export const SEND_RENDERERS = { text, json } as const;
