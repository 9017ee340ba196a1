import { setTimeout as delay } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { startSimulatedWeb } from '@agent-fleet/simulated-web';
import { z } from 'zod';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { runAcceptedSchema, runViewSchema } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import type { FleetOfTheDay, PermissionsPart } from '#test/e2e/permissions.part.ts';
import { briefKey } from '../night/brief-of-run.ts';
import { SIMULATED_WEB_KEY } from '../night/item.ts';
import { itemsOf } from './e2e/items.ts';

const COMPANIES = 8;

/** A night of some companies of a simulated web, as `fleet research` starts it. */
export const part: PermissionsPart = {
  async day(fleet) {
    await using web = await startSimulatedWeb({ companies: COMPANIES, faults: { share: 0 } });
    const { SnapshotBucket: bucket } = outputsOf(fleet.outputs, 'research', z.object({ SnapshotBucket: z.string() }));
    const client = new S3Client({ ...localClient(fleet.endpoint), forcePathStyle: true });
    const artifacts = s3Artifacts({ client });
    try {
      await artifacts.put({ bucket, key: SIMULATED_WEB_KEY }, JSON.stringify({ port: web.port }), 'application/json');
      const id = await ended(fleet, { workflow: 'research', items: itemsOf(web, 0, COMPANIES) });
      const brief = await artifacts.get({ bucket, key: briefKey(id) }).catch(() => null);
      return brief === null ? [`research: the run ${id} has no brief`] : [];
    } finally {
      client.destroy();
    }
  },
  uses: [
    { owner: /ScoutWorkerFunction/, actions: ['s3:PutObject', 's3:GetObject'] },
    { owner: /StrategistWorkerFunction/, actions: ['secretsmanager:GetSecretValue'] },
    { owner: /NightAggregator/, actions: ['dynamodb:PutItem', 'dynamodb:Query', 'ses:SendEmail'] },
  ],
  reasons: [
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

async function ended({ client }: FleetOfTheDay, body: object): Promise<string> {
  const { id } = await client.call(runOperations.submitRun, runAcceptedSchema, { body });
  for (const end = Date.now() + 120_000; Date.now() < end; await delay(200)) {
    const { status } = await client.call(runOperations.getRun, runViewSchema, { params: { id } });
    if (status === 'ended') break;
  }
  return id;
}
