import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terminalOutput } from '#cli/terminal/output.ts';
import type { PermissionsPart } from '#test/e2e/permissions.part.ts';
import { contractAnalyst } from '../agents/contract-analyst.ts';
import { connectDocuments } from '../cli/connection.ts';
import { estimateCost } from '../cli/estimate.ts';
import { findDocuments } from '../cli/find-documents.ts';
import { retryFailed } from '../cli/retry-failed.ts';
import { followRun, runDocuments } from '../cli/run-documents.ts';
import { writeSamples } from '../samples/samples.ts';

const SAMPLES = { count: 10, broken: 2, seed: 11 };

/** A small run of documents, as `fleet documents` has them. */
export const part: PermissionsPart = {
  settings: { 'documents.agents': 4 },
  async day(fleet) {
    const home = await mkdtemp(join(tmpdir(), 'fleet-documents-'));
    const connection = connectDocuments(fleet);
    try {
      const folder = join(home, 'contracts');
      await writeSamples(folder, SAMPLES);
      const documents = await findDocuments(folder);
      const estimate = await estimateCost(contractAnalyst, documents, null);
      const context = { connection, output: terminalOutput(true), signal: new AbortController().signal };
      const run = { runId: 'permissions', documents, estimate, maxUsd: 10, out: join(home, 'out') };
      const ended = [await runDocuments(context, run)];
      // Where the run has a limit, a retry looks for what it has cost.
      const runId = await retryFailed(connection, run.runId, context.output, async () => undefined);
      ended.push(await followRun(context, { runId, total: null, out: run.out }));
      const isRight = ended.every((each) => each.documents === SAMPLES.count && each.failed === SAMPLES.broken);
      return isRight ? [] : [`run of documents: ${JSON.stringify(ended)}`];
    } finally {
      connection.close();
      await rm(home, { recursive: true, force: true });
    }
  },
  uses: [
    {
      owner: /ContractAnalystWorkerFunction/,
      actions: ['dynamodb:PutItem', 's3:GetObject', 'states:SendTaskSuccess'],
    },
  ],
  reasons: [
    {
      owner: /ContractAnalystWorkerFunction/,
      grant: /^states:SendTask(Success|Failure) .*:stateMachine:[^/]+$/,
      reason:
        'A token belongs to a child of the map, which the local cloud judges by the map. AWS does not document which of the two it judges by.',
    },
    {
      owner: /FanOutEnd/,
      grant: /^sqs:(SendMessage|GetQueueAttributes) .*Unended/,
      reason: 'Lambda keeps the event of a run whose end could not be handled after three tries.',
    },
    {
      owner: /FanOutStateMachine/,
      grant: /^logs:/,
      reason: 'Step Functions sets up the delivery of its execution logs with them. AWS allows no narrower resource.',
    },
    {
      owner: /FanOutStateMachine/,
      grant: /^states:(StartExecution|DescribeExecution|StopExecution|RedriveExecution) /,
      reason:
        'AWS starts and redrives the children of a Distributed Map under the role. The local cloud needs no call for it.',
    },
    {
      owner: /FanOutStateMachine/,
      grant: /^s3:ListBucket /,
      reason:
        'An execution that began under an earlier release lists its upload itself. Drop it after the next release.',
    },
    {
      owner: /FanOutAggregator/,
      grant: /^dynamodb:Query .*\/index\/run$/,
      reason: 'A run that was aborted has no result files, so its tasks are found with the index.',
    },
    {
      owner: /FanOutBegin/,
      grant: /^dynamodb:(GetItem|UpdateItem) /,
      reason: 'It finds the run registered when Step Functions calls it again.',
    },
    {
      owner: /IntakeFunction/,
      grant: /^s3:ListBucket /,
      reason: 'Without it S3 reports a missing upload manifest as forbidden.',
    },
    {
      owner: /FanOutEnd/,
      grant: /^(dynamodb:(UpdateItem|Query)|sqs:(GetQueueUrl|SendMessage)|lambda:InvokeFunction) /,
      reason: 'It ends the tasks of a run that was stopped, as in systems/documents/test/e2e/run-cancel.long.test.ts.',
    },
    {
      owner: /FanOutStateMachine/,
      grant: /^s3:GetObject .*\/uploads\//,
      reason:
        'An execution that began under release 0.2 reads its upload manifest itself. Drop it after the next release.',
    },
    {
      owner: /FanOutStateMachine/,
      grant: /^s3:ListMultipartUploadParts /,
      reason: 'AWS documents it for the results of a Distributed Map. The local cloud writes them in one part.',
    },
    {
      owner: /IntakeFunction/,
      grant: /^sqs:SendMessage /,
      reason: 'Checks an upload without a manifest again when no file has arrived for a while.',
    },
  ],
};
