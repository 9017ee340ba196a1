import { z } from 'zod';
import type { ArtifactRef } from '../ports/artifacts.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import { freezeItems, runItemsKey, type FreezeItemsPorts } from './freeze-items.ts';
import type { ParsedItems } from './item.ts';
import type { Run } from './run.ts';

export interface BeginPipelinePorts extends FreezeItemsPorts {
  readonly runs: Pick<RunStore, 'create' | 'get'>;
  readonly clock: Clock;
}

/** What the stack says of a pipeline. */
export interface PipelineSettings {
  /** The tenant of runs whose input names none. */
  readonly tenant: string;
  /** The bucket of the runs, and of items whose input names none. */
  readonly bucket: string;
  /** The name of the pipeline. */
  readonly workflow: string;
  /** Seconds that a run may take, unless its input has an earlier deadline. */
  readonly deadline: number;
  /** Most US dollars of an item in each stage. */
  readonly usd: readonly number[];
}

const placeSchema = z.object({ bucket: z.string().min(1).optional(), key: z.string().min(1) });

/** The input of a pipeline's execution. */
export const pipelineInputSchema = z.object({
  items: placeSchema.describe('Where the items lie, as JSON lines.'),
  tenant: z.string().min(1).optional(),
  name: z.string().min(1).max(128).optional(),
  /** Fields that each item of the list gets, such as the night that the run is about. They replace those of the list. */
  each: z.record(z.string(), z.json()).optional(),
  /** Runs of a group share results; runs without a group share theirs. */
  group: z.string().min(1).max(128).optional(),
  /** Most US dollars of the whole run. */
  budgetUsd: z.number().positive().optional(),
  deadline: z.iso.datetime({ offset: true }).optional(),
  /** When its results are due. Its aggregator reads it: the run itself ends by its deadline. */
  due: z.iso.datetime({ offset: true }).optional(),
});
export type PipelineInput = z.infer<typeof pipelineInputSchema>;

/** A run of a pipeline, as all its states see it. Times are milliseconds. */
export interface PipelineRun {
  readonly id: string;
  readonly tenant: string;
  readonly workflow: string;
  readonly name: string;
  readonly group: string | null;
  readonly startedAt: number;
  readonly deadline: number;
  /** The share of each stage's US dollars that the run's budget leaves for an item, at most 1. */
  readonly scale: number;
}

/** A stage as the definition says it. */
export interface StageToBegin {
  /** Its place among all stages, from 0. */
  readonly n: number;
  readonly agent: string;
  /** The URL of its pool's queue. */
  readonly queue: string;
  /** Most US dollars of an item. */
  readonly usd: number;
  /** The part of the run's time after which it takes no more items. */
  readonly by: number;
}

/** A stage of one run: what an item may cost, and until when it is taken, in milliseconds. */
export type RunStage = Omit<StageToBegin, 'by'> & { readonly until: number };

/** An execution that begins its first stages, or those after the barrier. */
export interface BeginningPipeline {
  readonly runId: string;
  readonly execution: string;
  readonly startedAt: number;
  readonly input: unknown;
  /** Those before the barrier, or those after it. */
  readonly stages: readonly StageToBegin[];
  /** Items that the barrier has made. Undefined before it. */
  readonly joined?: { readonly bucket?: string | undefined; readonly key: string } | undefined;
}

export interface PipelineBegun {
  readonly run: PipelineRun | null;
  /** Number of items. */
  readonly size: number;
  /** The run's own copy of them. */
  readonly items: ArtifactRef | null;
  readonly stages: readonly RunStage[];
  /** Why nothing is spent. Null when the run goes on. */
  readonly problem: { readonly error: string; readonly cause: string } | null;
}

/** Registers a run of a pipeline, freezes its items, and shares its budget out, before anything is spent. */
export async function beginPipeline(
  ports: BeginPipelinePorts,
  settings: PipelineSettings,
  beginning: BeginningPipeline,
): Promise<PipelineBegun> {
  const parsed = pipelineInputSchema.safeParse(beginning.input);
  if (!parsed.success) return stopped('Input.Invalid', z.prettifyError(parsed.error));
  const { data: input } = parsed;
  // A run that is not this execution's has a list of its own.
  const known = await ports.runs.get(input.tenant ?? settings.tenant, beginning.runId);
  const early = known && runProblem(known, beginning);
  if (early) return { ...stopped(early.error, early.cause), run: runOf(settings, beginning, input, 0) };
  const { bucket = settings.bucket, key } = beginning.joined ?? input.items;
  const part = beginning.joined === undefined ? 0 : 1;
  const items = { bucket: settings.bucket, key: runItemsKey(beginning.runId, part) };
  const found = await freezeItems(ports, { bucket, key }, items, part === 0 ? input.each : undefined);
  const size = found.ok ? found.items.length : 0;
  const run = runOf(settings, beginning, input, size);
  const problem =
    (await registered(ports, beginning, { ...run, budgetUsd: input.budgetUsd }, size)) ??
    itemsProblem(found, beginning);
  const stages = beginning.stages.map((stage) => stageOf(run, stage));
  return { run, size, items, stages, problem };
}

const stageOf = (run: PipelineRun, { n, agent, queue, usd, by }: StageToBegin): RunStage => ({
  n,
  agent,
  queue,
  usd: usd * run.scale,
  until: Math.floor(run.startedAt + by * (run.deadline - run.startedAt)),
});

function runOf(
  settings: PipelineSettings,
  { runId, startedAt }: BeginningPipeline,
  input: PipelineInput,
  size: number,
): PipelineRun {
  const latest = startedAt + settings.deadline * 1_000;
  const perItem = settings.usd.reduce((sum, usd) => sum + usd, 0);
  return {
    id: runId,
    tenant: input.tenant ?? settings.tenant,
    workflow: settings.workflow,
    name: input.name ?? runId,
    group: input.group ?? null,
    startedAt,
    deadline: Math.min(latest, input.deadline === undefined ? Infinity : Date.parse(input.deadline)),
    scale: Math.min(1, input.budgetUsd === undefined ? 1 : input.budgetUsd / (Math.max(1, size) * perItem)),
  };
}

/** The run of the API has an item already. It is this execution's if it names it. */
async function registered(
  { runs, clock }: BeginPipelinePorts,
  beginning: BeginningPipeline,
  { id, tenant, name, budgetUsd }: PipelineRun & Pick<PipelineInput, 'budgetUsd'>,
  size: number,
): Promise<PipelineBegun['problem']> {
  if (beginning.joined !== undefined) return null;
  const { execution } = beginning;
  const wanted = { id, tenant, name, createdAt: clock.now(), size: Math.max(1, size), digest: execution, execution };
  const budget = budgetUsd === undefined ? {} : { budgetUsd };
  return runProblem((await runs.create({ ...wanted, ...budget })).run, beginning);
}

function runProblem(stored: Run, { execution }: BeginningPipeline): PipelineBegun['problem'] {
  if (stored.execution !== execution)
    return { error: 'Run.NameTaken', cause: 'Another run has this name. Start it under another one.' };
  if (stored.cancelledAt === undefined) return null;
  return { error: 'Run.Cancelled', cause: 'The run was cancelled before it started.' };
}

function itemsProblem(found: ParsedItems, { joined }: BeginningPipeline): PipelineBegun['problem'] {
  if (!found.ok) return { error: 'Items.Invalid', cause: found.problem };
  if (found.items.length > 0 || joined !== undefined) return null;
  return { error: 'Items.None', cause: 'The list has no items. Write one JSON object a line.' };
}

const stopped = (error: string, cause: string): PipelineBegun => ({
  run: null,
  size: 0,
  items: null,
  stages: [],
  problem: { error, cause },
});
