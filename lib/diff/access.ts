/** What a template allows and what limits it. */
export interface Access {
  /** Whoever may do something, or whatever is open. One more widens access. */
  readonly grants: Set<string>;
  /** A restriction, with the logical ids of what it protects. One less widens access, unless all of them are gone. */
  readonly guards: Map<string, readonly string[]>;
  /** A numeric bound, such as requests per second, with what it protects. A higher one, or none, widens access. */
  readonly limits: Map<string, { readonly value: number; readonly owner: string }>;
}

export const noAccess = (): Access => ({ grants: new Set(), guards: new Map(), limits: new Map() });

/** What the new templates allow and the old ones did not, and the other way round. */
export interface ChangedAccess {
  readonly widened: readonly string[];
  readonly narrowed: readonly string[];
}

/** Compares two versions of a stack. @param kept the logical ids of the new one */
export function changedAccess(before: Access, after: Access, kept: ReadonlySet<string>): ChangedAccess {
  const stillThere = (owners: readonly string[]): boolean => owners.length === 0 || owners.some((id) => kept.has(id));
  const gained = [...after.grants].filter((line) => !before.grants.has(line));
  const unguarded = [...before.guards].filter(([line, owners]) => !after.guards.has(line) && stillThere(owners));
  const raised = [...before.limits].flatMap(([line, { value, owner }]) => {
    const next = after.limits.get(line)?.value;
    if (!stillThere([owner]) || (next !== undefined && next <= value)) return [];
    return [`${line} ${value} ${next === undefined ? 'no longer holds' : `becomes ${next}`}`];
  });
  return {
    widened: [...gained, ...unguarded.map(([line]) => `${line} no longer holds`), ...raised],
    narrowed: [...before.grants].filter((line) => !after.grants.has(line)),
  };
}

/**
 * JSON with sorted keys, so that the same value is the same text. CloudFormation returns a template with `?` in place of
 * characters outside ASCII, so they count as such.
 */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )?.replaceAll(/[^\u0020-\u007e]/gu, '?') ?? 'none';

/** The logical ids that a value refers to. */
export function refersTo(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    if (key === 'Ref' && typeof part === 'string') return [part];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(part) ? part[0] : part).split('.')[0] ?? ''];
    return refersTo(part);
  });
}

/** A JSON object, or an empty one for anything else. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
