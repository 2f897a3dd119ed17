import { readFileSync } from 'node:fs';
import { packageFile } from '../../proto/package-root.ts';
import { ACTION, type FieldShape, type Shape } from './shape.ts';
import { walkWire, type Judgement } from './wire.ts';

/** Items of a request that is well formed; -1 for one that wire.ts must look at, because it is not or because it is out of the ordinary. */
export type QuickWalk = (body: Buffer, root: Shape) => number;

type Constant = 'ROW' | 'LAST_TAG' | 'REQUIRED' | 'ITEM' | 'MAY_BE_EMPTY' | 'ROWS_END' | 'BODY';
/** What quick-walk.as exports. Addresses are bytes of its memory. */
type Exports = Readonly<Record<Constant, { value: number }>> & {
  memory: { buffer: ArrayBuffer };
  walk: (row: number, length: number) => number;
};
/** As much of it as is used here: its types come with those of the browser. */
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };

/** A step may read so far behind the end of the body before it is noticed. */
const MARGIN = 64;

/** The walk for requests made of these shapes. It has 4 MiB of memory for a body, of which only what was used so far is resident. */
export function quickWalker(shapes: readonly Shape[]): QuickWalk {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(packageFile('bridge/intake/quick-walk.wasm'))));
  const { ROW, LAST_TAG, REQUIRED, ITEM, MAY_BE_EMPTY, ROWS_END, BODY, memory, walk } = exports as Exports;
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  const rowOf = new Map(shapes.map((shape, at) => [shape, at * ROW.value]));
  if (shapes.length * ROW.value > ROWS_END.value)
    throw new Error(`the schema has ${shapes.length} messages, more than quick-walk.as has rows`);

  const argument = (action: number, { idBytes, idMayBeEmpty, shape }: FieldShape): number => {
    if (action === ACTION.id) return idBytes | (idMayBeEmpty ? MAY_BE_EMPTY.value : 0);
    return action === ACTION.message ? rowOf.get(shape!)! / ROW.value : 0;
  };
  for (const [{ actions, fields, required, item }, row] of rowOf) {
    if (actions.length > LAST_TAG.value + 1)
      throw new Error('the schema has field numbers beyond 30, for which a row of quick-walk.as has no room');
    view.setUint32(row + REQUIRED.value, required, true);
    view.setUint32(row + ITEM.value, item, true);
    for (const [tag, action] of actions.entries())
      if (action !== ACTION.other) view.setUint16(row + tag * 2, action | (argument(action, fields[tag >> 3]!) << 4), true);
  }

  const most = bytes.length - BODY.value - MARGIN;
  return (body, root) => {
    if (body.length > most) return -1;
    bytes.set(body, BODY.value);
    return walk(rowOf.get(root)!, body.length);
  };
}

/** Judges as walkWire does, which is asked about what the quick walk does not take. */
export function wireJudge(shapes: readonly Shape[]): (body: Buffer, root: Shape) => Judgement {
  const quickWalk = quickWalker(shapes);
  return (body, root) => {
    const items = quickWalk(body, root);
    return items < 0 ? walkWire(body, root) : { items };
  };
}
