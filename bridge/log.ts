export type Level = 'INFO' | 'WARN' | 'ERROR';

/** Where a line of the service log comes from: Connect's logger and context, as the connector's lines have them. */
export type LogLine = { level: Level; message: string; logger: string; context?: string; trace?: string };

/** The logger of what the bridge says as itself, and not as the connector or as Connect. */
export const BRIDGE_LOGGER = 'otlpctl.bridge';

/** Everything that wants to say something gets one of these; the process decides where lines go. */
export type Log = (line: LogLine) => void;
