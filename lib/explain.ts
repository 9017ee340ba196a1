import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why findings of cdk-nag's AwsSolutions pack are no fault here; each needs its reason. `findings` are rule ids
 * without the pack's name, with the finding in brackets where the rule has several: `IAM5[Resource::*]`.
 */
export function explain(construct: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [finding, reason] of Object.entries(findings)) {
    Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
  }
}
