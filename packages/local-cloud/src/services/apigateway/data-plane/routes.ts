import { pathOf } from '../apis.ts';
import type { Method, Resource, RestApi } from '../apis.ts';

export interface Match {
  readonly resource: Resource;
  /** `/tasks/{id}` */
  readonly path: string;
  readonly method: Method;
  /** The declared method: `GET`, or `ANY`. */
  readonly declared: string;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Found {
  readonly resource: Resource;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Finds the method of a request. For each part of the path, a literal name takes precedence over `{name}`, which takes
 * precedence over `{name+}`, which matches the rest. A resource without the request's method is skipped, so that a
 * `{proxy+}` elsewhere serves it (measured on AWS: https://github.com/ministackorg/ministack/pull/1423). Throws `URIError` if a part is not valid percent-encoded text.
 */
export function findMethod(api: RestApi, method: string, path: string): Match | undefined {
  const parts = path.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  const decoded = parts.map(decodeURIComponent);
  const root = api.resources.get(api.rootId);
  const found = root === undefined ? undefined : descend(childrenOf(api), method, root, decoded, {});
  if (found === undefined) return undefined;
  const declared = found.resource.methods.has(method) ? method : 'ANY';
  const known = found.resource.methods.get(declared);
  return known === undefined ? undefined : { ...found, path: pathOf(api, found.resource), method: known, declared };
}

function childrenOf(api: RestApi): ReadonlyMap<string | undefined, readonly Resource[]> {
  return Map.groupBy(api.resources.values(), ({ parentId }) => parentId);
}

function descend(
  children: ReturnType<typeof childrenOf>,
  method: string,
  at: Resource,
  parts: readonly string[],
  parameters: Readonly<Record<string, string>>,
): Found | undefined {
  const [part, ...rest] = parts;
  const serves = ({ methods }: Resource): boolean => methods.has(method) || methods.has('ANY');
  if (part === undefined) return serves(at) ? { resource: at, parameters } : undefined;
  const next = children.get(at.id) ?? [];
  const literal = next.find((child) => child.part === part);
  const named = next.find((child) => /^\{[^}+]+\}$/.test(child.part));
  const greedy = next.find((child) => child.part.endsWith('+}'));
  return (
    (literal && descend(children, method, literal, rest, parameters)) ??
    (named && part !== ''
      ? descend(children, method, named, rest, { ...parameters, [nameOf(named)]: part })
      : undefined) ??
    (greedy && serves(greedy)
      ? { resource: greedy, parameters: { ...parameters, [nameOf(greedy)]: parts.join('/') } }
      : undefined)
  );
}

function nameOf({ part }: Resource): string {
  return part.slice(1, part.endsWith('+}') ? -2 : -1);
}
