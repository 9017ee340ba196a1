import { Duration, Token } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { versionsOf, type AgentCard } from '#core/agents/agent-card.ts';
import type { RunAgentEnv } from '#functions/run-agent/env.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import { shareWorkers } from '../share-out.ts';
import type { Wire } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { VERSION_REMEDY, versionMetric } from './version-metric.ts';
import { DeadLetters } from './dead-letters.ts';
import { Economy } from './economy.ts';
import { FleetFunction, type FleetFunctionProps } from './fleet-function.ts';
import { poolQueueName, sendingToPools } from './pool-queues.ts';
import { mapQueue } from './queue-mapping.ts';
import type { Scaling } from './queue-mapping.ts';
import { fleetQueue, handling, sending } from './queues.ts';
import { Sweeper } from './sweeper.ts';

export interface AgentPoolProps {
  /** The agent's card: `agentCard(agent)`. */
  readonly agent: AgentCard;
  /** The worker's handler module below the project. */
  readonly entry: string;
  /** Programs that the worker starts, and files that it reads, see `FleetFunction`. @default none */
  readonly beside?: Pick<FleetFunctionProps<RunAgentEnv>, 'programs' | 'files'>;
  /**
   * Each queue has its own workers, so that neither starves the other.
   * @default the environment's `workers` of this agent (`lib/config.ts`), a fifth of them for the high queue
   */
  readonly scaling?: { readonly high: Scaling; readonly default: Scaling };
  /** MiB of memory of a worker. @default 512 */
  readonly memory?: number;
  /** Tasks a worker handles at once, 1 to 10. Use more than one only for agents without tools. @default 1 */
  readonly tasksPerWorker?: number;
  readonly platform: Platform;
  /** The bucket of inputs, for agents whose inputs are objects. @default none */
  readonly artifacts?: Wire;
  /** Where the agent's untrusted tools run, see `Sandbox`. @default none: the agent has no such tools */
  readonly sandbox?: Wire;
  /** Environment variables of the agent's own tools, each with the permissions it needs. @default none */
  readonly tools?: Readonly<Record<string, string | Wire>>;
  /** Why the agent takes no economy tasks, as it follows “because”. Then it needs no collector. @default the environment decides */
  readonly noEconomy?: string;
  /**
   * The end of the name of the log group of its batches: `economy` for a pool that was the only one of its stack in
   * release 0.2, which named it so. Another name replaces the group. @default `economy-` and the agent
   */
  readonly economyLog?: string;
  /** Minutes a task may wait before an alarm rings. @default 5 in the high queue, 60 in the default queue */
  readonly patience?: { readonly high: number; readonly default: number };
}

/** A message returns to the queue whenever its task has to wait, so attempts are counted in the task, not by receives. */
const MAX_RECEIVES = 100;

/**
 * The resources of one agent: a high and a default queue, the worker function of both, the handler of their dead letters,
 * the sweeper, and alarms.
 */
export class AgentPool extends Construct {
  readonly agent: AgentCard;
  readonly high: Queue;
  readonly default: Queue;
  readonly deadLetters: DeadLetters;
  readonly worker: FleetFunction<RunAgentEnv>;
  /** The mappings invoke this alias. Provisioned concurrency keeps its workers warm. */
  readonly alias: Alias;
  readonly sweeper: Sweeper;
  /** Collects economy tasks into batches. Only agents with a version without tools whose input is not an object have it. */
  readonly economy: Economy | undefined;

  constructor(scope: Construct, id: string, props: AgentPoolProps) {
    super(scope, id);
    const { timeLimit, name: agent } = props.agent;
    const { state, callbacks } = props.platform;
    const noEconomy = this.#noEconomy(props);
    const scaling = props.scaling ?? shareWorkers(FleetStack.of(this).config.workers[agent]);
    this.agent = {
      ...props.agent,
      ...concurrencyOf(scaling, props.tasksPerWorker),
      ...(noEconomy !== undefined && { noEconomy }),
    };
    const name = (kind: string): string => poolQueueName(FleetStack.of(this).config, agent, kind);
    this.deadLetters = new DeadLetters(this, 'DeadLetters', {
      agent,
      name: name('dead-letters'),
      state,
      callbacks: callbacks.sending(),
      pools: sendingToPools(this, props.platform),
    });
    const deadLetters = { queue: this.deadLetters.queue, maxReceives: MAX_RECEIVES };
    this.high = fleetQueue(this, 'HighQueue', { name: name('high'), timeLimit, deadLetters });
    this.default = fleetQueue(this, 'DefaultQueue', { name: name('default'), timeLimit, deadLetters });
    this.worker = this.#makeWorker(props);
    this.alias = this.#makeAlias(props, scaling);
    this.sweeper = new Sweeper(this, 'Sweeper', {
      agent,
      environment: {
        STATE_TABLE: state.sweeping(),
        HIGH_QUEUE_URL: sending(this.high),
        DEFAULT_QUEUE_URL: sending(this.default),
        QUEUE_PREFIX: sendingToPools(this, props.platform),
        CALLBACK_QUEUE_URL: callbacks.sending(),
        AGENT: agent,
        ...(props.agent.dayBudget && { DAY_USD: String(props.agent.dayBudget.usd) }),
      },
    });
    this.economy = this.#makeEconomy(props);
    this.#watch(props);
    props.platform.addPool(this);
    this.node.addValidation({ validate: () => missingDelegates(this.agent, props.platform.pools) });
  }

  /** The functions that end tasks, and so notify the state machines that wait for them. */
  get answerers(): readonly IGrantable[] {
    return [this.worker, this.deadLetters.burial, this.sweeper.sweep];
  }

  #makeWorker({
    agent: { name: agent, timeLimit, tools: toolNames, model },
    entry,
    beside,
    memory,
    platform,
    artifacts,
    sandbox,
    tools,
  }: AgentPoolProps) {
    const { config } = FleetStack.of(this);
    return new FleetFunction<RunAgentEnv>(this, 'Worker', {
      entry,
      ...beside,
      service: agent,
      description: `Works on tasks of the agent ${agent}`,
      timeLimit,
      ...(memory !== undefined && { memory }),
      reservedConcurrency: config.reservedConcurrency,
      // A tool that throws leaves its stack in the log and in the task's steps.
      sourceMap: toolNames.length > 0,
      // The tasks of a long session pass through the queue one after the other.
      loops: true,
      environment: {
        ...tools,
        STATE_TABLE: platform.state.tasks(),
        HIGH_QUEUE_URL: handling(this.high),
        DEFAULT_QUEUE_URL: handling(this.default),
        QUEUE_PREFIX: sendingToPools(this, platform),
        ...(artifacts !== undefined && { ARTIFACT_BUCKET: artifacts }),
        CALLBACK_QUEUE_URL: platform.callbacks.sending(),
        AUDIT_BUCKET: platform.audit.recording(),
        INPUT_BUCKET: platform.inputs.reading(),
        ...(model === 'none' ? { MODEL_OVERRIDES: '{}' } : platform.model.environment('calls')),
        SESSION_MINUTES: String(config.sessionMinutes),
        SESSION_TOKENS: String(config.sessionTokens),
        ...(sandbox !== undefined && { SANDBOX_FUNCTION: sandbox }),
      },
    });
  }

  #noEconomy({ agent, noEconomy, platform }: AgentPoolProps): string | undefined {
    if (noEconomy !== undefined) return noEconomy;
    return agent.model === 'none' ? 'code answers its tasks' : platform.model.noEconomy;
  }

  #makeEconomy({ agent, entry, platform, economyLog: log }: AgentPoolProps): Economy | undefined {
    if (this.agent.noEconomy !== undefined) return undefined;
    // An earlier version may have economy tasks that still wait for a batch.
    if (versionsOf(agent).every(({ tools, takesObject }) => tools.length > 0 || takesObject)) return undefined;
    return new Economy(this, 'Economy', { agent, entry, queue: this.default, log, platform });
  }

  #makeAlias({ tasksPerWorker: batchSize = 1 }: AgentPoolProps, { high, default: other }: PoolScaling): Alias {
    const { warmWorkers } = FleetStack.of(this).config;
    const alias = this.worker.publish(this, {
      ...(warmWorkers > 0 && { provisionedConcurrentExecutions: warmWorkers }),
    });
    const target = alias as IFunction;
    mapQueue(this, 'HighMapping', { queue: this.high, target, batchSize, scaling: high });
    mapQueue(this, 'DefaultMapping', { queue: this.default, target, batchSize, scaling: other });
    return alias;
  }

  #watch({ agent: { name: agent }, patience = { high: 5, default: 60 } }: AgentPoolProps): void {
    for (const priority of ['high', 'default'] as const) {
      alarm(this, `${priority === 'high' ? 'High' : 'Default'}QueueAge`, {
        metric: this[priority].metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
        threshold: patience[priority] * 60,
        periods: 3,
        says: `A task of the agent ${agent} has waited ${patience[priority]} minutes in the ${priority} queue. There are too few workers, or they are throttled or failing.`,
        severity: 2,
        runbook: 'queue-age',
      });
    }
    alarm(this, 'Versions', {
      metric: versionMetric(this, agent),
      threshold: 1,
      periods: 3,
      says: `For 15 minutes tasks of the agent ${agent} have waited for a worker with their agent version. They were accepted before a rollback, or by a version that no worker has. ${VERSION_REMEDY}`,
      severity: 2,
      runbook: 'agent-version',
    });
    alarm(this, 'Throttles', {
      metric: this.worker.lambda.metricThrottles({ period: Duration.minutes(5) }),
      threshold: 10,
      says: `Lambda throttles the workers of the agent ${agent}: the account's limit of concurrent executions is reached.`,
      severity: 2,
      runbook: 'workers-throttled',
    });
  }
}

type PoolScaling = NonNullable<AgentPoolProps['scaling']>;

/** A poller is enough for ten invocations. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const INVOCATIONS_PER_POLLER = 10;

/** The tasks that a pool works on at once. The value of a CloudFormation parameter is not known. */
function concurrencyOf(scaling: PoolScaling, tasksPerWorker = 1): Pick<AgentCard, 'concurrency'> {
  const workers = [scaling.high, scaling.default].map((queue) =>
    'maximumConcurrency' in queue ? queue.maximumConcurrency : queue.maximumPollers * INVOCATIONS_PER_POLLER,
  );
  if (workers.some((number) => Token.isUnresolved(number))) return {};
  return { concurrency: workers.reduce((sum, number) => sum + number, 0) * tasksPerWorker };
}

/** Every delegate needs a pool: its tasks would wait until the deadline of the task that delegates to it. */
function missingDelegates({ name, delegates = [] }: AgentCard, pools: Platform['pools']): string[] {
  const missing = delegates.filter((to) => !pools.some(({ agent }) => agent.name === to));
  return missing.map(
    (to) => `The agent ${name} delegates to the agent ${to}, which has no pool. Add an AgentPool for it.`,
  );
}
