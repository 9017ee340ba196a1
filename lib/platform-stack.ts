import type { Construct } from 'constructs';
import { AuditBucket } from './constructs/audit-bucket.ts';
import { Callbacks } from './constructs/callbacks.ts';
import { InputBucket } from './constructs/input-bucket.ts';
import { ModelSecret } from './constructs/model-secret.ts';
import { StateTable } from './constructs/state-table.ts';
import type { AgentPool } from './constructs/agent-pool.ts';
import type { FleetFunction } from './constructs/fleet-function.ts';
import { FleetStack } from './fleet-stack.ts';
import type { PlaceProps } from './fleet-stack.ts';

/** A function of a system that answers a route such as `POST /support/messages`, and checks by itself who asks. */
export interface SystemRoute {
  readonly route: string;
  readonly fn: FleetFunction;
  /** How it knows its callers, since the API asks them for no key. */
  readonly trusts: string;
}

/**
 * What all systems of an environment and region share: the state of tasks, the audit trail, the model's key,
 * callbacks. Systems'
 * stacks stand on it; the task API's stack stands on theirs, and finds their pools here.
 */
export class PlatformStack extends FleetStack {
  readonly state: StateTable;
  readonly audit: AuditBucket;
  readonly inputs: InputBucket;
  readonly model: ModelSecret;
  readonly callbacks: Callbacks;
  readonly #pools: AgentPool[] = [];
  readonly #forPools: ((pool: AgentPool) => void)[] = [];
  /** What systems serve beside the task API, under its address. */
  readonly routes: SystemRoute[] = [];

  constructor(scope: Construct, props: PlaceProps) {
    super(scope, {
      ...props,
      system: 'platform',
      description: 'What all systems share: state, audit trail, model key, callbacks',
    });
    this.state = new StateTable(this, 'State');
    this.audit = new AuditBucket(this, 'Audit');
    this.inputs = new InputBucket(this, 'Inputs');
    this.model = new ModelSecret(this, 'ModelSecret');
    this.callbacks = new Callbacks(this, 'Callbacks');
    this.tell({
      StateTable: this.state.table.tableName,
      AuditBucket: this.audit.bucket.bucketName,
      CallbackSecret: this.callbacks.secret.name,
      CallbackDeadLetterQueueUrl: this.callbacks.deadLetters.queueUrl,
    });
  }

  /** Every pool of every system so far, in the order they were made. */
  get pools(): readonly AgentPool[] {
    return this.#pools;
  }

  addPool(pool: AgentPool): void {
    this.#pools.push(pool);
    for (const tell of this.#forPools) tell(pool);
  }

  /** Does something for each pool: those that are there, and those that are made later. */
  forEachPool(tell: (pool: AgentPool) => void): void {
    this.#pools.forEach(tell);
    this.#forPools.push(tell);
  }
}
