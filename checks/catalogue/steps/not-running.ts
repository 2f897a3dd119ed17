import type { RunbookStep } from '../step.ts';

/** The connector or its task does not run. */
export const NOT_RUNNING_STEPS: readonly RunbookStep[] = [
  {
    id: 'task-trace',
    kind: 'check',
    title: 'why the task failed',
    places: [
      {
        heading: 'Issue: Connector Not Running',
        commands: ["curl -s http://localhost:8083/connectors/<name>/status | jq '.tasks[0].trace'"],
        says: ['6b2d5772fe39674b', '315351aa07e09986'],
      },
      { heading: 'Issue 1: OTLP Receivers Not Listening', commands: [], says: ['315351aa07e09986'] },
    ],
    note: 'The runbook reads tasks[0] only. When the connector itself cannot start there is no task and the trace is in .connector.trace. The cause is the last "Caused by".',
  },
  {
    id: 'connector-configuration',
    kind: 'check',
    title: 'the configuration is valid',
    places: [
      { heading: 'Issue: Connector Not Running', commands: [], says: ['3b9242cd4094044d'] },
      { heading: 'Contact and Escalation', commands: [], says: ['c092ab66387c5c15'] },
    ],
    note: 'A configuration that does not pass validation never becomes a connector: the name is then simply not there.',
  },
  {
    id: 'plugin-presence',
    kind: 'check',
    title: 'the plug-in is installed and whole',
    places: [{ heading: 'Issue: Connector Not Running', commands: [], says: ['8cfdcf1c0de93d9a'] }],
    note: 'A missing dependency shows only in the trace of the task: the connector class loads, and no line of the connector is logged.',
  },
  {
    id: 'connector-redeploy',
    kind: 'action',
    title: 'delete the connector and create it again',
    places: [
      {
        heading: 'Issue: Connector Not Running',
        commands: [
          'curl -X DELETE http://localhost:8083/connectors/<name>',
          'curl -X POST http://localhost:8083/connectors -H "Content-Type: application/json" -d @connector.json',
        ],
        says: ['418a03794c250281'],
      },
    ],
    otlpctl: 'otlpctl connector deploy connector.json',
    note: 'Deleting discards what is queued. Validate the file first (PUT /connector-plugins/.../config/validate): a file that is refused leaves no connector at all. A configuration can be changed without deleting.',
  },
];
