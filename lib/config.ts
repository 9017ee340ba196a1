import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { modelProviderSchema } from '#functions/run-agent/env.ts';
import { plainIssue } from '#core/parse/plain-message.ts';
import { regionProblems } from './region-rules.ts';

/** Days that CloudWatch Logs can keep a log group's events (PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `must be an ARN that begins with arn:aws:${service}:`);

/** One environment, as `config/<name>.json` holds it. */
export const configSchema = z
  .strictObject({
    /** Begins the name of each stack and secret; different for each environment of an account. */
    prefix: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,28}[a-z0-9]$/, 'must be 2 to 30 lower case letters, digits and dashes, a letter first'),
    /**
     * The AWS account that the environment lies in. A deploy with a login for another account is refused. Required where
     * data is protected; `000000000000` is a placeholder to replace. @default the account of whoever deploys
     */
    account: z
      .string()
      .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account, as text')
      .optional(),
    /**
     * One region, or three that are one fleet (docs/adr/0051). Each has stacks of its own. The order of three never
     * changes: the first one makes the state table, and has the ids without a region.
     */
    regions: z
      .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region like us-east-1'))
      .min(1, 'must name at least one region'),
    /** The names of three regions in the ids of tasks. They never change. @default `us` of `us-east-1`, and so on */
    homes: z.array(z.string().regex(/^[a-z]{2,8}$/, 'must be 2 to 8 lower case letters')).optional(),
    /**
     * The name of the state table, for a fleet that grew from one region: its table keeps the name that CloudFormation
     * made. @default `<prefix>-state` in a fleet of three regions
     */
    stateTable: z
      .string()
      .regex(/^[\w.-]{3,255}$/, 'must be the name of a DynamoDB table')
      .optional(),
    /**
     * Only while a fleet of one region grows to three, as `-c growing=1` of some deploys: how many of the other two regions
     * get the state table, since CloudFormation adds one replica at a time. Meanwhile the functions of the first region
     * work as those of a fleet of one region. @default it has grown
     */
    growing: z.int().min(1).max(2).optional(),
    /**
     * A name of one's own for the task API of three regions, in a hosted zone of Route 53: callers reach the nearest region
     * that works. @default none: the address of CloudFront
     */
    domain: z
      .strictObject({
        hostedZoneId: z.string().regex(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a hosted zone, such as Z0123456789ABC'),
        name: z.string().regex(/^([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/, 'must be a domain name, such as fleet.example.com'),
      })
      .optional(),
    /** Put on every resource. @default none */
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
    /** Whether tables and their data are protected against deletion, by mistake or with the stack. */
    protectData: z.boolean(),
    /**
     * The maximum number of tasks that one worker handles at once, for agents without tools (docs/adr/0010). They wait
     * for the model together, so the waiting costs a fifth. With more of them a quick task waits longer, since a worker
     * receives new messages only when its slowest task has ended.
     */
    tasksPerWorker: z.int().min(1).max(10).default(5),
    /**
     * The maximum number of workers of a pool, by its agent's name; a fifth of them is for high-priority tasks.
     * @default 5 each, unless the system sets its own
     */
    workers: z.record(z.string(), z.int().min(4).max(1_000)).default({}),
    /** Settings of single systems, by the system's name; each system's `settings` describes its own. */
    systems: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    /**
     * Concurrent executions set aside for each pool's worker, so that nothing else in the account starves it or is
     * starved. An account must keep 10 unreserved. @default none: the account's pool is shared
     */
    reservedConcurrency: z.int().min(4).max(1_000).optional(),
    /** Workers kept started (provisioned concurrency, billed while idle). @default 0: the first task waits for a cold start */
    warmWorkers: z.int().min(0).max(1_000).default(0),
    /** Requests a second that one key may make of the task API, in the long run and at once. */
    apiRate: z.int().min(1).max(10_000).default(100),
    apiBurst: z.int().min(1).max(5_000).default(200),
    /**
     * Requests that may wait for the end of a task at the same time; more are answered at once. They have executions set
     * aside, which an account of 10 concurrent executions cannot give: there it must be 0.
     */
    waitingReads: z.int().min(0).max(500).default(50),
    /**
     * Whether a deploy of the task API is a canary. Switch it off for a deploy that must pass while an alarm rings.
     * @default where data is protected
     */
    apiCanary: z.boolean().optional(),
    /** Whether CloudWatch has metrics for each method of the task API, up to $37.50 a month. @default only those of the whole API */
    apiMethodMetrics: z.boolean().default(false),
    /** Minutes that a conversation is kept after its last use, and tokens of it; beyond them the oldest turns are dropped. */
    sessionMinutes: z.int().min(1).max(10_080).default(60),
    sessionTokens: z.int().min(1_000).max(60_000).default(20_000),
    /**
     * US dollars per day that an agent without a day budget should cost at most. Alarms ring at 90 % of it, and at three
     * times its pace for twenty minutes. It stops nothing.
     */
    agentDayUsd: z.number().positive().default(100),
    /** Minutes from one collection of economy tasks into a batch to the next. */
    economyMinutes: z.int().min(1).max(720).default(5),
    /** Days that the audit trail cannot be changed or deleted. @default 1, or 365 where data is protected */
    auditRetentionDays: z.int().min(1).max(36_500).optional(),
    /**
     * How the work is traced: by spans of OpenTelemetry from the request to the callback, by X-Ray's own SDK, one trace for
     * each invocation, or not at all.
     */
    tracing: z.enum(['otel', 'xray', 'off']).default('otel'),
    /** The share of traces that is kept. Those with a failure, and the slow and dear ones, always are. */
    traceSampling: z.number().min(0).max(1).default(0.05),
    /** A receiver of OTLP over HTTP that spans go to, without `/v1/traces`. @default X-Ray's daemon */
    otlpEndpoint: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
    /** Applies to every log group. */
    logRetentionDays: z
      .int()
      .refine((days) => RETENTION_DAYS.includes(days), `must be one of ${RETENTION_DAYS.join(', ')}`),
    /** Limits what the stack's roles can ever do. @default none */
    permissionsBoundaryArn: arn('iam').optional(),
    /**
     * Encrypts the table, the bucket, the secret and the report topic. Its key policy must let IAM policies of the
     * account grant its use, as the default one does. Queues carry ids only and keep SQS's own key, since S3 cannot
     * send to a queue under a key that does not name it. Three regions need a multi-Region key with a replica in each,
     * and `{region}` in its ARN. @default AWS's own keys
     */
    kmsKeyArn: arn('kms').optional(),
    /**
     * An SNS topic in the stack's region that alarms go to. `{region}` stands for the region of each stack. @default none;
     * alarms are seen in CloudWatch
     */
    alarmTopicArn: arn('sns').optional(),
    /** Topics of single severities, such as one that pages for 1 and one that makes tickets of 3. @default alarmTopicArn */
    alarmTopicArns: z
      .strictObject({ '1': arn('sns').optional(), '2': arn('sns').optional(), '3': arn('sns').optional() })
      .default({}),
    /**
     * Where people on call read docs/runbook.md, such as `https://git.example.com/fleet/blob/main/docs/runbook.md`. Alarms
     * link to their section of it. @default they name the path in this project
     */
    runbookUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .refine((url) => !url.includes('#'), 'must have no "#": each alarm adds its section')
      .optional(),
    /**
     * The console in the browser, by CloudFront: people sign in by a user pool of Amazon Cognito, or type a key of the task
     * API. @default none is deployed
     */
    console: z.strictObject({ signIn: z.enum(['cognito', 'key']).or(z.literal(false)) }).default({ signIn: false }),
    /** Who serves Claude: Anthropic by an API key, or Amazon Bedrock or Claude Platform on AWS by IAM. @default Anthropic */
    model: modelProviderSchema.default({ provider: 'anthropic' }),
    /** Where the model's API answers instead: a gateway of one's own before it. @default the provider's public API */
    modelBaseUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
    /**
     * Whether callbacks may go to private addresses and by plain HTTP: for development, where receivers run on the same
     * machine or network. @default false: https to public addresses alone
     */
    privateCallbacks: z.boolean().default(false),
    /** Replaces entries of the model catalogue, see core/models/catalogue.ts. @default none */
    modelOverrides: z.record(z.string(), z.unknown()).default({}),
  })
  .check(({ value, issues }) => {
    if (value.protectData && value.account === undefined) {
      const message = 'is required where data is protected: the 12 digits of the AWS account';
      issues.push({ code: 'custom', input: value.account, path: ['account'], message });
    }
    issues.push(...regionProblems(value).map((problem) => ({ code: 'custom' as const, ...problem })));
  });
export type Config = z.infer<typeof configSchema>;

/**
 * How urgent an alarm is (docs/runbook.md#severities). 1: wake somebody, since work is lost or money runs away. 2: act
 * today, since users wait or a promise is being broken. 3: a ticket.
 */
export type Severity = 1 | 2 | 3;

/** The ARN of the topic that alarms of a severity go to. Undefined: they notify nobody. */
export const alarmTopicOf = (
  { alarmTopicArn, alarmTopicArns }: Pick<Config, 'alarmTopicArn' | 'alarmTopicArns'>,
  severity: Severity,
): string | undefined => alarmTopicArns[severity] ?? alarmTopicArn;

/** The account in the configuration that nobody owns: a deploy to it fails. */
export const PLACEHOLDER_ACCOUNT = '000000000000';

/** The configuration cannot be used. The message is one sentence fit for a terminal. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** `config/` beside `lib/`. */
const CONFIG_FOLDER = join(import.meta.dirname, '..', 'config');

/** CDK context, such as the `-c` options give it. */
export type Context = Readonly<Record<string, unknown>>;

/**
 * Returns the configuration of the environment `name`: its file, with values of the context over it. A context key is a
 * field (`prefix`) or a setting of a system (`documents.agents`). Values are parsed as JSON if they are JSON, else taken
 * as text; `regions` may be a list with commas. Throws `ConfigError`.
 */
export function loadConfig(name: string, context: Context = {}): Config {
  const names = readdirSync(CONFIG_FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
  if (!names.includes(name)) {
    throw new ConfigError(`Environment "${name}" not found. Choose one of ${names.join(', ')} with -c env=NAME.`);
  }
  const file = `config/${name}.json`;
  const { systems, ...fields } = readJsonObject(file, join(CONFIG_FOLDER, `${name}.json`));
  const parsed = configSchema.safeParse({ ...fields, ...fieldsIn(context), systems: withSettings(systems, context) });
  if (parsed.success) return parsed.data;
  throw unusable(file, parsed.error);
}

/**
 * Returns the settings of one system, parsed by its own schema. Throws `ConfigError` that names the setting.
 * @param schema the manifest's `settings`
 */
export function systemSettings<Schema extends z.ZodType>(
  { systems }: Pick<Config, 'systems'>,
  system: string,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(settingsOf(systems, system));
  if (parsed.success) return parsed.data;
  throw unusable(`The part systems.${system} of the configuration`, parsed.error);
}

function unusable(what: string, error: z.ZodError): ConfigError {
  const problems = error.issues.map(plainIssue).join('; ');
  return new ConfigError(`${what} (with the -c options) cannot be used: ${problems}.`);
}

function readJsonObject(file: string, path: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new ConfigError(
      `${file} is not a JSON object: ${error instanceof SyntaxError ? error.message : 'wrong type'}.`,
    );
  }
}

/** `systems` itself is left out: as a context key it chooses systems. */
function fieldsIn(context: Context): object {
  const names = Object.keys(configSchema.shape).filter((name) => name !== 'systems' && context[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, fromText(name, context[name])]));
}

/** A system may be called `constructor`: what every object inherits is not a setting. */
const settingsOf = (systems: Config['systems'], system: string): Readonly<Record<string, unknown>> =>
  (Object.hasOwn(systems, system) ? systems[system] : undefined) ?? {};

/** The file's settings of systems, with keys like `documents.agents` over them. */
function withSettings(systems: unknown, context: Context): unknown {
  const parsed = configSchema.shape.systems.safeParse(systems);
  // The whole configuration's parse reports it.
  if (!parsed.success) return systems;
  const settings = { ...parsed.data };
  for (const [key, value] of Object.entries(context)) {
    const [, system, field] = /^([a-z][a-z0-9-]*)\.(\w+)$/.exec(key) ?? [];
    if (system === undefined || field === undefined) continue;
    settings[system] = { ...settingsOf(settings, system), [field]: fromText(field, value) };
  }
  return settings;
}

function fromText(field: string, value: unknown): unknown {
  // An account is digits, and no number.
  if (typeof value !== 'string' || field === 'account') return value;
  try {
    return JSON.parse(value);
  } catch {
    return field === 'regions' ? value.split(',') : value;
  }
}
