import { setTimeout as delay } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { startSimulatedWeb } from '@agent-fleet/simulated-web';
import { z } from 'zod';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { runAcceptedSchema, runViewSchema } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { listResultKey } from '#core/runs/take-list.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { FleetOfTheDay, PermissionsPart } from '#test/e2e/permissions.part.ts';
import { briefKey } from '../night/brief-of-run.ts';
import { SIMULATED_WEB_KEY } from '../night/item.ts';
import { itemsOf } from './e2e/items.ts';

const COMPANIES = 8;
/** News of these companies name each other, so that the strategist has pairs to judge. */
const SEED = 93;
const LIST = 'lists/day.csv';

/** A night of some companies of a simulated web, as `fleet research` starts it. */
export const part: PermissionsPart = {
  settings: { 'research.lists': '{"maxUsd":1}', 'research.contact': 'https://fleet.example/crawler' },
  async day(fleet) {
    await using web = await startSimulatedWeb({ seed: SEED, companies: COMPANIES, faults: { share: 0 } });
    const { SnapshotBucket: bucket } = outputsOf(fleet.outputs, 'research', z.object({ SnapshotBucket: z.string() }));
    const client = new S3Client({ ...localClient(fleet.endpoint), forcePathStyle: true });
    const artifacts = s3Artifacts({ client });
    try {
      await artifacts.put({ bucket, key: SIMULATED_WEB_KEY }, JSON.stringify({ port: web.port }), 'application/json');
      const id = await ended(fleet, { workflow: 'research', items: itemsOf(web, 0, COMPANIES, SEED) });
      const brief = await artifacts.get({ bucket, key: briefKey(id) }).catch(() => null);
      const problems = brief === null ? [`research: the run ${id} has no brief`] : [];
      return [...problems, ...(await listStarts(artifacts, bucket))];
    } finally {
      client.destroy();
    }
  },
  uses: [
    { owner: /ScoutWorkerFunction/, actions: ['s3:PutObject', 's3:GetObject'] },
    { owner: /ListsStart/, actions: ['s3:GetObject', 's3:PutObject', 'states:StartExecution'] },
    { owner: /StrategistWorkerFunction/, actions: ['secretsmanager:GetSecretValue'] },
    { owner: /NightAggregator/, actions: ['dynamodb:PutItem', 'dynamodb:Query', 'ses:SendEmail'] },
  ],
  reasons: [
    {
      owner: /ListsStart/,
      grant: /^s3:(ListBucket|AbortMultipartUpload) /,
      reason: 'Without the first S3 reports a list that was deleted as forbidden. The second is for large lists.',
    },
    {
      owner: /(Scout|CompanyAnalyst|Strategist)WorkerFunction/,
      grant: /^states:SendTask(Success|Failure) /,
      reason:
        'A token belongs to a child of the map, which the local cloud judges by the map. AWS does not document which of the two it judges by. No task fails here.',
    },
    {
      owner: /Night(StateMachine|End|Begin|Aggregator|Join)/,
      grant:
        /^(logs:|states:|sqs:|lambda:InvokeFunction |dynamodb:(GetItem|UpdateItem|Query) |s3:(GetObject|ListMultipartUploadParts|ListBucket) )/,
      reason:
        'They are those of every pipeline: for executions that are redriven, stopped or begun again, and for lists of other buckets. test/e2e/pipeline.long.test.ts has such runs.',
    },
  ],
};

/** A list that is put into the bucket. Nobody knows where its company is, so no site is fetched. */
async function listStarts(artifacts: Artifacts, bucket: string): Promise<readonly string[]> {
  await artifacts.put({ bucket, key: LIST }, 'name\nNobody knows', 'text/csv');
  for (const end = Date.now() + 120_000; Date.now() < end; await delay(200)) {
    const result = await artifacts.get({ bucket, key: listResultKey(LIST) }).catch(() => null);
    const { runId } = JSON.parse(result === null ? '{}' : new TextDecoder().decode(result)) as { runId?: string };
    if (runId === undefined) continue;
    if ((await artifacts.get({ bucket, key: briefKey(runId) }).catch(() => null)) !== null) return [];
  }
  return ['research: a list that was put into the bucket has no brief'];
}

async function ended({ client }: FleetOfTheDay, body: object): Promise<string> {
  const { id } = await client.call(runOperations.submitRun, runAcceptedSchema, { body });
  for (const end = Date.now() + 120_000; Date.now() < end; await delay(200)) {
    const { status } = await client.call(runOperations.getRun, runViewSchema, { params: { id } });
    if (status === 'ended') break;
  }
  return id;
}
