/** What systems build their Lambda functions on. README.md describes each part. */

// Handlers of an agent's functions
export { agentHandler, type AgentHandlerOptions } from './handlers/agent-handler.ts';
export { collectHandler } from './handlers/collect-handler.ts';

// The handler that starts runs for lists
export { listHandler } from './handlers/list-handler.ts';

// Handlers of a stream's router
export { routesOwnEvents, streamHandler, sweepStreamHandler } from './handlers/stream-handler.ts';

// HTTP: a system's own routes and operations
export { apiPorts } from './http/api-ports.ts';
export { readJsonBody } from './http/body.ts';
export { problemResponse, serve, serveOperations, type Handlers, type HandlersOf } from './http/serve.ts';

// Runs: the fan-in of a fan-out, the barrier and the aggregator of a pipeline
export { aggregatePorts, type AggregatePorts } from './ports/aggregate-ports.ts';
export {
  mapErrorSchema,
  readRunDocuments,
  type MapError,
  type RunDocument,
  type RunToRead,
} from './runs/run-results.ts';
export { keepReportFields, keepsReport } from './runs/keeps-report.ts';
export {
  pipelineEventSchema,
  readPipelineRows,
  type PipelineEvent,
  type PipelineMap,
  type PipelineRow,
} from './runs/pipeline-rows.ts';
export { readResultRows, resultsRefSchema, type ResultRow, type ResultsRef } from './runs/result-files.ts';

// Ports on AWS
export { fleetSecret } from './ports/fleet-secret.ts';
export * from './ports/items.ts';
export { poolQueues, taskQueue } from './ports/task-queue.ts';
export { workerPorts, type MakeSandbox } from './ports/worker-ports.ts';

// Observability
export { logger, metrics, reportEvent, tracer } from './observability/telemetry.ts';
export { traced } from './observability/traced.ts';

// Parsing what comes from outside
export { parseEnv } from './parse/env.ts';
export { parseJson } from './parse/json.ts';
