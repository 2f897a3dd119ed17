/** What a person gave and the bridge cannot use, in one sentence. `code` is how the command line tells it from a crash. */
export type BadInput = Error & { code: 'bad-input' };

export const badInput = (sentence: string): BadInput => Object.assign(new Error(sentence), { code: 'bad-input' as const });
