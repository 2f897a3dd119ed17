import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Client } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { fileDescriptors } from '../../../proto/schema.ts';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { call, grpcClient, startService } from './service.ts';

/** The part of grpc/reflection/v1/reflection.proto that a client such as grpcurl uses; v1alpha is the same under another name. */
const { root } = protobuf.parse(`syntax = "proto3"; package r;
  message Request { string host = 1; oneof ask { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; } }
  message Response { FileDescriptorResponse file_descriptor_response = 4; ListServiceResponse list_services_response = 6; ErrorResponse error_response = 7; }
  message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
  message ListServiceResponse { repeated ServiceResponse service = 1; }
  message ServiceResponse { string name = 1; }
  message ErrorResponse { int32 error_code = 1; string error_message = 2; }`);
const Request = root.lookupType('r.Request');
const Response = root.lookupType('r.Response');

type Reply = {
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
  listServicesResponse?: { service: { name: string }[] };
  errorResponse?: { errorCode: number };
};

function ask(client: Client, version: string, question: Record<string, string>): Promise<Reply> {
  const serialize = (value: object) => Buffer.from(Request.encode(Request.fromObject(value)).finish());
  const deserialize = (bytes: Buffer) => Response.toObject(Response.decode(bytes)) as Reply;
  const stream = client.makeBidiStreamRequest(`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, serialize, deserialize);
  stream.write(question);
  stream.end();
  return new Promise((resolve, reject) => stream.on('data', resolve).on('error', reject));
}

async function reflecting(t: TestContext): Promise<Client> {
  return grpcClient(t, await startService(t));
}

for (const version of ['v1', 'v1alpha']) {
  test(`reflection ${version} lists the three services and nothing else`, async (t) => {
    const { listServicesResponse } = await ask(await reflecting(t), version, { listServices: '' });
    assert.deepEqual(listServicesResponse!.service.map(({ name }) => name).sort(), SIGNALS.map((signal) => SIGNAL[signal].service).sort());
  });

  test(`reflection ${version} describes what a client needs to call: file and imports, references absolute`, async (t) => {
    const client = await reflecting(t);
    for (const signal of SIGNALS) {
      const { fileDescriptorResponse } = await ask(client, version, { fileContainingSymbol: SIGNAL[signal].service });
      const set = descriptor.FileDescriptorSet.create({
        file: fileDescriptorResponse!.fileDescriptorProto.map((bytes) => descriptor.FileDescriptorProto.decode(bytes)),
      });
      const described = (protobuf.Root as unknown as { fromDescriptor(set: unknown): protobuf.Root }).fromDescriptor(set);
      described.resolveAll();
      assert.equal(
        described.lookupService(SIGNAL[signal].service).methods.Export!.resolvedRequestType!.fullName,
        `.${SIGNAL[signal].request}`,
      );
    }
  });
}

test('reflection gives a file as the compiler made it', async (t) => {
  const client = await reflecting(t);
  const files = fileDescriptors();
  for (const path of ['opentelemetry/proto/metrics/v1/metrics.proto', 'opentelemetry/proto/collector/trace/v1/trace_service.proto']) {
    const { fileDescriptorResponse } = await ask(client, 'v1', { fileByFilename: path });
    const [first] = fileDescriptorResponse!.fileDescriptorProto;
    const { name, dependency } = descriptor.FileDescriptorProto.decode(first!) as unknown as { name: string; dependency: string[] };
    assert.equal(name, path);
    assert.ok(dependency.length > 0);
    assert.ok(
      files.some((file) => file.equals(first!)),
      'byte for byte',
    );
  }
});

test('reflection says what it does not know', async (t) => {
  const { errorResponse } = await ask(await reflecting(t), 'v1', { fileContainingSymbol: 'no.such.Service' });
  assert.equal(errorResponse!.errorCode, 5);
});

const HEALTH = '/grpc.health.v1.Health';
const named = (service: string): Buffer => Buffer.from(protobuf.Writer.create().uint32(10).string(service).finish());

test('health is SERVING for the whole and for each service, NOT_SERVING once refusing', async (t) => {
  const service = await startService(t);
  const client = grpcClient(t, service);
  const names = ['', ...SIGNALS.map((signal) => SIGNAL[signal].service)];
  for (const name of names) assert.deepEqual([...(await call(client, `${HEALTH}/Check`, named(name))).body!], [8, 1], name);
  assert.deepEqual([...(await call(client, `${HEALTH}/Check`, Buffer.alloc(0))).body!], [8, 1], 'no name at all');
  service.receivers.refuse();
  for (const name of names) assert.deepEqual([...(await call(client, `${HEALTH}/Check`, named(name))).body!], [8, 2], name);
  assert.equal((await call(client, `${HEALTH}/Check`, named('another'))).code, 5);
});

test('who watches health hears of the change, and does not keep the service from closing', async (t) => {
  const service = await startService(t);
  const client = grpcClient(t, service);
  const watch = (name: string) => {
    const seen: number[] = [];
    const stream = client.makeServerStreamRequest(
      `${HEALTH}/Watch`,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes[1]!,
      named(name),
    );
    stream.on('error', () => {});
    stream.on('data', (status: number) => {
      seen.push(status);
      stream.emit('seen');
    });
    const until = async (count: number) => {
      while (seen.length < count) await new Promise((resolve) => stream.once('seen', resolve));
      return seen;
    };
    return { until, ended: new Promise((resolve) => stream.once('end', resolve)) };
  };
  const known = watch(SIGNAL.logs.service);
  const unknown = watch('another');
  assert.deepEqual(await known.until(1), [1]);
  assert.deepEqual(await unknown.until(1), [3]);
  service.receivers.refuse();
  assert.deepEqual(await known.until(2), [1, 2]);
  const startedAt = performance.now();
  await Promise.all([service.receivers.close(5000), known.ended, unknown.ended]);
  assert.ok(performance.now() - startedAt < 2500);
  assert.deepEqual(await unknown.until(1), [3]);
});
