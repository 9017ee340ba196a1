import type { ArtifactRef, Artifacts } from '../../ports/artifacts.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { Uploads } from '../../ports/uploads.ts';
import type { Workflow, Workflows } from '../../ports/workflows.ts';
import type { PipelineInput } from '../../runs/begin-pipeline.ts';
import { MAX_ITEM_BYTES, type Item } from '../../runs/item.ts';
import type { Run } from '../../runs/run.ts';
import { utf8Length } from '../../text/utf8-length.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { keyReused } from '../http/idempotency.ts';
import { requireHere } from '../http/other-region.ts';
import { ApiProblem } from '../http/problem.ts';
import { folderOf } from '../uploads/rules.ts';
import type { RunSubmission } from './messages.ts';
import { linksOf, newRun, wrong, type NewRunPorts } from './new-run.ts';

export interface WorkflowPorts extends NewRunPorts {
  readonly runs: RunStore;
  /** @default none: there are no pipelines */
  readonly workflows?: Workflows | undefined;
  readonly uploads?: Uploads | undefined;
  /** Where lists of items are written, or were uploaded. */
  readonly lists?: { readonly bucket: string; readonly artifacts: Pick<Artifacts, 'get' | 'put'> } | undefined;
}

/**
 * Starts a run of a pipeline: first its item, then the list of its items, then the execution, each so that a retry goes on
 * where an earlier request stopped, and repeats nothing. In a global fleet the API of the region that the key names starts
 * it, since the list and the execution are in that region. Throws `ApiProblem`.
 */
export async function startWorkflow(
  ports: WorkflowPorts,
  caller: Caller,
  submission: RunSubmission,
  key: string | undefined,
) {
  const workflow = findWorkflow(ports, caller, submission);
  const items = requireItems(submission);
  const upload = submission.key === undefined ? undefined : await findUpload(ports, caller, submission.key);
  const compared = key === undefined ? submission : await byContent(ports, submission, upload);
  const wanted = newRun(ports, caller, compared, key, Math.max(1, items?.length ?? 1));
  requireHere(ports.homes, wanted.id, 'Idempotency-Key', ANOTHER_KEY);
  const deadline = await requireDeadline(ports, submission, wanted);
  const place = upload ?? { bucket: ports.lists?.bucket ?? '', key: `${folderOf(caller)}${wanted.id}.jsonl` };
  const { name, group, budgetUsd, due } = submission;
  const budget = budgetUsd === undefined ? {} : { budgetUsd };
  const { run } = await ports.runs.create({ ...wanted, ...budget, execution: workflow.executionOf(wanted.id) });
  if (run.digest !== wanted.digest) throw keyReused();
  const text = items?.map((item) => JSON.stringify(item)).join('\n');
  if (text !== undefined) await ports.lists?.artifacts.put(place, text, 'application/jsonl');
  const input: PipelineInput = {
    items: place,
    tenant: caller.tenant,
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...budget,
    ...(deadline !== undefined && { deadline }),
    ...(due !== undefined && { due }),
  };
  await workflow.start(run.id, input);
  return { id: run.id, links: linksOf(run), items: [] };
}

const ANOTHER_KEY =
  'A key that begins with the name of this region and a dot, followed by a UUID, starts another run here.';

function findWorkflow(
  { workflows }: WorkflowPorts,
  caller: Caller,
  { workflow: name = '', tasks }: RunSubmission,
): Workflow {
  if (tasks !== undefined) throw wrong('tasks', 'is for runs without a `workflow`', 'Send `items` or `key` instead.');
  const names = workflows?.names ?? [];
  const found = workflows?.find(name);
  if (!found) {
    const remedy = names.length === 0 ? 'Deploy a system with a pipeline.' : `Use one of ${names.join(', ')}.`;
    throw new ApiProblem('cannot-accept', `There is no pipeline "${name}".`, [
      { field: 'workflow', message: 'is not a pipeline of this fleet', remedy },
    ]);
  }
  for (const agent of found.agents) requireAgent(caller, agent);
  return found;
}

/** The items of the request. Undefined: they are in an upload. */
function requireItems({ items, key }: RunSubmission): readonly Item[] | undefined {
  if ((items === undefined) === (key === undefined))
    throw wrong('items', 'or `key` is required, and not both', 'Send the items, or the `inputKey` of their upload.');
  const seen = new Set<string>();
  for (const [index, item] of (items ?? []).entries()) {
    const field = `items.${index}`;
    if (seen.has(item.id)) throw wrong(`${field}.id`, 'is that of an earlier item', 'Send each item once.');
    if (utf8Length(JSON.stringify(item)) > MAX_ITEM_BYTES)
      throw wrong(field, `has more than ${MAX_ITEM_BYTES} bytes`, 'Put large data into S3 and send its key.');
    seen.add(item.id);
  }
  return items;
}

/** A retry of a request that was accepted may come after the deadline. */
async function requireDeadline(
  { clock, runs }: WorkflowPorts,
  { deadline }: RunSubmission,
  { tenant, id }: Run,
): Promise<string | undefined> {
  if (deadline === undefined || Date.parse(deadline) > clock.now() || (await runs.get(tenant, id))) return deadline;
  throw wrong('deadline', 'is in the past', 'Send a later time, or none.');
}

/** The submission as it is compared under an idempotency key: who uploads the same list again sends the same request. */
async function byContent(
  { lists, ids }: WorkflowPorts,
  submission: RunSubmission,
  upload: ArtifactRef | undefined,
): Promise<RunSubmission> {
  if (lists === undefined || upload === undefined) return submission;
  return { ...submission, key: `sha256:${ids.digest(await lists.artifacts.get(upload))}` };
}

/** A tenant reads its own uploads only (I8). */
async function findUpload({ uploads }: WorkflowPorts, caller: Caller, key: string): Promise<ArtifactRef> {
  const found = key.startsWith(folderOf(caller)) ? await uploads?.find(key) : null;
  if (found) return { bucket: found.bucket, key: found.key };
  throw new ApiProblem('cannot-accept', 'No upload was found for this `key`.', [
    {
      field: 'key',
      message: 'does not match any of your uploads',
      remedy: 'Get an `inputKey` from POST /uploads, and PUT the list before you create the run.',
    },
  ]);
}
