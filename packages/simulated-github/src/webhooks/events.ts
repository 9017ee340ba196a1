import { listCommits } from '../git/read.ts';
import { fullPullView } from '../views/pull.ts';
import { checkRunView, checkSuiteView } from '../views/check-run.ts';
import { eventRepositoryView } from '../views/repository.ts';
import { issueCommentView, issueView } from '../views/review.ts';
import { userView } from '../views/user.ts';
import type { CheckRun, Installation, IssueComment, PullRequest, Repository, User } from '../world/types.ts';
import { isoTime, nodeId, type World } from '../world/world.ts';
import { deliver } from './delivery.ts';

export type PullAction =
  | 'opened'
  | 'synchronize'
  | 'reopened'
  | 'ready_for_review'
  | 'converted_to_draft'
  | 'edited'
  | 'closed';

/** The end of every payload: where it happened, by which installation and by whom. */
function about(world: World, repository: Repository, sender: User): Record<string, unknown> {
  const { installation, owner } = repository;
  return {
    repository: eventRepositoryView(world, repository),
    ...(owner.type === 'Organization' ? { organization: organizationView(world, owner) } : {}),
    ...(installation === undefined ? {} : { installation: liteView(installation) }),
    sender: userView(world, sender),
  };
}

const liteView = ({ id }: Installation): Record<string, unknown> => ({
  id,
  node_id: nodeId('IntegrationInstallation', id),
});

function organizationView({ url }: World, { id, login }: User): Record<string, unknown> {
  const api = `${url}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('O', id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${url}/simulated/avatars/${id}`,
    description: '',
  };
}

interface PullEventDetails {
  /** Further fields of the payload. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Who did it. @default the author of the pull request */
  readonly sender?: User | undefined;
}

/** Sends `pull_request`. An app that is not installed on the repository gets nothing. */
export async function sendPullEvent(
  world: World,
  pull: PullRequest,
  action: PullAction,
  { more = {}, sender = pull.author }: PullEventDetails = {},
): Promise<void> {
  const { repository, number } = pull;
  const { installation } = repository;
  if (installation === undefined || world.webhook === undefined) return;
  const shown = await fullPullView(world, pull);
  const payload = { action, number, pull_request: shown, ...more, ...about(world, repository, sender) };
  deliver(world, { name: 'pull_request', action, payload, installation, repository });
}

export function sendIssueComment(world: World, comment: IssueComment): void {
  const { repository } = comment.pull;
  const { installation } = repository;
  if (installation === undefined) return;
  const payload = {
    action: 'created',
    issue: issueView(world, comment.pull),
    comment: issueCommentView(world, comment),
    ...about(world, repository, comment.user),
  };
  deliver(world, { name: 'issue_comment', action: 'created', payload, installation, repository });
}

/** Sends `check_run`: somebody pressed "Re-run" or one of the run's buttons. */
export function sendCheckRun(world: World, run: CheckRun, user: User, identifier?: string): void {
  const { repository } = run;
  const { installation } = repository;
  if (installation === undefined) return;
  const action = identifier === undefined ? 'rerequested' : 'requested_action';
  const payload = {
    action,
    check_run: checkRunView(world, run, 'event'),
    ...(identifier === undefined ? {} : { requested_action: { identifier } }),
    ...about(world, repository, user),
  };
  deliver(world, { name: 'check_run', action, payload, installation, repository });
}

/** Sends `check_suite`: somebody pressed "Re-run all checks" on a commit. */
export async function sendCheckSuite(world: World, run: CheckRun, user: User): Promise<void> {
  const { repository, headSha } = run;
  const { installation } = repository;
  const [head] = await listCommits(repository.path, undefined, headSha);
  if (installation === undefined || head === undefined) return;
  const payload = {
    action: 'rerequested',
    check_suite: checkSuiteView(world, run, head),
    ...about(world, repository, user),
  };
  deliver(world, { name: 'check_suite', action: 'rerequested', payload, installation, repository });
}

/** Sends `ping`, as GitHub does when a webhook is set up. */
export function sendPing(world: World): void {
  const { id } = world.options.app;
  const time = isoTime(world.startedAt);
  const payload = {
    zen: 'Anything added dilutes everything else.',
    hook_id: id,
    hook: {
      type: 'App',
      id,
      name: 'web',
      active: true,
      events: ['check_run', 'check_suite', 'issue_comment', 'pull_request'],
      config: { content_type: 'json', insecure_ssl: '0', secret: '********', url: world.webhook?.url ?? '' },
      updated_at: time,
      created_at: time,
      app_id: id,
      deliveries_url: `${world.url}/app/hook/deliveries`,
    },
  };
  deliver(world, { name: 'ping', action: null, payload, installation: undefined, repository: undefined });
}
