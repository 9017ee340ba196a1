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
import type { Alarms } from '../services/cloudwatch/alarms/alarms.ts';
import type { EventRules } from '../services/events/event-rules.ts';
import type { Schedules } from '../services/scheduler/schedules.ts';
import type { Regions } from '../regions/regions.ts';
import { ROOT, ServiceError } from '../services/service.ts';
import type { Caller, CallService, ServiceInput, ServiceOutput } from '../services/service.ts';

/** The parts of the local cloud that provision resources. */
export interface ResourceHost {
  readonly account: string;
  readonly region: string;
  readonly dataDir: string;
  readonly endpoint: string;
  /** Where functions send their spans: `127.0.0.1:2000`. */
  readonly traceDaemon: string;
  /** The file or folder of an asset by its object key. */
  readonly assets: ReadonlyMap<string, string>;
  readonly call: CallService;
  readonly principals: Principals;
  readonly iam: Iam;
  readonly functions: Functions;
  readonly mappings: Mappings;
  /** The URL of a queue by its ARN. Throws `QueueDoesNotExist`. */
  queueUrl(arn: string): string;
  readonly asyncInvocations: AsyncInvocations;
  readonly schedules: Schedules;
  readonly events: EventRules;
  readonly apiGateway: ApiGatewayParts;
  readonly alarms: Alarms;
  /** Address of the Kafka broker of this machine, if there is one. */
  readonly kafkaBootstrap: string | undefined;
  /** Values of secrets by name, by the part of the name after the last `/`, or by logical id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Gives a secret one of these values. It stays in memory, and only roles may read it. */
  sealSecret(name: string, value: string): void;
  /** Environment variables added to every function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onEvent: OnEvent;
  /** The other regions; undefined when this is the only one. */
  readonly regions: Pick<Regions, 'here' | 'replicate'> | undefined;
}

/** A resource to provision. */
export interface ResourceContext {
  readonly host: ResourceHost;
  readonly stack: string;
  readonly logicalId: string;
  /** `Stack/LogicalId`, for messages. */
  readonly where: string;
  /**
   * A generated name like CloudFormation's, `Stack-LogicalId-SUFFIX`, at most `maxLength` long. The suffix is derived from
   * the stack and the logical id, so that every start finds the same resource.
   */
  physicalName(maxLength: number): string;
  /** `arn:aws:<service>:<region>:<account>:<resource>` */
  arn(service: string, resource: string): string;
  /**
   * The identity of `ownerArn` under a role that `service` may assume. Throws an `AssemblyError` when the role is not in
   * the assembly or does not trust the service.
   */
  identity(ownerArn: string, roleArn: string, service: string): Caller;
  /** Calls a service as the machine's own user. Its errors become an `AssemblyError` that names the resource. */
  call(service: string, action: string, input: ServiceInput): Promise<ServiceOutput>;
}

/** A CloudFormation type that the local cloud supports. Provisioning is idempotent. */
export interface ResourceType {
  readonly type: string;
  provision(properties: unknown, context: ResourceContext): Promise<Provisioned>;
  /** Removes a resource that acts on its own, once the template no longer has it. */
  readonly remove?: (ref: string, context: ResourceContext) => Promise<void>;
}

/**
 * Defines a resource type. Properties that are not in the schema are rejected, so that none is ignored by accident. List
 * properties without effect on this machine in the schema as `ignored`.
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
          `${type} does not support ${names}. Remove it, or add it to packages/local-cloud/src/resources.`,
        );
      }
      throw new AssemblyError(where, `invalid ${type}: ${issue?.message ?? 'unknown reason'}.`);
    },
  };
}

/**
 * A property without effect on this machine. The comment at each use says why. Tags never have an effect, but stay in the
 * registered properties of the resource.
 */
export const ignored = z.unknown().optional();
/** CloudFormation also allows numbers and booleans as text. */
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
        throw new AssemblyError(where, `${service} ${action} failed: ${error.code}: ${error.message}`);
      }
    },
  };
}
