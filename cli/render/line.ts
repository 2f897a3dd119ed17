import type { Theme } from './theme.ts';

/** A finished line: text, of which some may have a style. Laid out first, painted last, so that colour moves no word. */
export type Style = keyof Theme;
export type Line = readonly (string | { style: Style; text: string })[];

export const plain = (lines: readonly string[]): Line[] => lines.map((line) => [line]);
export const styled = (style: Style, lines: readonly string[]): Line[] => lines.map((text) => [{ style, text }]);

/** Gives the first line's leading words a style: a label before wrapped text. */
export function withLabel(style: Style, label: string, lines: readonly string[]): Line[] {
  return lines.map((line, index) => {
    const at = index === 0 ? line.indexOf(label) : -1;
    return at < 0 ? [line] : [line.slice(0, at), { style, text: label }, line.slice(at + label.length)];
  });
}

export const BLANK: Line = [''];

export const paint = (lines: readonly Line[], theme: Theme): string =>
  lines.map((line) => `${line.map((span) => (typeof span === 'string' ? span : theme[span.style](span.text))).join('')}\n`).join('');
