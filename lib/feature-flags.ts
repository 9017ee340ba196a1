import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * CDK's choices for new projects, of the version in package.json. Given in code and not in cdk.json, so that the assembly
 * is the same whether CDK's command line or `node bin/app.ts` makes it.
 */
export const FEATURE_FLAGS: Readonly<Record<string, unknown>> = recommended;
