import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { localClient } from '#cli/fleet/connection.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import type { RunningFleet } from '#cli/fleet/registry.ts';
import { count } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { severitySchema } from '../../../findings/finding.ts';
import type { ReviewedFinding } from '../../../findings/merge.ts';
import type { ReviewRecord } from '../../../findings/review-record.ts';
import type { Verdict } from '../../../findings/verdict.ts';
import { dynamodbRecordStore } from '../../../pull-request/claim-store.ts';
import { printReview } from '../../print-review.ts';
import type { Followed } from './follow.ts';
import type { Opened } from './protocol.ts';

/** The output of `fleet github demo --json`. Later releases may add fields. */
export interface DemoResult {
  readonly verdict: Verdict;
  readonly seconds: number;
  readonly repository: string;
  readonly number: number;
  readonly head: string;
  /** The page of the pull request. */
  readonly page: string;
  /** The bare repository, to clone and to push to. */
  readonly path: string;
  readonly findings: ReviewRecord['findings'];
  readonly spent: { readonly tokens: number; readonly usd: number };
  readonly simulated: boolean;
}

const outputsSchema = z.object({ ReviewsTable: z.string() });

/** Reads what the fleet has kept of the review. */
export async function resultOf(fleet: RunningFleet, opened: Opened, followed: Followed): Promise<DemoResult> {
  const { repository, number, page, path } = opened;
  const { ReviewsTable: table } = outputsOf(fleet.outputs, 'code-review', outputsSchema);
  const client = new DynamoDBClient(localClient(fleet.endpoint));
  const kept = await dynamodbRecordStore({ table, client }).get({ repository, number, installation: null });
  client.destroy();
  const record = kept?.head === followed.head ? kept : null;
  const { task, head, ms } = followed;
  const { usd = 0, tokens = 0, delegated } = task?.spent ?? {};
  return {
    verdict: record?.verdict ?? 'not-reviewed',
    seconds: Math.round(ms / 100) / 10,
    repository,
    number,
    head,
    page,
    path,
    findings: record?.findings ?? [],
    spent: { tokens: tokens + (delegated?.tokens ?? 0), usd: usd + (delegated?.usd ?? 0) },
    simulated: task?.model?.endsWith('-simulated') === true,
  };
}

/** Prints findings, verdict, cost and the page. */
export function printResult(output: Output, result: DemoResult): void {
  const { verdict, findings, head, page, seconds, spent, simulated } = result;
  const bySeverity = severitySchema.options.toReversed().flatMap((severity) => {
    const some = findings.filter((finding) => finding.severity === severity).length;
    return some === 0 ? [] : [`${some} ${severity}`];
  });
  const because = `${count(findings.length, 'finding')}${bySeverity.length === 0 ? '' : `: ${bySeverity.join(', ')}`}, ${seconds} seconds after the push.`;
  const review = { verdict, because, summary: '', findings: findings.map(shown), unplaced: [], leftOut: [] };
  printReview(output, review, { base: '', head, spent, simulated, page });
}

/** A stored finding without what it lacks. */
const shown = ({ also, suggestion, ...rest }: ReviewRecord['findings'][number]): ReviewedFinding => ({
  ...rest,
  ...(also !== undefined && { also }),
  ...(suggestion !== undefined && { suggestion }),
});
