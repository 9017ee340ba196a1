import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { versionsOf, type AgentCard } from '#core/agents/agent-card.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { PlatformPool } from '../platform.ts';
import { alarm } from './alarm.ts';
import { fleetMetric, shareOf } from './fleet-metric.ts';
import { heartbeatAlarm } from './heartbeat.ts';

/** Fewer tasks or tool calls in five minutes say nothing about a share. */
const MIN_EVENTS = 5;
/** Percent. */
const MANY = 50;
/** An agent that spends this many times its share of the day for twenty minutes would spend the whole day's before noon. */
const PACE = 3;
/** The share of a day's budget at which somebody should know. */
const NEARLY = 0.9;
const SHARES = 72;

/** What an agent should cost in a day at most: its day budget, or what the environment expects. */
export const dayUsdOf = (scope: Construct, { dayBudget }: AgentCard): number =>
  dayBudget?.usd ?? FleetStack.of(scope).config.agentDayUsd;

/**
 * The alarms of a pool that watch what its functions measure. Their stack knows the pool by its agent's name only, so
 * neither stack needs the other one first.
 */
export class PoolAlarms extends Construct {
  readonly #agent: AgentCard;
  readonly #owner: string;

  constructor(scope: Construct, pool: PlatformPool) {
    super(scope, pool.agent.name);
    this.#agent = pool.agent;
    this.#owner = FleetStack.of(pool).system;
    this.#watchTasks();
    if (versionsOf(pool.agent).some(({ tools }) => tools.length > 0)) this.#watchTools();
    if (pool.agent.model !== 'none') this.#watchSpend(dayUsdOf(this, pool.agent));
  }

  #metric(name: string, minutes: number, statistic = 'Sum'): Metric {
    return fleetMetric(this, { service: this.#agent.name, name, statistic, period: Duration.minutes(minutes) });
  }

  #watchTasks(): void {
    const { name } = this.#agent;
    const owner = this.#owner;
    heartbeatAlarm(this, 'SweeperSilent', {
      metric: this.#metric('Sweeps', 1),
      says: `The sweeper of the agent ${name} has not come to its end for five minutes. Lost messages are not sent again, tasks whose wait is over do not start, and the pool's other alarms see less.`,
      owner,
    });
    alarm(this, 'NoWorker', {
      metric: this.#metric('TasksUnclaimed', 1, 'Maximum'),
      threshold: 1,
      says: `Tasks of the agent ${name} wait, and no worker takes them. None of its tasks is running.`,
      severity: 1,
      owner,
      runbook: 'no-worker',
    });
    alarm(this, 'ErrorRate', {
      metric: shareOf({
        part: this.#metric('TasksFailed', 5),
        total: this.#metric('TasksEnded', 5),
        atLeast: MIN_EVENTS,
        scale: 100,
        label: 'failed, %',
      }),
      threshold: MANY,
      says: `At least half of the tasks of the agent ${name} that ended within five minutes have failed. npm run fleet -- tasks --status failed shows why.`,
      severity: 2,
      owner,
      runbook: 'error-rate',
    });
  }

  #watchTools(): void {
    alarm(this, 'ToolFailures', {
      metric: shareOf({
        part: this.#metric('ToolErrors', 5),
        total: this.#metric('ToolLatency', 5, 'SampleCount'),
        atLeast: MIN_EVENTS,
        scale: 100,
        label: 'failed, %',
      }),
      threshold: MANY,
      says: `At least half of the tool calls of the agent ${this.#agent.name} within five minutes have failed. Its log names the tools.`,
      severity: 2,
      owner: this.#owner,
      runbook: 'tool-failures',
    });
  }

  #watchSpend(dayUsd: number): void {
    const { name } = this.#agent;
    alarm(this, 'SpendPace', {
      metric: this.#metric('ModelMicroDollars', 20),
      threshold: Math.round((PACE * dayUsd * 1e6) / SHARES),
      says: `For twenty minutes the agent ${name} has spent at least three times its share of $${dayUsd} a day.`,
      // What the environment expects is a guess: a run at night may well be dearer.
      severity: this.#agent.dayBudget ? 1 : 2,
      owner: this.#owner,
      runbook: 'spend',
    });
    alarm(this, 'SpendDay', {
      metric: this.#metric('ModelMicroDollars', 1_440),
      threshold: Math.round(NEARLY * dayUsd * 1e6),
      says: `Within 24 hours the agent ${name} has spent 90 % of $${dayUsd}.`,
      severity: 2,
      owner: this.#owner,
      runbook: 'spend',
    });
  }
}
