import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNAL, SIGNALS, type Signal } from '../../../proto/vocabulary/signals.ts';
import { quickWalker, wireJudge } from '../../../bridge/intake/quick-walk.ts';
import { shapeOf, type Shape } from '../../../bridge/intake/shape.ts';
import { walkWire } from '../../../bridge/intake/wire.ts';
import { encoded, fullRequest, one } from './samples.ts';

// That it never takes what wire.ts does not is tested with wire.ts, case by case.

const known = new Map<string, Shape>();
const shapes = Object.fromEntries(SIGNALS.map((signal) => [signal, shapeOf(SIGNAL[signal].request, known)])) as Record<Signal, Shape>;
const quickWalk = quickWalker([...known.values()]);
const walk = (signal: Signal, body: Buffer): number => quickWalk(body, shapes[signal]);

const ids = { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2) };
const spanNamed = (name: string): Buffer => encoded('traces', { resourceSpans: [{ scopeSpans: [{ spans: [{ ...ids, name }] }] }] });

test('a request with every field of the schema needs no second look', () => {
  for (const signal of SIGNALS)
    for (let seed = 0; seed < 20; seed++) assert.equal(walk(signal, fullRequest(signal, seed)), signal === 'metrics' ? 16 : 8, signal);
  assert.equal(walk('traces', Buffer.alloc(0)), 0);
});

test('lengths of up to four bytes are read, and what its memory does not hold is left to the other walk', () => {
  for (const length of [100, 20_000, 3_000_000]) assert.equal(walk('traces', spanNamed('x'.repeat(length))), 1, String(length));
  const large = spanNamed('x'.repeat(4 * 1024 * 1024));
  assert.equal(walk('traces', large), -1);
  assert.deepEqual(wireJudge([...known.values()])(large, shapes.traces), { items: 1 });
});

test('what an earlier request left behind the end is not taken for part of this one', () => {
  for (const signal of SIGNALS) {
    const body = one(signal);
    for (let length = 1; length < body.length; length++) {
      assert.equal(walk(signal, body), 1);
      assert.equal(walk(signal, body.subarray(0, length)), -1, `${signal} cut to ${length}`);
    }
  }
});

test('what it does not take is judged, and worded, by the other walk', () => {
  const judge = wireJudge([...known.values()]);
  for (const body of [Buffer.from('0a05', 'hex'), Buffer.from('f80701', 'hex'), one('logs')])
    assert.deepEqual(judge(body, shapes.traces), walkWire(body, shapes.traces));
});

/** Bytes around every bound of UTF-8. */
const EDGES = [
  0x00, 0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4,
  0xf5, 0xff,
];

test('property: text is UTF-8 to it exactly when it is to Node.js', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...EDGES), { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 20 }),
      (bytes, before, after) => {
        const name = Buffer.concat([Buffer.alloc(before, 'a'), Buffer.from(bytes), Buffer.alloc(after, 'b')]);
        const body = spanNamed('n'.repeat(name.length));
        name.copy(body, body.length - name.length);
        assert.equal(walk('traces', body), isUtf8(name) ? 1 : -1);
        if (bytes.some((byte) => byte > 0x7f) && isUtf8(name)) taken++;
      },
    ),
    { numRuns: 20_000 },
  );
  assert.ok(taken > 100, `only ${taken} of 20000 were UTF-8 beyond ASCII`);
});
