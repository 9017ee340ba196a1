import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { localClient } from '#cli/fleet/connection.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { acceptedSchema, taskViewSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { FleetOfTheDay, PermissionsPart } from '#test/e2e/permissions.part.ts';
import { SUPERVISOR } from '../agents/names.ts';
import { CLEAN, connectGithub, INJECTION, verdicts } from './connect-github.ts';

/** A review: its supervisor delegates to all specialists. */
async function review({ client }: FleetOfTheDay, priority: string): Promise<void> {
  const lines = ['+eval(request.body);'];
  const file = {
    path: `src/${priority}.js`,
    status: 'added',
    hunks: [{ oldStart: 0, newStart: 1, context: null, lines }],
  };
  const overview = { files: 1, testsChanged: [], hasTests: false };
  const input = { title: 'A change', description: '', guidance: null, overview, units: [[file]] };
  const body = { agent: SUPERVISOR.name, input, priority };
  const { id } = await client.call(taskOperations.submitTask, acceptedSchema, { body });
  await client.call(taskOperations.getTask, taskViewSchema, { params: { id }, query: { wait: 25 } });
}

/** A pull request with a defect, and a push that mends it. Returns what went wrong. */
async function pullRequest(fleet: FleetOfTheDay): Promise<readonly string[]> {
  const secrets = outputsOf(fleet.outputs, 'code-review', secretsSchema);
  const folder = await mkdtemp(join(tmpdir(), 'fleet-github-'));
  const client = localClient(fleet.endpoint);
  const { github } = await connectGithub({ client, folder, url: fleet.api.url, ...secrets });
  try {
    const repository = 'octo-org/shop';
    await github.createRepository({ name: 'shop', files: { 'cart.ts': CLEAN } });
    await github.push({ repository, branch: 'change', files: { 'cart.ts': `${CLEAN}${INJECTION}` } });
    const pull = await github.openPullRequest({ repository, head: 'change', title: 'Find carts' });
    const first = await until(() => pull.record().checkRuns[0]?.conclusion === 'failure');
    await github.push({ repository, branch: 'change', files: { 'cart.ts': `${CLEAN}export const carts = [];\n` } });
    const second = await until(() => verdicts(pull).some(({ commit }) => commit === pull.headSha()));
    await until(() => pull.record().checkRuns[0]?.status === 'completed');
    return first && second ? [] : [`pull request: ${JSON.stringify(pull.record())}`];
  } finally {
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const secretsSchema = z
  .object({ GithubAppSecret: z.string(), GithubWebhookSecret: z.string() })
  .transform((outputs) => ({ appSecret: outputs.GithubAppSecret, webhookSecret: outputs.GithubWebhookSecret }));

async function until(isTrue: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 90_000; !isTrue(); await delay(50)) if (Date.now() > end) return false;
  return true;
}

/** A review of each priority, and a pull request. */
export const part: PermissionsPart = {
  async day(fleet) {
    for (const priority of ['default', 'high']) await review(fleet, priority);
    return pullRequest(fleet);
  },
  uses: [
    { owner: /PullRequestsPublish/, actions: ['dynamodb:BatchGetItem', 's3:GetObject', 's3:PutObject'] },
    { owner: /PullRequestsReceiver/, actions: ['states:StartExecution'] },
    { owner: /ReviewSupervisorWorker/, actions: ['states:SendTaskSuccess'] },
  ],
  reasons: [
    {
      owner: /PullRequestsStateMachine/,
      grant: /^logs:/,
      reason: 'Step Functions sets up the delivery of its execution logs with them. AWS allows no narrower resource.',
    },
    {
      owner: /PullRequestsPrepare/,
      grant: /^(states:StopExecution |dynamodb:\w+ .*-platform-|sqs:SendMessage |s3:PutObject .*\/audit\/)/,
      reason: 'It stops the review of an older head, and audits that, as test/e2e/pull-requests.long.test.ts does.',
    },
    {
      owner: /PullRequests(Prepare|Publish)/,
      grant: /^s3:(ListBucket|GetObject) /,
      reason:
        'The policy of whoever uploads inputs also looks for them. Without ListBucket a missing object looks forbidden.',
    },
    {
      owner: /PullRequestsPublish/,
      grant: /^(sqs:SendMessage |dynamodb:(PutItem|UpdateItem) .*-platform-)/,
      reason: 'It cancels the task of a review that failed.',
    },
    {
      owner: /PullRequestsSubmit/,
      grant: /^dynamodb:(GetItem|UpdateItem) .*-platform-/,
      reason: 'A repetition finds the task and joins those who wait for it.',
    },
    {
      owner: /ReviewSupervisorWorker/,
      grant: /^states:SendTaskFailure /,
      reason: 'Of a supervisor that failed.',
    },
    {
      owner: /PullRequestsReceiver/,
      grant: /^dynamodb:GetItem /,
      reason: '“Re-run all checks” names no pull request of a fork, as test/e2e/pull-requests.long.test.ts shows.',
    },
    {
      owner: /PullRequestsReconciler/,
      grant: /./,
      reason: 'It runs every ten minutes. test/e2e/reconcile.long.test.ts invokes it.',
    },
  ],
};
