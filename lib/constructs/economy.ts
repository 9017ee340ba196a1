import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
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
import { wire } from '../wiring.ts';
import type { Wire, Wiring } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { sending } from './queues.ts';
import { schedule } from './schedule.ts';

export interface EconomyProps {
  readonly agent: AgentCard;
  /** The worker's handler module below the project. It also exports the collector's handler, as `collect`. */
  readonly entry: string;
  /** Takes the tasks that were answered. */
  readonly queue: Queue;
  readonly platform: Platform;
}

const DEFINITION = join(import.meta.dirname, '../../state-machines/batch.asl.json');
/** Seconds in which a collector gathers and makes its batches; less than `QUIET_MS` in core/economy/recover.ts leaves it. */
const COLLECT_LIMIT = 300;
/** Seconds in which the 500 results of a batch are settled, with much to spare. */
const SETTLE_LIMIT = 300;

/**
 * A pool's economy tasks, which wait for a batch at a share of the price: the collector, started on a schedule, and the
 * state machine that polls each batch and settles its results.
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
      service: `${agent.name}-collector`,
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
      lambda: this.collector.lambda,
      minutes: FleetStack.of(this).config.economyMinutes,
      description: `Starts the collector of the agent ${agent.name}`,
    });
    this.#watch(agent.name);
  }

  /** @param queue the collector only knows it: it hands no task to the workers itself */
  #environment({ agent, platform }: EconomyProps, state: Wire, queue: string | Wire): Wiring<SettleBatchEnv> {
    const { config } = FleetStack.of(this);
    return {
      STATE_TABLE: state,
      DEFAULT_QUEUE_URL: queue,
      AGENT: agent.name,
      CALLBACK_QUEUE_URL: platform.callbacks.sending(),
      MODEL_SECRET: platform.model.reading(),
      ...(config.modelBaseUrl !== undefined && { ANTHROPIC_BASE_URL: config.modelBaseUrl }),
      MODEL_OVERRIDES: JSON.stringify(config.modelOverrides),
    };
  }

  #makeStateMachine(settle: Wire): StateMachine {
    const { config, stackName } = FleetStack.of(this);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    explain(role, {
      'IAM5[Resource::*]': 'X-Ray and the delivery of logs know no resources: their actions allow only "*".',
    });
    const stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromFile(DEFINITION),
      definitionSubstitutions: wire({ SettleArn: settle }, role),
      role,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // Each other name adds to a policy of the account that holds some forty at most.
          logGroupName: `/aws/vendedlogs/states/${stackName}-economy`,
          retention: config.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ERROR,
        includeExecutionData: false,
      },
    });
    explain(stateMachine, {
      SF1: 'Each step is in the execution history for 90 days already; the log is for what failed.',
    });
    return stateMachine;
  }

  #invoking(): Wire {
    return granting('lambda:InvokeFunction', this.settle.lambda.functionArn);
  }

  /** For who makes batches. */
  #starting(): Wire {
    return granting('states:StartExecution', this.stateMachine.stateMachineArn);
  }

  #watch(agent: string): void {
    const failures = { Failed: 'failed', TimedOut: 'ran out of time' };
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
        says: `The polling of a batch of the agent ${agent} ${words}: its execution names the cause. The collector starts it anew within the hour.`,
      });
    }
  }
}

const granting = (action: string, arn: string): Wire => ({
  value: arn,
  grantTo: (grantee: IGrantable) => Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [arn] }),
});
