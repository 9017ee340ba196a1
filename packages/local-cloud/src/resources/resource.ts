import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import type { Provisioned } from '../assembly/stack.ts';
import type { OnEvent } from '../events.ts';
import type { Principals } from '../gateway/principals.ts';
import type { AsyncInvocations } from '../lambda/async-invocations.ts';
import type { Iam } from '../iam/iam.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Mappings } from '../lambda/mappings/mappings.ts';
import type { ApiGatewayParts } from '../services/apigateway/service.ts';
import type { Schedules } from '../services/scheduler/schedules.ts';
import { ROOT, ServiceError } from '../services/service.ts';
import type { Caller, CallService, ServiceInput, ServiceOutput } from '../services/service.ts';

/** The parts of the local cloud that resources are made of. */
export interface ResourceHost {
  readonly account: string;
  readonly region: string;
  readonly dataDir: string;
  readonly endpoint: string;
  /** File or folder of an asset by its object key. */
  readonly assets: ReadonlyMap<string, string>;
  readonly call: CallService;
  readonly principals: Principals;
  readonly iam: Iam;
  readonly functions: Functions;
  readonly mappings: Mappings;
  /** The URL of a queue's ARN. Throws `QueueDoesNotExist`. */
  queueUrl(arn: string): string;
  readonly asyncInvocations: AsyncInvocations;
  readonly schedules: Schedules;
  readonly apiGateway: ApiGatewayParts;
  /** Values of secrets by name, by its part after the last `/`, or by logical id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Added to every function's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onEvent: OnEvent;
}

/** One resource to be provisioned. */
export interface ResourceContext {
  readonly host: ResourceHost;
  readonly stack: string;
  readonly logicalId: string;
  /** `Stack/LogicalId`, for messages. */
  readonly where: string;
  /**
   * The name CloudFormation would make up, `Stack-LogicalId-SUFFIX`, at most `maxLength` long. The suffix is derived
   * from stack and logical id, so that the same resource is found again at each start.
   */
  physicalName(maxLength: number): string;
  /** `arn:aws:<service>:<region>:<account>:<resource>` */
  arn(service: string, resource: string): string;
  /**
   * The identity of what `ownerArn` names, acting under a role that `service` may assume. Throws `AssemblyError` when the
   * role is not in the template or does not trust the service.
   */
  identity(ownerArn: string, roleArn: string, service: string): Caller;
  /** Calls a service as the machine's own user; a refusal becomes an `AssemblyError` that names the resource. */
  call(service: string, action: string, input: ServiceInput): Promise<ServiceOutput>;
}

/** How one CloudFormation type comes to be on this machine. Provisioning what is already there changes nothing. */
export interface ResourceType {
  readonly type: string;
  provision(properties: unknown, context: ResourceContext): Promise<Provisioned>;
  /** For what acts by itself: ends it once its template no longer has it. */
  readonly remove?: (ref: string, context: ResourceContext) => Promise<void>;
}

/**
 * Defines a resource type. Properties that the schema does not know are refused, so that none is ignored by accident;
 * those that mean nothing on one machine are listed in the schema with `ignored`.
 */
export function resourceType<S extends z.ZodType>(
  type: string,
  schema: S,
  provision: (properties: z.output<S>, context: ResourceContext) => Promise<Provisioned> | Provisioned,
  remove?: ResourceType['remove'],
): ResourceType {
  return {
    type,
    ...(remove !== undefined && { remove }),
    provision: async (properties, context) => {
      const parsed = schema.safeParse(properties);
      if (parsed.success) return provision(parsed.data, context);
      const [issue] = parsed.error.issues;
      const path = issue?.path.join('.') ?? '';
      const where = path === '' ? context.where : `${context.where}.${path}`;
      if (issue?.code === 'unrecognized_keys') {
        const names = issue.keys.join(', ');
        throw new AssemblyError(
          where,
          `${type} is not supported here with ${names}: leave it out, or add it to packages/local-cloud/src/resources.`,
        );
      }
      throw new AssemblyError(where, `${type} does not fit: ${issue?.message ?? 'unknown reason'}.`);
    },
  };
}

/**
 * A property that is accepted and has no effect on one machine; each use says why beside it. (Tags have none anywhere; they
 * stay with the resource's registered properties.)
 */
export const ignored = z.unknown().optional();
/** CloudFormation lets numbers and booleans be text. */
export const cfnNumber = z.coerce.number();
export const cfnBoolean = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

export function resourceContext(host: ResourceHost, stack: string, logicalId: string): ResourceContext {
  const where = `${stack}/${logicalId}`;
  return {
    host,
    stack,
    logicalId,
    where,
    physicalName: (maxLength) => {
      const digest = createHash('sha256').update(where).digest();
      const suffix = BigInt(`0x${digest.toString('hex', 0, 12)}`)
        .toString(36)
        .toUpperCase()
        .padStart(12, '0')
        .slice(0, 12);
      const room = maxLength - suffix.length - 1;
      const stackRoom = Math.max(Math.floor(room / 2), room - 1 - logicalId.length);
      const prefix = `${stack.slice(0, stackRoom)}-${logicalId}`.slice(0, room);
      return `${prefix}-${suffix}`;
    },
    arn: (service, resource) => `arn:aws:${service}:${host.region}:${host.account}:${resource}`,
    identity: (ownerArn, roleArn, service) => {
      host.iam.assume(roleArn, service, where, ownerArn);
      return host.principals.issue(ownerArn, roleArn);
    },
    call: async (service, action, input) => {
      try {
        return await host.call(service, action, input, ROOT);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        throw new AssemblyError(where, `${service} ${action} was refused: ${error.code}: ${error.message}`);
      }
    },
  };
}
