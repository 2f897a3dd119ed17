import { probesWhere } from '../../checks/probes/on-demand.ts';
import { worst } from '../../checks/report.ts';
import { formatFlag, flagsFor } from '../option-flags.ts';
import { LOOK_OPTIONS } from '../options.ts';
import { look } from '../look.ts';
import { LookCommand } from '../look-command.ts';
import { RENDERERS } from '../render/index.ts';

const NAMES = [...LOOK_OPTIONS, 'verbose'] as const;

export default class Doctor extends LookCommand {
  static override summary = 'Finds out what is wrong: the root cause first, its evidence, and what to do.';
  static override description = 'Looks only and changes nothing. Exit code: 0 ok, 1 warning, 2 critical, 3 unknown.';
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --connect-url http://connect:8083 --metrics-url http://worker:8778/jolokia/',
    '<%= config.bin %> doctor --record incident-1 && <%= config.bin %> doctor --replay incident-1 -v',
  ];
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json', 'junit') };

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const options = this.options(NAMES, flags);
    const renderings = await this.looking((world) => look(options, { ...world, probes: probesWhere(options.given) }, this.writer, 'each'));
    const text = RENDERERS[flags.format](renderings, this.renderOptions(options.values.verbose));
    this.print(text, { status: worst(renderings.map(({ report }) => report.status)), kind: flags.format === 'json' ? 'json' : 'text' });
  }
}
