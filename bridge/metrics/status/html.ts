/** Text that is HTML already; everything else becomes text when it is put into a page. */
export type Html = { readonly html: string };

const CODES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Control characters, and those that turn the direction of what follows: nobody's name rearranges the page. */
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export const escape = (text: string): string =>
  text
    .replace(HARMFUL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[&<>"']/g, (character) => CODES[character]!);

export type Value = Html | string | number | readonly Html[];

const asHtml = (value: Value): string =>
  typeof value === 'string' || typeof value === 'number'
    ? escape(String(value))
    : 'html' in value
      ? value.html
      : value.map(({ html }) => html).join('');

/** A template whose values cannot break out of their place. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: parts.reduce((page, part, index) => page + part + (index < values.length ? asHtml(values[index]!) : ''), ''),
});
