import type protobuf from 'protobufjs';
import { schema } from '../../proto/schema.ts';
import type { Encoding } from '../message.ts';
import { ANSWER, type Outcome } from './outcome.ts';

const RETRY_INFO = 'google.rpc.RetryInfo';
const TYPE_URL = `type.googleapis.com/${RETRY_INFO}`;

/** Encodes google.rpc.Status, the one form in which an OTLP server explains an error on either transport. */
export type StatusWriter = (outcome: Outcome, encoding: Encoding) => Buffer;

const encode = (type: protobuf.Type, value: object): Buffer => Buffer.from(type.encode(type.fromObject(value)).finish());

export function statusWriter(): StatusWriter {
  const status = schema().lookupType('google.rpc.Status');
  const retryInfo = schema().lookupType(RETRY_INFO);
  return (outcome, encoding) => {
    const { grpc: code, retryAfterSeconds: seconds } = ANSWER[outcome.is];
    const message = outcome.reason;
    if (encoding === 'json') {
      const details = seconds === null ? {} : { details: [{ '@type': TYPE_URL, retryDelay: `${seconds}s` }] };
      return Buffer.from(JSON.stringify({ code, message, ...details }));
    }
    const details = seconds === null ? [] : [{ typeUrl: TYPE_URL, value: encode(retryInfo, { retryDelay: { seconds } }) }];
    return encode(status, { code, message, details });
  };
}
