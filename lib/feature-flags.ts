import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * The feature flags that CDK recommends for new projects. They are set in code instead of in cdk.json, so that the CDK
 * command line and `node bin/app.ts` create the same assembly.
 */
export const FEATURE_FLAGS: Readonly<Record<string, unknown>> = recommended;
