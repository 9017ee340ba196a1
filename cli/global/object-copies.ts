import { PutBucketReplicationCommand, S3Client, type PutBucketReplicationCommandInput } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { localClient } from '../fleet/connection.ts';
import type { StackOutputs } from '../fleet/outputs.ts';

/** The outputs of a region's stacks, by their names. */
export type RegionOutputs = Readonly<Record<string, StackOutputs>>;

/** A region whose S3 copies objects to the others. */
export interface CopyingRegion {
  readonly region: string;
  readonly endpoint: string;
  readonly outputs: RegionOutputs;
}

/** What lets the S3 of one region copy objects: the text of a call, in which outputs of stacks are still open. */
export type CopyOrder = readonly (string | OpenOutput)[];

const openOutput = z
  .object({ 'Fn::GetStackOutput': z.object({ StackName: z.string(), OutputName: z.string(), Region: z.string() }) })
  .transform((found) => found['Fn::GetStackOutput']);
type OpenOutput = z.output<typeof openOutput>;

/** The local S3 does not ask who copies. */
const role = z.object({ 'Fn::GetAtt': z.unknown() }).transform(() => 'role');

const joined = z
  .object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.union([z.string(), openOutput, role]))]) })
  .transform((found) => found['Fn::Join'][1]);

const customResource = z.object({ Type: z.literal('Custom::AWS'), Properties: z.object({ Create: joined }) });

const callSchema = z.object({
  action: z.literal('putBucketReplication'),
  region: z.string(),
  parameters: z.custom<PutBucketReplicationCommandInput>((value) => typeof value === 'object' && value !== null),
});

/** Reads what a deploy lets the regions copy: the custom resources of the stack over all regions, which does not run here. */
export const copyOrders = (resources: Readonly<Record<string, unknown>>): readonly CopyOrder[] =>
  Object.values(resources).flatMap((resource) => {
    const { success, data } = customResource.safeParse(resource);
    return success ? [data.Properties.Create] : [];
  });

/** Makes the same calls as a deploy. */
export async function copyObjects(orders: readonly CopyOrder[], regions: readonly CopyingRegion[]): Promise<void> {
  const of = (name: string): CopyingRegion | undefined => regions.find(({ region }) => region === name);
  const valueOf = ({ StackName, OutputName, Region }: OpenOutput): string =>
    of(Region)?.outputs[StackName]?.[OutputName] ?? '';
  await Promise.all(
    orders.map(async (order) => {
      const text = order.map((part) => (typeof part === 'string' ? part : valueOf(part))).join('');
      const { region, parameters } = callSchema.parse(JSON.parse(text));
      const s3 = new S3Client({ ...localClient(of(region)?.endpoint ?? '', region), forcePathStyle: true });
      await s3.send(new PutBucketReplicationCommand(parameters)).finally(() => s3.destroy());
    }),
  );
}
