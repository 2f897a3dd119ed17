import { badInput, isSentence } from './bad-input.ts';
import { EXIT_OF_ERRORS } from './exit-codes.ts';
import { health, HEALTH_FORMATS, HEALTH_OPTIONS, type HealthFormat } from './health.ts';
import { OPTIONS, variableOf, type OptionSpec } from './options.ts';
import { parseArgv } from './parse-argv.ts';
import { readOptions } from './read-options.ts';
import { table, wrap } from './render/layout.ts';
import { serviceLine } from './render/nagios.ts';
import { version } from './version.ts';
import { createWriter } from './writer.ts';

/** Long enough for any sentence of ours. */
const ERROR_LINE = 400;

/** Taken because every command takes the target's options; its log and Kafka itself are more than one look at six exchanges can see. */
const UNASKED: ReadonlySet<string> = new Set(['log-file', 'log-command', 'kafka', 'kafka-config', 'kafka-metrics-url', 'kafka-jmx-url']);

/** Exit code 3 comes with it, so that a monitoring system never takes help for a healthy target. Source: Monitoring Plugins guidelines. */
function help(): string {
  const rows = HEALTH_OPTIONS.filter((name) => !UNASKED.has(name)).map((name) => {
    const { short, value, help: text, default: preset }: OptionSpec = OPTIONS[name];
    const what =
      name === 'format'
        ? `${Object.keys(HEALTH_FORMATS).join(' or ')} [nagios]`
        : name === 'verbose'
          ? 'more text; -vv all steps below the line'
          : text;
    return [
      `  ${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
      `${what}${preset === undefined ? '' : ` [${preset}]`}`,
    ];
  });
  return [
    'Looks once and says in one line how the target is, for monitoring systems.',
    '',
    'USAGE',
    '  $ otlpctl health [OPTIONS]',
    '',
    'OPTIONS (each also as a variable: OTLPCTL_CONNECT_URL and so on)',
    ...table(rows, { width: 100 }),
    '',
    ...wrap(
      `Taken as by every command and not asked, for this is one short look (otlpctl doctor asks them): ${[...UNASKED].map((name) => `--${name}`).join(', ')}.`,
      100,
    ),
    '',
    'Exit code: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; help and --version are 3.',
    'Judged: queue outside 0..80 % of its size warns; lost above 1 % of what was offered',
    'since --previous-at (or in --window, or in the 5 minutes before that --prometheus-url has) is',
    'critical. Without these, rates are U.',
    '',
    'EXAMPLE',
    '  $ otlpctl health --connect-url http://connect:8083 --previous "$SERVICEPERFDATA$" --previous-at $LASTSERVICECHECK$',
    '',
  ].join('\n');
}

const isHelp = (argv: readonly string[]) => argv.some((word) => word === '--help' || word === '-h');
const isVersion = (argv: readonly string[]) => argv.some((word) => word === '--version' || word === '-V');

function formatOf(asked: string | undefined, named: string): HealthFormat {
  if (asked === undefined || asked === '') return 'nagios';
  if (!Object.hasOwn(HEALTH_FORMATS, asked)) throw badInput(`${named} "${asked}" is not one of ${Object.keys(HEALTH_FORMATS).join(', ')}`);
  return asked as HealthFormat;
}

async function answer(argv: readonly string[]): Promise<{ text: string; code: number; format: HealthFormat }> {
  const raw = parseArgv(argv, HEALTH_OPTIONS, 'see otlpctl health --help');
  const options = readOptions(HEALTH_OPTIONS, raw, process.env);
  const format = formatOf(options.values.format, raw['format'] === undefined ? variableOf('format') : '--format');
  const verbosity = Number(raw['verbose'] ?? options.values.verbose ?? 0);
  return { ...(await health(options, { format, verbosity }, { env: process.env, now: Date.now, version: version() })), format };
}

/** As a monitoring system reads it: one line, UNKNOWN, whatever went wrong. */
function failed(error: unknown, json: boolean): string {
  const sentence = isSentence(error)
    ? `${error.message}${error.hint === undefined ? '' : `, ${error.hint}`}`
    : `something in otlpctl itself went wrong: ${String(error)}`;
  if (!json) return `${serviceLine('unknown', sentence, ERROR_LINE)}\n`;
  return JSON.stringify({ schemaVersion: 1, error: { code: isSentence(error) ? error.code : 'internal', message: sentence, hint: null } });
}

/**
 * `otlpctl health ARGS` without oclif: monitoring starts it every few seconds. Writes to stdout only; never rejects.
 * The one entry to health: its oclif command calls this too.
 */
export async function runHealth(argv: readonly string[]): Promise<void> {
  const lost = (): void => void (process.exitCode = EXIT_OF_ERRORS);
  const writer = createWriter({ stdout: process.stdout, stderr: process.stderr, colour: false, lost });
  const asksJson = argv.some((word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'));
  const fail = (error: unknown): void => {
    writer.out(failed(error, asksJson), asksJson ? 'json' : 'text');
    process.exitCode = EXIT_OF_ERRORS;
  };
  // Nothing on stderr, also not from Node.js itself; a crash is UNKNOWN and not Node's code 1, which would mean WARNING.
  process.removeAllListeners('warning');
  process.once('uncaughtException', fail);
  process.exitCode = EXIT_OF_ERRORS;
  try {
    if (isHelp(argv)) return writer.out(help());
    if (isVersion(argv)) return writer.out(`otlpctl ${version()}\n`);
    const { text, code, format } = await answer(argv);
    writer.out(text, format === 'json' ? 'json' : 'text');
    process.exitCode = code;
  } catch (error) {
    fail(error);
  }
}
