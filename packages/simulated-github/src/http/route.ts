import type { Permission } from '../options.ts';
import type { Cost } from './limits.ts';
import type { Need } from './auth.ts';
import type { Injected } from './faults.ts';
import type { Actor, PullRequest, Repository, User } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { ApiError, notFound } from './api-error.ts';
import { userOf } from './auth.ts';

/** A request, after its token, its limits and its body are checked. */
export interface Call {
  readonly world: World;
  readonly actor: Actor;
  readonly method: string;
  readonly path: string;
  /** The parts of the path that the pattern names, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly accept: string;
  /** The JSON of the body; undefined without a body. */
  readonly body: unknown;
  readonly fault: Injected | undefined;
}

/** A call on a repository that its token can see. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** An answer: JSON, or bytes of another type. */
export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly bytes?: { readonly type: string; readonly content: Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

interface RouteOf<C> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{name}` is one part of the path, `{name*}` the rest of it. */
  readonly pattern: string;
  /** Creations have a limit of their own. @default by the method: a read or a write */
  readonly cost?: Cost;
  /** The page of GitHub's documentation that its errors name, below https://docs.github.com/rest. */
  readonly docs: string;
  handle(call: C): Answer | Promise<Answer>;
}

export type Route =
  | (RouteOf<Call> & { readonly who: 'app' | 'installation' | 'user' })
  | (RouteOf<RepositoryCall> & { readonly who: 'repository'; readonly need: Need });

/** Makes the routes of one page of GitHub's documentation, which need one of `permissions`. */
export const repositoryRoutes =
  (docs: string, ...permissions: readonly Permission[]) =>
  (
    method: Route['method'],
    pattern: string,
    title: string,
    handle: (call: RepositoryCall) => Answer | Promise<Answer>,
    cost?: 'create',
  ): Route => ({
    method,
    pattern: `/repos/{owner}/{repo}${pattern}`,
    docs: `${docs}#${title}`,
    who: 'repository',
    need: { permissions, level: method === 'GET' ? 'read' : 'write' },
    ...(cost === undefined ? {} : { cost }),
    handle,
  });

export interface Match {
  readonly route: Route;
  readonly parameters: Record<string, string>;
}

/** Finds the route of a request. */
export class Router {
  readonly #routes: { route: Route; pattern: RegExp }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, pattern: compile(route.pattern) }));
  }

  find(method: string, path: string): Match | undefined {
    for (const { route, pattern } of this.#routes) {
      const groups = route.method === method ? pattern.exec(path)?.groups : undefined;
      if (groups !== undefined) return { route, parameters: decodeAll(groups) };
    }
    return undefined;
  }
}

function compile(pattern: string): RegExp {
  const source = pattern.replace(/\{(\w+)(\*?)\}/g, (_, name: string, rest: string) =>
    rest === '' ? `(?<${name}>[^/]+)` : `(?<${name}>.*)`,
  );
  // A group even without a parameter, so that a match always has groups.
  return new RegExp(`^${source}(?<end>)/?$`);
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new ApiError(400, 'Bad Request');
  }
}

/** A parameter that is a number, such as an id. Anything else does not exist. */
export function idOf(call: Call, name: string): number {
  const value = call.parameters[name] ?? '';
  if (!/^\d{1,15}$/.test(value)) throw notFound();
  return Number(value);
}

/** The pull request that the path names. */
export function pullOf(call: RepositoryCall, name = 'number'): PullRequest {
  const pull = call.repository.pulls.get(idOf(call, name));
  if (pull === undefined) throw notFound();
  return pull;
}

/** The user who writes. Routes that write have one, since they need a permission. */
export function writerOf(call: Call): User {
  const user = userOf(call.actor);
  if (user === undefined) throw notFound();
  return user;
}
