import { createHash } from 'node:crypto';

/**
 * Reads the operators' document as text and takes out everything that it tells a person to do or to look at.
 * A line is a command, a label, the look of something (a rule of a table, an arrow), or else an instruction: what is not known to be
 * nothing must have a step, so that a new sentence cannot slip by.
 */
export type RunbookItem = { heading: string; line: number; kind: 'command' | 'instruction'; text: string };

export const normalise = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** How the catalogue names an instruction without repeating it. */
export const hashOf = (text: string): string => createHash('sha256').update(normalise(text)).digest('hex').slice(0, 16);

const PROGRAM =
  /^(?:sudo|curl|netstat|grep|tail|grpcurl|lsof|otel-cli|kafka-[\w-]+|kubectl|systemctl|export|sleep|cat|jconsole|iostat|iftop)\b/;
const SETTING = /^(?:"[\w.]+": "|[a-z0-9_]+(?:\.[\w]+)+=)/;
const SCRIPT_COMMAND = /^(?:[A-Z_]+=|if )/;
/** `Resolution:`, `Test gRPC endpoint:`; a longer line that ends so is a sentence. */
const LABEL = /^(?:[\w-]+ ){0,2}[\w-]+:$/;
/** Layout, arrows that only go on, and what introduces the document or a block. */
const NOTHING = [/^-?$/, /^\|?-{3}/, /^(?:# )?or$/, /→ Continue ↓$/, /^START:/, /^# Example (?:Prometheus|for) /, /^# Actions:$/];

type Line = { number: number; text: string };

/** Lines that belong together: continued by a backslash, a brace or a here-document. */
function block(lines: readonly Line[], start: number): { text: string; length: number } {
  const first = lines[start]!.text;
  const until = (end: (text: string) => boolean) => {
    const length = lines.slice(start).findIndex(({ text }) => end(text)) + 1;
    const taken = lines.slice(start, start + length).map(({ text }) => text);
    return { text: taken.join('\n'), length };
  };
  if (first.endsWith('<<EOF')) return until((text) => text === 'EOF');
  if (first === '{') return until((text) => text === '}');
  const { text, length } = until((line) => !line.endsWith('\\'));
  return { text: normalise(text.replace(/\\\n/g, ' ')), length };
}

/** `Symptoms: - a - b` and `Root Causes: 1. a 2. b` are lists on one line. */
function sentences(text: string): string[] {
  const list = /^[A-Z][\w -]*: (?=- |1\. )(.*)$/.exec(text)?.[1];
  if (list === undefined) return [text];
  return list.startsWith('- ') ? list.slice(2).split(' - ') : list.split(/ (?=\d\. )/).map((item) => item.replace(/^\d\. /, ''));
}

/** A comment behind a command is a sentence of its own. */
function withoutComment(command: string): { command: string; comment?: string } {
  const at = command.search(/ # /);
  return at < 0 ? { command } : { command: command.slice(0, at).trim(), comment: command.slice(at + 3) };
}

/** An alert rule as one line: NAME: expression for 5m. */
function alertRule(lines: readonly Line[], start: number): { text: string; length: number } {
  const rest = lines.slice(start + 1);
  const end = rest.findIndex(({ text }) => text.startsWith('- alert:') || text.endsWith('¶'));
  const own = rest.slice(0, end < 0 ? rest.length : end);
  const value = (key: string) => own.find(({ text }) => text.startsWith(`${key}: `))?.text.slice(key.length + 2);
  const lasting = value('for');
  return { text: `${lines[start]!.text.slice(9)}: ${value('expr')}${lasting ? ` for ${lasting}` : ''}`, length: own.length + 1 };
}

export function readRunbook(text: string): RunbookItem[] {
  const lines = text.split('\n').map((line, index): Line => ({ number: index + 1, text: normalise(line.replace(/[│├└─]/g, ' ')) }));
  const items: RunbookItem[] = [];
  let heading = '';
  let inScript = false;
  // The title, what introduces it and its table of contents tell nobody to do anything.
  let begun = false;
  for (let at = 0; at < lines.length; at++) {
    const { number, text: line } = lines[at]!;
    const add = (kind: RunbookItem['kind'], ...texts: string[]) => {
      for (const one of texts) items.push({ heading, line: number, kind, text: one });
    };
    if (line.endsWith('¶')) {
      begun ||= heading === 'Table of Contents';
      heading = line.slice(0, -1);
      inScript = false;
    } else if (!begun || NOTHING.some((nothing) => nothing.test(line)) || LABEL.test(line)) {
      continue;
    } else if (line === '#!/bin/bash') {
      // The whole script once, so that a changed message or exit code is seen too.
      const end = lines.findLastIndex(({ text }, index) => index > at && text === 'exit 0');
      add(
        'instruction',
        lines
          .slice(at, end + 1)
          .map((one) => one.text)
          .join(' '),
      );
      inScript = true;
    } else if (line === 'groups:') {
      continue;
    } else if (line.startsWith('- alert:')) {
      const { text: rule, length } = alertRule(lines, at);
      add('command', rule);
      at += length - 1;
    } else if (inScript) {
      if (line.startsWith('# ')) add('instruction', line.slice(2));
      else if (SCRIPT_COMMAND.test(line) && /curl|netstat/.test(line)) add('command', line);
      if (line === 'exit 0') inScript = false;
    } else if (line === '{' || PROGRAM.test(line) || SETTING.test(line)) {
      const { text: whole, length } = block(lines, at);
      const { command, comment } = withoutComment(whole);
      const annotated = / \((gRPC|HTTP)\)$/.exec(command);
      add('command', annotated ? command.slice(0, annotated.index) : command);
      if (comment !== undefined) add('instruction', comment);
      at += length - 1;
    } else if (line === 'Action: Increase') {
      // The page sets the key as code, which broke the sentence.
      add('instruction', `${line} ${lines[++at]!.text}`);
    } else {
      add('instruction', ...sentences(line.replace(/^# /, '')));
    }
  }
  return items;
}
