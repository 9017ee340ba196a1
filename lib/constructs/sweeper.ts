import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { SweepEnv } from '../../functions/sweep/env.ts';
import type { Wiring } from '../wiring.ts';
import { FleetFunction } from './fleet-function.ts';
import { schedule } from './schedule.ts';

export interface SweeperProps {
  readonly agent: string;
  readonly environment: Wiring<SweepEnv>;
}

/** What slipped is promised to be sent again within two minutes: a look each minute keeps that. */
const EVERY_MINUTES = 1;

/** Sends a pool's tasks again whose messages were lost, each minute. */
export class Sweeper extends Construct {
  readonly sweep: FleetFunction<SweepEnv>;
  readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, { agent, environment }: SweeperProps) {
    super(scope, id);
    this.sweep = new FleetFunction<SweepEnv>(this, 'Sweep', {
      entry: 'functions/sweep/handler.ts',
      service: `${agent}-sweeper`,
      description: `Sends tasks of the agent ${agent} again that slipped`,
      timeLimit: 55,
      environment,
    });
    this.schedule = schedule(this, {
      lambda: this.sweep.lambda,
      minutes: EVERY_MINUTES,
      description: `Starts the sweeper of the agent ${agent}`,
    });
  }
}
