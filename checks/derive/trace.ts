import { oneLine } from './words.ts';

/** Java stack traces, read from the outside in. */

/** Head lines: the exception itself and each `Caused by`, outermost first, one line each. */
export const causes = (trace: string): string[] =>
  trace
    .split('\n')
    .map((line) => line.trim())
    .filter((line, index) => line !== '' && (index === 0 || line.startsWith('Caused by: ')))
    .map((line) => oneLine(line.replace(/^Caused by: /, ''), 400));

const withoutPackage = (cause: string): string =>
  cause.replace(/^(?:[\w$]+\.)+(?:[\w$]+\$)?([A-Z][\w$]*(?:Exception|Error|Failure)?): /, (_, name: string) => `${name}: `);

/** The deepest cause in one line, the class without its package: `BindException: Address already in use`. */
export const deepestCause = (trace: string): string => withoutPackage(causes(trace).at(-1) ?? '').replace(/\.$/, '');

/** `Failed to start OTLP receiver: NativeIoException: bind(..) failed: Address already in use`. */
export function causeInOneLine(trace: string): string {
  const all = causes(trace);
  const top = (all[0] ?? '').replace(/^[\w.$]+: /, '');
  return all.length < 2 ? deepestCause(trace) : oneLine(`${top}: ${deepestCause(trace)}`, 300);
}
