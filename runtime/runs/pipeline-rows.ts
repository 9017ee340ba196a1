import { z } from 'zod';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { parseItems, type Item } from '#core/runs/item.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { readResultRows, resultsRefSchema, type ResultRow } from './result-files.ts';
import { finishedItems, rowOfTasks } from './finished-items.ts';
import { keepReportFields } from './keeps-report.ts';
import { mapErrorSchema, tasksOf } from './run-results.ts';

const runSchema = z.object({
  /** Only the id, if the input was not valid. Times are milliseconds. */
  id: z.string(),
  tenant: z.string().optional(),
  name: z.string().optional(),
  group: z.string().nullish(),
  startedAt: z.number().optional(),
  deadline: z.number().optional(),
});
type PipelineRunRef = Pick<z.infer<typeof runSchema>, 'id' | 'tenant'>;

const mapSchema = z.object({
  /** The items, as JSON lines. */
  items: z.object({ bucket: z.string(), key: z.string() }),
  /** Null when the map aborted, or was stopped, before it wrote any results. Then the rows are read from the run's tasks. */
  results: resultsRefSchema.nullable(),
  /** The agents of its stages, in their order. */
  agents: z.array(z.string()).optional(),
});
/** One map of a pipeline: the stages before the barrier, or those after it. */
export type PipelineMap = z.infer<typeof mapSchema> & { readonly run?: PipelineRunRef };

/** The event of a pipeline's barrier and aggregator. The barrier returns `{ items: { bucket, key } }`, JSON lines. */
export const pipelineEventSchema = z
  .object({
    run: runSchema,
    /** What the execution was started with. */
    input: z.unknown(),
    /** In their order. Empty when the run stopped before the first one had begun. */
    maps: z.array(mapSchema),
    /** Why the run ended early. Null when it did not. The barrier's has none. */
    problem: mapErrorSchema.nullish(),
    /** Set for a run that was stopped or failed, see `keepsReport`. */
    ...keepReportFields,
  })
  .transform((event) => ({ ...event, maps: event.maps.map((map): PipelineMap => ({ ...map, run: event.run })) }));
export type PipelineEvent = z.infer<typeof pipelineEventSchema>;

/** One item, with its outcome. */
export interface PipelineRow {
  readonly item: Item;
  /** `not-reached`: the deadline passed, or the run ended, before the last stage had ended. */
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'escalated' | 'not-reached';
  /** The agent of the last stage that it reached. Null when it reached none. */
  readonly stage: string | null;
  readonly reason: string | null;
  /** Its tasks, in the order of the stages, the one that failed included. */
  readonly tasks: readonly Task[];
  /** The output of the last stage of this map. Null unless the item succeeded. */
  readonly output: unknown;
}

interface Sources {
  readonly artifacts: Artifacts;
  readonly store: Pick<TaskStore, 'getMany' | 'finishedInRun'>;
}

const REMEDY = 'Start the run again.';
const ROWS_AT_ONCE = 200;

/**
 * Reads the outcome of every item of a map, in the order of the list: no item is missing, however the map ended. Of a map
 * that wrote no results, the finished tasks of the run say how far each item came, see `finishedItems`. Tasks are read in portions, so that a run of 100,000 items fits into memory. Throws an `Error` if a file is not as AWS documents it.
 */
export async function* readPipelineRows(
  sources: Sources,
  { items: at, results, agents, run }: PipelineMap,
): AsyncGenerator<PipelineRow> {
  const parsed = parseItems(new TextDecoder().decode(await sources.artifacts.get(at)));
  if (!parsed.ok) throw new Error(`${at.key}: ${parsed.problem}`);
  const rows = results === null ? [] : await readResultRows(sources.artifacts, results, REMEDY);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const finished = results === null && run !== undefined ? await finishedItems(sources.store, run) : null;
  for (let from = 0; from < parsed.items.length; from += ROWS_AT_ONCE) {
    const portion = parsed.items.slice(from, from + ROWS_AT_ONCE);
    const idsBy = (item: Item): readonly TaskId[] => finished?.get(item.id) ?? idsOf(byKey.get(item.id));
    const tasks = await tasksOf(
      sources.store,
      portion.flatMap((item) => idsBy(item).map((taskId) => ({ taskId }))),
    );
    for (const item of portion) {
      const own = idsBy(item).flatMap((id) => tasks.get(id) ?? []);
      yield outcomeOf(item, finished ? rowOfTasks(item, own, agents) : byKey.get(item.id), tasks);
    }
  }
}

/** The last task of a row is the one that failed, if any did. */
const idsOf = (row: ResultRow | undefined): TaskId[] => [
  ...new Set([...(row?.tasks ?? []), ...(row?.taskId ? [row.taskId] : [])]),
];

function outcomeOf(item: Item, row: ResultRow | undefined, tasks: ReadonlyMap<TaskId, Task>): PipelineRow {
  const own = idsOf(row).flatMap((id) => tasks.get(id) ?? []);
  const last = own.at(-1)?.state;
  const status = row?.status ?? 'not-reached';
  const late = status === 'failed' && last?.status === 'failed' && last.failure.kind === 'deadline';
  const reason = row ? row.reason : `It was not processed: the run ended before. ${REMEDY}`;
  return {
    item,
    status: late ? 'not-reached' : status,
    stage: row?.stage ?? null,
    reason,
    tasks: own,
    output: status === 'succeeded' && last?.status === 'succeeded' ? last.output : null,
  };
}
