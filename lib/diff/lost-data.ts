import type { Template } from './read-templates.ts';

/**
 * Resources that hold data, with the properties whose change makes CloudFormation replace them (Update requires:
 * Replacement, in the CloudFormation Template Reference).
 */
const HOLDS_DATA: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::KMS::Key': [],
  'AWS::Kinesis::Stream': ['Name'],
};

/** Says which resources that hold data a deploy would remove or replace. */
export function lostData(stack: string, before: Template, after: Template | undefined): string[] {
  return Object.entries(before.Resources).flatMap(([id, { Type, Properties }]) => {
    const fixed = HOLDS_DATA[Type];
    if (fixed === undefined) return [];
    const next = after?.Resources[id];
    const what = `${stack}: ${Type} ${id}`;
    if (next === undefined) return [`${what} is removed`];
    if (next.Type !== Type) return [`${what} is replaced by ${next.Type}`];
    const changed = fixed.filter((name) => !isEqual(Properties[name], next.Properties[name]));
    return changed.length === 0 ? [] : [`${what} is replaced: ${changed.join(', ')} changes`];
  });
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
