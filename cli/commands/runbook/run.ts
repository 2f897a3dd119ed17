import { Args } from '@oclif/core';
import { catalogueOf } from '../../../checks/catalogue/runbook.ts';
import { EVERY_STEP } from '../../../checks/steps/on-demand.ts';
import { BaseCommand } from '../../base-command.ts';
import { badInput } from '../../bad-input.ts';
import { commandWords } from '../../command-words.ts';
import { didYouMean } from '../../near.ts';
import { stepWords } from '../../step-words.ts';

export default class RunbookRun extends BaseCommand {
  static override summary = 'Runs the otlpctl command of one step; what stands behind it goes to that command, in place of its own.';
  static override description = 'Exit code: as that command has it. A step that changes something shows its plan and asks, as always.';
  static override examples = ['<%= config.bin %> runbook run connector-state', '<%= config.bin %> runbook run connector-restart --dry-run'];
  static override args = {
    id: Args.string({ required: true, ignoreStdin: true, description: 'a step, as `otlpctl runbook list` has them' }),
  };
  // What stands behind the step belongs to its command, which knows its options.
  static override strict = false;

  async run(): Promise<void> {
    const [id = '', ...rest] = this.argv;
    if (id === '' || id.startsWith('-')) throw badInput('ID missing: name the step first', 'see otlpctl runbook list');
    const steps = catalogueOf(EVERY_STEP);
    const step = steps.find((one) => one.id === id);
    if (step === undefined) {
      const near = didYouMean(
        id,
        steps.map((one) => one.id),
      );
      throw badInput(`"${id}" is no step of the runbook${near}`, 'see otlpctl runbook list');
    }
    if (step.state === 'planned') throw badInput(`${id} cannot be run by otlpctl yet`, `see otlpctl runbook show ${id}`);
    const words = commandWords(step.otlpctl, id).slice(1);
    const length = [3, 2, 1].find((count) => this.config.findCommand(words.slice(0, count).join(':')) !== undefined) ?? 1;
    const command = words.slice(0, length).join(':');
    await this.config.runCommand(command, stepWords(words.slice(length), rest, this.config.findCommand(command)?.flags ?? {}));
  }
}
