import { shellWord } from '../derive/commands.ts';
import { joinAddress } from '../address.ts';
import type { Address } from '../facts/index.ts';
import { PORTS } from '../../proto/vocabulary/connect.ts';

/** What a person said about the target, to be written into commands. Undefined: not said. Never a password. */
export type TargetValues = {
  connectUrl?: string;
  connector?: string;
  otlpGrpc?: Address;
  /** URL of OTLP over HTTP */
  otlpHttp?: string;
  logFile?: string;
  /** bootstrap addresses, separated by commas */
  kafka?: string;
  /** the same and the rest of the target's options, by name, as they are typed */
  options: Readonly<Record<string, string>>;
};

/** Percent-encoded so that it can stand in a command without quotes. */
const inShell = (url: string): string => url.replace(/[!'()*;&$`"<>|\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** What stands for a target in the runbook's commands, as the source of a regular expression, and this target's value for it. */
type Fill = [pattern: string, value: string | undefined];

function fills({ connectUrl, connector, otlpGrpc, otlpHttp, logFile, kafka }: TargetValues): Fill[] {
  const rest = connectUrl && shellWord(inShell(withoutSlash(connectUrl)));
  const http = otlpHttp === undefined ? undefined : new URL(otlpHttp);
  const httpPort = http && (http.port || (http.protocol === 'https:' ? '443' : '80'));
  return [
    ['http://localhost:8083', rest],
    ['\\$CONNECT_URL\\b', rest],
    ['(?<=/connectors/)(?:<name>|otlp-source|\\$CONNECTOR_NAME\\b)', connector && inShell(encodeURIComponent(connector))],
    [`(?:localhost|HOST):${PORTS.grpc}`, otlpGrpc && shellWord(joinAddress(otlpGrpc))],
    [`http://(?:localhost|HOST|<connector-host>):${PORTS.http}`, otlpHttp && shellWord(inShell(withoutSlash(otlpHttp)))],
    [`(?<![\\d.])${PORTS.grpc}(?!\\d)`, otlpGrpc && String(otlpGrpc.port)],
    [`(?<![\\d.])${PORTS.http}(?!\\d)`, httpPort],
    ['localhost:9092', kafka && shellWord(kafka)],
    ['\\$KAFKA_HOME/logs/connect\\.log', logFile && shellWord(logFile)],
  ];
}

/** A command with this target's values in the places where the runbook has its examples. In one pass: a value is never taken for a place. */
export function fillCommand(command: string, values: TargetValues): string {
  const all = fills(values);
  const places = new RegExp(all.map(([pattern]) => `(${pattern})`).join('|'), 'g');
  return command.replace(places, (found: string, ...groups: unknown[]) => all[groups.findIndex((group) => group === found)]?.[1] ?? found);
}

/** A look from a client's host names the ports itself and nothing of Connect. */
const FROM_CLIENT = ' --connect-url none';

/** An otlpctl command with the options that name this target: those that it accepts; all, where that is not known yet. */
export function forTarget(otlpctl: string, values: TargetValues, accepted?: readonly string[]): string {
  const names = accepted ?? Object.keys(values.options);
  // An option that the command has already was filled in above.
  const isMore = (name: string): boolean => names.includes(name) && !otlpctl.includes(` --${name} `);
  const options = otlpctl.includes(FROM_CLIENT) ? [] : Object.entries(values.options).filter(([name]) => isMore(name));
  return [fillCommand(otlpctl, values), ...options.map(([name, value]) => `--${name} ${shellWord(value)}`)].join(' ');
}
