import { AssemblyError } from '../assembly/errors.ts';
import type { Caller, ServiceInput } from '../services/service.ts';
import { denied, unknownAction } from './denied.ts';
import { evaluate } from './evaluate.ts';
import type { AccessRequest } from './evaluate.ts';
import { MANAGED } from './managed.ts';
import { text } from './needs-fields.ts';
import { needsOf } from './needs.ts';
import type { Names, Need } from './needs.ts';
import { readPolicy } from './policy.ts';
import type { Statement } from './policy.ts';
import type { Principal } from './principal.ts';
import { Usage } from './usage.ts';
import type { RoleUsage } from './usage.ts';

interface Role {
  readonly arn: string;
  readonly name: string;
  /** `Stack/LogicalId` */
  readonly where: string;
  readonly trust: readonly Statement[];
  readonly statements: Statement[];
  /** What acts under it: functions, state machines, schedules. */
  readonly owners: Set<string>;
}

export interface IamOptions {
  readonly account: string;
  readonly region: string;
  /** The ARN of a secret by its name; undefined when there is none. */
  readonly secretArn: (name: string) => string | undefined;
}

/**
 * The judge of every call.
 *
 * 1. A caller that is not the machine's own user is allowed only what a policy of the template allows.
 * 2. Policies are those provisioned so far: one that comes too late in the template's order is not there yet, as on AWS.
 * 3. What is allowed is counted at the grant that allowed it, what a role asked in vain at the role.
 */
export class Iam {
  readonly #names: Names;
  readonly #location: { readonly account: string; readonly region: string };
  readonly #roles = new Map<string, Role>();
  readonly #managed = new Map<string, readonly Statement[]>();
  readonly #onResources = new Map<string, Statement[]>();
  readonly #usage = new Usage();

  constructor({ account, region, secretArn }: IamOptions) {
    this.#location = { account, region };
    const arn: Names['arn'] = (service, resource) => `arn:aws:${service}:${region}:${account}:${resource}`;
    this.#names = { arn, secretArn };
  }

  addRole(arn: string, name: string, trust: unknown, where: string): void {
    const statements = readPolicy(trust, 'trust', where);
    this.#roles.set(arn, { arn, name, where, trust: statements, statements: [], owners: new Set() });
  }

  /** Hangs an inline policy on roles by name or ARN. Throws `AssemblyError` for a role that is not there. */
  attach(roles: readonly string[], document: unknown, where: string): void {
    this.#hang(roles, readPolicy(document, 'identity', where), where);
  }

  addManaged(arn: string, document: unknown, where: string): void {
    this.#managed.set(arn, readPolicy(document, 'identity', where));
  }

  /** Hangs a managed policy, the template's or one of AWS's that are known here, on roles. */
  attachManaged(roles: readonly string[], policyArn: string, where: string): void {
    const known = MANAGED[policyArn];
    const statements =
      this.#managed.get(policyArn) ?? (known === undefined ? undefined : readPolicy(known, 'identity', policyArn));
    if (statements === undefined) {
      const remedy = 'enter it in packages/local-cloud/src/iam/managed.ts, or write out what it grants';
      throw new AssemblyError(where, `the local cloud does not know the managed policy ${policyArn}: ${remedy}.`);
    }
    this.#hang(roles, statements, where);
  }

  /** Adds statements to the policy of a queue, topic, bucket, secret or function. */
  addResourcePolicy(resourceArn: string, document: unknown, where: string): void {
    const statements = this.#onResources.get(resourceArn) ?? [];
    statements.push(...readPolicy(document, 'resource', where));
    this.#onResources.set(resourceArn, statements);
  }

  /** Takes a role for a function, state machine or schedule. Throws `AssemblyError` when it may not, or is not there. */
  assume(roleArn: string, service: string, owner: string, ownerArn: string): void {
    const role = this.#roles.get(roleArn);
    if (role === undefined) {
      const remedy = 'define the role in the same assembly, so that its policies can be judged';
      throw new AssemblyError(owner, `the role ${roleArn} is not in the template: ${remedy}.`);
    }
    const caller = { accessKeyId: service, principal: service, source: ownerArn };
    const request = this.#request({ action: 'sts:AssumeRole', resource: '*' }, caller, {});
    if (!evaluate(request, [], role.trust).allowed) {
      throw new AssemblyError(
        owner,
        `${service} may not assume ${role.where}: name it in its AssumeRolePolicyDocument.`,
      );
    }
    role.owners.add(owner);
  }

  /** Lets a call pass or throws the service's error for a call that is denied, with the statement that would allow it. */
  judge(service: string, action: string, input: ServiceInput, caller: Caller): void {
    if (caller.principal === 'root') return;
    const needs = needsOf(service, action, input, this.#names);
    if (needs === undefined) throw unknownAction(service, action, caller);
    for (const need of needs) this.#judge(service, need, input, caller);
  }

  /** What each role is granted, what of it was used since the start, and what it was refused. */
  usage(): readonly RoleUsage[] {
    return [...this.#roles.values()].map(({ where, name, owners, statements }) => ({
      role: where,
      name,
      owners: [...owners].sort(),
      grants: this.#usage.grants(where, statements),
      refused: this.#usage.refusals(where),
    }));
  }

  #judge(service: string, need: Need, input: ServiceInput, caller: Caller): void {
    const role = this.#roles.get(caller.principal);
    const request = this.#request(need, caller, input);
    const decision = evaluate(request, role?.statements ?? [], this.#policyOf(need.resource));
    if (!decision.allowed) {
      if (role !== undefined) this.#usage.refuse(role.where, need.action, need.resource);
      throw denied(service, request, decision.by, { role: role?.where, source: caller.source });
    }
    if (role !== undefined) this.#usage.count(role.where, decision.by, need.resource);
  }

  #request({ action, resource }: Need, caller: Caller, input: ServiceInput): AccessRequest {
    const { account, region } = this.#location;
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
        // The endpoint listens on this machine only; on AWS the SDK's calls go by TLS.
        'aws:securetransport': 'true',
        ...(isRole && { 'aws:principalarn': caller.principal }),
        ...(caller.source !== undefined && { 'aws:sourcearn': caller.source, 'aws:sourceaccount': account }),
        ...(action === 's3:ListBucket' && { 's3:prefix': text(input, 'Prefix') }),
      },
    };
  }

  /** The policy of a resource: of a bucket for its objects, of a function for its aliases. */
  #policyOf(resource: string | undefined): readonly Statement[] {
    if (resource === undefined) return [];
    const isObject = resource.startsWith('arn:aws:s3:::') && resource.includes('/');
    return this.#onResources.get(isObject ? resource.slice(0, resource.indexOf('/')) : resource) ?? [];
  }

  #hang(roles: readonly string[], statements: readonly Statement[], where: string): void {
    for (const name of roles) {
      const role = [...this.#roles.values()].find((candidate) => candidate.name === name || candidate.arn === name);
      if (role === undefined) throw new AssemblyError(where, `the role ${name} is not in the template.`);
      role.statements.push(...statements);
    }
  }
}
