import type { Construct } from 'constructs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AuditBucket } from './constructs/audit-bucket.ts';
import { Callbacks } from './constructs/callbacks.ts';
import { InputBucket } from './constructs/input-bucket.ts';
import { ModelAccess } from './constructs/model-access.ts';
import { StateTable } from './constructs/state-table.ts';
import { FleetStack } from './fleet-stack.ts';
import { keepOutputs } from './kept-outputs.ts';
import type { PlaceProps } from './fleet-stack.ts';
import { asksForHomes, isGlobal } from './regions.ts';
import type { Platform, PlatformPipeline, PlatformPool, PlatformReport, SystemRoute } from './platform.ts';

/**
 * The stack of what all systems of an environment and region share. The systems' stacks depend on it. The task API's
 * stack depends on the systems' stacks and finds their pools here.
 */
export class PlatformStack extends FleetStack implements Platform {
  readonly state: StateTable;
  readonly audit: AuditBucket;
  readonly inputs: InputBucket;
  readonly model: ModelAccess;
  readonly callbacks: Callbacks;
  readonly #pools: PlatformPool[] = [];
  readonly #visitors: ((pool: PlatformPool) => void)[] = [];
  readonly workflows: StateMachine[] = [];
  readonly reports: PlatformReport[] = [];
  readonly pipelines: PlatformPipeline[] = [];
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
    this.model = new ModelAccess(this);
    this.callbacks = new Callbacks(this, 'Callbacks', { state: this.state });
    const { table } = this.state;
    const { queue } = this.callbacks;
    // Release 0.2 had one region.
    if (!isGlobal(props.config) || props.region === props.config.regions[0])
      keepOutputs(this, [
        table.tableArn,
        table.tableName,
        queue.queueArn,
        queue.queueUrl,
        this.model.secret?.secretArn,
      ]);
    this.tell({
      StateTable: this.state.table.tableName,
      AuditBucket: this.audit.bucket.bucketName,
      // The command line finds by it that what it writes into one region must go where the home is held.
      ...(isGlobal(props.config) && {
        InputBucket: this.inputs.bucket.bucketName,
        ...(asksForHomes(props.config, props.region) && { Regions: props.config.regions.join(', ') }),
      }),
      CallbackSecret: this.callbacks.secret.name,
      CallbackQueueUrl: this.callbacks.queue.queueUrl,
      CallbackDeadLetterQueueUrl: this.callbacks.deadLetters.queueUrl,
    });
  }

  get pools(): readonly PlatformPool[] {
    return this.#pools;
  }

  addPool(pool: PlatformPool): void {
    this.#pools.push(pool);
    for (const visit of this.#visitors) visit(pool);
  }

  forEachPool(visit: (pool: PlatformPool) => void): void {
    this.#pools.forEach(visit);
    this.#visitors.push(visit);
  }
}
