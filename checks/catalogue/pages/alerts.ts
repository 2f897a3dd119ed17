import type { Page } from '../page.ts';
import type { CatalogueStep } from '../runbook.ts';

const ALERT = /^alert-/;
/** `NAME: expression for 5m`, as the catalogue keeps a rule. */
const RULE = /^(\w+): (.*?)(?: for (\w+))?$/;

/** What an alert's step is about; ids of checks, causes and metrics. */
const RELATED: Readonly<Record<string, readonly string[]>> = {
  OTLPNoMessagesReceived: ['message-intake', 'signal-intake', 'no-traffic', 'TotalMessagesReceived'],
  HighMessageDropRate: ['drop-rate', 'queue-overflow', 'DropRate'],
  HighProcessingLag: ['produce-lag', 'sink-progress', 'TotalLagCount'],
  HighQueueUtilization: ['queue-utilization', 'gauges-dead', 'MaxQueueUtilizationPercent'],
  TracesQueueDropping: ['drop-rate', 'queue-overflow', 'TracesDropped'],
  MetricsQueueDropping: ['drop-rate', 'queue-overflow', 'MetricsDropped'],
  LogsQueueDropping: ['drop-rate', 'queue-overflow', 'LogsDropped'],
};

/** A page for each alert under its own name; the catalogue's steps alert-* hold the rules. */
export const pagesOfAlerts = (steps: readonly CatalogueStep[]): Page[] =>
  steps
    .filter(({ id, commands }) => ALERT.test(id) && commands.some((command) => RULE.test(command)))
    .map(({ id, commands, note }) => {
      const [, name = '', expression = '', lasting] = RULE.exec(commands.find((command) => RULE.test(command))!)!;
      return {
        id: name,
        kind: 'alert',
        title: `Alert ${name}`,
        text: [
          `It fires when ${expression} holds${lasting === undefined ? '' : ` for ${lasting}`}.`,
          ...(note === null ? [] : [note]),
          'doctor judges the same thing from two readings of the counters, and tells what could not be read from what is 0.',
        ],
        commands: ['otlpctl doctor'],
        seeAlso: [...(RELATED[name] ?? []), id],
      };
    });
