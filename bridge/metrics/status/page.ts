import { METRICS_PATH } from '../../../proto/vocabulary/connect.ts';
import type { Connector } from '../../connect/connector.ts';
import { connectorState, hasTask, taskState } from '../../connect/views.ts';
import type { Event } from '../events.ts';
import type { History } from '../history.ts';
import { lookAt } from '../source.ts';
import { connectorBlock, type Shown } from './connector.ts';
import { html, type Html } from './html.ts';
import { STYLE } from './style.ts';

export const REFRESH_S = 5;

/** Nothing is loaded from anywhere and nothing runs, whatever a name or a log line says. */
export const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function shownOf(connector: Connector, history: History): Shown {
  const look = lookAt(connector);
  const state = connectorState(connector);
  const failed = connector.task?.trace ?? connector.failure;
  return {
    name: connector.name,
    state,
    taskState: hasTask(connector) ? taskState(connector) : null,
    ports: connector.task?.ports ?? null,
    trace: failed,
    running: look && { look, rates: history.rates(look) },
  };
}

const TONE = { INFO: '', WARN: 'warn', ERROR: 'bad' } as const;

function eventLine({ at, level, message, context }: Event): Html {
  const time = new Date(at).toISOString().slice(11, 19);
  return html`<li class="${TONE[level]}">${time} ${level} ${context === undefined ? '' : `[${context}] `}${message}</li> `;
}

export type StatusFacts = { connectors: readonly Shown[]; events: readonly Event[]; at: number };

/** The page for people: plain HTML that renews itself, newest event first. */
export function statusPage({ connectors, events, at }: StatusFacts): string {
  const links = [METRICS_PATH.prometheus, METRICS_PATH.json, METRICS_PATH.jolokia].map((path) => html`<a href="${path}">${path}</a> `);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="${REFRESH_S}" />
        <title>otlpctl bridge</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <header>
          <h1>otlpctl bridge</h1>
          <nav>${links}</nav>
        </header>
        <p class="quiet">Process ${process.pid}, ${new Date(at).toISOString().slice(0, 19)}Z. Rates are of the last minute.</p>
        <main>
          ${connectors.length === 0 ? html`<p>No connector exists here.</p>` : connectors.map(connectorBlock)}
          <section>
            <h2>Last events</h2>
            <ol>
              ${[...events].reverse().map(eventLine)}
            </ol>
          </section>
        </main>
      </body>
    </html> `.html;
}
