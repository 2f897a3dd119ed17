import { Args } from '@oclif/core';
import { probesFor } from '../../checks/gather.ts';
import { worst } from '../../checks/report.ts';
import { EVERY_PROBE } from '../../checks/probes/on-demand.ts';
import { STEPS } from '../../checks/steps/index.ts';
import { EVERY_STEP } from '../../checks/steps/on-demand.ts';
import { badInput } from '../bad-input.ts';
import { look } from '../look.ts';
import { LookCommand } from '../look-command.ts';
import { didYouMean } from '../near.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { LOOK_OPTIONS } from '../options.ts';
import { STEP_RENDERERS } from '../render/index.ts';

const NAMES = [...LOOK_OPTIONS, 'verbose'] as const;

/** The steps that were asked for, in their own order; all that doctor takes when none is named. */
function stepsNamed(asked: readonly string[]): typeof STEPS {
  const ids = EVERY_STEP.map(({ id }) => id);
  const wrong = asked.find((id) => !ids.includes(id));
  if (wrong !== undefined) throw badInput(`"${wrong}" is not a step that runs${didYouMean(wrong, ids)}`, 'see otlpctl runbook list');
  return asked.length === 0 ? STEPS : EVERY_STEP.filter(({ id }) => asked.includes(id));
}

export default class Check extends LookCommand {
  static override summary = 'Runs single steps of the runbook and says what each saw.';
  static override description = 'Looks only and changes nothing. Exit code: that of the worst step; a skipped one does not count.';
  static override examples = ['<%= config.bin %> check receiver-ports', '<%= config.bin %> check connector-state drop-rate --format junit'];
  static override args = {
    id: Args.string({
      multiple: true,
      ignoreStdin: true,
      description: 'a step, as `otlpctl runbook list` has them; those of doctor when left out',
    }),
  };
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json', 'junit') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Check);
    const steps = stepsNamed(args.id ?? []);
    const options = this.options(NAMES, flags);
    const probes = probesFor(['target', ...steps.flatMap(({ needs }) => needs)], EVERY_PROBE);
    const ids = steps.map(({ id }) => id);
    const [{ facts, report }] = await this.looking((world) => look(options, { ...world, probes }, this.writer, 'refuse', ids));
    const results = report.steps.filter(({ id }) => ids.includes(id));
    const status = worst(results.map((result) => result.status));
    const text = STEP_RENDERERS[flags.format](
      [{ facts, report: { ...report, status, steps: results } }],
      this.renderOptions(options.values.verbose),
    );
    this.print(text, { status, kind: flags.format === 'json' ? 'json' : 'text' });
  }
}
