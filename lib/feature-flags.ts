import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * The feature flags that CDK recommends for new projects. They are set in code instead of in cdk.json, so that the CDK
 * command line and `node bin/app.ts` create the same assembly.
 *
 * Except references between stacks, which are strong: exports and imports. A weak one (`Fn::GetStackOutput`) goes stale.
 * When only the platform changes, the command line skips the stacks that refer to it, and their published versions keep
 * the old names of the table and queues. CloudFormation refuses to change or delete what another stack imports
 * (docs/adr/0024).
 */
export const FEATURE_FLAGS: Readonly<Record<string, unknown>> = {
  ...recommended,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};
