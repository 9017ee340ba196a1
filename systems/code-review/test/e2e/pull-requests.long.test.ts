import { createHmac, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { s3AuditReader } from '#adapters/s3/audit-reader.ts';
import type { AuditVerdict } from '#core/audit/verdict.ts';
import { verifyTask } from '#core/audit/verify-task.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { AppAccess } from '../../github/app-access.ts';
import { GithubClient } from '../../github/client.ts';
import { CLEAN, INJECTION, verdicts } from '../connect-github.ts';
import { FILE, startReviewedGithub, type ReviewedGithub } from './reviewed-repository.ts';

/** Reviews of pull requests on the whole stack: signed webhook, state machine, delegation, and a simulated GitHub. */
let on: ReviewedGithub;
beforeAll(async () => {
  on = await startReviewedGithub();
});
afterAll(() => on[Symbol.asyncDispose]());

/** The states of the check runs of commits, as the app sees them. */
async function checkRunsOf(name: string, commits: readonly string[]): Promise<string[]> {
  const repository = `octo-org/${name}`;
  const { id: appId, privateKey = '' } = on.github.app;
  const credentials = async () => ({ appId, privateKey });
  const access = new AppAccess({ url: on.github.url, now: Date.now, credentials });
  const app = await access.asApp();
  if (app === null) throw new Error('There is no app.');
  const { id } = await new GithubClient(app).get(`/repos/${repository}/installation`, z.object({ id: z.number() }));
  const client = new GithubClient(await access.to({ repository, installation: id }));
  const runs = z.object({ check_runs: z.array(z.object({ status: z.string() })) });
  const found = commits.map(async (commit) => client.get(`/repos/${repository}/commits/${commit}/check-runs`, runs));
  return (await Promise.all(found)).flatMap(({ check_runs: all }) => all.map(({ status }) => status));
}

const within = { timeout: 60_000, interval: 100 };

it('a pull request gets its findings, its verdict and its check run', async () => {
  const pull = await on.open('first', INJECTION);
  await expect.poll(() => pull.record().checkRuns[0]?.conclusion, within).toBe('failure');
  const { comments, checkRuns, decision } = pull.record();
  expect(decision).toBe('CHANGES_REQUESTED');
  expect(comments).toMatchObject([{ path: FILE, line: 2 }]);
  expect(checkRuns).toMatchObject([{ name: 'fleet review', headSha: pull.headSha(), status: 'completed' }]);
  expect(on.github.deliveries().every(({ status }) => status === 'OK')).toBe(true);
});

it('a clean one is approved, and reviewed once however often it is delivered', async () => {
  const pull = await on.open('again', 'export const count = (items) => items.length;\n');
  await expect.poll(() => pull.record().checkRuns[0]?.status, within).toBe('completed');
  const delivery = on.github.deliveries().at(-1);
  for (let time = 0; time < 10; time += 1) {
    for (let more = 0; more < 10; more += 1) on.github.redeliver(delivery?.id ?? 0);
    await on.github.settled();
  }
  expect(on.github.deliveries().every(({ status }) => status === 'OK')).toBe(true);
  expect(verdicts(pull)).toHaveLength(1);
  expect(pull.record().checkRuns).toHaveLength(1);
});

it('a push that fixes the finding leads to another verdict, on the new head only', async () => {
  const pull = await on.open('fixed', INJECTION);
  await expect.poll(() => pull.record().decision, within).toBe('CHANGES_REQUESTED');
  const fixed = await on.push('fixed', 'export const find = (db, id) => db.query(FIND_CART, [id]);\n');
  // It waits for further pushes.
  await expect.poll(() => pull.record().checkRuns, within).toMatchObject([{ headSha: fixed, status: 'queued' }]);
  await expect.poll(() => verdicts(pull).at(-1)?.commit, within).toBe(fixed);
  expect(pull.record().decision).not.toBe('CHANGES_REQUESTED');
  expect(verdicts(pull)).toHaveLength(2);
});

it('thirty pushes in a row end with one verdict, on the last head', async () => {
  const pull = await on.open('storm', INJECTION);
  const heads: string[] = [];
  for (let push = 1; push <= 30; push += 1)
    heads.push(await on.push('storm', `${INJECTION}export const n = ${push};\n`));
  const head = heads.at(-1) ?? '';
  await expect.poll(() => verdicts(pull).at(-1)?.commit, { ...within, timeout: 150_000 }).toBe(head);
  await expect.poll(() => pull.record().checkRuns.every(({ status }) => status === 'completed'), within).toBe(true);
  const last = pull.record().checkRuns.filter(({ headSha }) => headSha === head);
  expect(last.map(({ conclusion }) => conclusion)).toEqual(['failure']);
  expect(verdicts(pull).filter(({ commit }) => commit === head)).toHaveLength(1);
  const open = async () => (await checkRunsOf('storm', heads)).filter((status) => status !== 'completed');
  await expect.poll(open, within).toEqual([]);
});

it('a draft waits until it is ready', async () => {
  const pull = await on.open('draft', INJECTION, { draft: true });
  await on.github.settled();
  expect(on.github.deliveries().at(-1)).toMatchObject({ status_code: 200 });
  await pull.setDraft(false);
  await expect.poll(() => pull.record().decision, within).toBe('CHANGES_REQUESTED');
});

it('a fork’s clean pull request of a new author is not approved; “Re-run all checks” reviews it again', async () => {
  await on.github.createRepository({ name: 'original', files: { [FILE]: CLEAN } });
  await on.github.createRepository({ owner: 'stranger', name: 'fork', forkOf: 'octo-org/original' });
  const files = { [FILE]: `${CLEAN}export const count = (items) => items.length;\n` };
  await on.github.push({ repository: 'stranger/fork', branch: 'change', files });
  const pull = await on.github.openPullRequest({
    repository: 'octo-org/original',
    head: 'stranger/fork:change',
    title: 'Count items',
    author: 'stranger',
    association: 'FIRST_TIME_CONTRIBUTOR',
  });
  await expect.poll(() => pull.record().checkRuns[0]?.conclusion, within).toBe('neutral');
  expect(verdicts(pull)).toMatchObject([
    { state: 'COMMENTED', body: expect.stringContaining('a maintainer has to approve') },
  ]);
  // GitHub does not name a fork’s pull request in the event.
  await on.github.rerequestAll(pull.record().checkRuns[0]?.id ?? 0);
  await on.github.settled();
  expect(on.github.deliveries().at(-1)).toMatchObject({ event: 'check_suite', status_code: 202 });
  await expect.poll(() => verdicts(pull).length, within).toBe(2);
});

it('a delivery that is signed with another secret, or not at all, is rejected', async () => {
  const body = JSON.stringify({ zen: 'Approachable is better than simple.' });
  const send = async (signature: Record<string, string>, event = 'ping'): Promise<Response> =>
    fetch(on.webhook.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': randomUUID(),
        ...signature,
      },
    });
  const signed = (secret: string) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  });
  expect((await send({})).status).toBe(401);
  expect((await send(signed('another'))).status).toBe(401);
  expect((await send(signed(on.webhook.secret))).status).toBe(200);
  expect((await send(signed(on.webhook.secret), 'star')).status).toBe(200);
  const wrong = await send(signed(on.webhook.secret), 'pull_request');
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({
    errors: expect.arrayContaining([expect.objectContaining({ field: 'action' })]),
  });
});

it('a pull request that is closed while the model thinks is reviewed no further', async () => {
  on.fleet.claude.setFaults({ rates: { slow: 1 }, slowMs: 30_000 });
  const pull = await on.open('closed', `${CLEAN}${INJECTION}`);
  await expect.poll(() => pull.record().checkRuns[0]?.status, within).toBe('in_progress');
  await pull.close();
  await on.github.settled();
  expect(on.github.deliveries().at(-1)).toMatchObject({ action: 'closed', status_code: 202 });
  await expect.poll(() => pull.record().checkRuns[0]?.conclusion, within).toBe('cancelled');
  on.fleet.claude.setFaults({});
  expect(pull.record().reviews).toEqual([]);
});

it('a fleet that is killed while it reviews, and while it posts, posts everything once', async () => {
  const pull = await on.open('killed', `${INJECTION}console.log('debug');\n`);
  const kill = await on.fleet.prepare(['code-review']);
  await expect.poll(() => pull.record().checkRuns[0]?.status, within).toBe('in_progress');
  await kill(0);
  await expect
    .poll(() => pull.record().reviews.length, { ...within, interval: 5, timeout: 120_000 })
    .toBeGreaterThan(0);
  await kill(0);
  await expect.poll(() => pull.record().checkRuns[0]?.status, { ...within, timeout: 120_000 }).toBe('completed');
  const { reviews, comments } = pull.record();
  expect(verdicts(pull)).toMatchObject([{ state: 'CHANGES_REQUESTED' }]);
  for (const posts of [reviews, comments]) {
    const markers = posts.map(({ body }) => /<!-- fleet:(?:review|finding)=[^>]*-->/.exec(body)?.[0]);
    expect(markers).toEqual([...new Set(markers)]);
  }
});

it('I7: each posting stands in the audit trail of its task, which is whole after the kills', async () => {
  const { client } = on.fleet;
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const reader = s3AuditReader({ bucket: on.fleet.output('platform', 'AuditBucket'), client: s3 });
  const dynamodb = new DynamoDBClient(client);
  const store = dynamodbTaskStore({ table: on.fleet.output('platform', 'StateTable'), client: dynamodb });
  const trails: AuditVerdict[] = [];
  for await (const id of reader.tasks())
    trails.push(...(await verifyTask({ reader, store, ids: nodeIds() }, taskIdSchema.parse(id))));
  expect(trails.filter(({ whole }) => !whole)).toEqual([]);
  const tools = trails.flatMap(({ chain }) => chain.filter(({ phase }) => phase === 'after').map(({ tool }) => tool));
  expect(tools).toEqual(expect.arrayContaining(['review-parts', 'github-post-review', 'github-conclude-check-run']));
  expect(trails.every(({ headKnown }) => headKnown)).toBe(true);
  s3.destroy();
  dynamodb.destroy();
});
