import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { SweepEnv } from '#functions/sweep/env.ts';
import type { Wiring } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { fleetMetric } from './fleet-metric.ts';
import { schedule } from './schedule.ts';

export interface SweeperProps {
  readonly agent: string;
  readonly environment: Wiring<SweepEnv>;
}

/** A lost message must be sent again within two minutes. */
const EVERY_MINUTES = 1;

/** Runs each minute and sends the messages of a pool's tasks again when they were lost. */
export class Sweeper extends Construct {
  readonly sweep: FleetFunction<SweepEnv>;
  readonly schedule: CfnSchedule;
  readonly #agent: string;

  constructor(scope: Construct, id: string, { agent, environment }: SweeperProps) {
    super(scope, id);
    this.#agent = agent;
    this.sweep = new FleetFunction<SweepEnv>(this, 'Sweep', {
      entry: 'functions/sweep/handler.ts',
      service: `${agent}-sweeper`,
      measures: agent,
      description: `Sends lost messages of the agent ${agent} again`,
      timeLimit: 55,
      environment,
    });
    alarm(this, 'Breaker', {
      metric: this.metric('BreakerOpen'),
      threshold: 1,
      says: `The breaker of the agent ${agent} is open: its model calls fail and its tasks wait. Run npm run fleet -- pools to see why.`,
      severity: 2,
      runbook: 'breaker-open',
    });
    this.schedule = schedule(this, {
      lambda: this.sweep.live,
      minutes: EVERY_MINUTES,
      description: `Starts the sweeper of the agent ${agent}`,
    });
  }

  /** A state of the pool, recorded each minute: 1 while it applies. */
  metric(name: 'BreakerOpen' | 'PoolPaused', label?: string): Metric {
    return fleetMetric(this, { service: this.#agent, name, statistic: 'Maximum', label });
  }
}
