import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { DEFAULT_CONNECTOR_NAME } from '../proto/vocabulary/connect.ts';
import { HELD_BYTES_KEY } from '../proto/vocabulary/keys.ts';
import { FRAMEWORK_KEYS, isFrameworkKey } from './connect/framework-keys.ts';
import { isLoopback, withoutBrackets } from './loopback.ts';
import { badInput } from './settings/bad-input.ts';
import { BRIDGE_KEY, BRIDGE_KEYS, OFFSET_PORTS, RECEIVER_KEY, RECEIVER_KEYS } from './settings/keys.ts';
import type { SettingKey } from './settings/setting-key.ts';
import { readKafkaSettings, type KafkaSettings } from './settings/kafka.ts';
import { nearest } from './settings/nearest.ts';
import { withoutEffect } from './settings/no-effect.ts';
import { readEntries, type Entry } from './settings/sources.ts';
import { faultOf, SENTENCE } from './settings/value.ts';

export type Door = { host: string; port: number };

/** Everything that a start of the bridge is told. Ports: 0 asks for a free one. */
export type BridgeSettings = {
  /** the connector that the keys given are for, and those keys only */
  connector: { name: string; config: Readonly<Record<string, string>> };
  sink: 'memory' | 'file' | 'kafka';
  /** null where the sink is another one */
  kafka: KafkaSettings | null;
  /** null: a request is answered when it is queued; else when it is stored, and refused after so many milliseconds */
  ackTimeoutMs: number | null;
  stateDirectory: string;
  fileDirectory: string;
  logFile: string | null;
  drainMaxPerSecond: number | null;
  maxRequestBytes: number;
  queueMaxBytes: number;
  maxConnections: number;
  tlsClientCa: string | null;
  flushTimeoutMs: number;
  /** between saying that it is not ready and refusing */
  stopGraceMs: number;
  rest: Door;
  metrics: Door;
  /** file of who may use REST and metrics; null: nobody is asked */
  authFile: string | null;
  allowUnauthenticated: boolean;
  connectVersion: '4.1' | '3.9';
  /** faults on demand */
  drills: boolean;
  /** a sentence for each key that was given and does nothing */
  withoutEffect: readonly string[];
};

export type SettingsSource = {
  configFile?: string | undefined;
  /** `key=value`, as typed */
  set: readonly string[];
  portOffset: number;
  env: Readonly<Record<string, string | undefined>>;
};

const ALL_NAMES = [...RECEIVER_KEYS, ...BRIDGE_KEYS, ...FRAMEWORK_KEYS].map(({ name }) => name);
const HIGHEST_OFFSET = 65535 - Math.max(...OFFSET_PORTS.map((name) => Number(keyNamed(name).default)));

function keyNamed(name: string): SettingKey {
  const key = RECEIVER_KEY.get(name) ?? BRIDGE_KEY.get(name);
  if (!key) throw new Error(`no key ${name}`);
  return key;
}

const SECRET: ReadonlySet<string> = new Set(['bridge.kafka.sasl.jaas.config', 'bridge.kafka.ssl.key.password']);

/** Throws bad input for a key that is unknown, or has a value it does not take. */
function checkEntry({ key: name, value, where }: Entry): void {
  if (isFrameworkKey(name)) return;
  const key = RECEIVER_KEY.get(name) ?? BRIDGE_KEY.get(name);
  if (!key) {
    const meant = nearest(name, ALL_NAMES);
    throw badInput(`${where}: unknown key ${name}${meant === null ? '' : ` (did you mean ${meant}?)`}, see otlpctl bridge --keys`);
  }
  const fault = faultOf(key, value);
  if (fault) throw badInput(`${where}: ${name}=${SECRET.has(name) ? '(not shown)' : value} ${SENTENCE[fault](key)}`);
}

function stateDirectory(env: SettingsSource['env'], portOffset: number): string {
  const base =
    env['XDG_STATE_HOME'] && isAbsolute(env['XDG_STATE_HOME']) ? env['XDG_STATE_HOME'] : join(env['HOME'] || homedir(), '.local', 'state');
  return join(base, 'otlpctl', portOffset === 0 ? 'bridge' : `bridge-${portOffset}`);
}

/** A door beyond this machine needs credentials, or a word that none are wanted. */
function doorOf(what: 'rest' | 'metrics', value: (name: string) => string, mayBeBeyond: boolean): Door {
  const host = withoutBrackets(value(`bridge.${what}.bind.address`));
  if (!isLoopback(host) && !mayBeBeyond)
    throw badInput(
      `bridge.${what}.bind.address=${host} is beyond this machine: give bridge.auth.file with who may come, or an address such as 127.0.0.1 or ::1`,
    );
  return { host, port: Number(value(`bridge.${what}.port`)) };
}

/** Defaults moved by the offset; a port that was given is taken as it is. */
function offsetPorts(given: ReadonlyMap<string, string>, portOffset: number): Entry[] {
  if (!Number.isSafeInteger(portOffset) || portOffset < 0 || portOffset > HIGHEST_OFFSET)
    throw badInput(`--port-offset ${portOffset} is out of range (give 0 to ${HIGHEST_OFFSET})`);
  if (portOffset === 0) return [];
  return OFFSET_PORTS.filter((name) => !given.has(name)).map((name) => ({
    key: name,
    value: String(Number(keyNamed(name).default) + portOffset),
    where: '--port-offset',
  }));
}

/** Settings from a configuration file and `--set`, later over earlier. Throws bad input: one sentence with the key, the value and what it takes. */
export function readSettings(source: SettingsSource): BridgeSettings {
  const entries = readEntries(source);
  entries.push(...offsetPorts(new Map(entries.map(({ key, value }) => [key, value])), source.portOffset));
  entries.forEach(checkEntry);

  const given = new Map(entries.map(({ key, value }) => [key, value]));
  const optional = (name: string) => given.get(name) ?? keyNamed(name).default;
  const value = (name: string) => optional(name) ?? '';
  const path = (name: string) => (given.has(name) ? resolve(given.get(name)!) : null);

  const directory = path('bridge.state.dir') ?? stateDirectory(source.env, source.portOffset);
  const config = entries.filter(({ key }) => !key.startsWith('bridge.') && key !== 'name').map(({ key, value }) => [key, value] as const);
  const authFile = path('bridge.auth.file');
  const allowUnauthenticated = value('bridge.allow.unauthenticated').toLowerCase() === 'true';
  const mayBeBeyond = authFile !== null || allowUnauthenticated;
  const sink = value('bridge.sink').toLowerCase() as BridgeSettings['sink'];
  const drain = given.get('bridge.drain.max.per.second');
  return {
    connector: { name: given.get('name') ?? DEFAULT_CONNECTOR_NAME, config: Object.fromEntries(config) },
    sink,
    kafka: sink === 'kafka' ? readKafkaSettings((name) => optional(`bridge.kafka.${name}`)) : null,
    ackTimeoutMs: value('bridge.ack').toLowerCase() === 'kafka' ? Number(value('bridge.ack.timeout.ms')) : null,
    stateDirectory: directory,
    fileDirectory: path('bridge.file.dir') ?? join(directory, 'data'),
    logFile: path('bridge.log.file'),
    drainMaxPerSecond: drain === undefined ? null : Number(drain),
    maxRequestBytes: Number(value('bridge.max.request.bytes')),
    queueMaxBytes: Number(value(HELD_BYTES_KEY.name)),
    maxConnections: Number(value('bridge.max.connections')),
    tlsClientCa: path('bridge.tls.client.ca.path'),
    flushTimeoutMs: Number(value('bridge.flush.timeout.ms')),
    stopGraceMs: Number(value('bridge.stop.grace.ms')),
    rest: doorOf('rest', value, mayBeBeyond),
    metrics: doorOf('metrics', value, mayBeBeyond),
    authFile,
    allowUnauthenticated,
    connectVersion: value('bridge.connect.version') as BridgeSettings['connectVersion'],
    drills: value('bridge.drills').toLowerCase() === 'on',
    withoutEffect: withoutEffect([...given.keys()], (name) => optional(name)?.toLowerCase() ?? null),
  };
}
