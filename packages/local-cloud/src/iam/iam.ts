import { AssemblyError } from '../assembly/errors.ts';
import { ServiceError } from '../services/service.ts';
import type { Caller, ServiceInput } from '../services/service.ts';
import type { RequestContext } from './condition.ts';
import { denied, unknownAction } from './denied.ts';
import { evaluate } from './evaluate.ts';
import type { AccessRequest } from './evaluate.ts';
import { MANAGED } from './managed.ts';
import { text } from './permissions/fields.ts';
import { leadingKeys } from './permissions/leading-keys.ts';
import type { Names, Permission } from './permissions/permission.ts';
import { addressIn } from './permissions/services.ts';
import { permissionsOf } from './permissions/table.ts';
import { readPolicy } from './policy.ts';
import type { Statement } from './policy.ts';
import type { Principal } from './principal.ts';
import { Usage } from './usage.ts';
import type { RoleUsage } from './usage.ts';

/** A call that is authorized. */
interface Call {
  readonly input: ServiceInput;
  readonly caller: Caller;
  /** The region that acts. */
  readonly region: string;
}

interface Role {
  readonly arn: string;
  readonly name: string;
  /** `Stack/LogicalId` */
  readonly where: string;
  readonly trust: readonly Statement[];
  readonly statements: Statement[];
  /** The functions, state machines and schedules that use the role. */
  readonly owners: Set<string>;
}

export interface IamOptions {
  readonly account: string;
  readonly region: string;
  /** The ARN of a secret by its name; undefined when it does not exist. */
  readonly secretArn: (name: string) => string | undefined;
  readonly machineOf: Names['machineOf'];
  /** The identity of SES that covers an address; undefined when there is none. */
  readonly emailIdentity: (address: string) => string | undefined;
}

/**
 * Authorizes every call.
 *
 * 1. Every caller except the machine's own user may do only what a policy of the template allows.
 * 2. A policy applies once it is provisioned. One that comes later in the template's order does not apply yet, as on AWS.
 * 3. An allowed call is counted at the grant that allowed it, a denied call at its role.
 */
export class Iam {
  readonly #names: Names;
  readonly #location: { readonly account: string; readonly region: string };
  readonly #roles = new Map<string, Role>();
  readonly #managed = new Map<string, readonly Statement[]>();
  /** Partition keys of tables, by ARN. */
  readonly #partitionKeys = new Map<string, string>();
  readonly #onResources = new Map<string, Statement[]>();
  readonly #usage = new Usage();

  constructor({ account, region, secretArn, emailIdentity, machineOf }: IamOptions) {
    this.#location = { account, region };
    const arn: Names['arn'] = (service, resource) => `arn:aws:${service}:${region}:${account}:${resource}`;
    this.#names = { arn, secretArn, emailIdentity, machineOf };
  }

  /** The names of resources in a region. Of another one, what a name stands for is not known here. */
  #namesIn(region: string): Names {
    const { account, region: here } = this.#location;
    if (region === here) return this.#names;
    const unknown = (): undefined => undefined;
    return {
      arn: (service, resource) => `arn:aws:${service}:${region}:${account}:${resource}`,
      secretArn: unknown,
      emailIdentity: unknown,
      machineOf: unknown,
    };
  }

  addRole(arn: string, name: string, trust: unknown, where: string): void {
    const statements = readPolicy(trust, 'trust', where);
    this.#roles.set(arn, { arn, name, where, trust: statements, statements: [], owners: new Set() });
  }

  /** Tells the partition key of a table, which conditions on `dynamodb:LeadingKeys` need. */
  addTable(arn: string, partitionKey: string): void {
    this.#partitionKeys.set(arn, partitionKey);
  }

  /** Attaches an inline policy to roles, given by name or ARN. Throws `AssemblyError` for a role that does not exist. */
  attach(roles: readonly string[], document: unknown, where: string): void {
    this.#attach(roles, readPolicy(document, 'identity', where), where);
  }

  addManaged(arn: string, document: unknown, where: string): void {
    this.#managed.set(arn, readPolicy(document, 'identity', where));
  }

  /** Attaches a managed policy to roles: one of the template or an AWS managed policy from `managed.ts`. */
  attachManaged(roles: readonly string[], policyArn: string, where: string): void {
    const known = MANAGED[policyArn];
    const statements =
      this.#managed.get(policyArn) ?? (known === undefined ? undefined : readPolicy(known, 'identity', policyArn));
    if (statements === undefined) {
      throw new AssemblyError(
        where,
        `the managed policy ${policyArn} is not supported. Add it to packages/local-cloud/src/iam/managed.ts, or grant its permissions in an inline policy.`,
      );
    }
    this.#attach(roles, statements, where);
  }

  /** Adds statements to the policy of a queue, topic, bucket, secret or function. */
  addResourcePolicy(resourceArn: string, document: unknown, where: string): void {
    const statements = this.#onResources.get(resourceArn) ?? [];
    statements.push(...readPolicy(document, 'resource', where));
    this.#onResources.set(resourceArn, statements);
  }

  /** Whether the template gives a queue, topic, bucket, secret or function a policy. */
  hasPolicy(resourceArn: string): boolean {
    return this.#onResources.has(resourceArn);
  }

  /**
   * Assumes a role for a function, state machine or schedule of the template. Throws `AssemblyError` when the role does not exist or does
   * not trust the service.
   */
  assume(roleArn: string, service: string, owner: string, ownerArn: string): void {
    const role = this.#roles.get(roleArn);
    if (role === undefined) {
      throw new AssemblyError(
        owner,
        `the role ${roleArn} is not in the assembly. Define it there, so that its policies can be checked.`,
      );
    }
    if (!this.#trusts(role, service, ownerArn)) {
      throw new AssemblyError(
        owner,
        `${service} may not assume ${role.where}. Add it to the AssumeRolePolicyDocument of the role.`,
      );
    }
    role.owners.add(owner);
  }

  /**
   * Returns when the call is allowed. Otherwise throws the service's error, with the statement that would allow it.
   * @param region the region that acts, by default this one
   */
  authorize(
    service: string,
    action: string,
    input: ServiceInput,
    caller: Caller,
    region = this.#location.region,
  ): void {
    if (service === 'states') this.#checkPassedRole(input);
    if (caller.principal === 'root') return;
    const permissions = permissionsOf(service, action, input, this.#namesIn(region));
    if (permissions === undefined) throw unknownAction(service, action, caller);
    for (const permission of permissions) this.#check(service, permission, { input, caller, region });
  }

  /** Returns the grants of each role, how often each was used since the start, and the calls that were denied. */
  usage(): readonly RoleUsage[] {
    return [...this.#roles.values()].map(({ where, name, owners, statements }) => ({
      role: where,
      name,
      owners: [...owners].sort(),
      grants: this.#usage.grants(where, statements),
      refused: this.#usage.refused(where),
    }));
  }

  /**
   * A state machine runs under a role that trusts Step Functions, whoever creates it: under a function's role, the machine's
   * own user could read what only the function may.
   */
  #checkPassedRole(input: ServiceInput): void {
    const roleArn = text(input, 'roleArn');
    if (roleArn === '') return;
    const role = this.#roles.get(roleArn);
    const machine = text(input, 'stateMachineArn') || this.#names.arn('states', `stateMachine:${text(input, 'name')}`);
    if (role !== undefined && this.#trusts(role, 'states.amazonaws.com', machine)) return;
    throw new ServiceError(
      'AccessDeniedException',
      `states.amazonaws.com is not authorized to assume the role ${roleArn}. Pass a role of the template that trusts it.`,
    );
  }

  #trusts(role: Role, service: string, source: string): boolean {
    const caller = { accessKeyId: service, principal: service, source };
    const { region } = this.#location;
    const request = this.#request({ action: 'sts:AssumeRole', resource: '*' }, { input: {}, caller, region });
    return evaluate(request, [], role.trust).allowed;
  }

  #check(service: string, permission: Permission, call: Call): void {
    const { caller } = call;
    const role = this.#roles.get(caller.principal);
    const request = this.#request(permission, call);
    const decision = evaluate(request, role?.statements ?? [], this.#policyOf(permission.resource));
    if (!decision.allowed) {
      if (role !== undefined) this.#usage.countDenied(role.where, permission.action, permission.resource);
      throw denied(service, request, decision.by, { role: role?.where, source: caller.source });
    }
    if (role !== undefined) this.#usage.count(role.where, decision.by, permission.resource);
  }

  #request({ action, resource }: Permission, { input, caller, region }: Call): AccessRequest {
    const { account } = this.#location;
    const isRole = caller.principal.startsWith('arn:');
    const principal: Principal = isRole
      ? { kind: 'role', arn: caller.principal, account }
      : { kind: 'service', name: caller.principal };
    return {
      principal,
      action,
      resource,
      context: {
        'aws:principalaccount': account,
        'aws:principalisawsservice': String(!isRole),
        'aws:requestedregion': region,
        // On AWS the SDK calls over TLS. Here the endpoint listens on this machine only.
        'aws:securetransport': 'true',
        ...(isRole && { 'aws:principalarn': caller.principal }),
        ...(caller.source !== undefined && { 'aws:sourcearn': caller.source, 'aws:sourceaccount': account }),
        ...(action === 's3:ListBucket' && { 's3:prefix': text(input, 'Prefix') }),
        ...this.#leadingKeys({ action, resource }, input),
        ...(action === 'ses:SendEmail' && { 'ses:fromaddress': addressIn(text(input, 'FromEmailAddress')) }),
      },
    };
  }

  #leadingKeys({ action, resource = '' }: Permission, input: ServiceInput): RequestContext {
    const arn = resource.replace(/\/index\/.*/, '');
    // A table of another region has the keys of the one with its name here, if there is one.
    const here = `$1${this.#location.region}:`;
    const partitionKey = this.#partitionKeys.get(arn.replace(/^(arn:aws:dynamodb:)[^:]*:/, here));
    if (partitionKey === undefined) return {};
    const keys = leadingKeys(action, input, arn, partitionKey);
    return keys === undefined ? {} : { 'dynamodb:leadingkeys': keys };
  }

  /** The policy of a resource; for an object, the policy of its bucket. */
  #policyOf(resource: string | undefined): readonly Statement[] {
    if (resource === undefined) return [];
    const isObject = resource.startsWith('arn:aws:s3:::') && resource.includes('/');
    return this.#onResources.get(isObject ? resource.slice(0, resource.indexOf('/')) : resource) ?? [];
  }

  #attach(roles: readonly string[], statements: readonly Statement[], where: string): void {
    for (const name of roles) {
      const role = [...this.#roles.values()].find((candidate) => candidate.name === name || candidate.arn === name);
      if (role === undefined)
        throw new AssemblyError(where, `the role ${name} is not in the assembly. Define it there.`);
      role.statements.push(...statements);
    }
  }
}
