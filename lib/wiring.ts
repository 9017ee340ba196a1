import { Grant, Role, type IGrantable, type IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** The value of an environment variable, with the permissions that a function needs to use it. */
export interface Wire {
  readonly value: string;
  /** Variables that belong to it, whose names the function need not know. @default none */
  readonly beside?: Readonly<Record<string, string>>;
  grantTo(grantee: IGrantable): unknown;
}

/**
 * The environment of a function: one entry per variable of its `env.ts`, so that a forgotten one does not compile.
 * Permissions are granted where the variable is set, so that neither comes without the other.
 */
export type Wiring<Env> = { readonly [Name in keyof Env]: string | Wire };

/** Grants `grantee` the permissions of its environment. Returns the plain variables. */
export function wire<Env>(wiring: Wiring<Env>, grantee: IGrantable): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, entry] of Object.entries<string | Wire>(wiring)) {
    if (typeof entry !== 'string') {
      entry.grantTo(grantee);
      Object.assign(variables, entry.beside);
    }
    variables[name] = typeof entry === 'string' ? entry : entry.value;
  }
  return variables;
}

/** The ARN of a resource, or another name of it, with the permission for one action on it. */
export const granting = (action: string, arn: string, value = arn): Wire => ({
  value,
  grantTo: (grantee) => Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [arn] }),
});

/** A variable whose function needs the permissions of another wire too. */
export const withBoth = (wired: Wire, other: Wire): Wire => ({
  value: wired.value,
  beside: { ...other.beside, ...wired.beside },
  grantTo: (grantee) => [wired.grantTo(grantee), other.grantTo(grantee)],
});

/** Attaches a policy of its own, which only roles can have. Throws for other principals. */
export function attach(policy: IManagedPolicy & IConstruct, grantee: IGrantable): void {
  if (!(grantee instanceof Role)) throw new Error(`${policy.node.path} can only be granted to roles.`);
  grantee.addManagedPolicy(policy);
}
