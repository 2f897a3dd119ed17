import { BaseConfigCommand, CONFIG_FLAGS } from '../../../config-command.ts';
import { configJson, configText } from '../../../render/config.ts';

export default class ConnectorConfigGet extends BaseConfigCommand {
  static override summary = 'Shows the live configuration; secrets are left out.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --connector otlp-source --format json',
  ];
  static override flags = CONFIG_FLAGS;

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorConfigGet);
    const { name, config } = await this.live(flags);
    if (flags.format === 'json') this.print(configJson({ connector: name, config }), { kind: 'json' });
    else this.print(configText(config));
  }
}
