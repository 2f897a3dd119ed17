import { Args } from '@oclif/core';
import { describeSymbol } from '../../../checks/probes/describe.ts';
import { joinAddress } from '../../../checks/address.ts';
import { badInput, couldNotLook } from '../../bad-input.ts';
import { LookCommand } from '../../look-command.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { ENDPOINT_OPTIONS, lookDeadlineMs, receiverPlace } from '../../receiver-place.ts';

const NAMES = [...ENDPOINT_OPTIONS, 'otlp-grpc'] as const;

export default class GrpcDescribe extends LookCommand {
  static override summary = 'Shows what a service, method, message or enum of the gRPC receiver looks like, by reflection.';
  static override description = 'As grpcurl describe. Exit code: 0 when it was described, 3 when not.';
  static override examples = ['<%= config.bin %> grpc describe opentelemetry.proto.collector.trace.v1.TraceService'];
  static override args = {
    symbol: Args.string({ required: true, ignoreStdin: true, description: 'full name, as `otlpctl grpc list` has the services' }),
  };
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(GrpcDescribe);
    const options = this.options(NAMES, flags);
    const place = await this.looking((world) => receiverPlace('grpc', options, world), 0);
    const address = joinAddress(place);
    const found = await describeSymbol(place, args.symbol, {
      deadlineMs: lookDeadlineMs(options),
      ...(place.tls === true && { tls: true }),
    });
    if ('failure' in found) throw couldNotLook(`no gRPC server answered at ${address}: ${found.detail}`);
    if ('unsupported' in found)
      throw couldNotLook(
        `${address} has no reflection (${found.unsupported}), so it cannot describe ${args.symbol}; the connector has none`,
      );
    if ('notFound' in found) throw badInput(`${address} does not know ${args.symbol}`, 'see otlpctl grpc list');
    const { kind, text } = found;
    const json = () => JSON.stringify({ schemaVersion: 1, address, symbol: args.symbol, kind, text });
    this.print(flags.format === 'json' ? json() : `${args.symbol} is a ${kind}:\n${text.trimEnd()}\n`, { kind: flags.format });
  }
}
