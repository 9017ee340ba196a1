import { join } from 'node:path';
import type { OnEvent } from './events.ts';
import type { Gateway } from './gateway/gateway.ts';
import { AsyncInvocations } from './lambda/async-invocations.ts';
import { Capacity } from './lambda/capacity.ts';
import { Functions } from './lambda/functions.ts';
import { openLog } from './lambda/log-files.ts';
import { Mappings } from './lambda/mappings/mappings.ts';
import { threadEnvironments } from './lambda/thread-environment.ts';
import { createDynamoDb } from './services/dynamodb/service.ts';
import { createLambda } from './services/lambda/service.ts';
import { Schedules } from './services/scheduler/schedules.ts';
import { ServiceError } from './services/service.ts';
import type { CallService, Service } from './services/service.ts';
import { createSqs } from './services/sqs/service.ts';

export interface ServicesOptions {
  readonly account: string;
  readonly region: string;
  readonly dataDir: string;
  readonly onEvent: OnEvent;
}

/** All services of one cloud and what runs between them. */
export interface Services {
  readonly byName: ReadonlyMap<string, Service>;
  readonly call: CallService;
  readonly parts: {
    readonly functions: Functions;
    readonly mappings: Mappings;
    readonly asyncInvocations: AsyncInvocations;
    readonly schedules: Schedules;
  };
  /** Tells where the services answer, before any is called. */
  opened(gateway: Gateway): void;
  /** Starts what acts by itself: mappings, schedules, events left by an earlier process. */
  start(): void;
  close(drainMs: number): Promise<void>;
}

export function openServices({ account, region, dataDir, onEvent }: ServicesOptions): Services {
  let gateway: Gateway | undefined;
  const baseUrl = (): string => {
    if (gateway === undefined) throw new Error('The gateway is not open yet.');
    return gateway.endpoint;
  };
  const byName = new Map<string, Service>();
  const call: CallService = async (name, action, input, caller) => {
    const service = byName.get(name);
    if (service !== undefined) return service.invoke(action, input, caller);
    throw new ServiceError('UnknownServiceException', `The local cloud has no service ${name}.`, 501);
  };

  const sqs = createSqs({ dataDir: join(dataDir, 'sqs'), baseUrl, account, region });
  const functions = new Functions({
    startEnvironment: threadEnvironments(join(dataDir, 'lambda')),
    capacity: new Capacity(),
    onEvent,
    openLog: (functionName) => openLog(join(dataDir, 'logs'), functionName),
  });
  const asyncInvocations = new AsyncInvocations(join(dataDir, 'lambda', 'events.sqlite'), functions, call, onEvent);
  const mappings = new Mappings({
    region,
    functions,
    call,
    onEvent,
    receive: (input, caller, signal) => sqs.receive(input, caller, signal),
    queueUrl: (arn) => sqs.urlOf(arn),
  });
  const schedules = new Schedules(call, onEvent);
  const services = [
    sqs,
    createDynamoDb({ dataDir: join(dataDir, 'dynamodb'), account, region }),
    createLambda({ functions, mappings, asyncInvocations }),
  ];
  for (const service of services) byName.set(service.name, service);

  return {
    byName,
    call,
    parts: { functions, mappings, asyncInvocations, schedules },
    opened: (opened) => void (gateway = opened),
    start: () => {
      asyncInvocations.start();
      mappings.start();
      schedules.start();
    },
    close: async (drainMs) => {
      // What starts work stops first, then the work, then what the work calls.
      schedules.close();
      const polling = mappings.close();
      await functions.close(drainMs);
      await polling;
      await asyncInvocations.close();
      await gateway?.close();
      await Promise.all(services.map((service) => service.close()));
    },
  };
}
