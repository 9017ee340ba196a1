import type { IGrantable } from 'aws-cdk-lib/aws-iam';

/** A value for an environment variable, with the rights that whoever is told it needs to make use of it. */
export interface Wire {
  readonly value: string;
  grantTo(grantee: IGrantable): unknown;
}

/**
 * The environment of a function: one entry a variable of its `env.ts`, so that a forgotten one does not compile. A right
 * is granted where its variable is set, so that neither comes without the other.
 */
export type Wiring<Env> = { readonly [Name in keyof Env]: string | Wire };

/** Grants `grantee` what its environment names, and answers with the plain variables. */
export function wire<Env>(wiring: Wiring<Env>, grantee: IGrantable): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, entry] of Object.entries<string | Wire>(wiring)) {
    if (typeof entry !== 'string') entry.grantTo(grantee);
    variables[name] = typeof entry === 'string' ? entry : entry.value;
  }
  return variables;
}
