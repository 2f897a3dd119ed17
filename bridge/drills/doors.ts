import type { OpenDoor } from '../door.ts';
import type { DoorName, OpenNamed } from '../seams.ts';
import type { Undo } from './dial.ts';

export type Doors = { open(open: OpenNamed): OpenNamed; shut(name: DoorName): Promise<Undo> };

/** Doors that can be shut for a time and open again on the port that they had. */
export function createDoors(): Doors {
  const parts = new Map<DoorName, { current: OpenDoor; again(): Promise<OpenDoor> }>();
  return {
    open: (open) => async (name, door, handle) => {
      const current = await open(name, door, handle);
      const { host, port } = current;
      const part = { current, again: () => open(name, { host, port }, handle) };
      parts.set(name, part);
      return { host, port, close: () => part.current.close() };
    },
    async shut(name) {
      const part = parts.get(name)!;
      const { host, port } = part.current;
      await part.current.close();
      part.current = { host, port, close: () => Promise.resolve() };
      return async () => {
        part.current = await part.again();
      };
    },
  };
}
