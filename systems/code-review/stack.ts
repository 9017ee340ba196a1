import type { Construct } from 'constructs';
import { agentCard, AgentPool, FleetStack, type SystemProps } from '#lib/index.ts';
import { SPECIALISTS, type Specialist } from './findings/finding.ts';
import { logicReviewer, securityReviewer, styleReviewer, testsReviewer } from './agents/specialists.ts';

const REVIEWERS = {
  security: securityReviewer,
  style: styleReviewer,
  logic: logicReviewer,
  tests: testsReviewer,
} as const satisfies Record<Specialist, unknown>;

/** The code-review system: a pool for each specialist. */
export class CodeReviewStack extends FleetStack {
  readonly pools: readonly AgentPool[];

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'code-review',
      description: 'Code review: specialists that read a change for security, style, logic and tests',
    });
    this.pools = SPECIALISTS.map(
      (specialist) =>
        new AgentPool(this, `Review${specialist.charAt(0).toUpperCase()}${specialist.slice(1)}`, {
          agent: agentCard(REVIEWERS[specialist]),
          entry: `systems/code-review/functions/run-${specialist}/handler.ts`,
          platform,
          noEconomy: 'somebody waits for a review',
          // A specialist only waits for the model.
          tasksPerWorker: config.tasksPerWorker,
        }),
    );
  }
}
