import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { descriptorSet } from '../../proto/schema.ts';
import { PYTHON } from './tools.ts';

const PROTO = resolve(import.meta.dirname, '../../proto');

test('descriptors.binpb is what protoc makes of the .proto files', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-protoc-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const out = join(folder, 'set.binpb');
  const files = globSync('**/*.proto', { cwd: PROTO }).sort();
  await execa('protoc', ['-I.', '--include_imports', `--descriptor_set_out=${out}`, ...files], { cwd: PROTO });
  assert.ok(
    descriptorSet().equals(readFileSync(out)),
    'stale: cd proto && protoc -I. --include_imports --descriptor_set_out=descriptors.binpb $(find . -name "*.proto" -printf "%P\\n" | sort)',
  );
});

/** Prints every message, field and enum value of a FileDescriptorSet on stdin, or of the installed package, one a line. */
const LIST = `
import sys
from google.protobuf import descriptor_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as t
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as m
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as l
def package():
    seen = {}
    def add(f):
        if f.name in seen: return
        for d in f.dependencies: add(d)
        p = descriptor_pb2.FileDescriptorProto(); f.CopyToProto(p); seen[f.name] = p
    for x in (t, m, l): add(x.DESCRIPTOR)
    return seen.values()
def given():
    s = descriptor_pb2.FileDescriptorSet(); s.ParseFromString(sys.stdin.buffer.read())
    return [f for f in s.file if f.name.startswith('opentelemetry/')]
def lines(files):
    for f in files:
        def enum(p, e):
            for v in e.value: yield f'{p}.{e.name}.{v.name} {v.number}'
        def message(p, x):
            for d in x.field: yield f'{p}.{x.name}.{d.name} {d.number} {d.type} {d.label} {d.type_name} {d.proto3_optional} {x.oneof_decl[d.oneof_index].name if d.HasField("oneof_index") else ""}'
            for n in x.nested_type: yield from message(f'{p}.{x.name}', n)
            for e in x.enum_type: yield from enum(f'{p}.{x.name}', e)
        for x in f.message_type: yield from message(f.package, x)
        for e in f.enum_type: yield from enum(f.package, e)
        for s in f.service:
            for r in s.method: yield f'{f.package}.{s.name}.{r.name} {r.input_type} {r.output_type}'
print('\\n'.join(sorted(lines(package() if sys.argv[1] == 'package' else given()))))
`;

test('the schema has the messages, fields, numbers and types of the opentelemetry-proto package', async () => {
  const theirs = await execa(PYTHON, ['-c', LIST, 'package']);
  const ours = await execa(PYTHON, ['-c', LIST, 'given'], { input: readFileSync(resolve(PROTO, 'descriptors.binpb')) });
  assert.deepEqual(ours.stdout.split('\n'), theirs.stdout.split('\n'));
  assert.ok(ours.stdout.split('\n').length > 200);
});
