import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import { compileCondition } from './condition.ts';
import type { Condition } from './condition.ts';
import { actionPattern, arnPattern } from './pattern.ts';
import type { Matches } from './pattern.ts';
import { compilePrincipal } from './principal.ts';
import type { MatchesPrincipal } from './principal.ts';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const values = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((given) => (Array.isArray(given) ? given : [given]).map(String));

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), texts)]).optional(),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Condition: z.record(z.string(), z.record(z.string(), values)).default({}),
});
type Given = z.output<typeof statementSchema>;

const documentSchema = z.strictObject({
  Version: z.literal('2012-10-17', 'only policy language version 2012-10-17 is supported').optional(),
  Id: z.string().optional(),
  Statement: z.union([statementSchema.transform((one) => [one]), z.array(statementSchema)]).default([]),
});

/** A pattern of a statement with its source text. */
export interface Pattern {
  readonly text: string;
  readonly matches: Matches;
}

/** A compiled statement of a policy. */
export interface Statement {
  /** `Stack/LogicalId Statement[2]`, for messages and the usage record. */
  readonly source: string;
  readonly effect: 'Allow' | 'Deny';
  /** Only in resource policies and trust policies. */
  readonly principal: MatchesPrincipal | undefined;
  readonly actions: readonly Pattern[];
  /** Whether `actions` are excluded (`NotAction`). */
  readonly notActions: boolean;
  readonly resources: readonly Pattern[];
  /** Whether `resources` are excluded (`NotResource`). */
  readonly notResources: boolean;
  readonly conditions: readonly Condition[];
}

/** What a policy is attached to: a principal, a resource, or a role as the list of who may assume it. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/**
 * Compiles a policy document. Throws an `AssemblyError` that names the statement for everything that is not supported,
 * because ignoring it would allow or deny calls differently from AWS.
 */
export function readPolicy(document: unknown, kind: PolicyKind, where: string): readonly Statement[] {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AssemblyError(
      where,
      `the policy is not supported: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
    );
  }
  return parsed.data.Statement.flatMap((given, index) => {
    const source = `${where} Statement[${index}]`;
    try {
      return compile(given, kind, source);
    } catch (error) {
      throw new AssemblyError(source, `${error instanceof Error ? error.message : String(error)}.`);
    }
  });
}

function compile(given: Given, kind: PolicyKind, source: string): Statement[] {
  const actions = given.Action ?? given.NotAction;
  const resources = given.Resource ?? given.NotResource ?? (kind === 'trust' ? ['*'] : undefined);
  if (actions === undefined) throw new Error('has neither Action nor NotAction');
  if (resources === undefined) throw new Error('has neither Resource nor NotResource');
  if (given.Action !== undefined && given.NotAction !== undefined) throw new Error('has both Action and NotAction');
  if (given.Resource !== undefined && given.NotResource !== undefined) {
    throw new Error('has both Resource and NotResource');
  }
  if ((kind === 'identity') !== (given.Principal === undefined)) {
    throw new Error(kind === 'identity' ? 'the policy of a role cannot have a Principal' : 'needs a Principal');
  }
  // Federated users cannot sign in to this machine.
  if (kind === 'trust' && given.Principal !== '*' && Object.keys(given.Principal ?? {}).join('') === 'Federated') {
    return [];
  }
  const variable = resources.find((resource) => resource.includes('${'));
  if (variable !== undefined) throw new Error(`policy variables are not supported: ${variable}`);
  return [
    {
      source,
      effect: given.Effect,
      principal: given.Principal === undefined ? undefined : compilePrincipal(given.Principal, given.Effect),
      actions: actions.map((text) => ({ text, matches: actionPattern(text) })),
      notActions: given.NotAction !== undefined,
      resources: resources.map((text) => ({ text, matches: arnPattern(text) })),
      notResources: given.NotResource !== undefined,
      conditions: actions.every(isNeverCalled) ? [() => false] : conditionsOf(given),
    },
  ];
}

function conditionsOf(given: Given): Condition[] {
  return Object.entries(given.Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => compileCondition(operator, key, wanted)),
  );
}

/** Whether an action belongs to a service that does not exist here. Its statements may have any condition. */
function isNeverCalled(action: string): boolean {
  return /^(kms|bedrock|ssm|cloudformation|ec2|iam):/i.test(action);
}
