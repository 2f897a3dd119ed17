import { LookCommand } from '../../look-command.ts';
import { probeHttp, statusOfPaths } from '../../http-probe.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { ENDPOINT_OPTIONS, lookDeadlineMs, receiverPlace } from '../../receiver-place.ts';
import { HTTP_PROBE_RENDERERS } from '../../render/endpoints.ts';

const NAMES = [...ENDPOINT_OPTIONS, 'otlp-http'] as const;

export default class HttpProbe extends LookCommand {
  static override summary = 'Tests the three paths of the HTTP receiver with a GET, which writes nothing.';
  static override description =
    "405 proves a receiver. The runbook's POST without a body would put an empty record on the topic, so it is not sent. Exit code: 0 all three are a receiver's, 2 one is not, 3 it could not be tried, or nobody said where the receiver is and nothing answers where it mostly is.";
  static override examples = ['<%= config.bin %> http probe', '<%= config.bin %> http probe --otlp-http http://worker:4318'];
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(HttpProbe);
    const options = this.options(NAMES, flags);
    const place = await this.looking((world) => receiverPlace('http', options, world), 0);
    const paths = await probeHttp(place, lookDeadlineMs(options));
    const status = statusOfPaths(paths);
    this.print(HTTP_PROBE_RENDERERS[flags.format]({ status, paths }, this.renderOptions()), { status, kind: flags.format });
  }
}
