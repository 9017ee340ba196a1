import { canonical } from './access.ts';
import { protectionOf } from './protection.ts';
import type { Template } from './read-templates.ts';

/**
 * Resources that hold data, with the properties whose change makes CloudFormation replace them (Update requires:
 * Replacement, in the CloudFormation Template Reference).
 */
const HOLDS_DATA: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::KMS::Key': ['MultiRegion', 'Origin', 'KeySpec', 'KeyUsage'],
  'AWS::Kinesis::Stream': ['Name'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
};

/** Says which data a deploy of a stack would remove or replace, and which would lose its protection. */
export function lostData(stack: string, before: Template, after: Template | undefined): string[] {
  return Object.entries(before.Resources).flatMap(([id, resource]) => {
    const { Type, Properties } = resource;
    const fixed = HOLDS_DATA[Type];
    if (fixed === undefined) return [];
    const next = after?.Resources[id];
    const what = `${stack}: ${Type} ${id}`;
    if (next === undefined) return [`${what} is removed`];
    if (next.Type !== Type) return [`${what} is replaced by ${next.Type}`];
    const changed = fixed.filter((name) => canonical(Properties[name]) !== canonical(next.Properties[name]));
    const replaced = changed.length === 0 ? [] : [`${what} is replaced: ${changed.join(', ')} changes`];
    return [...replaced, ...weakened(resource, next).map((line) => `${what} ${line}`)];
  });
}

type Resource = Template['Resources'][string];

function weakened(before: Resource, after: Resource): string[] {
  const [was, is] = [protectionOf(before), protectionOf(after)];
  const gone = was.kept.filter((line) => !is.kept.includes(line)).map((line) => `is no longer protected: ${line}`);
  const earlier = is.expires.filter((line) => !was.expires.includes(line)).map((line) => `may expire earlier: ${line}`);
  const shorter = is.days < was.days ? [`is kept for a shorter time: ${is.days} instead of ${was.days}`] : [];
  return [...gone, ...earlier, ...shorter];
}
