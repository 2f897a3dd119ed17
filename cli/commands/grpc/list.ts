import { listServices } from '../../../checks/probes/reflection.ts';
import { joinAddress } from '../../../checks/address.ts';
import { couldNotLook } from '../../bad-input.ts';
import { LookCommand } from '../../look-command.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { ENDPOINT_OPTIONS, lookDeadlineMs, receiverPlace } from '../../receiver-place.ts';
import { GRPC_LIST_RENDERERS } from '../../render/endpoints.ts';

const NAMES = [...ENDPOINT_OPTIONS, 'otlp-grpc'] as const;

export default class GrpcList extends LookCommand {
  static override summary = 'Lists the services of the gRPC receiver by reflection, or says that it has none.';
  static override description =
    'As grpcurl list. The connector serves OTLP without reflection, which is no fault. Exit code: 0 when a gRPC server answered, 3 when none did.';
  static override examples = ['<%= config.bin %> grpc list', '<%= config.bin %> grpc list --otlp-grpc worker:4317'];
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(GrpcList);
    const options = this.options(NAMES, flags);
    const place = await this.looking((world) => receiverPlace('grpc', options, world), 0);
    const found = await listServices(place, { deadlineMs: lookDeadlineMs(options), ...(place.tls === true && { tls: true }) });
    if (!('value' in found))
      throw couldNotLook(`no gRPC server answered at ${joinAddress(place)}: ${'failure' in found ? found.detail : found.reason}`);
    this.print(GRPC_LIST_RENDERERS[flags.format]({ address: joinAddress(place), look: found.value }, this.renderOptions()), {
      kind: flags.format,
    });
  }
}
