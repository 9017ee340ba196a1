import { z } from 'zod';
import { canonical, refersTo, type Access } from './access.ts';

/** IAM accepts a single item in place of a list. */
const listed = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (Array.isArray(value) || value === undefined ? value : [value]), z.array(item));

/** Strict: a statement with anything else is reported as a whole. */
const statementSchema = z.strictObject({
  Sid: z.unknown().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: listed(z.string()).optional(),
  NotAction: listed(z.string()).optional(),
  Resource: listed(z.unknown()).optional(),
  NotResource: listed(z.unknown()).optional(),
  Principal: z.unknown().optional(),
  NotPrincipal: z.unknown().optional(),
  Condition: z.unknown().optional(),
});
type Statement = z.infer<typeof statementSchema>;

const documentSchema = z.object({ Statement: listed(z.unknown()) });

/**
 * Adds what the policy documents of a resource allow, wherever they are in it: policies of roles, trust, queues, buckets,
 * topics, keys, APIs and logs. One line per principal, action and resource. A statement that cannot be read is a line of
 * its own, so that a change of it is seen.
 */
export function addPolicies(access: Access, name: string, id: string, properties: Readonly<Record<string, unknown>>) {
  const documents = documentsIn(properties);
  const owners = [...attachedTo(properties)];
  for (const { path, statements } of documents) {
    const own = owners.length === 0 ? ownersOf(id, path) : owners;
    for (const statement of statements) {
      const { success, data } = statementSchema.safeParse(statement);
      if (!success) access.grants.add(`${name}: a statement that this check cannot read: ${canonical(statement)}`);
      else if (data.Effect === 'Allow') for (const line of linesOf(data)) access.grants.add(`${name}: ${path}${line}`);
      else for (const line of linesOf(data)) access.guards.set(`${name}: ${path}not ${line}`, own);
    }
  }
}

/**
 * A policy as text that an intrinsic function puts together, such as Fn::Join or Fn::Sub. Any part of it may decide who
 * may do what, so the whole is one statement, which cannot be read.
 */
function isAssembled(value: object): boolean {
  const [name, ...others] = Object.keys(value);
  return name?.startsWith('Fn::') === true && others.length === 0 && hasPolicyText(value);
}

const hasPolicyText = (value: unknown): boolean =>
  typeof value === 'string'
    ? /"(Statement|Effect|Principal|Action)"/.test(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(hasPolicyText);

/** A policy in a property of the resource itself protects that resource. A policy attached by name counts always. */
const ownersOf = (id: string, path: string): string[] => (path === '' ? [] : [id]);

/** Properties that hold a policy of the resource itself, with the words for it. */
const OWN: Readonly<Record<string, string>> = {
  AssumeRolePolicyDocument: 'trust: ',
  KeyPolicy: 'of the key: ',
  RepositoryPolicyText: 'of the repository: ',
  ResourcePolicy: 'of the resource: ',
  Policy: 'of the resource: ',
  Policies: 'inline: ',
};

interface Document {
  readonly path: string;
  readonly statements: readonly unknown[];
}

function documentsIn(value: unknown, path = ''): Document[] {
  if (typeof value === 'string' && value.includes('"Statement"')) return documentsIn(jsonOr(value), path);
  if (typeof value !== 'object' || value === null) return [];
  if (isAssembled(value)) return [{ path, statements: [value] }];
  const document = documentSchema.safeParse(value);
  if (document.success) return [{ path, statements: document.data.Statement }];
  return Object.entries(value).flatMap(([key, part]) => documentsIn(part, path === '' ? (OWN[key] ?? '') : path));
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { Statement: text };
  }
}

/** What a policy of its own is attached to. */
function attachedTo(properties: Readonly<Record<string, unknown>>): Set<string> {
  const attachments = Object.entries(properties).filter(([name]) => ATTACHMENTS.has(name));
  return new Set(attachments.flatMap(([, value]) => refersTo(value)));
}

/** Properties by which a policy names what it is attached to. */
export const ATTACHMENTS: ReadonlySet<string> = new Set([
  'Bucket',
  'Groups',
  'GroupName',
  'Queues',
  'ResourceArn',
  'RoleName',
  'Roles',
  'SecretId',
  'Topics',
  'UserName',
  'Users',
]);

function linesOf({ Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition }: Statement) {
  const actions = Action ?? (NotAction === undefined ? ['everything'] : [`everything but ${canonical(NotAction)}`]);
  const resources =
    NotResource === undefined ? (Resource ?? ['itself']).map(plain) : [`everything but ${canonical(NotResource)}`];
  const by = NotPrincipal === undefined ? principalsOf(Principal) : [` by everybody but ${canonical(NotPrincipal)}`];
  const when = Condition === undefined ? '' : ` if ${canonical(Condition)}`;
  return actions.flatMap((action) => resources.flatMap((on) => by.map((who) => `${action} on ${on}${who}${when}`)));
}

/** ` by Service sqs.amazonaws.com`, one for each. */
function principalsOf(principal: unknown): string[] {
  if (principal === undefined) return [''];
  const kinds = z.record(z.string(), listed(z.unknown())).safeParse(principal);
  if (!kinds.success) return [` by ${plain(principal)}`];
  return Object.entries(kinds.data).flatMap(([kind, all]) => all.map((each) => ` by ${kind} ${plain(each)}`));
}

/** Text without the quotes of JSON. */
const plain = (value: unknown): string =>
  typeof value === 'string' ? canonical(value).slice(1, -1) : canonical(value);
