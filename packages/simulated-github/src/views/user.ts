import type { User } from '../world/types.ts';
import { isoTime, nodeId, type World } from '../world/world.ts';

/** A user as every answer embeds it. */
export function userView({ url }: World, { id, login, type }: User): Record<string, unknown> {
  const api = `${url}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${url}/simulated/avatars/${id}`,
    gravatar_id: '',
    url: api,
    html_url: type === 'Bot' ? `${url}/apps/${login.replace('[bot]', '')}` : `${url}/${login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The user of a personal token, as `GET /user` returns it. */
export const ownUserView = (world: World, user: User): Record<string, unknown> => ({
  ...userView(world, user),
  name: null,
  company: null,
  blog: '',
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: isoTime(world.startedAt),
  updated_at: isoTime(world.startedAt),
});

/** The app, as `GET /app` and check runs show it. */
export function appView(world: World): Record<string, unknown> {
  const { id, slug, permissions } = world.options.app;
  return {
    id,
    client_id: `Iv23li${id}`,
    slug,
    node_id: nodeId('A', id),
    owner: userView(world, world.user('octo-org', 'Organization')),
    name: slug,
    description: 'An app of the simulated GitHub.',
    external_url: world.url,
    html_url: `${world.url}/apps/${slug}`,
    created_at: isoTime(world.startedAt),
    updated_at: isoTime(world.startedAt),
    permissions,
    events: ['check_run', 'issue_comment', 'pull_request'],
  };
}
