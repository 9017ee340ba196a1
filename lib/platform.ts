import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import type { AgentCard } from '#core/agents/agent-card.ts';
import type { ArtifactBucket } from './constructs/artifact-bucket.ts';
import type { AuditBucket } from './constructs/audit-bucket.ts';
import type { Callbacks } from './constructs/callbacks.ts';
import type { FleetFunction } from './constructs/fleet-function.ts';
import type { InputBucket } from './constructs/input-bucket.ts';
import type { ModelAccess } from './constructs/model-access.ts';
import type { StateTable } from './constructs/state-table.ts';
import type { PlaceProps } from './fleet-stack.ts';

/** What the systems of an environment and region share. `PlatformStack` provides it. */
export interface Platform {
  /** The state of tasks, sessions, runs and pools. */
  readonly state: StateTable;
  /** The audit trail of tool calls. */
  readonly audit: AuditBucket;
  /** Large inputs, uploaded through the API. */
  readonly inputs: InputBucket;
  /** Who serves the model, and how functions reach it. */
  readonly model: ModelAccess;
  readonly callbacks: Callbacks;
  /** All pools of all systems so far, in the order they were created. */
  readonly pools: readonly PlatformPool[];
  /** Registers a pool, so that the API, the other pools and the systems can send tasks to it. */
  addPool(pool: PlatformPool): void;
  /** Calls `visit` for each pool: the existing ones now, later ones when they are added. */
  forEachPool(visit: (pool: PlatformPool) => void): void;
  /** State machines whose executions are runs. The API stops them when a run is cancelled. */
  readonly workflows: StateMachine[];
  /** Workflows whose runs write a report that the API offers. */
  readonly reports: PlatformReport[];
  /** Pipelines, which the API starts by their names. */
  readonly pipelines: PlatformPipeline[];
  /** Routes that systems serve under the task API's address. */
  readonly routes: SystemRoute[];
}

/** A pool, as the platform and other pools see it. */
export interface PlatformPool extends IConstruct {
  readonly agent: AgentCard;
}

/** A pipeline, as the API sees it. */
export interface PlatformPipeline {
  /** The `workflow` of `POST /runs`. */
  readonly workflow: string;
  readonly stateMachine: StateMachine;
  /** The agents of its stages, in their order. */
  readonly agents: readonly string[];
  /** Seconds that a run may take. */
  readonly deadline: number;
}

/** The reports of a workflow's runs, as the API sees them: objects `runs/<run>/<report>…`. */
export interface PlatformReport {
  readonly stateMachine: StateMachine;
  readonly artifacts: ArtifactBucket;
  /** The beginning of the names of its files, such as `report.` or `brief/`. */
  readonly report: string;
}

/** A system's function behind a route. */
export type SystemRoute = WebhookRoute | KeyedRoute;

/** Such as `POST /support/messages`. The function authenticates its callers itself. */
export interface WebhookRoute {
  readonly route: string;
  readonly fn: FleetFunction;
  /** How it authenticates callers, since the API asks them for no key. Shown to cdk-nag. */
  readonly trusts: string;
}

/** Such as `GET /portfolios`. Callers have a key of the task API, as for its own operations. */
export interface KeyedRoute {
  readonly route: string;
  readonly fn: FleetFunction;
  readonly keyed: true;
}

/** What each system's stack is created with. */
export interface SystemProps extends PlaceProps {
  /** What it shares with the other systems. */
  readonly platform: Platform;
}
