import type { Fact, FactId, Facts, Json } from './facts/index.ts';
import { FACT_IDS, FAILURES, isObject } from './facts/index.ts';

/** A run's facts as a file: `facts.json` in the folder that `--record` names. All a replay needs is in it, `now` included. */
export const RECORD_VERSION = 1;
export const RECORD_FILE = 'facts.json';

export type RecordFile = { schemaVersion: typeof RECORD_VERSION; kind: 'otlpctl-facts'; otlpctl: string; recordedAt: string; facts: Facts };

export function toRecord(facts: Facts): RecordFile {
  const { run } = facts;
  return {
    schemaVersion: RECORD_VERSION,
    kind: 'otlpctl-facts',
    otlpctl: 'value' in run ? run.value.otlpctl : 'unknown',
    recordedAt: new Date(run.at).toISOString(),
    facts,
  };
}

type Kind = 'array' | 'number' | 'object' | 'string';
const SERIES = { samples: 'array', absent: 'array' } as const;
const RECEIVER = { address: 'object', spoke: 'string' } as const;

/** What every value must have for the judgement to read it: a record that was edited by hand is refused here and not there. */
const MUST_HAVE: Readonly<Record<FactId, Readonly<Record<string, Kind>>>> = {
  run: { startedAt: 'number', windowMs: 'number', expect: 'array', given: 'array', localAddresses: 'array' },
  target: { candidates: 'array', kind: 'string' },
  'rest.root': { version: 'string' },
  'rest.health': { httpStatus: 'number', status: 'string' },
  'rest.list': {},
  'rest.status': { connector: 'object', tasks: 'array' },
  'rest.plugins': {},
  'rest.worker': { version: 'string' },
  'receiver.grpc': RECEIVER,
  'receiver.http': RECEIVER,
  'receiver.reflection': { services: 'array' },
  metrics: { ...SERIES, kind: 'string', dead: 'array', connectors: 'array' },
  'prometheus.history': { ...SERIES, from: 'number', until: 'number', stepMs: 'number' },
  'prometheus.series': { series: 'object', label: 'object' },
  'jmx.task': SERIES,
  'jmx.errors': SERIES,
  'jmx.producer': SERIES,
  'jmx.jvm': SERIES,
  log: { events: 'object', troubles: 'array', marks: 'object' },
  'host.listeners': { listeners: 'array' },
  'host.firewall': { where: 'string', ports: 'array', filters: 'array' },
  'host.io': SERIES,
  'host.worker-file': { path: 'string', producer: 'object' },
  'host.kubernetes': { objects: 'array' },
  'kafka.brokers': { bootstrap: 'array', brokers: 'array' },
  'kafka.topics': { topics: 'array' },
  'kafka.offsets': SERIES,
  'client.env': { place: 'string', variables: 'object', headers: 'object' },
  'client.error': { place: 'string', lines: 'array' },
  active: { run: 'string', sends: 'array' },
  'kafka.groups': { groups: 'array' },
  'kafka.senders': { senders: 'array', unread: 'array' },
  'kafka.load': SERIES,
};

/** What is wrong with a record, as one sentence; told apart from crashes by its code. */
const wrong = (sentence: string): Error => Object.assign(new Error(sentence), { code: 'bad-input' });

/**
 * Facts from a record: the file's text, or its JSON. Throws one clear sentence that names the file for anything that is not a whole record of this version.
 * Facts that the recording version did not know yet are `skipped`.
 */
export function fromRecord(record: unknown, file: string = RECORD_FILE): Facts {
  const json = typeof record === 'string' ? parse(record, file) : record;
  if (!isObject(json) || json['kind'] !== 'otlpctl-facts')
    throw wrong(`${file} is JSON, but no record of otlpctl: name the folder that --record wrote`);
  const { schemaVersion, otlpctl, facts } = json;
  if (schemaVersion !== RECORD_VERSION) {
    const by = `version ${describe(schemaVersion)} (otlpctl ${describe(otlpctl)})`;
    throw wrong(`${file} is a record of ${by}, this otlpctl reads version ${RECORD_VERSION}: replay it with the otlpctl that wrote it`);
  }
  if (!isObject(facts)) throw wrong(`${file} is a record without facts`);
  if (!isObject(facts['run']) || !isObject(facts['run']['value']))
    throw wrong(`${file} has no fact run, so the time of the look is not known`);
  const at = facts['run']['at'];
  return Object.fromEntries(FACT_IDS.map((id) => [id, factOf(facts[id], id, file, typeof at === 'number' ? at : 0)])) as Facts;
}

function parse(text: string, file: string): Json {
  if (text.trim() === '') throw wrong(`${file} is empty: record again with --record`);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    // V8's words for a document that ends too early.
    const cut = /unexpected end|unterminated/i.test((error as Error).message);
    const what = cut
      ? `breaks off after ${text.length} characters: it was cut while being written or copied`
      : 'is not JSON, so it is no record of otlpctl';
    throw wrong(`${file} ${what}`);
  }
}

const describe = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 40) : 'unknown';

function factOf(fact: unknown, id: FactId, file: string, at: number): Fact<unknown> {
  if (fact === undefined) return { id, source: id, at, ms: 0, unasked: 'skipped', reason: 'not part of this record' };
  const problem = problemOf(fact, id);
  if (problem !== undefined) throw wrong(`${file}: the fact ${id} ${problem}`);
  return fact as Fact<unknown>;
}

/** One of the three shapes of a fact, whole. */
function problemOf(fact: unknown, id: FactId): string | undefined {
  if (!isObject(fact)) return 'is not an object';
  if (fact['id'] !== id) return `says that it is ${describe(fact['id'])}`;
  if (typeof fact['source'] !== 'string' || !Number.isFinite(fact['at']) || !Number.isFinite(fact['ms'])) return 'lacks source, at or ms';
  const shapes = ['value', 'failure', 'unasked'].filter((name) => name in fact);
  if (shapes.length !== 1) return `has ${shapes.length === 0 ? 'none' : 'more than one'} of value, failure and unasked`;
  if ('failure' in fact && !(FAILURES as readonly unknown[]).includes(fact['failure']))
    return `has a failure of unknown kind, ${describe(fact['failure'])}`;
  if ('failure' in fact && typeof fact['detail'] !== 'string') return 'has a failure without detail';
  if ('unasked' in fact && fact['unasked'] !== 'unknown' && fact['unasked'] !== 'skipped')
    return `has an unknown kind of unasked, ${describe(fact['unasked'])}`;
  if ('unasked' in fact && typeof fact['reason'] !== 'string') return 'does not say why it was not looked at';
  return 'value' in fact ? valueProblem(fact['value'], id) : undefined;
}

const isKind = (value: unknown, kind: Kind): boolean =>
  kind === 'array' ? Array.isArray(value) : kind === 'object' ? isObject(value) : typeof value === kind;

function valueProblem(value: unknown, id: FactId): string | undefined {
  if (id === 'rest.plugins') return Array.isArray(value) ? undefined : 'has a value that is no list';
  if (!isObject(value)) return 'has a value that is no object';
  const lacking = Object.entries(MUST_HAVE[id]).find(([key, kind]) => !isKind(value[key], kind));
  return lacking === undefined ? undefined : `has no ${lacking[0]}`;
}
