import { Duration, Lazy } from 'aws-cdk-lib';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { KeepHomesEnv } from '#functions/keep-homes/env.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import { regionsVariable } from '../regions.ts';
import { FleetFunction } from './fleet-function.ts';
import { heartbeatAlarm } from './heartbeat.ts';
import { sendingToPools } from './pool-queues.ts';
import { schedule } from './schedule.ts';

/** It keeps homes for 100 s, so that each run begins 40 s before the one before it ends. */
const TIME_LIMIT = 110;
/** It waits for answers almost all the time. */
const MEMORY = 128;

/** Runs all the time: holds the region's homes, watches the others, and takes over those whose region is silent. */
export class HomeKeeper extends Construct {
  readonly keep: FleetFunction<KeepHomesEnv>;
  readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, { platform }: { readonly platform: Platform }) {
    super(scope, id);
    const { config, region } = FleetStack.of(this);
    this.keep = new FleetFunction<KeepHomesEnv>(this, 'Keep', {
      entry: 'functions/keep-homes/handler.ts',
      service: 'keep-homes',
      description: 'Holds homes of tasks, and takes over those of a silent region',
      timeLimit: TIME_LIMIT,
      memory: MEMORY,
      environment: {
        STATE_TABLE: platform.state.keeping(),
        REGIONS: regionsVariable(config, region),
        QUEUE_PREFIX: sendingToPools(this, platform),
        // Pools that are added later belong to it too.
        AGENTS: Lazy.string({ produce: () => JSON.stringify(platform.pools.map(({ agent }) => agent.name)) }),
      },
    });
    this.schedule = schedule(this, {
      lambda: this.keep.live,
      minutes: 1,
      description: 'Starts the keeper of homes',
    });
    heartbeatAlarm(this, 'Silent', {
      metric: this.keep.lambda.metricInvocations({ period: Duration.minutes(1) }),
      says: `For five minutes the keeper of homes has not been started in ${region}. The region loses its homes to others.`,
    });
  }
}
