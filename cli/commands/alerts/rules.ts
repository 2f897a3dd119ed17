import { Flags } from '@oclif/core';
import { ruleFile, type RuleFile } from '../../../checks/alerts/rule-file.ts';
import { ALERT_IDS } from '../../../checks/alerts/table.ts';
import { list } from '../../../checks/derive/words.ts';
import { ALERT_FLAGS, saidOf } from '../../alert-options.ts';
import { badInput } from '../../bad-input.ts';
import { readDuration } from '../../durations.ts';
import { LookCommand } from '../../look-command.ts';
import { didYouMean } from '../../near.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { OUTPUT_FLAGS } from '../../output-file.ts';
import { rulesJson, rulesYaml } from '../../render/rules.ts';
import { lookForSeries, NAMES_FLAG, SERIES_OPTIONS } from '../../series-look.ts';

/** Names of alerts in any case; each must be one that there is. */
function idsOf(asked: readonly string[] | undefined): string[] | undefined {
  return asked?.map((word) => {
    const id = ALERT_IDS.find((one) => one.toLowerCase() === word.toLowerCase());
    if (id === undefined) throw badInput(`--rule "${word}" is no alert${didYouMean(word, ALERT_IDS)}`, 'see otlpctl alerts');
    return id;
  });
}

/** A file in which some rules could never fire is none. */
function whole(made: ReturnType<typeof ruleFile>): RuleFile {
  if ('groups' in made && made.groups[0]!.rules.length > 0) return made;
  if ('groups' in made) throw badInput('none of the alerts that --rule names exists for this target: leave --rule out to see which do');
  if ('sizeWanted' in made)
    throw badInput(
      `the size of the queues is not known, and ${list(made.sizeWanted)} go by it: give --queue-size, or the address of Connect`,
    );
  const [[id = '', attributes = []] = []] = Object.entries(made.missing);
  throw badInput(
    `the page has no series for ${list(attributes)}, which ${id} reads: correct the exporter's rules (otlpctl alerts jmx-exporter-config), or name other alerts with --rule`,
  );
}

export default class AlertsRules extends LookCommand {
  static override summary = 'Writes a rule file for Prometheus, for series as this target really calls them.';
  static override description = `Rules of the runbook's alerts, with the true loss instead of DropRate, what waits against the queues as configured, refusals of a bridge, the poll loop's limit, and a guard for series that are not there. Check it with promtool check rules FILE.
Looks only. Exit code: 0, or 3 when it cannot be made whole.`;
  static override examples = [
    '<%= config.bin %> alerts rules --output otlp-rules.yml',
    '<%= config.bin %> alerts rules --metrics-url http://worker:9404/metrics --threshold loss=0.5 --for 10m',
    '<%= config.bin %> alerts rules --names runbook --connector otlp-source --queue-size 10000',
  ];
  static override flags = {
    rule: Flags.string({ multiple: true, multipleNonGreedy: true, helpValue: 'ALERT', summary: 'only this one (repeatable)' }),
    range: Flags.string({ helpValue: 'TIME', summary: 'over which counters are compared; should hold four scrapes [5m]' }),
    for: Flags.string({ helpValue: 'TIME', summary: 'how long it must last, for all that must [as each alert has it]' }),
    ...ALERT_FLAGS,
    ...NAMES_FLAG,
    ...OUTPUT_FLAGS,
    ...flagsFor(...SERIES_OPTIONS),
    ...formatFlag('text', 'json'),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(AlertsRules);
    const options = this.options(SERIES_OPTIONS, flags);
    const said = saidOf(flags);
    const ids = idsOf(flags.rule);
    const times = {
      ...(flags.range === undefined ? {} : { rangeSeconds: readDuration(flags.range, '--range', 1) }),
      ...(flags.for === undefined ? {} : { forSeconds: readDuration(flags.for, '--for', 0) }),
    };
    const look = await this.looking((world) => lookForSeries(options, flags.names, said, world));
    const file = whole(ruleFile({ ...look, ...times, ...(ids === undefined ? {} : { ids }) }));
    const what = `${file.groups[0]!.rules.length} rules for ${look.connector}`;
    this.deliver(flags, { file: rulesYaml(look, file), json: rulesJson(look, file), what });
  }
}
