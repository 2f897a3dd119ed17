import { catalogueOf } from '../../../checks/catalogue/runbook.ts';
import { EVERY_STEP } from '../../../checks/steps/on-demand.ts';
import { BaseCommand } from '../../base-command.ts';
import { formatFlag } from '../../option-flags.ts';
import { runbookListJson, runbookListText } from '../../render/runbook.ts';

export default class RunbookList extends BaseCommand {
  static override summary = 'Lists every step of the runbook under its headings, and which of them run.';
  static override examples = ['<%= config.bin %> runbook list', '<%= config.bin %> runbook list --format json'];
  static override flags = { ...formatFlag('text', 'json') };

  override async run(): Promise<void> {
    const { flags } = await this.parse(RunbookList);
    const steps = catalogueOf(EVERY_STEP);
    if (flags.format === 'json') this.print(runbookListJson(steps), { kind: 'json' });
    else this.print(runbookListText(steps, { columns: this.columns, colour: this.colour }));
  }
}
