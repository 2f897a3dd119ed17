/** Clean-ups that run once, last first, whatever fails among them. */
export type CleanUps = {
  after(cleanUp: () => Promise<void> | void): void;
  /** the errors of those that failed */
  run(): Promise<Error[]>;
};

export function cleanUps(): CleanUps {
  const waiting: (() => Promise<void> | void)[] = [];
  return {
    after: (cleanUp) => void waiting.push(cleanUp),
    run: async () => {
      const errors: Error[] = [];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        try {
          await next();
        } catch (error) {
          errors.push(error as Error);
        }
      }
      return errors;
    },
  };
}
