import { z } from 'zod';
import { ApiError, notFound } from '../http/api-error.ts';
import { canSee, userOf } from '../http/auth.ts';
import { parseBody } from '../http/body.ts';
import { listAnswer, paged } from '../http/pages.ts';
import { idOf, repositoryRoutes, type Answer, type Call, type Route } from '../http/route.ts';
import { permissionsSchema, type Permissions } from '../options.ts';
import { fullRepositoryView, installationView, repositoryView } from '../views/repository.ts';
import { appView, ownUserView } from '../views/user.ts';
import type { Installation, Repository } from '../world/types.ts';
import { isoTime, type World } from '../world/world.ts';

const TOKEN_LIFETIME_MS = 3_600_000;

const tokenSchema = z.object({
  repositories: z.array(z.string()).max(500).optional(),
  repository_ids: z.array(z.int()).max(500).optional(),
  permissions: permissionsSchema.optional(),
});

const repositoriesOf = (world: World, installation: Installation): Repository[] =>
  [...world.repositories.values()].filter((each) => each.installation === installation);

/** Issues an installation token, narrowed to the repositories and permissions that the request names. */
function issueToken(call: Call): Answer {
  const { world } = call;
  const installation = world.installations.get(idOf(call, 'id'));
  if (installation === undefined) throw notFound();
  const wanted = parseBody(call, tokenSchema);
  const all = repositoriesOf(world, installation);
  const chosen = chooseRepositories(all, wanted.repositories, wanted.repository_ids);
  const permissions = narrow(installation.permissions, wanted.permissions);
  const repositoryIds = chosen === undefined ? undefined : new Set(chosen.map(({ id }) => id));
  const expiresAt = world.now() + TOKEN_LIFETIME_MS;
  const actor = { kind: 'installation', installation, user: world.bot, permissions, repositoryIds } as const;
  // GitHub's tokens have no fixed length.
  const token = world.issueToken(`ghs_${world.options.app.id}_`, actor, expiresAt);
  const narrowed =
    chosen === undefined ? {} : { repositories: chosen.map((repository) => repositoryView(world, repository)) };
  const selection = chosen === undefined ? 'all' : 'selected';
  const json = { token, expires_at: isoTime(expiresAt), permissions, repository_selection: selection, ...narrowed };
  return { status: 201, json };
}

function chooseRepositories(
  all: readonly Repository[],
  names: readonly string[] | undefined,
  ids: readonly number[] | undefined,
): Repository[] | undefined {
  if (names === undefined && ids === undefined) return undefined;
  const wanted = new Set<string | number>([...(names ?? []).map((name) => name.toLowerCase()), ...(ids ?? [])]);
  const chosen = all.filter(({ id, name }) => wanted.has(id) || wanted.has(name.toLowerCase()));
  if (chosen.length > 0 && chosen.length === wanted.size) return chosen;
  throw new ApiError(
    422,
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  );
}

/** Metadata can be read by every token. */
function narrow(granted: Permissions, wanted: Permissions | undefined): Permissions {
  if (wanted === undefined) return granted;
  for (const [name, level] of Object.entries(wanted) as [keyof Permissions, 'read' | 'write'][]) {
    if (granted[name] === undefined || (level === 'write' && granted[name] === 'read'))
      throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  }
  return { ...wanted, metadata: 'read' };
}

function listRepositories(call: Call): Answer {
  const seen = [...call.world.repositories.values()].filter((each) => canSee(call.actor, each));
  const { items, headers } = paged(call, seen);
  const repositories = items.map((repository) => repositoryView(call.world, repository));
  return { status: 200, json: { total_count: seen.length, repositories }, headers };
}

function ownUser(call: Call): Answer {
  const user = userOf(call.actor);
  if (user === undefined) throw notFound();
  return { status: 200, json: ownUserView(call.world, user) };
}

/** Only the app itself asks where it is installed, so this needs no access to the repository. */
function installationOfRepository(call: Call): Answer {
  const { owner = '', repo = '' } = call.parameters;
  const installation = call.world.repository(owner, repo)?.installation;
  if (installation === undefined) throw notFound();
  return { status: 200, json: installationView(call.world, installation) };
}

export const appRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: '/app',
    docs: 'apps/apps#get-the-authenticated-app',
    who: 'app',
    handle: ({ world }) => ({
      status: 200,
      json: { ...appView(world), installations_count: world.installations.size },
    }),
  },
  {
    method: 'GET',
    pattern: '/app/installations',
    docs: 'apps/apps#list-installations-for-the-authenticated-app',
    who: 'app',
    handle: (call) =>
      listAnswer(call, [...call.world.installations.values()], (each) => installationView(call.world, each)),
  },
  {
    method: 'POST',
    pattern: '/app/installations/{id}/access_tokens',
    docs: 'apps/apps#create-an-installation-access-token-for-an-app',
    who: 'app',
    handle: issueToken,
  },
  {
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/installation',
    docs: 'apps/apps#get-a-repository-installation-for-the-authenticated-app',
    who: 'app',
    handle: installationOfRepository,
  },
  {
    method: 'GET',
    pattern: '/installation/repositories',
    docs: 'apps/installations#list-repositories-accessible-to-the-app-installation',
    who: 'installation',
    handle: listRepositories,
  },
  { method: 'GET', pattern: '/user', docs: 'users/users#get-the-authenticated-user', who: 'user', handle: ownUser },
  repositoryRoutes('repos/repos', 'metadata')('GET', '', 'get-a-repository', ({ world, repository }) => ({
    status: 200,
    json: fullRepositoryView(world, repository),
  })),
];
