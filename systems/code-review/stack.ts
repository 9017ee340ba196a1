import type { Construct } from 'constructs';
import type { Agent } from '#core/agents/define-agent.ts';
import { agentCard, AgentPool, FleetStack, type SystemProps, systemSettings } from '#lib/index.ts';
import { logicReviewer, securityReviewer, styleReviewer, testsReviewer } from './agents/specialists.ts';
import { reviewSupervisor } from './agents/supervisor.ts';
import { PullRequestReviews } from './constructs/pull-request-reviews.ts';
import { codeReviewSettings } from './settings.ts';

/** The code-review system: the pools of the supervisor and of the specialists, and the reviews of pull requests. */
export class CodeReviewStack extends FleetStack {
  readonly supervisor: AgentPool;
  readonly specialists: readonly AgentPool[];
  readonly reviews: PullRequestReviews;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'code-review',
      description: 'Code review: a supervisor and its specialists for security, style, logic and tests',
    });
    const pool = (id: string, agent: Agent, name: string): AgentPool =>
      new AgentPool(this, id, {
        agent: agentCard(agent),
        entry: `systems/code-review/functions/run-${name}/handler.ts`,
        platform,
        noEconomy: 'somebody waits for a review',
        // They only wait for the model. A supervisor that has delegated holds no worker.
        tasksPerWorker: config.tasksPerWorker,
      });
    this.supervisor = pool('ReviewSupervisor', reviewSupervisor, 'supervisor');
    this.specialists = [
      pool('ReviewSecurity', securityReviewer, 'security'),
      pool('ReviewStyle', styleReviewer, 'style'),
      pool('ReviewLogic', logicReviewer, 'logic'),
      pool('ReviewTests', testsReviewer, 'tests'),
    ];
    this.reviews = new PullRequestReviews(this, 'PullRequests', {
      platform,
      supervisor: this.supervisor,
      settings: systemSettings(config, 'code-review', codeReviewSettings),
    });
    this.tell({
      GithubWebhookSecret: this.reviews.webhookSecret.name,
      GithubAppSecret: this.reviews.appSecret.name,
      ReviewsTable: this.reviews.table.table.tableName,
      ReviewStateMachineArn: this.reviews.stateMachine.stateMachineArn,
    });
  }
}
