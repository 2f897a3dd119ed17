import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { joinAddress } from '../address.ts';
import { quoteError, quoteSaid, signalsOf, type ClientView } from './client.ts';
import type { ClientExport } from './client-exports.ts';
import { rightPlace } from './client-places.ts';
import type { ClientProblem } from './client-cause.ts';
import { proxyOf } from './client-proxy.ts';
import { list } from './words.ts';

/** Whether a client sends at all, and by which way: what is asked before where to. */
export const wayProblems = (facts: Facts, all: ClientView, live: ClientView): ClientProblem[] => [
  ...silent(facts, all),
  ...diverted(facts, live),
];

/** Metrics and logs are often left out on purpose: alone they are a note. */
function silent(facts: Facts, { exports }: ClientView): ClientProblem[] {
  const off = exports.filter((one) => one.off !== undefined);
  const [first] = off;
  if (first?.off === undefined) return [];
  const whys = [...new Map(off.map((one) => [one.off!.variable, one.off!])).values()];
  const isNote = off.length < exports.length && !off.some(({ signal }) => signal === 'traces');
  return [
    {
      id: 'client-not-exporting',
      sentence: `The client exports ${off.length === exports.length ? 'nothing' : `no ${off.map(({ signal }) => signal).join(' or ')}`}: ${list(whys.map(({ variable, value }) => `${variable}=${value}`))}.`,
      evidence: whys.flatMap((why) => quoteSaid(facts, why)),
      cure: 'Let the SDK export over OTLP, and start the client again.',
      set: whys.map(({ variable }) => `${variable}=${SWITCHED_ON[variable ?? ''] ?? 'otlp'}`),
      ...(isNote ? { status: 'ok' as const } : {}),
    },
  ];
}

const SWITCHED_ON: Readonly<Record<string, string>> = { OTEL_SDK_DISABLED: 'false', OTEL_TRACES_SAMPLER: 'parentbased_always_on' };

type Diverted = { export: ClientExport; proxy: { variable: string | null; value: string } };

/** A proxy that the environment names; what a client says of one stands for itself. */
function diverted(facts: Facts, { exports, said }: ClientView): ClientProblem[] {
  // JavaScript's HTTP exporter follows no proxy variable: it got through.
  if (said?.trouble === 'answered') return [];
  const env = seen(facts, 'client.env');
  const found = exports.flatMap((one): Diverted[] => {
    const proxy = env && proxyOf(env, one);
    return proxy === undefined ? [] : [{ export: one, proxy }];
  });
  const spoken = said?.trouble === 'proxy' || isRefusedBy(found[0]?.proxy.value, said?.address) ? said : undefined;
  const [first] = found;
  if (first === undefined && spoken === undefined) return [];
  const host = first?.export.place?.host ?? rightPlace(facts, 'http')?.host ?? rightPlace(facts, 'grpc')?.host ?? 'localhost';
  const where = first?.proxy.value ?? (spoken?.address === undefined ? 'a proxy' : joinAddress(spoken.address));
  const does = spoken === undefined ? '' : ', and gets no further there';
  const why = first === undefined ? '' : ` (${first.proxy.variable}, with nothing that exempts ${host})`;
  const what = first === undefined ? '' : ` its ${signalsOf(found.map((one) => one.export))}`;
  return [
    {
      id: 'client-proxy',
      sentence: `The client sends${what} through the proxy ${where.replace(/^\w+:\/\//, '').replace(/\/$/, '')}${why}${does}.`,
      evidence: [
        ...(first === undefined ? [] : quoteSaid(facts, first.proxy)),
        ...(spoken === undefined ? [] : [quoteError(facts, spoken)]),
      ],
      cure: 'Exempt the receivers from the proxy, and start the client again; gRPC clients take it even for localhost.',
      set: [`NO_PROXY=${host}`, `no_proxy=${host}`],
    },
  ];
}

const isRefusedBy = (proxy: string | undefined, address: { host: string; port: number } | undefined): boolean =>
  proxy !== undefined && address !== undefined && proxy.replace(/^\w+:\/\//, '').replace(/\/.*$/, '') === joinAddress(address);
