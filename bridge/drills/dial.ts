/** Puts back what a drill changed. */
export type Undo = () => void | Promise<void>;

/** What stands in one place now: the plain thing, unless a drill has set another. */
export type Dial<T> = { now(): T; set(value: T): Undo };

export function dial<T>(plain: T): Dial<T> {
  let current = plain;
  return {
    now: () => current,
    set(value) {
      current = value;
      return () => {
        current = plain;
      };
    },
  };
}
