import { Flags } from '@oclif/core';
import { FIREWALL_TOOLS } from '../../../checks/actions/firewall-allow.ts';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';

export default class FirewallAllow extends ActionCommand {
  static override summary = "Shows how the receivers' ports are opened in the firewall of this machine; opens them with --yes.";
  static override description = `The commands are printed; with --yes, and as root only, they are run. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --tool firewalld --yes',
  ];
  static override flags = { tool: Flags.option({ options: FIREWALL_TOOLS, summary: 'ufw or firewalld [ufw]' })(), ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(FirewallAllow);
    // What is opened to the world is opened by nobody's slip: without --yes it is shown.
    const isPlan = flags['dry-run'] === true || flags.yes !== true;
    const input = { tool: flags.tool ?? 'ufw', isRoot: process.getuid?.() === 0, isPlan };
    await this.act('firewall allow', input, { ...flags, 'dry-run': isPlan });
  }
}
