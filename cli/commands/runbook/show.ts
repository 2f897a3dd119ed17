import { Args } from '@oclif/core';
import { catalogueOf } from '../../../checks/catalogue/runbook.ts';
import { fillCommand, forTarget, type TargetValues } from '../../../checks/catalogue/target-values.ts';
import type { Address } from '../../../checks/facts/index.ts';
import { joinAddress } from '../../../checks/address.ts';
import { EVERY_STEP } from '../../../checks/steps/on-demand.ts';
import { badInput } from '../../bad-input.ts';
import { BaseCommand } from '../../base-command.ts';
import { didYouMean } from '../../near.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { TARGET_OPTIONS } from '../../options.ts';
import { readOptions, type ReadOptions } from '../../read-options.ts';
import { runbookShowJson, runbookShowText } from '../../render/runbook.ts';

/** A value as it would be typed. A URL's userinfo belongs to requests only, never into a text. */
function typed(value: URL | Address | Address[] | string | null): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.map(joinAddress).join(',');
  if (typeof value === 'string') return value;
  if (!(value instanceof URL)) return joinAddress(value);
  const bare = new URL(value);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

/** What was said about the target on the command line and in the environment; defaults stay unsaid. */
function targetValues({ values, given }: ReadOptions): TargetValues {
  const said = TARGET_OPTIONS.filter((name) => given.includes(name) && values[name] !== undefined);
  const options = Object.fromEntries(said.map((name) => [name, typed(values[name] ?? null)]));
  const { 'connect-url': connectUrl, connector, 'otlp-http': otlpHttp, 'log-file': logFile } = options;
  return {
    options,
    ...(connectUrl !== undefined && connectUrl !== 'none' && { connectUrl }),
    ...(connector !== undefined && { connector }),
    ...(values['otlp-grpc'] && { otlpGrpc: values['otlp-grpc'] }),
    ...(otlpHttp !== undefined && { otlpHttp }),
    ...(logFile !== undefined && { logFile }),
    ...(options['kafka'] !== undefined && { kafka: options['kafka'] }),
  };
}

export default class RunbookShow extends BaseCommand {
  static override summary = "Shows one step: the runbook's own commands, where the connector differs, and the command for it here.";
  static override description =
    'Options and variables that name the target are written into the commands. Nothing is asked over the network.';
  static override examples = [
    '<%= config.bin %> runbook show connector-state',
    '<%= config.bin %> runbook show receiver-ports --connector otlp-a --otlp-grpc worker:14317',
  ];
  static override args = {
    id: Args.string({ required: true, ignoreStdin: true, description: 'a step, as `otlpctl runbook list` has them' }),
  };
  static override flags = { ...flagsFor(...TARGET_OPTIONS), ...formatFlag('text', 'json') };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(RunbookShow);
    const steps = catalogueOf(EVERY_STEP);
    const step = steps.find(({ id }) => id === args.id);
    if (!step) {
      const near = didYouMean(
        args.id,
        steps.map(({ id }) => id),
      );
      throw badInput(`"${args.id}" is no step of the runbook${near}`, 'see otlpctl runbook list');
    }
    const values = targetValues(readOptions(TARGET_OPTIONS, flags, this.surroundings.env));
    const shownStep = {
      ...step,
      question: EVERY_STEP.find(({ id }) => id === step.id)?.question ?? null,
      here: {
        commands: step.commands.map((command) => fillCommand(command, values)),
        otlpctl: forTarget(step.otlpctl, values, this.#accepted(step.otlpctl)),
      },
    };
    if (flags.format === 'json') this.print(runbookShowJson(shownStep), { kind: 'json' });
    else this.print(runbookShowText(shownStep, { columns: this.columns, colour: this.colour }));
  }

  /** Names of the options of `otlpctl a b …`; undefined for a command that does not exist yet. */
  #accepted(otlpctl: string): string[] | undefined {
    const words = otlpctl.split(' ').slice(1);
    const command = [3, 2, 1].map((count) => this.config.findCommand(words.slice(0, count).join(':'))).find(Boolean);
    return command && Object.keys(command.flags);
  }
}
