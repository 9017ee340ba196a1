import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../services/json-file.ts';
import type { Decisive } from './evaluate.ts';
import type { Statement } from './policy.ts';

const grantSchema = z.object({
  /** The statement that grants it: `Stack/LogicalId Statement[2]`. */
  statement: z.string(),
  /** As the policy writes them, wildcards and all. */
  action: z.string(),
  resource: z.string(),
  /** Calls that it allowed. */
  used: z.int(),
});
const refusalSchema = z.object({
  action: z.string(),
  /** `*` where the call names none. */
  resource: z.string(),
  calls: z.int(),
});
const roleSchema = z.object({
  /** `Stack/LogicalId` */
  role: z.string(),
  name: z.string(),
  /** `Stack/LogicalId` of what acts under the role. */
  owners: z.array(z.string()),
  grants: z.array(grantSchema),
  /** What was asked for in vain since the latest start: earlier refusals may be mended by now. */
  refused: z.array(refusalSchema).default([]),
});

/** One action on one resource that a role may do. */
export type Grant = Readonly<z.output<typeof grantSchema>>;
/** Calls that no policy of a role allowed. */
export type Refusal = Readonly<z.output<typeof refusalSchema>>;
/** A role's grants with their use. */
export type RoleUsage = Readonly<z.output<typeof roleSchema>>;

/** Counts calls at the grants that allowed them, and those that were refused. */
export class Usage {
  readonly #counts = new Map<string, number>();
  readonly #refused = new Map<string, Map<string, Refusal>>();

  /** Where the resource is not known, all resources of the statement count as used. */
  count(role: string, { statement, action, resource }: Decisive, asked: string | undefined): void {
    const resources = asked === undefined ? statement.resources.map(({ text }) => text) : [resource];
    for (const each of resources) {
      const key = keyOf(role, { statement: statement.source, action, resource: each });
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
  }

  refuse(role: string, action: string, resource = '*'): void {
    const refusals = this.#refused.get(role) ?? new Map<string, Refusal>();
    const key = `${action} ${resource}`;
    refusals.set(key, { action, resource, calls: (refusals.get(key)?.calls ?? 0) + 1 });
    this.#refused.set(role, refusals);
  }

  refusals(role: string): Refusal[] {
    return [...(this.#refused.get(role)?.values() ?? [])];
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

/** Excluding patterns are one grant: of all but them. As `evaluate` words it. */
function texts(patterns: Statement['actions'], excluding: boolean): string[] {
  const all = patterns.map(({ text }) => text);
  return excluding ? [`not ${all.join(', ')}`] : all;
}

function keyOf(role: string, { statement, action, resource }: Omit<Grant, 'used'>): string {
  return JSON.stringify([role, statement, action, resource]);
}

/** Where the record of a data folder lies. */
export const usageFile = (dataDir: string): string => join(dataDir, 'iam-usage.json');

function file(dataDir: string): JsonFile<z.ZodArray<typeof roleSchema>> {
  return new JsonFile(usageFile(dataDir), z.array(roleSchema));
}

/** What the runs of a data folder used, as of the last close; undefined before the first. */
export function readUsage(dataDir: string): readonly RoleUsage[] | undefined {
  return file(dataDir).load();
}

/** Adds what was used since the start to what earlier starts used; grants that the template no longer has are forgotten. */
export function writeUsage(dataDir: string, usage: readonly RoleUsage[]): void {
  file(dataDir).save(mergeUsage(usage, readUsage(dataDir) ?? []));
}

/** The first list's roles and grants, with the uses of both. */
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
