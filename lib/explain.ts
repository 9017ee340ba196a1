import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { z } from 'zod';

/**
 * Acknowledges findings of cdk-nag's AwsSolutions pack, each with the reason. `findings` are rule ids without the name
 * of the pack, with the finding in brackets where a rule has several: `IAM5[Resource::*]`.
 */
export function explain(construct: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [finding, reason] of Object.entries(findings)) {
    Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
  }
}

/**
 * Gives the reason for permissions on `resource`, an ARN that ends in a star, anywhere below `construct`. References to
 * other resources are written as cdk-nag writes them: `<LogicalId.Attribute>`.
 */
export function explainStar(construct: IConstruct, resource: string, reason: string): void {
  explain(construct, { [`IAM5[Resource::${plain(Stack.of(construct).resolve(resource))}]`]: reason });
}

/** A resolved ARN as text, with references in angle brackets. */
function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  const parts = intrinsic.parse(value);
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::ImportValue': imported } = parts;
  // cdk-nag leaves it as it is.
  if (parts['Fn::GetStackOutput'] !== undefined) return JSON.stringify(value);
  if (imported !== undefined) return imported;
  if (ref !== undefined) return `<${ref}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  return (join?.[1] ?? []).map(plain).join(join?.[0] ?? '');
}

const intrinsic = z.object({
  Ref: z.string().optional(),
  'Fn::GetAtt': z.array(z.string()).optional(),
  'Fn::ImportValue': z.string().optional(),
  'Fn::GetStackOutput': z.unknown().optional(),
  'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]).optional(),
});
