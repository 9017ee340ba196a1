import type { ServiceInput } from '../../services/service.ts';

/** An IAM action on a resource that a call must be allowed. `resource` is as in `AccessRequest`. */
export interface Permission {
  readonly action: string;
  readonly resource: string | undefined;
}

/** Builds the ARNs of resources that an input names. */
export interface Names {
  /** `arn:aws:<service>:<region>:<account>:<resource>` */
  readonly arn: (service: string, resource: string) => string;
  /** The ARN of a secret by its name; undefined when it does not exist. */
  readonly secretArn: (name: string) => string | undefined;
  /** The identity of SES that covers an address; undefined when there is none. */
  readonly emailIdentity: (address: string) => string | undefined;
  /** The ARN of the state machine of a task token; undefined when it is not known. */
  readonly machineOf: (token: string) => string | undefined;
}

/**
 * Returns the permissions that an API action requires for its input. An input without the field gets an empty name;
 * the service rejects it afterwards.
 */
export type PermissionsOf = (input: ServiceInput, names: Names) => readonly Permission[];

/** The permissions of a service's API actions, by action. */
export type PermissionTable = Readonly<Record<string, PermissionsOf>>;
