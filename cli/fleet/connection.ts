import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { UserError } from '../user-error.ts';

/** What the documents stack tells the outside world: its CloudFormation outputs. */
export const stackOutputsSchema = z.object({
  UploadBucket: z.string(),
  StateTable: z.string(),
  StateMachineArn: z.string(),
  /** The platform stack's. */
  AuditBucket: z.string().optional(),
});
export type StackOutputs = z.infer<typeof stackOutputsSchema>;

/** The outputs of the documents stack among all stacks'; throws a `UserError` when none has them. */
export function stackOutputs(stacks: Readonly<Record<string, Readonly<Record<string, string>>>>): StackOutputs {
  const AuditBucket = Object.values(stacks).find((outputs) => outputs['AuditBucket'] !== undefined)?.['AuditBucket'];
  for (const outputs of Object.values(stacks)) {
    const parsed = stackOutputsSchema.safeParse({ ...outputs, AuditBucket });
    if (parsed.success) return parsed.data;
  }
  throw new UserError(
    'No stack of the assembly has the outputs of the documents system.',
    'Run npm run synth and look at the stacks in cdk.out.',
  );
}

/** What a load test of the support system needs of its stack: the outputs. */
export const supportOutputsSchema = z.object({
  ShopTable: z.string(),
  WebhookSecret: z.string(),
  DefaultQueueUrl: z.string(),
});
export type SupportOutputs = z.infer<typeof supportOutputsSchema>;

/** The outputs of the support stack among all stacks'; null when there is none. */
export function supportOutputs(
  stacks: Readonly<Record<string, Readonly<Record<string, string>>>>,
): SupportOutputs | null {
  const found = Object.values(stacks).map((outputs) => supportOutputsSchema.safeParse(outputs));
  return found.find(({ success }) => success)?.data ?? null;
}

/** Where the task API answers, and what its keys are kept in. */
export const apiPlaceSchema = z.object({
  url: z.url(),
  table: z.string(),
  usagePlan: z.string(),
  callbackSecret: z.string(),
});
export type ApiPlace = z.infer<typeof apiPlaceSchema>;

const apiOutputsSchema = z.object({ ApiUrl: z.string(), UsagePlanId: z.string() });
const platformOutputsSchema = z.object({ StateTable: z.string(), CallbackSecret: z.string() });

/** The task API among all stacks' outputs; throws a `UserError` when there is none. */
export function apiPlace(stacks: Readonly<Record<string, Readonly<Record<string, string>>>>): ApiPlace {
  const outputs = Object.values(stacks);
  const api = outputs.map((each) => apiOutputsSchema.safeParse(each)).find(({ success }) => success)?.data;
  const platform = outputs.map((each) => platformOutputsSchema.safeParse(each)).find(({ success }) => success)?.data;
  if (!api || !platform)
    throw new UserError(
      'No stack of the assembly has a task API.',
      'Run npm run synth and look at the stacks in cdk.out.',
    );
  return {
    url: api.ApiUrl.replace(/\/+$/, ''),
    table: platform.StateTable,
    usagePlan: api.UsagePlanId,
    callbackSecret: platform.CallbackSecret,
  };
}

/** Clients for one fleet's endpoint. */
export interface Connection {
  readonly outputs: StackOutputs;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly dynamodb: DynamoDBClient;
  close(): void;
}

export function connect(endpoint: string, outputs: StackOutputs): Connection {
  // The local cloud takes any credentials for the machine's own user.
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint, region: 'us-east-1', credentials };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const sfn = new SFNClient(options);
  const dynamodb = new DynamoDBClient(options);
  return {
    outputs,
    s3,
    sfn,
    dynamodb,
    close() {
      for (const client of [s3, sfn, dynamodb]) client.destroy();
    },
  };
}
