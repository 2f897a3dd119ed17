/** What `explain` shows about one thing, offline. The shape of `otlpctl explain --format json`. */
export const PAGE_KINDS = ['check', 'action', 'plan', 'diagnosis', 'attribute', 'key', 'event', 'message', 'alert'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

export type Page = {
  id: string;
  kind: PageKind;
  /** one line */
  title: string;
  /** paragraphs */
  text: string[];
  /** to copy: otlpctl's first, then the runbook's own */
  commands: string[];
  /** ids of other pages */
  seeAlso: string[];
};

/** Runbook headings are no pages; they stand in the text. */
export const under = (headings: readonly string[]): string => `In the runbook: ${headings.map((heading) => `"${heading}"`).join(', ')}.`;

export const sentence = (text: string): string => {
  const trimmed = text.trim();
  return `${trimmed.slice(0, 1).toUpperCase()}${trimmed.slice(1)}${/[.:?!]$/.test(trimmed) ? '' : '.'}`;
};
