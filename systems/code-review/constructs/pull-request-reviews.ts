import { ArnFormat } from 'aws-cdk-lib';
import { Grant, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  type AgentPool,
  explainStar,
  FleetFunction,
  FleetStack,
  granting,
  invoking,
  makeStateMachine,
  NamedSecret,
  type Platform,
  sending,
  watchExecutions,
} from '#lib/index.ts';
import type { ReceiveGithubEnv, ReviewEnv, SubmitReviewEnv } from '../pull-request/env.ts';
import type { codeReviewSettings } from '../settings.ts';
import { Reconciler } from './reconciler.ts';
import { ReviewsTable } from './reviews-table.ts';

export interface PullRequestReviewsProps {
  readonly platform: Platform;
  readonly supervisor: AgentPool;
  readonly settings: z.infer<typeof codeReviewSettings>;
}

const DEFINITION = join(import.meta.dirname, '../state-machines/review.asl.json');
/** Seconds of a step. Each request to GitHub takes 30 at most. */
const STEP_LIMIT = 300;
/** API Gateway waits 29 seconds for a response; GitHub 10. */
const WEBHOOK_LIMIT = 29;

/**
 * Reviews pull requests of GitHub: a webhook starts an execution of the state machine for each head, which plans the
 * review, waits for the supervisor and posts the verdict. Only its first and last step have access to GitHub.
 */
export class PullRequestReviews extends Construct {
  readonly table: ReviewsTable;
  /** Signs GitHub's deliveries. */
  readonly webhookSecret: NamedSecret;
  /** The app's id and key, which people put there. */
  readonly appSecret: NamedSecret;
  readonly stateMachine: StateMachine;
  readonly receiver: FleetFunction<ReceiveGithubEnv>;
  /** Null if the settings switch it off. */
  readonly reconciler: Reconciler | null;

  constructor(scope: Construct, id: string, props: PullRequestReviewsProps) {
    super(scope, id);
    this.table = new ReviewsTable(this, 'Reviews');
    this.webhookSecret = new NamedSecret(this, 'WebhookSecret', {
      name: 'github-webhook',
      description: 'Signs the deliveries of GitHub’s webhook',
      made: { passwordLength: 40, excludePunctuation: true },
      unrotated: 'GitHub has the same secret, so people must change both together.',
    });
    this.appSecret = new NamedSecret(this, 'AppSecret', {
      name: 'github-app',
      description: 'The GitHub App that reviews pull requests, as JSON: {"appId": 123, "privateKey": "…"}',
      unrotated: 'Its key is made on GitHub.',
    });
    const prepare = this.#makePrepare(props);
    this.stateMachine = makeStateMachine(this, {
      definition: DEFINITION,
      substitutions: {
        PrepareArn: invoking(prepare),
        SubmitArn: invoking(this.#makeSubmit(props)),
        PublishArn: invoking(this.#makePublish(props)),
      },
    });
    this.#letStop(prepare);
    this.#letAnswer(props.supervisor);
    watchExecutions(this, this.stateMachine, {
      what: 'A review of a pull request',
      remedy: 'Once the cause is gone, press “Re-run” on the check run, or comment /review.',
      severity: 2,
      runbook: 'run-failed',
    });
    this.receiver = this.#makeReceiver(props);
    this.reconciler = this.#makeReconciler(props);
  }

  #makePrepare({ platform, supervisor, settings }: PullRequestReviewsProps): FleetFunction<ReviewEnv> {
    return new FleetFunction<ReviewEnv>(this, 'Prepare', {
      entry: 'systems/code-review/functions/prepare-review/handler.ts',
      service: 'prepare-review',
      description: 'Claims a pull request and plans its review',
      timeLimit: STEP_LIMIT,
      // Comparing large files is work for the processor.
      memory: 1_024,
      environment: {
        STATE_TABLE: platform.state.submitting(),
        REVIEWS_TABLE: this.table.items(),
        INPUT_BUCKET: platform.inputs.uploading(),
        QUEUE_URL: sending(supervisor.high),
        AUDIT_BUCKET: platform.audit.recording(),
        GITHUB_APP: this.appSecret.reading(),
        SETTINGS: JSON.stringify(settings),
      },
    });
  }

  #makeSubmit({ platform, supervisor, settings }: PullRequestReviewsProps): FleetFunction<SubmitReviewEnv> {
    return new FleetFunction<SubmitReviewEnv>(this, 'Submit', {
      entry: 'systems/code-review/functions/submit-review/handler.ts',
      service: 'submit-review',
      description: 'Submits the task of a review',
      timeLimit: 30,
      environment: {
        STATE_TABLE: platform.state.items(),
        REVIEWS_TABLE: this.table.looking(),
        INPUT_BUCKET: platform.inputs.bucket.bucketName,
        QUEUE_URL: sending(supervisor.high),
        SETTINGS: JSON.stringify(settings),
      },
    });
  }

  #makePublish({ platform, supervisor, settings }: PullRequestReviewsProps): FleetFunction<ReviewEnv> {
    return new FleetFunction<ReviewEnv>(this, 'Publish', {
      entry: 'systems/code-review/functions/publish-review/handler.ts',
      service: 'publish-review',
      description: 'Posts the verdict of a review',
      timeLimit: STEP_LIMIT,
      environment: {
        STATE_TABLE: platform.state.submitting(),
        REVIEWS_TABLE: this.table.items(),
        INPUT_BUCKET: platform.inputs.reading(),
        QUEUE_URL: sending(supervisor.high),
        AUDIT_BUCKET: platform.audit.recording(),
        GITHUB_APP: this.appSecret.reading(),
        SETTINGS: JSON.stringify(settings),
      },
    });
  }

  #makeReceiver({ platform, settings }: PullRequestReviewsProps): FleetFunction<ReceiveGithubEnv> {
    const { stateMachineArn } = this.stateMachine;
    const receiver = new FleetFunction<ReceiveGithubEnv>(this, 'Receiver', {
      entry: 'systems/code-review/functions/receive-github/handler.ts',
      service: 'receive-github',
      description: 'Accepts deliveries of the webhook of GitHub',
      timeLimit: WEBHOOK_LIMIT,
      environment: {
        GITHUB_WEBHOOK: this.webhookSecret.reading(),
        REVIEWS_TABLE: this.table.looking(),
        STATE_MACHINE_ARN: granting('states:StartExecution', stateMachineArn),
        SETTINGS: JSON.stringify(settings),
      },
    });
    platform.routes.push({
      route: 'POST /github/webhook',
      fn: receiver,
      trusts: 'GitHub signs its deliveries (X-Hub-Signature-256); the function rejects all others.',
    });
    return receiver;
  }

  #makeReconciler({ platform, supervisor, settings }: PullRequestReviewsProps): Reconciler | null {
    const { reconcileMinutes: minutes } = settings;
    if (minutes === null) return null;
    return new Reconciler(this, 'Reconciler', {
      minutes,
      environment: {
        STATE_TABLE: platform.state.submitting(),
        QUEUE_URL: sending(supervisor.high),
        REVIEWS_TABLE: this.table.reconciling(),
        GITHUB_APP: this.appSecret.reading(),
        STATE_MACHINE_ARN: granting('states:StartExecution', this.stateMachine.stateMachineArn),
        SETTINGS: JSON.stringify(settings),
      },
    });
  }

  /** A policy of its own, since the state machine depends on the function and its role. */
  #letStop(prepare: FleetFunction<ReviewEnv>): void {
    const executions = FleetStack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.stateMachine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const policy = new Policy(this, 'StopsOlder', {
      roles: [prepare.role],
      statements: [new PolicyStatement({ actions: ['states:StopExecution'], resources: [executions] })],
    });
    explainStar(policy, executions, 'An execution is named after a pull request and its head.');
  }

  /** The functions that end the supervisor's task answer the execution that waits for it. */
  #letAnswer({ answerers }: AgentPool): void {
    for (const grantee of answerers)
      Grant.addToPrincipal({
        grantee,
        actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
        resourceArns: [this.stateMachine.stateMachineArn],
      });
  }
}
