import { Args } from '@oclif/core';
import { findPage, pagesOf } from '../../checks/catalogue/explain.ts';
import { RULES } from '../../checks/rules/index.ts';
import { EVERY_STEP } from '../../checks/steps/on-demand.ts';
import { badInput } from '../bad-input.ts';
import { BaseCommand } from '../base-command.ts';
import { didYouMean } from '../near.ts';
import { formatFlag } from '../option-flags.ts';
import { explainJson, explainText } from '../render/explain.ts';
import { cut } from '../render/layout.ts';

/** Of a long log line as much as a person needs to know which one it was. */
const SHOWN = 60;

export default class Explain extends BaseCommand {
  static override summary = 'Explains a step, a cause, a metric, a key, an alert or a log line, offline.';
  static override examples = [
    '<%= config.bin %> explain connector-state',
    '<%= config.bin %> explain otlp.message.queue.size',
    '<%= config.bin %> explain "WARN event=trace_dropped reason=queue_full queue_size=10000"',
  ];
  static override args = {
    what: Args.string({ required: true, multiple: true, ignoreStdin: true, description: 'an id, or a log line in quotes' }),
  };
  static override flags = { ...formatFlag('text', 'json') };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    const asked = args.what.join(' ');
    const pages = pagesOf(EVERY_STEP, RULES);
    const page = findPage(asked, pages);
    if (!page) {
      const near = didYouMean(
        asked,
        pages.map(({ id }) => id),
      );
      throw badInput(
        `there is no page on "${cut(asked, SHOWN)}"${near}`,
        asked.startsWith('bridge.') ? 'see otlpctl bridge --keys' : 'see otlpctl runbook list',
      );
    }
    if (flags.format === 'json') this.print(explainJson(page), { kind: 'json' });
    else this.print(explainText(page, { columns: this.columns, colour: this.colour }));
  }
}
