import { InvokeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { startOf } from '#core/text/text.ts';
import type { MarketOfFleet } from './own-fleet.ts';

const resultSchema = z.object({ digests: z.array(z.object({ id: z.string(), revision: z.number() })) });
export type MadeDigest = z.infer<typeof resultSchema>['digests'][number];

/** Has the clock make the digests that are due at a time of the events. Returns them. */
export async function makeDigests(
  { lambda, clockFunction }: MarketOfFleet,
  at: number,
  abortSignal: AbortSignal,
): Promise<readonly MadeDigest[]> {
  const Payload = JSON.stringify({ at: new Date(at).toISOString() });
  const command = new InvokeCommand({ FunctionName: `${clockFunction}:live`, Payload });
  const answer = await lambda.send(command, { abortSignal });
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError !== undefined) throw new Error(`The clock failed: ${startOf(text, 500)}`);
  return resultSchema.parse(JSON.parse(text)).digests;
}
