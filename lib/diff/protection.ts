import { canonical, recordOf } from './access.ts';
import type { Template } from './read-templates.ts';

/** What protects the data of a resource. */
export interface Protection {
  /** Each of these keeps data; one less is a loss. */
  readonly kept: readonly string[];
  /** Each of these deletes data; one more is a loss. */
  readonly expires: readonly string[];
  /** How long it is kept, in the resource's own unit. Infinity without a limit. */
  readonly days: number;
}

type Resource = Template['Resources'][string];
type Properties = Readonly<Record<string, unknown>>;

const KEEPING = /^(Retain|RetainExceptOnCreate|Snapshot)$/;

export function protectionOf({
  Type,
  Properties,
  DeletionPolicy = '',
  UpdateReplacePolicy = '',
}: Resource): Protection {
  const kept = [
    ...(KEEPING.test(DeletionPolicy) ? ['it stays when it is removed or the stack is deleted'] : []),
    ...(KEEPING.test(UpdateReplacePolicy) ? ['it stays when it is replaced'] : []),
    ...keptBy(Properties),
    ...(Type === 'AWS::DynamoDB::GlobalTable' ? replicasOf(Properties) : []),
  ];
  return { kept, expires: expiryOf(Properties), days: retentionOf(Type, Properties) };
}

/** Properties that protect data, of whatever type they are. */
function keptBy(properties: Properties): string[] {
  const { DeletionProtectionEnabled, PointInTimeRecoverySpecification, VersioningConfiguration } = properties;
  const { ObjectLockEnabled, ObjectLockConfiguration, Enabled } = properties;
  return [
    ...(DeletionProtectionEnabled === true ? ['deletion protection'] : []),
    ...(recordOf(PointInTimeRecoverySpecification)['PointInTimeRecoveryEnabled'] === true
      ? ['point-in-time recovery']
      : []),
    ...(recordOf(VersioningConfiguration)['Status'] === 'Enabled' ? ['versions'] : []),
    ...(ObjectLockEnabled === true ? ['object lock'] : []),
    ...(ObjectLockConfiguration === undefined ? [] : [`object lock ${canonical(ObjectLockConfiguration)}`]),
    ...(Enabled === true ? ['it is enabled'] : []),
  ];
}

function replicasOf({ Replicas = [] }: Properties): string[] {
  return [Replicas].flat().flatMap((each) => {
    const replica = recordOf(each);
    const region = canonical(replica['Region']);
    return [`a copy in ${region}`, ...keptBy(replica).map((line) => `${line} in ${region}`)];
  });
}

function expiryOf({ LifecycleConfiguration, TimeToLiveSpecification }: Properties): string[] {
  const rules = [recordOf(LifecycleConfiguration)['Rules'] ?? []].flat().map(recordOf);
  const deleting = rules.filter(
    (rule) => rule['Status'] !== 'Disabled' && Object.keys(rule).some((key) => /Expiration/.test(key)),
  );
  const timeToLive = recordOf(TimeToLiveSpecification)['Enabled'] === true ? [canonical(TimeToLiveSpecification)] : [];
  return [...deleting.map(canonical), ...timeToLive];
}

/** Four days, in seconds (SQS, SetQueueAttributes). */
const QUEUE_DEFAULT = 345_600;

/** Days of a log group, seconds of a queue. */
function retentionOf(type: string, { RetentionInDays, MessageRetentionPeriod }: Properties): number {
  const given = RetentionInDays ?? MessageRetentionPeriod;
  if (typeof given === 'number') return given;
  return type === 'AWS::SQS::Queue' ? QUEUE_DEFAULT : Infinity;
}
