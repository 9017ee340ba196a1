import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { join } from 'node:path';
import type { CollectEnv } from '#functions/collect/env.ts';
import type { AgentCard } from '#core/agents/agent-card.ts';
import type { SettleBatchEnv } from '#functions/settle-batch/env.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import { granting } from '../wiring.ts';
import type { Wire, Wiring } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { sending } from './queues.ts';
import { schedule } from './schedule.ts';
import { makeStateMachine, watchExecutions } from './state-machine.ts';
import { VERSION_REMEDY, versionMetric } from './version-metric.ts';

export interface EconomyProps {
  readonly agent: AgentCard;
  /** The worker's handler module below the project. It also exports the collector's handler, as `collect`. */
  readonly entry: string;
  /** Receives the tasks that were answered. */
  readonly queue: Queue;
  /** The end of its log group's name. @default `economy-` and the agent */
  readonly log?: string | undefined;
  readonly platform: Platform;
}

const DEFINITION = join(import.meta.dirname, '../../state-machines/batch.asl.json');
/** Seconds in which a collector creates its batches. Must be less than `QUIET_MS` in core/economy/recover.ts. */
const COLLECT_LIMIT = 300;
/** Seconds. Settling the 500 results of a batch takes far less. */
const SETTLE_LIMIT = 300;

/**
 * A pool's economy tasks, which wait for a batch at a lower price: the collector, which a schedule starts, and the state
 * machine that polls each batch and settles its results.
 */
export class Economy extends Construct {
  readonly settle: FleetFunction<SettleBatchEnv>;
  readonly collector: FleetFunction<CollectEnv>;
  readonly stateMachine: StateMachine;
  readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, props: EconomyProps) {
    super(scope, id);
    const { agent, entry, platform } = props;
    this.settle = new FleetFunction<SettleBatchEnv>(this, 'Settle', {
      entry: 'functions/settle-batch/handler.ts',
      service: `${agent.name}-batches`,
      measures: agent.name,
      description: `Settles batches of the agent ${agent.name}`,
      timeLimit: SETTLE_LIMIT,
      environment: this.#environment(props, platform.state.settling(), sending(props.queue)),
    });
    this.stateMachine = makeStateMachine(this, {
      definition: DEFINITION,
      substitutions: { SettleArn: this.#invoking() },
      logSuffix: `-${props.log ?? `economy-${agent.name}`}`,
    });
    this.collector = new FleetFunction<CollectEnv>(this, 'Collector', {
      entry,
      handler: 'collect',
      // Its metrics are its own: the alarm below tells tasks that wait for it from those that wait for a worker.
      service: collectorService(agent.name),
      description: `Collects economy tasks of the agent ${agent.name} into batches`,
      timeLimit: COLLECT_LIMIT,
      memory: 1_024,
      environment: {
        ...this.#environment(props, platform.state.collecting(), props.queue.queueUrl),
        INPUT_BUCKET: platform.inputs.reading(),
        BATCH_STATE_MACHINE_ARN: this.#starting(),
      },
    });
    this.schedule = schedule(this, {
      lambda: this.collector.live,
      minutes: FleetStack.of(this).config.economyMinutes,
      description: `Starts the collector of the agent ${agent.name}`,
    });
    this.#watch(agent.name);
  }

  /** @param queue the collector gets the URL without permissions, since it sends no task to the workers */
  #environment({ agent, platform }: EconomyProps, state: Wire, queue: string | Wire): Wiring<SettleBatchEnv> {
    return {
      STATE_TABLE: state,
      DEFAULT_QUEUE_URL: queue,
      AGENT: agent.name,
      CALLBACK_QUEUE_URL: platform.callbacks.sending(),
      ...platform.model.environment('batches'),
    };
  }

  /**
   * Not by its alias yet: a poll runs for up to two days, through a deploy from 0.2 or a rollback to it, and 0.2 has no
   * alias. The release after this one may use it.
   */
  #invoking(): Wire {
    this.settle.publish();
    return granting('lambda:InvokeFunction', this.settle.lambda.functionArn);
  }

  /** For the function that creates batches. */
  #starting(): Wire {
    return granting('states:StartExecution', this.stateMachine.stateMachineArn);
  }

  #watch(agent: string): void {
    alarm(this, 'Versions', {
      metric: versionMetric(this, collectorService(agent)),
      threshold: 1,
      says: `Economy tasks of the agent ${agent} wait for a collector with their agent version. After a deploy this ends with the next run of the collector. ${VERSION_REMEDY}`,
      severity: 3,
      runbook: 'agent-version',
    });
    watchExecutions(this, this.stateMachine, {
      what: `The polling of a batch of the agent ${agent}`,
      remedy: 'The collector starts it again within the hour.',
      severity: 3,
      runbook: 'run-failed',
    });
  }
}

/** The service of the collector of an agent. */
export const collectorService = (agent: string): string => `${agent}-collector`;
