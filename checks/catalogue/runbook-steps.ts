import { ALERTS_STEPS } from './steps/alerts.ts';
import { DECISION_TREE_STEPS } from './steps/decision-tree.ts';
import { DROPPED_MESSAGES_STEPS } from './steps/dropped-messages.ts';
import { METRICS_STEPS } from './steps/metrics.ts';
import { NO_MESSAGES_STEPS } from './steps/no-messages.ts';
import { NOT_RUNNING_STEPS } from './steps/not-running.ts';
import { PROCESSING_LAG_STEPS } from './steps/processing-lag.ts';
import { QUICK_COMMANDS_STEPS } from './steps/quick-commands.ts';
import { RECEIVERS_NOT_LISTENING_STEPS } from './steps/receivers-not-listening.ts';
import { RECOVERY_STEPS } from './steps/recovery.ts';
import { SCALING_STEPS } from './steps/scaling.ts';
import { TROUBLESHOOTING_STEPS } from './steps/troubleshooting.ts';
import { TUNING_STEPS } from './steps/tuning.ts';
import type { RunbookStep } from './step.ts';

/** Everything that the runbook tells a person to do or to look at. A test holds it against the runbook's text. */
export const RUNBOOK_STEPS: readonly RunbookStep[] = [
  ...DECISION_TREE_STEPS,
  ...QUICK_COMMANDS_STEPS,
  ...NOT_RUNNING_STEPS,
  ...METRICS_STEPS,
  ...ALERTS_STEPS,
  ...RECEIVERS_NOT_LISTENING_STEPS,
  ...NO_MESSAGES_STEPS,
  ...DROPPED_MESSAGES_STEPS,
  ...PROCESSING_LAG_STEPS,
  ...TUNING_STEPS,
  ...TROUBLESHOOTING_STEPS,
  ...RECOVERY_STEPS,
  ...SCALING_STEPS,
];

/** The runbook's headings that have steps, in its order. */
export const HEADINGS = [
  'Incident Response Decision Tree',
  'Quick Commands Reference',
  'Issue: Connector Not Running',
  'Key JMX Metrics',
  'Counter Metrics',
  'Queue Metrics',
  'Derived Metrics',
  'Recommended Alerts',
  'Issue 1: OTLP Receivers Not Listening',
  'Issue 2: No Messages Received',
  'Issue 3: High Message Drop Rate',
  'Issue 4: Processing Lag Building Up',
  'Queue Sizing',
  'Message Format Selection',
  'Port Configuration',
  'Debug Logging',
  'Common Log Messages',
  'Health Check',
  'OTLP Endpoint Testing',
  'Restart Connector',
  'Update Configuration',
  'Emergency Shutdown',
  'Estimating Queue Size',
  'Estimating Memory',
  'Scaling Considerations',
  'Contact and Escalation',
] as const;
