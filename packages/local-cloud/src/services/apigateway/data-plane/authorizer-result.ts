import { z } from 'zod';
import { wildcard } from '../../../iam/pattern.ts';
import { ApiError } from './errors.ts';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts,
});

const Result = z.object({
  principalId: z.union([z.string(), z.number()]).transform(String),
  policyDocument: z.strictObject({
    Version: z.string().optional(),
    Id: z.string().optional(),
    Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]),
  }),
  /** Functions get the values as text. */
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String).nullable()).nullish(),
  usageIdentifierKey: z.string().nullish(),
});

/** The decision of an authorizer, which may be cached. */
export type AuthorizerResult = z.output<typeof Result>;

/** Parses an authorizer's response. Throws `ApiError` if it is malformed. */
export function readResult(payload: string): AuthorizerResult {
  const parsed = Result.safeParse(json(payload));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const reason = `the authorizer's response is not valid: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  throw new ApiError('authorizerMisconfigured', { reason });
}

/** Checks that the policy allows the method. Throws `ApiError` if it denies the method or does not mention it. */
export function checkPolicy({ policyDocument }: AuthorizerResult, methodArn: string): void {
  const matching = policyDocument.Statement.filter(
    ({ Action, Resource }) =>
      Action.some((action) => wildcard(action.toLowerCase())('execute-api:invoke')) &&
      Resource.some((resource) => wildcard(resource)(methodArn)),
  );
  if (matching.some(({ Effect }) => Effect === 'Deny')) throw new ApiError('deniedExplicitly');
  if (matching.length === 0) throw new ApiError('denied');
}

function json(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
