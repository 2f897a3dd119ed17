import {
  readAddress,
  readAsIs,
  readAddresses,
  readCommand,
  readEpoch,
  readExpectation,
  readHttpPlace,
  readJmxUrl,
  readProcessId,
  readSeconds,
  readSwitch,
  readText,
  readUrlLike,
  readUrlOrNone,
  type Reader,
} from './option-values.ts';

/**
 * The options, once. oclif's flags (cli/option-flags.ts) and the util.parseArgs configuration (cli/parse-argv.ts) are both made from this table,
 * and values from the command line and from the environment go through the same `read`. The variable of an option is OTLPCTL_ and its name.
 */
export type OptionSpec = {
  /** switch: no value; value: one; list: repeatable, comma separated in the variable */
  form: 'switch' | 'value' | 'list';
  short?: string;
  /** what stands for the value in help */
  value?: string;
  /** what is taken when nobody says anything, as text */
  default?: string;
  help: string;
  read: Reader<unknown>;
};

const URL_REST = 'http://localhost:8083';

export const OPTIONS = {
  'connect-url': {
    form: 'value',
    value: 'URL',
    default: URL_REST,
    help: 'Kafka Connect REST, with user:password@ for basic auth; none leaves Connect out',
    read: readUrlOrNone,
  },
  'connect-auth-file': {
    form: 'value',
    value: 'FILE',
    help: 'one line user:password for Connect, in a file that only its owner can read',
    read: readText,
  },
  'connect-ca': { form: 'value', value: 'FILE', help: 'PEM of the authority that signed the certificate of Connect', read: readText },
  'connect-cert': { form: 'value', value: 'FILE', help: 'PEM of a client certificate for Connect', read: readText },
  'connect-key': { form: 'value', value: 'FILE', help: 'PEM of the private key of --connect-cert', read: readText },
  connector: { form: 'value', value: 'NAME', help: 'the connector, where more than one OTLP connector runs', read: readText },
  'otlp-grpc': { form: 'value', value: 'HOST:PORT', help: 'where OTLP over gRPC is served; else as Connect says', read: readAddress },
  'otlp-http': {
    form: 'value',
    value: 'URL',
    help: 'where OTLP over HTTP is served, URL or HOST:PORT; else as Connect says',
    read: readHttpPlace,
  },
  'worker-host': {
    form: 'value',
    value: 'HOST',
    help: 'reach the workers under this host instead of the one Connect names',
    read: readText,
  },
  'metrics-url': {
    form: 'value',
    value: 'URL',
    help: "metrics: the bridge's JSON, Jolokia or a Prometheus page; user:password@ for basic auth",
    read: readUrlLike('localhost:9464'),
  },
  'log-file': {
    form: 'value',
    value: 'PATH',
    help: "the worker's log, - for standard input; $KAFKA_HOME/logs/connect.log if that exists",
    read: readText,
  },
  'log-command': {
    form: 'value',
    value: 'CMD',
    help: "prints the worker's log: 'kubectl logs POD', 'ssh W cat FILE'; no shell reads it",
    read: readCommand,
  },
  'jmx-url': {
    form: 'value',
    value: 'URL',
    help: "metrics over JMX by Kafka's JmxTool: service:jmx:rmi:///jndi/rmi://HOST:PORT/jmxrmi",
    read: readJmxUrl,
  },
  'prometheus-url': {
    form: 'value',
    value: 'URL',
    help: 'a Prometheus that scrapes the target, for what was before; user:password@ for basic auth',
    read: readUrlLike('localhost:9090'),
  },
  kafka: {
    form: 'value',
    value: 'HOST:PORT[,…]',
    help: 'brokers of Kafka, to be asked themselves; nothing is written',
    read: readAddresses,
  },
  'kafka-config': {
    form: 'value',
    value: 'FILE',
    help: "TLS and SASL for --kafka: a properties file of Kafka's clients that its owner alone reads",
    read: readText,
  },
  'client-env': {
    form: 'value',
    value: 'FILE',
    help: "a client's environment as KEY=VALUE lines: to judge where and how it sends",
    read: readText,
  },
  'client-pid': { form: 'value', value: 'N', help: 'a client that runs on this machine: its environment is judged', read: readProcessId },
  'client-error': { form: 'value', value: 'TEXT|FILE', help: 'what a client says when it cannot send', read: readText },
  'kafka-metrics-url': {
    form: 'value',
    value: 'URL',
    help: 'metrics of a broker: Jolokia or a Prometheus page; user:password@ for basic auth',
    read: readUrlLike('localhost:8778/jolokia/'),
  },
  'kafka-jmx-url': {
    form: 'value',
    value: 'URL',
    help: "a broker's metrics by Kafka's JmxTool: service:jmx:rmi:///jndi/rmi://HOST:PORT/jmxrmi",
    read: readJmxUrl,
  },
  'host-command': {
    form: 'value',
    value: 'CMD',
    help: "reaches the worker's host: 'ssh W', 'kubectl exec POD --', 'sudo -n'; looks go behind it",
    read: readCommand,
  },
  expect: { form: 'list', value: 'WHAT', help: 'what should be so: traffic, grpc, http, state=PAUSED (repeatable)', read: readExpectation },
  active: {
    form: 'switch',
    help: 'also send: one marked request of each signal over each protocol, six records in all',
    read: readSwitch,
  },
  timeout: {
    form: 'value',
    value: 'SECONDS',
    default: '10',
    help: 'limit of the whole run; what finished by then is reported',
    read: readSeconds({ above: 0 }),
  },
  window: { form: 'value', value: 'SECONDS', help: 'how long rates are watched [5, in health 0]', read: readSeconds({ from: 0 }, 5) },
  record: { form: 'value', value: 'DIR', help: 'also write the facts into this folder', read: readText },
  replay: { form: 'value', value: 'DIR', help: 'judge the facts in this folder; touches no network', read: readText },
  wait: {
    form: 'value',
    value: 'SECONDS',
    default: '60',
    help: 'how long the promised state is waited for after a change',
    read: readSeconds({ above: 0 }, 60),
  },
  reason: { form: 'value', value: 'TEXT', help: 'why, for the record: a ticket, a sentence', read: readText },
  'state-dir': {
    form: 'value',
    value: 'DIR',
    help: 'folder of the audit record; $XDG_STATE_HOME/otlpctl, ~/.local/state/otlpctl',
    read: readText,
  },
  previous: { form: 'value', value: 'PERFDATA', help: 'perfdata of the last look: rates without a state file', read: readAsIs },
  'previous-at': { form: 'value', value: 'EPOCH', help: 'when the last look was, in seconds since 1970', read: readEpoch },
  format: { form: 'value', value: 'FORMAT', help: 'form of the output', read: readText },
  verbose: { form: 'switch', short: 'v', help: 'show more: all steps, everything that was seen', read: readSwitch },
  'no-color': { form: 'switch', help: 'no colours, as NO_COLOR', read: readSwitch },
  debug: { form: 'switch', help: 'show where an error of otlpctl itself comes from', read: readSwitch },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

export const variableOf = (name: string): string => `OTLPCTL_${name.toUpperCase().replaceAll('-', '_')}`;

/** Where Connect is, how it is spoken to, and which connector is meant. */
export const CONNECT_OPTIONS = [
  'connect-url',
  'connect-auth-file',
  'connect-ca',
  'connect-cert',
  'connect-key',
  'connector',
] as const satisfies OptionName[];

/** Everything that says where to look, and how. */
export const TARGET_OPTIONS = [
  ...CONNECT_OPTIONS,
  'otlp-grpc',
  'otlp-http',
  'worker-host',
  'metrics-url',
  'jmx-url',
  'log-file',
  'log-command',
  'kafka',
  'kafka-config',
  'kafka-metrics-url',
  'kafka-jmx-url',
  'host-command',
] as const satisfies OptionName[];

/** Of one client of the target. */
export const CLIENT_OPTIONS = ['client-env', 'client-pid', 'client-error'] as const satisfies OptionName[];

/** How a look is made, kept and repeated. */
export const LOOK_OPTIONS = [
  ...TARGET_OPTIONS,
  'prometheus-url',
  ...CLIENT_OPTIONS,
  'expect',
  'active',
  'timeout',
  'window',
  'record',
  'replay',
] as const satisfies OptionName[];

/** How something is changed, and where it is written down. */
export const ACTION_OPTIONS = [...TARGET_OPTIONS, 'timeout', 'wait', 'reason', 'state-dir'] as const satisfies OptionName[];
