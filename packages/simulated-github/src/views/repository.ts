import type { Installation, Repository } from '../world/types.ts';
import { isoTime, nodeId, type World } from '../world/world.ts';
import { userView } from './user.ts';

/** The parts of a repository's URLs behind its own address. */
const SUFFIXES = {
  forks_url: '/forks',
  keys_url: '/keys{/key_id}',
  collaborators_url: '/collaborators{/collaborator}',
  teams_url: '/teams',
  hooks_url: '/hooks',
  issue_events_url: '/issues/events{/number}',
  events_url: '/events',
  assignees_url: '/assignees{/user}',
  branches_url: '/branches{/branch}',
  tags_url: '/tags',
  blobs_url: '/git/blobs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  git_refs_url: '/git/refs{/sha}',
  trees_url: '/git/trees{/sha}',
  statuses_url: '/statuses/{sha}',
  languages_url: '/languages',
  stargazers_url: '/stargazers',
  contributors_url: '/contributors',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  commits_url: '/commits{/sha}',
  git_commits_url: '/git/commits{/sha}',
  comments_url: '/comments{/number}',
  issue_comment_url: '/issues/comments{/number}',
  contents_url: '/contents/{+path}',
  compare_url: '/compare/{base}...{head}',
  merges_url: '/merges',
  archive_url: '/{archive_format}{/ref}',
  downloads_url: '/downloads',
  issues_url: '/issues{/number}',
  pulls_url: '/pulls{/number}',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  labels_url: '/labels{/name}',
  releases_url: '/releases{/id}',
  deployments_url: '/deployments',
} as const;

export const apiUrl = ({ url }: World, { owner, name }: Repository): string => `${url}/repos/${owner.login}/${name}`;
export const htmlUrl = ({ url }: World, { owner, name }: Repository): string => `${url}/${owner.login}/${name}`;

/** A repository as pull requests and webhooks embed it. */
export function repositoryView(world: World, repository: Repository): Record<string, unknown> {
  const { id, name, owner, parent } = repository;
  const [api, html] = [apiUrl(world, repository), htmlUrl(world, repository)];
  const open = [...repository.pulls.values()].filter(({ state }) => state === 'open').length;
  return {
    id,
    node_id: nodeId('R', id),
    name,
    full_name: `${owner.login}/${name}`,
    private: true,
    owner: userView(world, owner),
    html_url: html,
    description: null,
    fork: parent !== undefined,
    url: api,
    ...Object.fromEntries(Object.entries(SUFFIXES).map(([field, suffix]) => [field, `${api}${suffix}`])),
    created_at: isoTime(repository.createdAt),
    updated_at: isoTime(repository.pushedAt),
    pushed_at: isoTime(repository.pushedAt),
    git_url: `git://${new URL(world.url).host}/${owner.login}/${name}.git`,
    ssh_url: `git@${new URL(world.url).hostname}:${owner.login}/${name}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: 'private',
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** A repository as webhooks carry it, with its custom properties. */
export const eventRepositoryView = (world: World, repository: Repository): Record<string, unknown> => ({
  ...repositoryView(world, repository),
  custom_properties: {},
});

/** A repository as `GET /repos/{owner}/{repo}` returns it. */
export const fullRepositoryView = (world: World, repository: Repository): Record<string, unknown> => ({
  ...repositoryView(world, repository),
  network_count: 0,
  subscribers_count: 0,
});

export function installationView(world: World, installation: Installation): Record<string, unknown> {
  const { id, account, permissions, createdAt } = installation;
  const { app } = world.options;
  return {
    id,
    client_id: `Iv23li${app.id}`,
    account: userView(world, account),
    repository_selection: 'all',
    access_tokens_url: `${world.url}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `${world.url}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions,
    events: ['check_run', 'issue_comment', 'pull_request'],
    created_at: isoTime(createdAt),
    updated_at: isoTime(createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
