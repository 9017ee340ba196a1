import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { join } from 'node:path';
import type { CollectEnv } from '#functions/collect/env.ts';
import type { AgentCard } from '#core/agents/agent-card.ts';
import type { SettleBatchEnv } from '#functions/settle-batch/env.ts';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import { granting, wire } from '../wiring.ts';
import type { Wire, Wiring } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { sending } from './queues.ts';
import { schedule } from './schedule.ts';
import { VERSION_REMEDY, versionMetric } from './version-metric.ts';

export interface EconomyProps {
  readonly agent: AgentCard;
  /** The worker's handler module below the project. It also exports the collector's handler, as `collect`. */
  readonly entry: string;
  /** Receives the tasks that were answered. */
  readonly queue: Queue;
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
      description: `Settles batches of the agent ${agent.name}`,
      timeLimit: SETTLE_LIMIT,
      environment: this.#environment(props, platform.state.settling(), sending(props.queue)),
    });
    this.stateMachine = this.#makeStateMachine(this.#invoking());
    this.collector = new FleetFunction<CollectEnv>(this, 'Collector', {
      entry,
      handler: 'collect',
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

  #makeStateMachine(settle: Wire): StateMachine {
    const { config, stackName } = FleetStack.of(this);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    explain(role, {
      'IAM5[Resource::*]': 'The actions of X-Ray and of log delivery support no resources, only "*".',
    });
    const stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromFile(DEFINITION),
      definitionSubstitutions: wire({ SettleArn: settle }, role),
      role,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // Any other name adds to an account-wide resource policy that has room for about forty.
          logGroupName: `/aws/vendedlogs/states/${stackName}-economy`,
          retention: config.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ERROR,
        includeExecutionData: false,
      },
    });
    explain(stateMachine, {
      SF1: 'The execution history has each step for 90 days. The log is for failures.',
    });
    return stateMachine;
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
    });
    const failures = { Failed: 'failed', TimedOut: 'timed out' };
    for (const [how, words] of Object.entries(failures)) {
      alarm(this, `Executions${how}`, {
        metric: new Metric({
          namespace: 'AWS/States',
          metricName: `Executions${how}`,
          dimensionsMap: { StateMachineArn: this.stateMachine.stateMachineArn },
          statistic: 'Sum',
          period: Duration.minutes(5),
        }),
        threshold: 1,
        says: `The polling of a batch of the agent ${agent} ${words}. Its execution shows the cause. The collector starts it again within the hour.`,
      });
    }
  }
}

const collectorService = (agent: string): string => `${agent}-collector`;
