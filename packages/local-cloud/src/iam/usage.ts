import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../services/json-file.ts';
import type { MatchedStatement } from './evaluate.ts';
import type { Statement } from './policy.ts';

const grantSchema = z.object({
  /** The statement that grants it: `Stack/LogicalId Statement[2]`. */
  statement: z.string(),
  /** As written in the policy, including wildcards. */
  action: z.string(),
  resource: z.string(),
  /** Number of calls that it allowed. */
  used: z.int(),
});
const refusalSchema = z.object({
  action: z.string(),
  /** `*` when the call names none. */
  resource: z.string(),
  calls: z.int(),
});
const roleSchema = z.object({
  /** `Stack/LogicalId` */
  role: z.string(),
  name: z.string(),
  /** `Stack/LogicalId` of the functions, state machines and schedules that use the role. */
  owners: z.array(z.string()),
  grants: z.array(grantSchema),
  /** Calls denied since the latest start. Earlier denials are dropped because the policies may have been fixed since. */
  refused: z.array(refusalSchema).default([]),
});

/** One action on one resource that a role is allowed. */
export type Grant = Readonly<z.output<typeof grantSchema>>;
/** Calls of a role that were denied. */
export type Refusal = Readonly<z.output<typeof refusalSchema>>;
/** The grants of a role with their use. */
export type RoleUsage = Readonly<z.output<typeof roleSchema>>;

/** Counts allowed calls by the grant that allowed them, and denied calls by role. */
export class Usage {
  readonly #counts = new Map<string, number>();
  readonly #denied = new Map<string, Map<string, Refusal>>();

  /** Counts an allowed call. When its resource is unknown, all resources of the statement count as used. */
  count(role: string, { statement, action, resource }: MatchedStatement, requested: string | undefined): void {
    const resources = requested === undefined ? statement.resources.map(({ text }) => text) : [resource];
    for (const each of resources) {
      const key = keyOf(role, { statement: statement.source, action, resource: each });
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
  }

  countDenied(role: string, action: string, resource = '*'): void {
    const calls = this.#denied.get(role) ?? new Map<string, Refusal>();
    const key = `${action} ${resource}`;
    calls.set(key, { action, resource, calls: (calls.get(key)?.calls ?? 0) + 1 });
    this.#denied.set(role, calls);
  }

  refused(role: string): Refusal[] {
    return [...(this.#denied.get(role)?.values() ?? [])];
  }

  grants(role: string, statements: readonly Statement[]): Grant[] {
    return statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ source, ...statement }) =>
        texts(statement.actions, statement.notActions).flatMap((action) =>
          texts(statement.resources, statement.notResources).map((resource) => {
            const grant = { statement: source, action, resource };
            return { ...grant, used: this.#counts.get(keyOf(role, grant)) ?? 0 };
          }),
        ),
      );
  }
}

/** The texts of patterns. Excluding patterns count as one grant, written as `evaluate` writes it. */
function texts(patterns: Statement['actions'], excluding: boolean): string[] {
  const all = patterns.map(({ text }) => text);
  return excluding ? [`not ${all.join(', ')}`] : all;
}

function keyOf(role: string, { statement, action, resource }: Omit<Grant, 'used'>): string {
  return JSON.stringify([role, statement, action, resource]);
}

/** The path of the usage record in a data folder. */
export const usageFile = (dataDir: string): string => join(dataDir, 'iam-usage.json');

function file(dataDir: string): JsonFile<z.ZodArray<typeof roleSchema>> {
  return new JsonFile(usageFile(dataDir), z.array(roleSchema));
}

/** Reads which grants were used, as of the last close; undefined before the first. */
export function readUsage(dataDir: string): readonly RoleUsage[] | undefined {
  return file(dataDir).load();
}

/** Adds the use since the start to the record of earlier starts. Drops grants that the template no longer has. */
export function writeUsage(dataDir: string, usage: readonly RoleUsage[]): void {
  file(dataDir).save(mergeUsage(usage, readUsage(dataDir) ?? []));
}

/** Returns the roles and grants of `usage`, with the use counts of both lists added up. */
export function mergeUsage(usage: readonly RoleUsage[], earlier: readonly RoleUsage[]): RoleUsage[] {
  const before = new Map<string, number>();
  for (const { role, grants } of earlier) {
    for (const grant of grants) {
      const key = keyOf(role, grant);
      before.set(key, (before.get(key) ?? 0) + grant.used);
    }
  }
  return usage.map((each) => ({
    ...each,
    grants: each.grants.map((grant) => ({ ...grant, used: grant.used + (before.get(keyOf(each.role, grant)) ?? 0) })),
  }));
}
