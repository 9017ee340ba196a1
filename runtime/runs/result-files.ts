import { z } from 'zod';
import type { Artifacts } from '#core/ports/artifacts.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { startOf } from '#core/text/text.ts';
import { parseJson } from '../parse/json.ts';

/** The location of a ResultWriter's manifest, from the output of a Distributed Map: `ResultWriterDetails`. */
export const resultsRefSchema = z.object({ Bucket: z.string().min(1), Key: z.string().min(1) });
export type ResultsRef = z.infer<typeof resultsRefSchema>;

/** A child execution's result for one object or item. */
const rowSchema = z.object({
  key: z.string(),
  taskId: taskIdSchema.nullable().default(null),
  reason: z.string().nullable().default(null),
  /** A pipeline's: how the item ended, the agent of its last stage, and its tasks that succeeded. */
  status: z.enum(['succeeded', 'failed', 'cancelled', 'escalated', 'not-reached']).optional(),
  stage: z.string().optional(),
  tasks: z.array(taskIdSchema).optional(),
});
export type ResultRow = z.infer<typeof rowSchema>;

// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
const fileList = z.array(z.object({ Key: z.string() })).default([]);
const manifestSchema = z.object({
  DestinationBucket: z.string(),
  ResultFiles: z.object({ SUCCEEDED: fileList, FAILED: fileList, PENDING: fileList }).partial(),
});

/** One child execution. Its input and output are JSON within JSON. */
const childSchema = z.object({
  Status: z.string(),
  Input: z.string().optional(),
  Output: z.string().optional(),
  Error: z.string().optional(),
  Cause: z.string().optional(),
});
type Child = z.infer<typeof childSchema>;

/** A batch of the ItemBatcher: a pipeline's items, or objects from the bucket's listing, with or without renamed fields. */
const batchSchema = z.object({
  Items: z.array(
    z.union([
      z.object({ id: z.string() }).transform(({ id }) => id),
      z.object({ key: z.string() }).transform(({ key }) => key),
      z.object({ Key: z.string() }).transform(({ Key }) => Key),
    ]),
  ),
});

const FILES_AT_ONCE = 4;

/**
 * Reads all rows of the ResultWriter's files. A child execution that failed or never began has one row for each of its
 * objects, with the cause. Throws an `Error` that names the file when it does not have the documented format.
 */
export async function readResultRows(
  artifacts: Artifacts,
  ref: ResultsRef,
  remedy = 'Retry the failed documents.',
): Promise<ResultRow[]> {
  const manifest = await readJson(artifacts, ref.Bucket, ref.Key, manifestSchema);
  const { SUCCEEDED = [], FAILED = [], PENDING = [] } = manifest.ResultFiles;
  const files = [...SUCCEEDED, ...FAILED, ...PENDING];
  const rowsIn = async ({ Key }: (typeof files)[number]): Promise<readonly ResultRow[]> => {
    const children = await readJson(artifacts, manifest.DestinationBucket, Key, z.array(childSchema));
    return children.flatMap((child) => rowsOf(child, Key, remedy));
  };
  const rows = await inParallel(files, rowsIn, FILES_AT_ONCE);
  return rows.flat();
}

function rowsOf(child: Child, file: string, remedy: string): ResultRow[] {
  if (child.Status === 'SUCCEEDED') return parseIn(file, z.array(rowSchema), parseJson(child.Output ?? ''));
  const { Items } = parseIn(file, batchSchema, parseJson(child.Input ?? ''));
  const reason = `${whyNot(child)} ${remedy}`;
  return Items.map((key) => ({ key, taskId: null, reason }));
}

function whyNot({ Status, Error: error, Cause }: Child): string {
  if (Status === 'PENDING') return 'It was not processed: the run ended before it was started.';
  const cause = [error, Cause === undefined ? undefined : startOf(Cause, 200)]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
  const how = `its batch ${Status.toLowerCase().replaceAll('_', ' ')}${cause === '' ? '' : ` (${cause})`}`;
  return `It was not processed: ${how}.`;
}

async function readJson<Schema extends z.ZodType>(
  artifacts: Artifacts,
  bucket: string,
  key: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  return parseIn(key, schema, parseJson(new TextDecoder().decode(await artifacts.get({ bucket, key }))));
}

function parseIn<Schema extends z.ZodType>(file: string, schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`The map's result file ${file} does not have the expected format: ${z.prettifyError(parsed.error)}`);
}
