import { Flags } from '@oclif/core';
import { seen, type Facts } from '../checks/facts/index.ts';
import { gather, probesFor } from '../checks/gather.ts';
import { readRate } from '../checks/plans/quantities.ts';
import type { Signal } from '../proto/vocabulary/signals.ts';
import { badInput, couldNotLook } from './bad-input.ts';
import { ENDINGS, onSignals } from './endings.ts';
import { factsOf } from './facts-of.ts';
import { LookCommand } from './look-command.ts';
import { flagsFor, formatFlag } from './option-flags.ts';
import { TARGET_OPTIONS } from './options.ts';
import type { ReadOptions } from './read-options.ts';
import { announcement, SEND_RENDERERS } from './render/send.ts';
import { openFileFinder, openCountFinder } from './sending/bridge-finders.ts';
import { sendMarked, type SendPlan } from './sending/send-marked.ts';
import type { Finder } from './sending/finder.ts';
import { openKafkaFinder } from './sending/kafka-finder.ts';
import { newMark, type Mark } from '../checks/probes/marked/mark.ts';
import { SEND_PROTOCOLS } from '../checks/probes/marked/payload.ts';
import { routeOf, sinkFolderOf, type Route } from './sending/place.ts';
import { settingsOf, targetOf } from './target-options.ts';
import { version } from './version.ts';

const NAMES = [...TARGET_OPTIONS, 'timeout', 'wait'] as const;

/** oclif's flags of `send traces`, `send metrics` and `send logs`. */
export const SEND_FLAGS = {
  protocol: Flags.option({ options: SEND_PROTOCOLS, default: 'grpc' as const, summary: 'as OTEL_EXPORTER_OTLP_PROTOCOL has it' })(),
  count: Flags.string({ helpValue: 'N', summary: 'how many requests [1; with --rate ten seconds of it]' }),
  rate: Flags.string({ helpValue: 'R/s', summary: 'requests a second [as fast as they are answered]' }),
  gzip: Flags.boolean({ summary: 'compress' }),
  verify: Flags.boolean({ summary: 'find each again where it should end: --kafka, or the sink of a bridge' }),
  ...flagsFor(...NAMES),
  timeout: { ...flagsFor('timeout').timeout, summary: 'limit of the look before, and of each answer [10]' },
  wait: { ...flagsFor('wait').wait, summary: 'with --verify, how long what was taken may be on its way [60]' },
  ...formatFlag('text', 'json'),
};
type SendFlags = {
  protocol: (typeof SEND_PROTOCOLS)[number];
  count?: string | undefined;
  rate?: string | undefined;
  gzip?: boolean;
  verify?: boolean;
  format: 'text' | 'json';
};

/** The marks are in memory until the end. */
const MOST = 1_000_000;
const RATE_SECONDS = 10;

function countOf(text: string | undefined, perSecond: number | undefined): number {
  if (text === undefined) return perSecond === undefined ? 1 : Math.max(1, Math.round(perSecond * RATE_SECONDS));
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1 || Number(text) > MOST)
    throw badInput(`--count "${text}" is not a whole number from 1 to ${MOST} (try 100)`);
  return Number(text);
}

function rateFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const quantity = readRate(text.trim().replace(/ ?\/ ?s(?:ec)?$/, ''));
  if ('problem' in quantity) throw badInput(`--rate "${text}" ${quantity.problem}`);
  return quantity.value;
}

export const SEND_EXITS = 'Exit code: 0 all were taken (and found), 2 not all, 3 it could not be tried.';

/** Sends marked test messages of one signal: it says before what it will put where. */
export abstract class SendCommand extends LookCommand {
  protected async send(signal: Signal, flags: SendFlags & Record<string, unknown>): Promise<void> {
    const perSecond = rateFrom(flags.rate);
    const count = countOf(flags.count, perSecond);
    const options = this.options(NAMES, flags);
    const transport = flags.protocol === 'grpc' ? 'grpc' : 'http';
    const ids = flags.verify === true ? (['target', 'metrics'] as const) : (['target'] as const);
    const [facts] = await this.looking((world) => factsOf(options, { ...world, probes: probesFor(ids) }, 'refuse'), 0);
    const route = routeOf(facts, transport, signal);
    const mark = newMark();
    const plan: SendPlan = {
      signal,
      protocol: flags.protocol,
      gzip: flags.gzip === true,
      count,
      perSecond,
      mark,
      place: route.place,
      version: version(),
      deadlineMs: (options.values.timeout ?? 10) * 1000,
      waitMs: (options.values.wait ?? 60) * 1000,
    };
    const ending = new AbortController();
    const release = onSignals(this.surroundings, ENDINGS, () => ending.abort());
    try {
      const finder = flags.verify === true ? await this.#finder(options, facts, route, mark) : undefined;
      this.writer.err(announcement(plan, route, finder));
      const { report, where } = await sendMarked(plan, finder, ending.signal);
      const view = { report, plan, route, where, cutShort: ending.signal.aborted };
      this.print(SEND_RENDERERS[flags.format](view, this.renderOptions()), {
        status: report.ok
          ? 'ok'
          : this.#neverLeft(report.requests.length > 0 && report.answers.every(({ ok, code }) => !ok && UNSENT.includes(code)), route),
        kind: flags.format,
      });
    } finally {
      release();
    }
  }

  /** An address that nobody named says nothing by refusing. */
  #neverLeft(isUnsent: boolean, { place }: Route): 'critical' | 'unknown' {
    return isUnsent && place.assumed === true ? 'unknown' : 'critical';
  }

  /** Kafka where it was given; else the bridge's own sink, or what it counts. */
  async #finder(options: ReadOptions, facts: Facts, route: Route, mark: Mark): Promise<Finder> {
    const target = targetOf(options.values);
    if (target.kafka !== undefined)
      return openKafkaFinder({ bootstrap: target.kafka, security: target.kafkaSecurity, topic: route.topic }, mark);
    const folder = sinkFolderOf(facts);
    if (folder !== undefined && route.isBridge) return openFileFinder(folder, route.topic, mark);
    const place = seen(facts, 'metrics')?.sink?.place;
    if (place === undefined || !route.isBridge) throw couldNotLook('where messages end is not known', 'give --kafka HOST:PORT');
    const settings = settingsOf(options, { env: this.surroundings.env, now: Date.now, version: version(), windowSeconds: 0 });
    const produced = async (): Promise<number> => {
      const metrics = seen(await gather(target, settings, probesFor(['metrics'])), 'metrics');
      const value = metrics?.samples.at(-1)?.values['RecordsProduced'];
      if (value === undefined) throw new Error('the metrics of the bridge could not be read again');
      return value;
    };
    return openCountFinder(produced, `${place}, as the bridge counts`);
  }
}

const UNSENT = ['refused', 'no such host', 'no connection'];
