import { z } from 'zod';
import type { Template } from './read-templates.ts';

/** IAM accepts a single item in place of a list. */
const listed = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (Array.isArray(value) || value === undefined ? value : [value]), z.array(item));

const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: listed(z.string()).optional(),
  NotAction: z.unknown().optional(),
  Resource: listed(z.unknown()).default(['(itself)']),
  NotResource: z.unknown().optional(),
  Principal: z.unknown().optional(),
  Condition: z.unknown().optional(),
});
const documentSchema = z.object({ Statement: listed(statementSchema) });

/**
 * Lists what the policies of a template allow, one line per policy, action and resource, with the principal and the
 * conditions. A template with one more line allows more. `Deny` counts inversely: its lines begin with "not".
 */
export function permissionsIn(stack: string, template: Template): Set<string> {
  const lines = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const grants = documentsIn(Properties).flatMap((document) => document.Statement.flatMap(linesOf));
    const managed =
      Type === 'AWS::IAM::Role' ? z.array(z.unknown()).catch([]).parse(Properties['ManagedPolicyArns']) : [];
    const invoked = Type === 'AWS::Lambda::Permission' ? [JSON.stringify(Properties)] : [];
    return [...grants, ...managed.map((arn) => `the policy ${JSON.stringify(arn)}`), ...invoked].map(
      (line) => `${stack}: ${id}: ${line}`,
    );
  });
  return new Set(lines);
}

/** Policy documents anywhere in a resource: policies of roles, trust, queues, buckets, topics and keys. */
function documentsIn(value: unknown): z.infer<typeof documentSchema>[] {
  if (typeof value !== 'object' || value === null) return [];
  const document = documentSchema.safeParse(value);
  return document.success ? [document.data] : Object.values(value).flatMap(documentsIn);
}

function linesOf({
  Effect,
  Action,
  NotAction,
  Resource,
  NotResource,
  Principal,
  Condition,
}: z.infer<typeof statementSchema>) {
  const actions = Action ?? [`everything but ${JSON.stringify(NotAction)}`];
  const resources = NotResource === undefined ? Resource.map(plain) : [`everything but ${JSON.stringify(NotResource)}`];
  const by = Principal === undefined ? '' : ` by ${plain(Principal)}`;
  const when = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
  const not = Effect === 'Deny' ? 'not ' : '';
  return actions.flatMap((action) => resources.map((resource) => `${not}${action} on ${resource}${by}${when}`));
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What the new templates allow and the old ones did not, and the other way round. */
export function changedPermissions(before: ReadonlySet<string>, after: ReadonlySet<string>) {
  const isDenied = (line: string): boolean => /: not /.test(line);
  const gained = [...after].filter((line) => !before.has(line));
  const lost = [...before].filter((line) => !after.has(line));
  return {
    widened: [
      ...gained.filter((line) => !isDenied(line)),
      ...lost.filter(isDenied).map((line) => `${line} no longer holds`),
    ],
    narrowed: lost.filter((line) => !isDenied(line)),
  };
}
