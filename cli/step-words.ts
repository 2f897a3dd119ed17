/** Which of a command's options take a value, by their long names, as oclif knows them. */
export type OptionKinds = Readonly<Record<string, { type: string; char?: string }>>;

type Parted = { options: { name: string; words: string[] }[]; values: string[] };

/** Options, each with its value, and what stands for itself. */
function parted(words: readonly string[], kinds: OptionKinds): Parted {
  const found: Parted = { options: [], values: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (!word.startsWith('-')) {
      found.values.push(word);
      continue;
    }
    const [name = ''] = word.replace(/^--?/, '').split('=', 1);
    const kind = kinds[name] ?? Object.values(kinds).find(({ char }) => char === name);
    const takesNext = kind?.type === 'option' && !word.includes('=') && at + 1 < words.length;
    found.options.push({ name, words: takesNext ? [word, words[at + 1]!] : [word] });
    if (takesNext) at += 1;
  }
  return found;
}

/**
 * A step's own words with those behind it on the command line: what is given counts in place of what the step has, option by option, and its
 * values (a file, keys to be set, a count) as a whole.
 */
export function stepWords(own: readonly string[], given: readonly string[], kinds: OptionKinds): string[] {
  const [step, here] = [parted(own, kinds), parted(given, kinds)];
  const left = step.options.filter(({ name }) => !here.options.some((one) => one.name === name));
  return [...(here.values.length > 0 ? [] : step.values), ...left.flatMap(({ words }) => words), ...given];
}
