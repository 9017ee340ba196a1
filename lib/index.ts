/** What a system's `stack.ts` is built from. */

// Stacks
export { agentStack, type AgentStack } from './agent-stack.ts';
export { FleetStack, type FleetStackProps, type PlaceProps } from './fleet-stack.ts';
export type { Platform, PlatformPool, SystemProps, SystemRoute } from './platform.ts';

// Configuration
export { ConfigError, systemSettings } from './config.ts';

// Agents and their pools
export { agentCard, type AgentCard } from '#core/agents/agent-card.ts';
export { AgentPool, type AgentPoolProps } from './constructs/agent-pool.ts';
export { Sandbox } from './constructs/sandbox.ts';
export { shareOut, shareWorkers } from './share-out.ts';

// Fan-out over the objects of an upload
export { ArtifactBucket, UPLOADS } from './constructs/artifact-bucket.ts';
export { FanOut, type FanOutProps } from './constructs/fan-out.ts';
export { ListIntake, type ListIntakeProps } from './constructs/list-intake.ts';
export { Pipeline, type PipelineProps, type PipelineStage } from './constructs/pipeline.ts';
export { TaskIntake } from './constructs/task-intake.ts';

// Streams of events
export { EventStream, type EventStreamProps } from './constructs/event-stream.ts';
export { streamSourceSchema, type StreamSource } from './stream-source.ts';
export { StreamRouter, type StreamRouterProps } from './constructs/stream-router.ts';

// Notifications
export { ReportTopic } from './constructs/report-topic.ts';

// State machines
export { invoking, makeStateMachine, watchExecutions } from './constructs/state-machine.ts';

// Functions and what they may use
export { FleetFunction, type FleetFunctionProps, serviceName } from './constructs/fleet-function.ts';
export { fleetMetric } from './constructs/fleet-metric.ts';
export { NamedSecret } from './constructs/named-secret.ts';
export { ItemTable, type ItemTableProps } from './constructs/item-table.ts';
export { mapQueue } from './constructs/queue-mapping.ts';
export { deadLetterQueue, fleetQueue, handling, sending } from './constructs/queues.ts';
export { Schedule, type ScheduleProps } from './constructs/run-schedule.ts';
export { schedule } from './constructs/schedule.ts';
export { granting, type Wire, type Wiring } from './wiring.ts';
export { explain, explainStar } from './explain.ts';

// Monitoring
export { alarm } from './constructs/alarm.ts';
export { FleetDashboard } from './constructs/fleet-dashboard.ts';
