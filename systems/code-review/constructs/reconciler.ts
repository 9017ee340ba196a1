import { Construct } from 'constructs';
import { FleetFunction, schedule, type Wiring } from '#lib/index.ts';
import type { ReconcileReviewsEnv } from '../pull-request/env.ts';

export interface ReconcilerProps {
  readonly minutes: number;
  readonly environment: Wiring<ReconcileReviewsEnv>;
}

/** Finds what GitHub's webhook has missed: GitHub never sends a delivery again by itself. */
export class Reconciler extends Construct {
  readonly fn: FleetFunction<ReconcileReviewsEnv>;

  constructor(scope: Construct, id: string, { minutes, environment }: ReconcilerProps) {
    super(scope, id);
    this.fn = new FleetFunction<ReconcileReviewsEnv>(this, 'Reconcile', {
      entry: 'systems/code-review/functions/reconcile-reviews/handler.ts',
      service: 'reconcile-reviews',
      description: 'Finds missed deliveries and pull requests, and settles money',
      timeLimit: 300,
      environment,
    });
    schedule(this, {
      lambda: this.fn.live,
      minutes,
      description: 'Starts the reconciler of pull-request reviews',
    });
  }
}
