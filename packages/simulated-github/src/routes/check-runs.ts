import { z } from 'zod';
import { resolveCommit } from '../git/read.ts';
import { isSha } from '../git/names.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { parseBody } from '../http/body.ts';
import { oneOf, paged } from '../http/pages.ts';
import { idOf, repositoryRoutes, type Answer, type RepositoryCall, type Route } from '../http/route.ts';
import { checkRunView } from '../views/check-run.ts';
import { hideFresh } from '../world/stale.ts';
import type { CheckRun } from '../world/types.ts';

const MAX_TEXT = 65_535;

const annotationSchema = z.looseObject({
  path: z.string(),
  start_line: z.int(),
  end_line: z.int(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string(),
});
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const fields = {
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  started_at: time.optional(),
  conclusion: z
    .enum(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out'])
    .optional(),
  completed_at: time.optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string().max(MAX_TEXT),
      text: z.string().max(MAX_TEXT).optional(),
      annotations: z.array(annotationSchema).max(50).optional(),
    })
    .optional(),
  actions: z
    .array(
      z.object({
        label: z.string().max(20),
        description: z.string().max(40),
        identifier: z.string().max(20),
      }),
    )
    .max(3)
    .optional(),
};
const creationSchema = z.object({ ...fields, name: z.string().min(1), head_sha: z.string() });
const updateSchema = z.object({ ...fields, name: z.string().min(1).optional() });
type Update = z.output<typeof updateSchema>;

/** Only apps write check runs, and each its own. */
function checkApp(call: RepositoryCall): void {
  if (call.actor.kind !== 'installation') throw new ApiError(403, 'You must authenticate via a GitHub App.');
}

async function createRun(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  checkApp(call);
  const wanted = parseBody(call, creationSchema);
  const known = isSha(wanted.head_sha) && (await resolveCommit(repository.path, wanted.head_sha)) !== undefined;
  if (!known) throw new ApiError(422, `No commit found for SHA: ${wanted.head_sha}`);
  const same = [...repository.checkRuns.values()].find(({ headSha }) => headSha === wanted.head_sha);
  const run: CheckRun = {
    id: world.newId(),
    repository,
    headSha: wanted.head_sha,
    suiteId: same?.suiteId ?? world.newId(),
    name: wanted.name,
    detailsUrl: null,
    externalId: '',
    status: 'queued',
    conclusion: null,
    startedAt: world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  apply(call, run, wanted);
  repository.checkRuns.set(run.id, run);
  return { status: 201, json: checkRunView(world, run) };
}

/** A conclusion completes a run, and a completed run needs one. */
function apply(call: RepositoryCall, run: CheckRun, wanted: Update): void {
  const status = wanted.conclusion === undefined ? (wanted.status ?? run.status) : 'completed';
  const conclusion = wanted.conclusion ?? run.conclusion;
  if (status === 'completed' && conclusion === null) {
    throw new ApiError(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  const done = status === 'completed';
  Object.assign(run, {
    status,
    conclusion: done ? conclusion : null,
    completedAt: done ? (wanted.completed_at ?? run.completedAt ?? call.world.now()) : null,
    name: wanted.name ?? run.name,
    detailsUrl: wanted.details_url ?? run.detailsUrl,
    externalId: wanted.external_id ?? run.externalId,
    startedAt: wanted.started_at ?? run.startedAt,
    actions: wanted.actions ?? run.actions,
  });
  if (wanted.output === undefined) return;
  const { annotations = [], title = run.output.title, summary, text = run.output.text } = wanted.output;
  run.output = { title, summary, text };
  // Each request adds annotations to those before.
  run.annotations = [...run.annotations, ...annotations];
}

function runOf(call: RepositoryCall): CheckRun {
  const run = call.repository.checkRuns.get(idOf(call, 'run'));
  if (run === undefined) throw notFound();
  return run;
}

function updateRun(call: RepositoryCall): Answer {
  checkApp(call);
  const run = runOf(call);
  apply(call, run, parseBody(call, updateSchema));
  return { status: 200, json: checkRunView(call.world, run) };
}

async function listRuns(call: RepositoryCall): Promise<Answer> {
  const { world, repository, query } = call;
  const ref = call.parameters['ref'] ?? '';
  const commit = await resolveCommit(repository.path, ref);
  if (commit === undefined) throw new ApiError(422, `No commit found for SHA: ${ref}`);
  const status = query.get('status');
  const name = query.get('check_name');
  const filter = oneOf(call, 'filter', ['latest', 'all'], 'latest');
  const appId = query.get('app_id') ?? String(world.options.app.id);
  const found = [...repository.checkRuns.values()]
    .filter((run) => run.headSha === commit && appId === String(world.options.app.id))
    .filter((run) => (status ?? run.status) === run.status && (name ?? run.name) === run.name)
    .toReversed();
  const latest = found.filter((run, index) => found.findIndex((each) => each.name === run.name) === index);
  const shown = hideFresh(call, filter === 'all' ? found : latest, ({ startedAt }) => startedAt);
  const { items, headers } = paged(call, shown);
  const json = { total_count: shown.length, check_runs: items.map((run) => checkRunView(world, run)) };
  return { status: 200, json, headers };
}

const route = repositoryRoutes('checks/runs', 'checks');

export const checkRunRoutes: readonly Route[] = [
  route('POST', '/check-runs', 'create-a-check-run', createRun),
  route('GET', '/check-runs/{run}', 'get-a-check-run', (call) => ({
    status: 200,
    json: checkRunView(call.world, runOf(call)),
  })),
  route('PATCH', '/check-runs/{run}', 'update-a-check-run', updateRun),
  route('GET', '/commits/{ref*}/check-runs', 'list-check-runs-for-a-git-reference', listRuns),
];
