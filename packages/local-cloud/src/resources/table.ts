import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import type { Provisioned } from '../assembly/stack.ts';
import { ROOT, ServiceError } from '../services/service.ts';
import { cfnBoolean, ignored, resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']).optional(),
  NonKeyAttributes: z.array(z.string()).optional(),
});
/** Capacity is not metered here, so all tables and indexes are on demand. */
const capacity = { ProvisionedThroughput: ignored, OnDemandThroughput: ignored, WarmThroughput: ignored };
const secondaryIndex = z
  .strictObject({
    IndexName: z.string(),
    KeySchema: keySchema,
    Projection: projection,
    ContributorInsightsSpecification: ignored,
    WriteProvisionedThroughputSettings: ignored,
    WriteOnDemandThroughputSettings: ignored,
    ReadProvisionedThroughputSettings: ignored,
    ...capacity,
  })
  .transform(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
const recovery = z.strictObject({
  PointInTimeRecoveryEnabled: cfnBoolean.optional(),
  RecoveryPeriodInDays: ignored,
});
const ttl = z.strictObject({ AttributeName: z.string().optional(), Enabled: cfnBoolean });

const common = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  BillingMode: z.string().optional(),
  GlobalSecondaryIndexes: z.array(secondaryIndex).optional(),
  LocalSecondaryIndexes: z.array(secondaryIndex).optional(),
  TimeToLiveSpecification: ttl.optional(),
  /** Nothing is encrypted here. */
  SSESpecification: ignored,
  ...capacity,
};

interface TableShape {
  readonly AttributeDefinitions: readonly unknown[];
  readonly KeySchema: readonly unknown[];
  readonly GlobalSecondaryIndexes?: readonly unknown[] | undefined;
  readonly LocalSecondaryIndexes?: readonly unknown[] | undefined;
  readonly TimeToLiveSpecification?: z.output<typeof ttl> | undefined;
}

/** Creates the table, or checks that the existing table has the same keys and indexes. */
async function createTable(name: string, shape: TableShape, context: ResourceContext): Promise<void> {
  const existing = await describeTable(name, context);
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = shape;
  if (existing === undefined) {
    await context.call('dynamodb', 'CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes,
      LocalSecondaryIndexes,
    });
  } else if (keysOf(existing) !== keysOf(shape)) {
    const message = `The table ${name} exists with other keys or indexes. Delete its data folder to start from scratch.`;
    throw new ServiceError('ResourceInUseException', message);
  }
  const [partition] = keySchema.parse(KeySchema);
  if (partition !== undefined)
    context.host.iam.addTable(context.arn('dynamodb', `table/${name}`), partition.AttributeName);
  const { TimeToLiveSpecification } = shape;
  if (TimeToLiveSpecification?.AttributeName !== undefined) {
    await context.call('dynamodb', 'UpdateTimeToLive', { TableName: name, TimeToLiveSpecification });
  }
}

async function describeTable(name: string, { host }: ResourceContext): Promise<TableShape | undefined> {
  try {
    const { Table } = await host.call('dynamodb', 'DescribeTable', { TableName: name }, ROOT);
    return Table as TableShape;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Returns keys and indexes as comparable text. */
function keysOf({ KeySchema, GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: TableShape): string {
  const indexes = z.array(z.object({ IndexName: z.string(), KeySchema: keySchema }));
  const named = [...indexes.parse(GlobalSecondaryIndexes), ...indexes.parse(LocalSecondaryIndexes)]
    .map((index) => `${index.IndexName}:${keyText(index.KeySchema)}`)
    .sort();
  return [keyText(keySchema.parse(KeySchema)), ...named].join('|');
}

function keyText(keys: z.output<typeof keySchema>): string {
  return keys.map(({ AttributeName, KeyType }) => `${KeyType}=${AttributeName}`).join(',');
}

async function enableRecovery(
  name: string,
  spec: z.output<typeof recovery> | undefined,
  context: ResourceContext,
): Promise<void> {
  if (spec?.PointInTimeRecoveryEnabled !== true) return;
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await context.call('dynamodb', 'UpdateContinuousBackups', { TableName: name, PointInTimeRecoverySpecification });
}

function provisioned(name: string, context: ResourceContext): Provisioned {
  const attributes = { Arn: context.arn('dynamodb', `table/${name}`), TableId: name, TableName: name };
  return { ref: name, attributes };
}

export const table = resourceType(
  'AWS::DynamoDB::Table',
  z.strictObject({
    ...common,
    PointInTimeRecoverySpecification: recovery.optional(),
    /** A table is deleted only with the data folder. */
    DeletionProtectionEnabled: ignored,
    TableClass: ignored,
    ContributorInsightsSpecification: ignored,
    ResourcePolicy: ignored,
    Tags: ignored,
  }),
  async (properties, context) => {
    const name = properties.TableName ?? context.physicalName(255);
    await createTable(name, properties, context);
    await enableRecovery(name, properties.PointInTimeRecoverySpecification, context);
    return provisioned(name, context);
  },
);

const replica = z.looseObject({ Region: z.string(), PointInTimeRecoverySpecification: recovery.optional() });

/** Whether a global table has a replica in a region. */
export function hasReplicaIn(region: string, properties: unknown): boolean {
  const parsed = z.object({ Replicas: z.array(replica) }).safeParse(properties);
  return parsed.success && parsed.data.Replicas.some(({ Region }) => Region === region);
}

/** The replica in the region of this cloud. It is replicated to those of the other regions that run too. */
export const globalTable = resourceType(
  'AWS::DynamoDB::GlobalTable',
  z.strictObject({
    ...common,
    Replicas: z.array(replica),
    MultiRegionConsistency: z.string().optional(),
    /** A table with replicas has a stream on AWS, by which it is replicated. Nothing can read one here. */
    StreamSpecification: ignored,
    WriteProvisionedThroughputSettings: ignored,
    WriteOnDemandThroughputSettings: ignored,
    ReadProvisionedThroughputSettings: ignored,
    ReadOnDemandThroughputSettings: ignored,
  }),
  async (properties, context) => {
    const { host } = context;
    const name = properties.TableName ?? context.physicalName(255);
    await createTable(name, properties, context);
    const local = properties.Replicas.find(({ Region }) => Region === host.region);
    await enableRecovery(name, local?.PointInTimeRecoverySpecification, context);
    if (host.regions !== undefined && local !== undefined) {
      if (properties.MultiRegionConsistency === 'STRONG') {
        throw new AssemblyError(context.where, 'strong consistency is not supported across regions. Use EVENTUAL.');
      }
      await host.regions.replicate(
        name,
        properties.Replicas.map(({ Region }) => Region),
      );
    }
    return provisioned(name, context);
  },
);
