import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { SweepEnv } from '../../functions/sweep/env.ts';
import type { Wiring } from '../wiring.ts';
import { FleetFunction } from './fleet-function.ts';

export interface SweeperProps {
  readonly agent: string;
  readonly environment: Wiring<SweepEnv>;
}

/** What slipped is promised to be sent again within two minutes: a look each minute keeps that. */
const EVERY = 'rate(1 minute)';

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
    // A sweep that failed is made good by the next one.
    this.sweep.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    // By hand, since CDK's own target would grant the invocation of every version of the function.
    const role = new Role(this, 'ScheduleRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    const { functionArn } = this.sweep.lambda;
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
    this.schedule = new CfnSchedule(this, 'Schedule', {
      description: `Starts the sweeper of the agent ${agent}`,
      scheduleExpression: EVERY,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
  }
}
