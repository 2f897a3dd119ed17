/** What Kafka Connect's REST interface says, as its JSON has it. Source: Kafka Connect REST, 3.9 to 4.1. */
export type TaskStatus = { id: number; state: string; worker_id: string; trace?: string; version?: string };

export type ConnectorStatus = {
  name: string;
  connector: { state: string; worker_id: string; trace?: string; version?: string };
  tasks: TaskStatus[];
  type: string;
};

/** `GET /` */
export type RestRoot = { version: string; commit: string; kafka_cluster_id: string };

/** `GET /health`: 200 healthy, 503 starting, 500 unhealthy; other statuses are failures. */
export type RestHealth = { httpStatus: number; status: string; message: string };

/** `GET /connectors?expand=status&expand=info`, by name; secrets in configurations are already tokens. */
export type RestList = Record<string, { status: ConnectorStatus; info: { config: Record<string, string>; type: string } }>;

/** `GET /connector-plugins` */
export type RestPlugins = { class: string; type: string; version?: string }[];
