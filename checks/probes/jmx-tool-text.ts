import { isObject } from '../facts/index.ts';
import { parseObjectName } from './jolokia-names.ts';
import type { Json } from '../facts/index.ts';

/** What one run of JmxTool printed: attributes by object name, and when it read them by the clock of the machine that it ran on. */
export type JmxBeans = { at?: number; beans: ReadonlyMap<string, { [key: string]: Json }> };

/**
 * `--report-format properties`: `OBJECT-NAME:ATTRIBUTE=VALUE`. Quoted parts of a name hold any of `:=,`, and a value may hold `=`, so neither the first nor
 * the last `=` parts them: only the grammar of a name does. Source: javax.management.ObjectName; seen on Kafka 3.9.1 and 4.1.0.
 */
const LINE = /^([^:=]+:(?:[^=,:"]+=(?:"(?:[^"\\]|\\.)*"|[^",:=*?\n]*)(?:,(?=[^:])|(?=:)))+):([^=:\s]+)=(.*)$/;

export function readJmxTool(text: string): JmxBeans {
  const beans = new Map<string, { [key: string]: Json }>();
  let at: number | undefined;
  for (const line of text.split(/\r?\n/)) {
    const time = /^time=(\d{12,14})$/.exec(line)?.[1];
    if (time !== undefined) at = Number(time);
    const [, name, attribute, value] = LINE.exec(line) ?? [];
    if (name === undefined || attribute === undefined || value === undefined) continue;
    beans.set(name, { ...beans.get(name), [attribute]: valueOf(value) });
  }
  return { beans, ...(at === undefined ? {} : { at }) };
}

/** Java's own texts of numbers; a composite (`…contents={committed=1, used=2})`) as its parts. */
function valueOf(text: string): Json {
  if (/^-?\d+(?:\.\d+)?(?:E-?\d+)?$/.test(text)) return Number(text);
  const contents = /^javax\.management\.openmbean\.CompositeDataSupport\(.*,contents=\{([^{}]*)\}\)$/.exec(text)?.[1];
  if (contents === undefined) return text;
  return Object.fromEntries(
    contents.split(', ').flatMap((part) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(part) ?? [];
      return name === undefined || value === undefined ? [] : [[name, valueOf(value)]];
    }),
  );
}

const DESCRIPTORS = ['OpenFileDescriptorCount', 'MaxFileDescriptorCount'];

/** The same beans in the form of Jolokia's answer to `jolokiaReads`, so that both sources go through one reader. */
export function asJolokia({ beans }: JmxBeans): Json {
  const named = [...beans].flatMap(([name, attributes]) => {
    const parsed = parseObjectName(name);
    return parsed === undefined ? [] : [{ name, attributes, domain: parsed.domain, type: parsed.properties['type'] }];
  });
  const of = (domain: string, type: string): typeof named => named.filter((bean) => bean.domain === domain && bean.type === type);
  const pattern = (domain: string, type: string): Json => ({
    status: 200,
    value: Object.fromEntries(of(domain, type).map(({ name, attributes }) => [name, attributes])),
  });
  const one = (type: string, wanted: readonly string[]): Json => {
    const attributes = of('java.lang', type)[0]?.attributes;
    return isObject(attributes)
      ? { status: 200, value: Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted.includes(name))) }
      : { status: 404, error: `no bean java.lang:type=${type}` };
  };
  return [
    pattern('io.conduktor.connect.otel', 'OpenTelemetryConnector'),
    pattern('kafka.connect', 'source-task-metrics'),
    pattern('kafka.connect', 'task-error-metrics'),
    pattern('kafka.producer', 'producer-metrics'),
    one('Memory', ['HeapMemoryUsage']),
    one('OperatingSystem', DESCRIPTORS),
  ];
}
