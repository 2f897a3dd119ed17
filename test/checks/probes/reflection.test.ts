import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer as createHttp2 } from 'node:http2';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { define, type FileDescriptor } from '../../../checks/probes/descriptor-text.ts';
import { describeSymbol } from '../../../checks/probes/describe.ts';
import { listServices } from '../../../checks/probes/reflection.ts';
import { bytesOf, fieldsOf, lengthDelimited, textsOf } from '../../../checks/probes/wire.ts';
import { fileDescriptors } from '../../../proto/schema.ts';
import { double } from '../../doubles/double.ts';
import { listen } from '../../doubles/listen.ts';

const limits = { deadlineMs: 1000 };
const OTLP = ['logs.v1.LogsService', 'metrics.v1.MetricsService', 'trace.v1.TraceService'].map(
  (name) => `opentelemetry.proto.collector.${name}`,
);

/** grpc-js with the reflection service that its authors publish. */
async function reflecting(): Promise<{ port: number; close(): void }> {
  const server = new Server();
  new ReflectionService({
    otlp: { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos: fileDescriptors() },
  }).addToServer(server);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { port, close: () => server.forceShutdown() };
}

test('a reflecting server lists its services', async () => {
  const server = await reflecting();
  const found = await listServices({ host: '127.0.0.1', port: server.port }, limits);
  server.close();
  assert.deepEqual('value' in found && { ...found.value, services: found.value.services.filter((name) => OTLP.includes(name)) }, {
    supported: true,
    version: 'v1',
    services: OTLP,
  });
});

test('a symbol is described, and an unknown one is not found', async () => {
  const server = await reflecting();
  const at = { host: '127.0.0.1', port: server.port };
  const [described, missing] = [
    await describeSymbol(at, '.opentelemetry.proto.trace.v1.Span.SpanKind', limits),
    await describeSymbol(at, 'no.such.Thing', limits),
  ];
  server.close();
  assert.deepEqual('kind' in described && [described.kind, described.text.split('\n').slice(0, 2)], [
    'enum',
    ['enum SpanKind {', '  SPAN_KIND_UNSPECIFIED = 0;'],
  ]);
  assert.deepEqual(missing, { notFound: 'Symbol not found: no.such.Thing' });
});

/** A server whose reflection is raw descriptors under one version only; counts what it is asked. */
async function raw(version: string, answer: (request: Uint8Array) => Buffer) {
  const paths: string[] = [];
  const server = await listen(
    createHttp2().on('stream', (stream, headers) => {
      const path = String(headers[':path']);
      paths.push(path);
      if (!path.includes(`.${version}.`))
        return void stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true });
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const message = answer(Buffer.concat(chunks).subarray(5));
        const prefix = Buffer.alloc(5);
        prefix.writeUInt32BE(message.length, 1);
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.concat([prefix, message]));
      });
    }),
  );
  return { ...server, paths };
}

test('v1alpha is asked where v1 is not there', async () => {
  const server = await raw('v1alpha', () =>
    lengthDelimited(6, Buffer.concat(['b.B', 'a.A'].map((name) => lengthDelimited(1, lengthDelimited(1, name))))),
  );
  const found = await listServices({ host: '127.0.0.1', port: server.port }, limits);
  await server.close();
  assert.deepEqual(found, { value: { supported: true, version: 'v1alpha', services: ['a.A', 'b.B'] } });
  assert.deepEqual(
    server.paths,
    ['v1', 'v1alpha'].map((version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`),
  );
});

test('definitions read as grpcurl prints them', async () => {
  const server = await raw('v1', (request) => {
    const [symbol = ''] = textsOf(fieldsOf(request), 4);
    const holder = symbol.includes('collector') ? 'trace_service' : 'metrics.proto';
    const file = fileDescriptors().find((bytes) => textsOf(fieldsOf(bytes), 1)[0]!.includes(holder))!;
    return lengthDelimited(4, lengthDelimited(1, file));
  });
  const at = { host: '127.0.0.1', port: server.port };
  const text = async (symbol: string): Promise<unknown> => {
    const found = await describeSymbol(at, symbol, limits);
    return 'text' in found ? `${found.kind}: ${found.text}` : found;
  };
  const trace = 'opentelemetry.proto.collector.trace.v1';
  const rpc = `rpc Export ( .${trace}.ExportTraceServiceRequest ) returns ( .${trace}.ExportTraceServiceResponse );`;
  assert.equal(await text(`${trace}.TraceService`), `service: service TraceService {\n  ${rpc}\n}`);
  assert.equal(await text(`${trace}.TraceService/Export`), `method: ${rpc}`);
  assert.equal(
    await text('opentelemetry.proto.metrics.v1.NumberDataPoint'),
    [
      'message: message NumberDataPoint {',
      '  fixed64 start_time_unix_nano = 2;',
      '  fixed64 time_unix_nano = 3;',
      '  oneof value {',
      '    double as_double = 4;',
      '    sfixed64 as_int = 6;',
      '  }',
      '  repeated .opentelemetry.proto.metrics.v1.Exemplar exemplars = 5;',
      '  repeated .opentelemetry.proto.common.v1.KeyValue attributes = 7;',
      '  uint32 flags = 8;',
      '}',
    ].join('\n'),
  );
  assert.equal(await text('opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.sum'), 'field: optional double sum = 5;');
  assert.deepEqual(await text('opentelemetry.proto.metrics.v1.Nothing'), {
    notFound: 'the files that the server sent do not define opentelemetry.proto.metrics.v1.Nothing',
  });
  await server.close();
});

test('maps, proto2 labels, defaults, streams and deprecation have their own form', () => {
  const file: FileDescriptor = {
    package: 'p',
    messageType: [
      {
        name: 'M',
        field: [
          { name: 'm', number: 2, label: 'LABEL_REPEATED', type: 'TYPE_MESSAGE', typeName: '.p.M.MEntry' },
          { name: 'r', number: 1, label: 'LABEL_REQUIRED', type: 'TYPE_STRING', defaultValue: 'x"y' },
          { name: 'd', number: 3, label: 'LABEL_OPTIONAL', type: 'TYPE_INT32', options: { deprecated: true } },
        ],
        nestedType: [
          {
            name: 'MEntry',
            options: { mapEntry: true },
            field: [
              { name: 'key', number: 1, type: 'TYPE_STRING' },
              { name: 'value', number: 2, type: 'TYPE_MESSAGE', typeName: '.p.V' },
            ],
          },
        ],
      },
    ],
    service: [{ name: 'S', method: [{ name: 'B', inputType: '.p.M', outputType: '.p.M', clientStreaming: true, serverStreaming: true }] }],
  };
  assert.equal(
    define(file, 'p.M')?.text,
    'message M {\n  required string r = 1 [default = "x\\"y"];\n  map<string, .p.V> m = 2;\n  optional int32 d = 3 [deprecated = true];\n}',
  );
  assert.equal(define(file, 'p.S')?.text, 'service S {\n  rpc B ( stream .p.M ) returns ( stream .p.M );\n}');
  assert.equal(define(file, 'q.M'), undefined);
});

test('a server without reflection, and what is no gRPC server', async () => {
  const [h2, hang, web, refused] = [await double('h2'), await double('hang'), await double('otlp-http'), await double('refused')];
  const list = (port: number, deadlineMs = 1000) => listServices({ host: '127.0.0.1', port }, { deadlineMs });
  assert.deepEqual(await list(h2.port), { value: { supported: false, services: [], grpcStatus: 12, grpcMessage: 'unknown service' } });
  assert.deepEqual(await describeSymbol({ host: '127.0.0.1', port: h2.port }, 'a.B', limits), { unsupported: 'unknown service' });
  assert.deepEqual(await list(hang.port, 200), { failure: 'timeout', detail: 'connected, no answer in 200 ms', stage: 'answer' });
  assert.deepEqual(await list(web.port), { failure: 'malformed', detail: 'the port does not speak HTTP/2', stage: 'answer' });
  assert.deepEqual(await list(refused.port), {
    failure: 'refused',
    detail: `connect ECONNREFUSED 127.0.0.1:${refused.port}`,
    stage: 'connect',
  });
  await Promise.all([h2, hang, web].map((server) => server.close()));
});

test('an answer that is no protobuf message is malformed', async () => {
  const server = await raw('v1', () => Buffer.from([0x32, 0x7f, 1]));
  const found = await listServices({ host: '127.0.0.1', port: server.port }, limits);
  await server.close();
  assert.deepEqual(found, { failure: 'malformed', detail: 'not a protobuf message: a field is longer than the message', stage: 'answer' });
});

test('the wire format: long fields and numbers of several bytes', () => {
  const long = 'x'.repeat(300);
  assert.deepEqual(textsOf(fieldsOf(lengthDelimited(20, long)), 20), [long]);
  assert.equal(fieldsOf(Buffer.from([0x08, 0x96, 0x01]))[0]?.value, 150n);
  assert.equal(bytesOf(fieldsOf(lengthDelimited(1, Buffer.alloc(200))), 1)[0]?.length, 200);
  assert.throws(() => fieldsOf(Buffer.from([0x08, 0x96])), /does not end/);
});
