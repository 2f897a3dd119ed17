import { Flags } from '@oclif/core';
import { brokerLoadOf } from '../../../checks/derive/broker-load.ts';
import { connectorView } from '../../../checks/derive/connector.ts';
import { isFailed, seen } from '../../../checks/facts/index.ts';
import { probesFor } from '../../../checks/gather.ts';
import { planBrokers } from '../../../checks/plans/brokers.ts';
import { readRate, readSize, type Quantity } from '../../../checks/plans/quantities.ts';
import { EVERY_PROBE } from '../../../checks/probes/on-demand.ts';
import { badInput, couldNotLook } from '../../bad-input.ts';
import { factsOf } from '../../facts-of.ts';
import { LookCommand } from '../../look-command.ts';
import { measured } from '../../measure.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { CONNECT_OPTIONS } from '../../options.ts';
import { brokersText } from '../../render/brokers.ts';

const NAMES = [
  ...CONNECT_OPTIONS,
  ...([
    'worker-host',
    'metrics-url',
    'jmx-url',
    'prometheus-url',
    'kafka',
    'kafka-config',
    'kafka-metrics-url',
    'kafka-jmx-url',
    'timeout',
    'window',
  ] as const),
] as const;
const LOOKS = ['rest.list', 'target', 'metrics', 'kafka.brokers', 'kafka.topics', 'kafka.offsets', 'kafka.load'] as const;
const DAY = 86_400;

function read(reader: (text: string) => Quantity, text: string, named: string): number {
  const quantity = reader(text.trim());
  if ('problem' in quantity) throw badInput(`${named} "${text}" ${quantity.problem}`);
  return quantity.value;
}

export default class ScaleBrokers extends LookCommand {
  static override summary = "Compares what Kafka's brokers carry with the connector's peak, and says how many it wants.";
  static override description = `Bytes in and out, idle request handlers and under-replicated partitions, from a broker's metrics; brokers and replicas from Kafka itself. What is
not given is unknown. The peak is measured as by capacity --from-target, unless it is given. Looks only. Exit code: 0, or 3 when nothing can be compared.`;
  static override examples = [
    '<%= config.bin %> scale brokers --kafka localhost:9092 --kafka-metrics-url http://broker:8778/jolokia/',
    '<%= config.bin %> scale brokers --peak 5000 --message-size 2KB --kafka localhost:9092',
  ];
  static override flags = {
    peak: Flags.string({ helpValue: 'MSG_PER_S', summary: 'messages a second at the peak; measured when left out' }),
    'message-size': Flags.string({ helpValue: 'SIZE', summary: 'average record; measured when left out' }),
    ...flagsFor(...NAMES),
    ...formatFlag('text', 'json'),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ScaleBrokers);
    const options = this.options(NAMES, flags);
    const { values } = options;
    const said = {
      ...(flags.peak !== undefined && { peak: read(readRate, flags.peak, '--peak') }),
      ...(flags['message-size'] !== undefined && { size: read(readSize, flags['message-size'], '--message-size') }),
    };
    if (values.kafka === undefined && values['kafka-metrics-url'] === undefined && values['kafka-jmx-url'] === undefined)
      throw badInput('nothing is said of the brokers: give --kafka HOST:PORT, --kafka-metrics-url URL, or both');
    const { facts, plan } = await this.looking(async (world) => {
      const probes = probesFor(LOOKS, EVERY_PROBE);
      const [facts] = await factsOf(options, { ...world, probes }, 'refuse');
      return { facts, plan: await measured(facts, values, { ...said, burst: 1, headroomPercent: 0, historySeconds: DAY }) };
    });
    const load = facts['kafka.load'];
    if (isFailed(load)) throw couldNotLook(`the metrics of the broker could not be read: ${load.source}: ${load.detail}`);
    const brokers = seen(facts, 'kafka.brokers');
    if (values.kafka !== undefined && brokers?.cluster == null)
      throw couldNotLook('Kafka did not tell its brokers', 'see otlpctl check kafka-brokers');
    const topics = seen(facts, 'kafka.topics')?.topics.filter(({ exists }) => exists === true) ?? [];
    const judged = planBrokers({
      load: brokerLoadOf(facts),
      brokers: brokers?.brokers.length ?? null,
      replicas: topics.length === 0 ? null : Math.max(...topics.map(({ replicas }) => replicas)),
      behind: topics.length === 0 ? null : topics.reduce((sum, { troubled }) => sum + troubled.length, 0),
      peakBytes: plan.peak.value * plan.size.value,
      nowBytes: plan.nowPerSecond === null ? null : plan.nowPerSecond * plan.size.value,
    });
    const view = { connector: connectorView(facts).name, peak: plan.peak, size: plan.size, ...judged };
    if (flags.format === 'json') this.print(JSON.stringify({ schemaVersion: 1, ...view }), { kind: 'json' });
    else this.print(brokersText(view, this.renderOptions()));
  }
}
