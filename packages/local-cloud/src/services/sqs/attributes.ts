import { z } from 'zod';
import { ServiceError } from '../service.ts';
import { INPUT_CODES } from './errors.ts';
import { parseInput } from '../http.ts';

/** A queue's settings, with durations in seconds and sizes in bytes. Defaults and ranges are those of AWS. */
export interface QueueSettings {
  readonly delaySeconds: number;
  readonly maximumMessageSize: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  readonly visibilitySeconds: number;
  readonly redrive: RedrivePolicy | undefined;
  readonly redriveAllow: RedriveAllowPolicy | undefined;
  /** Attributes that are stored and returned unchanged, because nothing on one machine depends on them. */
  readonly kept: Readonly<Record<string, string>>;
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns: readonly string[];
}

/** 1 MiB: the maximum size of a message and of a batch. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** 12 hours: the maximum visibility timeout, in seconds. */
export const MAX_VISIBILITY_SECONDS = 43_200;

const seconds = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'it must be valid JSON' });
    return z.NEVER;
  }
});

/** An empty string removes a policy. */
const optionalJson = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal('').transform(() => undefined), json.pipe(schema)]);

const RedrivePolicySchema = z.strictObject({
  deadLetterTargetArn: z.string().startsWith('arn:aws:sqs:'),
  maxReceiveCount: z.coerce.number().pipe(z.int().min(1).max(1000)),
});

const RedriveAllowPolicySchema = z.strictObject({
  redrivePermission: z.enum(['allowAll', 'denyAll', 'byQueue']),
  sourceQueueArns: z.array(z.string()).max(10).default([]),
});

const GivenAttributes = z
  .strictObject({
    DelaySeconds: seconds(0, 900),
    MaximumMessageSize: seconds(1024, MAX_MESSAGE_BYTES),
    MessageRetentionPeriod: seconds(60, 1_209_600),
    ReceiveMessageWaitTimeSeconds: seconds(0, 20),
    VisibilityTimeout: seconds(0, MAX_VISIBILITY_SECONDS),
    RedrivePolicy: optionalJson(RedrivePolicySchema),
    RedriveAllowPolicy: optionalJson(RedriveAllowPolicySchema),
    Policy: z.string(),
    KmsMasterKeyId: z.string(),
    KmsDataKeyReusePeriodSeconds: seconds(60, 86_400).transform(String),
    SqsManagedSseEnabled: z.enum(['true', 'false']),
  })
  .partial();

const KEPT = ['Policy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'] as const;

export const DEFAULT_SETTINGS: QueueSettings = {
  delaySeconds: 0,
  maximumMessageSize: MAX_MESSAGE_BYTES,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  visibilitySeconds: 30,
  redrive: undefined,
  redriveAllow: undefined,
  kept: { SqsManagedSseEnabled: 'true' },
};

/**
 * Applies attributes in the form of `CreateQueue` and `SetQueueAttributes` (a map of strings) to settings.
 * Throws `UnsupportedOperation` for a FIFO attribute, `InvalidAttributeName` for an unknown name and
 * `InvalidParameterValue` for an invalid value.
 */
export function applyAttributes(settings: QueueSettings, given: Readonly<Record<string, string>>): QueueSettings {
  for (const name of Object.keys(given)) rejectUnknown(name);
  const parsed = parseInput(GivenAttributes, given, INPUT_CODES);
  const kept: Record<string, string> = { ...settings.kept };
  for (const name of KEPT) {
    const value = parsed[name];
    if (value === '') delete kept[name];
    else if (value !== undefined) kept[name] = value;
  }
  return {
    delaySeconds: parsed.DelaySeconds ?? settings.delaySeconds,
    maximumMessageSize: parsed.MaximumMessageSize ?? settings.maximumMessageSize,
    retentionSeconds: parsed.MessageRetentionPeriod ?? settings.retentionSeconds,
    receiveWaitSeconds: parsed.ReceiveMessageWaitTimeSeconds ?? settings.receiveWaitSeconds,
    visibilitySeconds: parsed.VisibilityTimeout ?? settings.visibilitySeconds,
    redrive: 'RedrivePolicy' in given ? parsed.RedrivePolicy : settings.redrive,
    redriveAllow: 'RedriveAllowPolicy' in given ? parsed.RedriveAllowPolicy : settings.redriveAllow,
    kept,
  };
}

function rejectUnknown(name: string): void {
  if (name in GivenAttributes.shape) return;
  if (/^(Fifo|ContentBased|Deduplication)/.test(name)) {
    throw new ServiceError(
      'UnsupportedOperation',
      `${name}: the local cloud does not support FIFO queues. Use a standard queue.`,
    );
  }
  throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);
}

/** Returns settings in the form of `GetQueueAttributes`. */
export function describeSettings(settings: QueueSettings): Record<string, string> {
  return {
    ...settings.kept,
    DelaySeconds: String(settings.delaySeconds),
    MaximumMessageSize: String(settings.maximumMessageSize),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitSeconds),
    VisibilityTimeout: String(settings.visibilitySeconds),
    ...(settings.redrive && { RedrivePolicy: JSON.stringify(settings.redrive) }),
    ...(settings.redriveAllow && { RedriveAllowPolicy: JSON.stringify(settings.redriveAllow) }),
  };
}
