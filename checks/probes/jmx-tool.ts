import { jmxToolFailure } from './jmx-tool-failure.ts';
import { asJolokia, readJmxTool } from './jmx-tool-text.ts';
import type { JmxBeans } from './jmx-tool-text.ts';
import { JMX_FACTS, jolokiaReads, readJolokia } from './jolokia.ts';
import type { JolokiaReading } from './jolokia.ts';
import type { MetricsRead, MetricsSource, ReadLimits } from './metrics-source.ts';
import { runTool } from './outside-tool.ts';
import type { FailedOutcome, Look, UnaskedOutcome } from './probe.ts';

/** The class since Kafka 3.5, the only one in 4.x; and the one before. */
const CLASSES = ['org.apache.kafka.tools.JmxTool', 'kafka.tools.JmxTool'] as const;

type Tool = { command: string; className: string };
type Env = Readonly<Record<string, string | undefined>>;

/** Kafka's own script where KAFKA_HOME says, else on the PATH, where packages leave the `.sh` out. */
const commandsOf = (env: Env): string[] => [
  ...(env['KAFKA_HOME'] ? [`${env['KAFKA_HOME']}/bin/kafka-run-class.sh`] : []),
  'kafka-run-class.sh',
  'kafka-run-class',
];

/**
 * What a worker's own settings in the environment would do to the tool: JMX_PORT makes it take that very port, KAFKA_OPTS loads the worker's agents,
 * KAFKA_HEAP_OPTS takes its heap. LOG_DIR, so that the script makes no folder. Source: Kafka, bin/kafka-run-class.sh.
 */
function envOf({ JMX_PORT: _port, KAFKA_JMX_OPTS: _jmx, KAFKA_OPTS: _opts, ...env }: Env): Env {
  const small = { KAFKA_HEAP_OPTS: '-Xmx256M', KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1' };
  return { ...env, ...small, LOG_DIR: env['LOG_DIR'] ?? '/tmp' };
}

const MISSING: UnaskedOutcome = {
  unasked: 'unknown',
  reason: "JMX is read by Kafka's JmxTool, and kafka-run-class.sh is neither in $KAFKA_HOME/bin nor on the PATH",
  give: 'KAFKA_HOME, where Kafka is unpacked on this machine',
};

type Reads = (limits: ReadLimits) => Promise<ToolAnswer | undefined>;

/** Readings of these beans at one address, by whichever script and class this machine has; nothing where it has none. */
function jmxReads(look: Pick<Look, 'count' | 'deadlineMs' | 'settings'>, url: string, beans: readonly string[]): Reads {
  const names = beans.flatMap((bean) => ['--object-name', bean]);
  const args = [...names, '--one-time', 'true', '--report-format', 'properties', '--jmx-url', url];
  const { env } = look.settings;
  let tools: readonly Tool[] = commandsOf(env).flatMap((command) => CLASSES.map((className) => ({ command, className })));

  return async ({ signal, deadlineMs = 2 * look.deadlineMs }) => {
    const began = performance.now();
    for (let left = tools; left.length > 0;) {
      const tool = left[0]!;
      look.count();
      const leftMs = Math.max(deadlineMs - (performance.now() - began), 0);
      const answer = await once(tool, { args, env: envOf(env), deadlineMs: leftMs, signal });
      if ('unasked' in answer.outcome) left = left.filter(({ command }) => command !== tool.command);
      else if (isOtherClass(answer.stderr)) left = left.slice(1);
      else {
        tools = [tool];
        return answer;
      }
    }
    return undefined;
  };
}

/** JMX itself, where no agent serves it over HTTP. Each reading starts a JVM, which costs about a second: a window has two, at its ends. */
export function jmxSource(look: Pick<Look, 'count' | 'deadlineMs' | 'settings'>, url: string, connector: string | null): MetricsSource {
  const reads = jmxReads(
    look,
    url,
    (jolokiaReads(connector) as { mbean: string }[]).map(({ mbean }) => mbean),
  );
  const read = async (limits: ReadLimits): Promise<MetricsRead> => {
    const answer = await reads(limits);
    return answer === undefined ? couldNot(MISSING) : readingOf(answer, url, connector);
  };
  return { kind: 'jmx', url, source: `JmxTool ${url}`, ends: true, read };
}

/** Beans of any JVM by their names; those that are not registered are left out. */
export function jmxBeans(
  look: Pick<Look, 'count' | 'deadlineMs' | 'settings'>,
  url: string,
  names: readonly string[],
): (limits: ReadLimits) => Promise<{ value: JmxBeans } | FailedOutcome | UnaskedOutcome> {
  const reads = jmxReads(look, url, names);
  return async (limits) => {
    const answer = await reads(limits);
    if (answer === undefined) return MISSING;
    const { outcome, stderr } = answer;
    if ('value' in outcome) return { value: readJmxTool(outcome.value) };
    if (/No matched attributes for the queried objects/.test(stderr)) return { value: readJmxTool('') };
    return jmxToolFailure(stderr, url) ?? outcome;
  };
}

const isOtherClass = (stderr: string): boolean => /Could not find or load main class \S*JmxTool/.test(stderr);

const MOST_CHARACTERS = 1024 * 1024;

/** What JmxTool printed, and how it ended where that was not well. */
type ToolAnswer = { outcome: { value: string } | FailedOutcome | UnaskedOutcome; stderr: string };
type Run = { args: readonly string[]; env: Env; deadlineMs: number; signal: AbortSignal };

/** JmxTool tries a connection again for ten seconds and says so each time: the first time tells. */
async function once({ command, className }: Tool, { args, env, deadlineMs, signal }: Run): Promise<ToolAnswer> {
  const enough = new AbortController();
  const said = { stdout: '', stderr: '' };
  const end = await runTool({
    command: [command, className, ...args],
    env,
    deadlineMs,
    signal: AbortSignal.any([signal, enough.signal]),
    onLine: (line, from) => {
      if (said[from].length < MOST_CHARACTERS) said[from] += `${line}\n`;
      if (from === 'stderr' && line.startsWith('Could not connect to JMX url')) enough.abort();
    },
  });
  return { outcome: 'exit' in end ? { value: said.stdout } : end, stderr: said.stderr };
}

function readingOf({ outcome, stderr }: ToolAnswer, url: string, connector: string | null): MetricsRead {
  if ('value' in outcome) return readText(outcome.value, connector);
  // Nothing is registered under any of the names: the JVM answers and is no Connect worker.
  if (/No matched attributes for the queried objects/.test(stderr)) return readText('', connector);
  const failure = jmxToolFailure(stderr, url);
  if (failure !== undefined) return failed(failure);
  if (/java: (?:command )?not found|java: No such file/.test(stderr))
    return couldNot({ unasked: 'unknown', reason: 'kafka-run-class finds no Java to run JmxTool with', give: 'JAVA_HOME' });
  return 'unasked' in outcome ? couldNot(outcome) : failed(outcome);
}

function readText(text: string, connector: string | null): MetricsRead {
  const beans = readJmxTool(text);
  return { ...readJolokia(asJolokia(beans), connector), ...(beans.at === undefined ? {} : { stampedAt: beans.at }) };
}

const failed = (outcome: FailedOutcome): MetricsRead => ({
  metrics: outcome,
  ...(Object.fromEntries(JMX_FACTS.map((fact) => [fact, outcome])) as Omit<JolokiaReading, 'metrics'>),
});

const couldNot = (outcome: UnaskedOutcome): MetricsRead => ({
  ...failed({ failure: 'denied', detail: outcome.reason }),
  couldNot: outcome,
});
