import { Grant } from 'aws-cdk-lib/aws-iam';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { MarkLostRegionsEnv } from '#functions/mark-lost-regions/env.ts';
import { FleetStack } from '../fleet-stack.ts';
import { regionsVariable, stateTableName } from '../regions.ts';
import type { Wire } from '../wiring.ts';
import { FleetFunction } from './fleet-function.ts';
import { notingMarks } from './homes-access.ts';
import { schedule } from './schedule.ts';

/**
 * In seconds. A lost region's table and three requests to the store, one after the other, take about 16 at most: two attempts
 * of two seconds each. The rest is for this region's table.
 */
const TIME_LIMIT = 30;
/** It waits for answers almost all the time. */
const MEMORY = 128;

/** Marks the regions that are lost at the edge, every minute: those whose homes its own region holds. */
export class EdgeMarker extends Construct {
  readonly mark: FleetFunction<MarkLostRegionsEnv>;
  readonly schedule: CfnSchedule;

  /** @param store ARN of the KeyValueStore of regions that get no requests */
  constructor(scope: Construct, id: string, { store }: { readonly store: string }) {
    super(scope, id);
    const { config, region } = FleetStack.of(this);
    this.mark = new FleetFunction<MarkLostRegionsEnv>(this, 'Mark', {
      entry: 'functions/mark-lost-regions/handler.ts',
      service: 'mark-lost-regions',
      description: 'Marks lost regions at the edge',
      timeLimit: TIME_LIMIT,
      memory: MEMORY,
      environment: {
        STATE_TABLE: stateTableName(config),
        REGIONS: { ...notingMarks(this), value: regionsVariable(config, region) },
        DOWN_STORE: changing(store),
      },
    });
    this.schedule = schedule(this, {
      lambda: this.mark.live,
      minutes: 1,
      description: 'Starts what marks lost regions at the edge',
    });
  }
}

/** Each change names the version of the store. */
const changing = (store: string): Wire => ({
  value: store,
  grantTo: (grantee) =>
    Grant.addToPrincipal({
      grantee,
      actions: ['DescribeKeyValueStore', 'ListKeys', 'UpdateKeys'].map((name) => `cloudfront-keyvaluestore:${name}`),
      resourceArns: [store],
    }),
});
