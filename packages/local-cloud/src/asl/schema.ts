import { z } from 'zod';
import { isExpression } from './evaluate.ts';
import type { Json } from './json.ts';

/** The schema of states in JSONata mode: https://states-language.net/spec.html. Unknown fields are rejected. */

const json = z.custom<Json>((value) => value !== undefined, 'must be a JSON value');
const expression = z.string().refine(isExpression, 'must be a JSONata expression: "{% … %}"');
const wholeOr = (min: number) => z.union([z.int().min(min), expression]);
const numberOr = z.union([z.number().min(0), expression]);

/** Names of variables: letters, digits and underscores, at most 80 characters. AWS reserves `states`. */
const variable = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u, 'must be a variable name of at most 80 letters, digits and _')
  .refine((name) => name !== 'states', 'cannot be "states", which is reserved');
const assign = z.record(variable, json);

const common = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
const exit = { Assign: assign.optional(), Output: json.optional() };
const flowing = { ...common, ...exit, Next: z.string().optional(), End: z.literal(true).optional() };

const errorEquals = z.array(z.string()).min(1);
const fallible = {
  Retry: z
    .array(
      z.strictObject({
        ErrorEquals: errorEquals,
        IntervalSeconds: z.int().min(1).max(99_999_999).default(1),
        MaxAttempts: z.int().min(0).max(99_999_999).default(3),
        BackoffRate: z.number().min(1).default(2),
        MaxDelaySeconds: z.int().min(1).max(31_622_399).optional(),
        JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
        Comment: z.string().optional(),
      }),
    )
    .default([]),
  Catch: z
    .array(z.strictObject({ ErrorEquals: errorEquals, Next: z.string(), Comment: z.string().optional(), ...exit }))
    .default([]),
};

const task = z.strictObject({
  ...flowing,
  ...fallible,
  Type: z.literal('Task'),
  Resource: z.string(),
  Arguments: json.optional(),
  TimeoutSeconds: wholeOr(1).optional(),
  HeartbeatSeconds: wholeOr(1).optional(),
});

const choice = z.strictObject({
  ...common,
  ...exit,
  Type: z.literal('Choice'),
  Choices: z
    .array(
      z.strictObject({
        Condition: z.union([z.boolean(), expression]),
        Next: z.string(),
        Comment: z.string().optional(),
        ...exit,
      }),
    )
    .min(1),
  Default: z.string().optional(),
});

const itemReader = z.strictObject({
  Resource: z.enum(['arn:aws:states:::s3:listObjectsV2', 'arn:aws:states:::s3:getObject']),
  Arguments: json,
  ReaderConfig: z
    .strictObject({
      InputType: z.enum(['JSON', 'JSONL', 'CSV']).optional(),
      CSVHeaderLocation: z.enum(['FIRST_ROW', 'GIVEN']).optional(),
      CSVHeaders: z.array(z.string()).optional(),
      CSVDelimiter: z.enum(['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB']).optional(),
      MaxItems: wholeOr(1).optional(),
    })
    .optional(),
});

const itemBatcher = z
  .strictObject({
    MaxItemsPerBatch: wholeOr(1).optional(),
    MaxInputBytesPerBatch: wholeOr(1).optional(),
    BatchInput: json.optional(),
  })
  .refine(
    (batcher) => batcher.MaxItemsPerBatch !== undefined || batcher.MaxInputBytesPerBatch !== undefined,
    'needs MaxItemsPerBatch or MaxInputBytesPerBatch',
  );

const resultWriter = z
  .strictObject({
    Resource: z.literal('arn:aws:states:::s3:putObject').optional(),
    Arguments: json.optional(),
    WriterConfig: z
      .strictObject({
        Transformation: z.enum(['NONE', 'COMPACT', 'FLATTEN']),
        OutputType: z.enum(['JSON', 'JSONL']),
      })
      .optional(),
  })
  .refine(
    (writer) => (writer.Resource === undefined) === (writer.Arguments === undefined),
    'needs Resource and Arguments together',
  )
  .refine(
    (writer) => writer.Resource !== undefined || writer.WriterConfig !== undefined,
    'needs WriterConfig, or Resource and Arguments',
  );

const map = z.strictObject({
  ...flowing,
  ...fallible,
  Type: z.literal('Map'),
  ItemProcessor: z.strictObject({
    Comment: z.string().optional(),
    ProcessorConfig: z
      .strictObject({
        Mode: z.enum(['INLINE', 'DISTRIBUTED']).default('INLINE'),
        ExecutionType: z.enum(['STANDARD', 'EXPRESS']).optional(),
      })
      .optional(),
    StartAt: z.string(),
    States: z.record(z.string(), z.unknown()),
  }),
  Items: z.union([expression, z.array(json)]).optional(),
  ItemSelector: json.optional(),
  MaxConcurrency: wholeOr(0).optional(),
  ItemReader: itemReader.optional(),
  ItemBatcher: itemBatcher.optional(),
  ResultWriter: resultWriter.optional(),
  ToleratedFailureCount: wholeOr(0).optional(),
  ToleratedFailurePercentage: z.union([z.number().min(0).max(100), expression]).optional(),
  // AWS rejects these characters in the name of a state machine, which includes the label.
  Label: z
    .string()
    .min(1)
    .max(40)
    .regex(/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]+$/u, 'contains a character that a label cannot have')
    .optional(),
});

const branch = z.strictObject({
  Comment: z.string().optional(),
  StartAt: z.string(),
  States: z.record(z.string(), z.unknown()),
});

const parallel = z.strictObject({
  ...flowing,
  ...fallible,
  Type: z.literal('Parallel'),
  Arguments: json.optional(),
  Branches: z.array(branch).min(1),
});

const wait = z
  .strictObject({
    ...flowing,
    Type: z.literal('Wait'),
    Seconds: numberOr.optional(),
    Timestamp: z.union([z.iso.datetime({ offset: true }), expression]).optional(),
  })
  .refine(
    (state) => (state.Seconds === undefined) !== (state.Timestamp === undefined),
    'needs exactly one of Seconds and Timestamp',
  );

const pass = z.strictObject({ ...flowing, Type: z.literal('Pass') });
const succeed = z.strictObject({ ...common, Output: json.optional(), Type: z.literal('Succeed') });
const fail = z.strictObject({
  ...common,
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
});

export const stateSchema = z.discriminatedUnion('Type', [task, choice, map, parallel, wait, pass, succeed, fail]);

export const machineSchema = z.strictObject({
  Comment: z.string().optional(),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  Version: z.literal('1.0').optional(),
  TimeoutSeconds: z.int().min(1).optional(),
  StartAt: z.string(),
  States: z.record(z.string(), z.unknown()),
});

export type WrittenState = z.infer<typeof stateSchema>;
export type Written<T extends WrittenState['Type']> = Extract<WrittenState, { Type: T }>;
