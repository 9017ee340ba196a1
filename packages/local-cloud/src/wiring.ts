import { join } from 'node:path';
import type { OnEvent } from './events.ts';
import type { Gateway } from './gateway/gateway.ts';
import { openLambdaParts } from './lambda/parts.ts';
import type { LambdaParts } from './lambda/parts.ts';
import { Iam, type IamOptions } from './iam/iam.ts';
import { writeUsage } from './iam/usage.ts';
import { watchMailbox } from './mailbox.ts';
import type { Regions } from './regions/regions.ts';
import { openApiGateway } from './services/apigateway/service.ts';
import type { ApiGatewayParts } from './services/apigateway/service.ts';
import type { Alarms } from './services/cloudwatch/alarms/alarms.ts';
import { measureExecution, measureQueue } from './services/cloudwatch/feeds/services.ts';
import { createCloudWatch } from './services/cloudwatch/service.ts';
import type { CloudWatchService } from './services/cloudwatch/service.ts';
import { createDynamoDb } from './services/dynamodb/service.ts';
import { createKinesis } from './services/kinesis/service.ts';
import { createLambda } from './services/lambda/service.ts';
import { createLogs } from './services/logs/service.ts';
import { createS3 } from './services/s3/service.ts';
import { EventRules } from './services/events/event-rules.ts';
import { Schedules } from './services/scheduler/schedules.ts';
import { createScheduler } from './services/scheduler/service.ts';
import { createSecretsManager } from './services/secretsmanager/service.ts';
import { ServiceError } from './services/service.ts';
import type { CallService, Service } from './services/service.ts';
import { createSes } from './services/ses/service.ts';
import { createSns } from './services/sns/service.ts';
import { createSqs } from './services/sqs/service.ts';
import { createStepFunctions } from './services/stepfunctions/service.ts';
import { createSts } from './services/sts/service.ts';
import type { ForwardOptions } from './services/xray/forward.ts';
import { createXray, type Xray } from './services/xray/service.ts';

export interface ServicesOptions {
  readonly account: string;
  readonly region: string;
  readonly dataDir: string;
  readonly codeCache: string;
  readonly forwardTraces?: ForwardOptions | undefined;
  readonly onEvent: OnEvent;
  /** The way to other regions. @default there are none */
  readonly regions?: Regions | undefined;
}

/** All services of a cloud, and what connects them. */
export interface Services {
  readonly byName: ReadonlyMap<string, Service>;
  readonly call: CallService;
  readonly parts: LambdaParts & {
    readonly schedules: Schedules;
    readonly events: EventRules;
    readonly apiGateway: ApiGatewayParts;
    readonly iam: Iam;
    readonly xray: Xray;
    readonly alarms: Alarms;
    queueUrl(arn: string): string;
    sealSecret(name: string, value: string): void;
  };
  /** Passes the gateway, whose URL the services need, before any is called. */
  opened(gateway: Gateway): void;
  /** Starts event source mappings, schedules and the work that an earlier process left. */
  start(): void;
  close(drainMs: number): Promise<void>;
}

export function openServices(options: ServicesOptions): Services {
  let gateway: Gateway | undefined;
  let started = false;
  const byName = new Map<string, Service>();
  const ready = Promise.withResolvers<void>();
  const opening = { ...options, byName, ready: ready.promise, gateway: () => opened(gateway) };
  const { services, parts, lambda, sqs, cloudWatch, stepFunctions, call, closeMailbox } = openParts(opening);
  const { schedules, apiGateway, iam } = parts;
  for (const service of services) byName.set(service.name, service);

  return {
    byName,
    call,
    parts: {
      ...lambda,
      ...parts,
      alarms: cloudWatch.alarms,
      queueUrl: (arn) => sqs.urlOf(arn),
    },
    opened: (given) => void (gateway = given),
    start: () => {
      started = true;
      ready.resolve();
      for (const part of [lambda.asyncInvocations, lambda.mappings, schedules, cloudWatch]) part.start();
    },
    close: async (drainMs) => {
      await stopWork({ cloudWatch, schedules, apiGateway, lambda, stepFunctions }, drainMs);
      closeMailbox();
      await gateway?.close();
      await Promise.all(services.filter((service) => service !== stepFunctions).map((service) => service.close()));
      options.regions?.close();
      // After a failed start the list of grants is incomplete.
      if (started) writeUsage(options.dataDir, iam.usage());
    },
  };
}

interface Opening extends ServicesOptions {
  /** By name: filled when all are there. */
  readonly byName: ReadonlyMap<string, Service>;
  /** Resolves when work may begin. */
  readonly ready: Promise<void>;
  readonly gateway: () => Gateway;
}

function openParts({ byName, ready, gateway, ...options }: Opening) {
  const { account, region, dataDir } = options;
  const mailDir = join(dataDir, 'mail');
  const machineOf = (token: string): string | undefined => stepFunctions.machineOf(token);
  const { iam, secrets, kinesis, standalone } = openNamed({ dataDir, account, region, mailDir, machineOf });
  const sealSecret = (name: string, value: string): void => secrets.seal(name, value);
  const call = authorizedCall(byName, iam);

  const here = (folder: string) => ({ dataDir: join(dataDir, folder), call, account, region });
  const hasPolicy = (arn: string): boolean => iam.hasPolicy(arn);
  const cloudWatch = createCloudWatch({ ...here('cloudwatch'), onEvent: options.onEvent, hasPolicy });
  const { measure } = cloudWatch;
  const onEvent = withMetrics(options.onEvent, cloudWatch);
  const sqs = createSqs({ ...here('sqs'), baseUrl: () => gateway().endpoint });
  const clouds = 1 + (options.regions?.peers.size ?? 0);
  const lambda = openLambdaParts({ ...options, clouds, onEvent, measure, gateway, call, sqs, kinesis });
  const closeMailbox = watchMailbox(mailDir, onEvent);
  const schedules = new Schedules(call, onEvent, join(dataDir, 'scheduler'));
  const events = new EventRules({ account, region, call, onEvent });
  const emit: typeof events.emit = (event) => {
    measureExecution(measure, event);
    events.emit(event);
  };
  const stepFunctions = createStepFunctions({ ...here('stepfunctions'), ready, emit });
  const apiGateway = openApiGateway({ ...here('apigateway'), onEvent, measure });
  cloudWatch.observe((each) => {
    for (const { name, stats } of sqs.queues()) measureQueue(each, name, stats, Date.now());
  });
  const xray = createXray({ dataDir: join(dataDir, 'xray'), forward: options.forwardTraces });
  const { regions } = options;
  const dynamoDb = createDynamoDb({ ...here('dynamodb'), replication: regions?.replicationPort });
  const s3 = createS3({ ...here('s3'), copyPort: regions?.copyPort });
  if (regions !== undefined) Object.assign(regions, { replication: dynamoDb.replication, objects: s3 });
  const services = [
    ...apiGateway.services,
    cloudWatch,
    sqs,
    dynamoDb,
    createLambda(lambda),
    createLogs({ directory: join(dataDir, 'logs'), groups: () => lambda.functions.logGroups(), account, region }),
    s3,
    createScheduler(schedules),
    createSns({ ...here('sns'), mailDir }),
    stepFunctions,
    xray,
    ...standalone,
  ];
  const parts = { schedules, events, apiGateway, iam, xray, sealSecret };
  return { services, parts, lambda, sqs, cloudWatch, stepFunctions, call, closeMailbox };
}

interface Working {
  readonly cloudWatch: Pick<ReturnType<typeof createCloudWatch>, 'stop'>;
  readonly schedules: Pick<Schedules, 'close'>;
  readonly apiGateway: Pick<ReturnType<typeof openApiGateway>, 'stop'>;
  readonly lambda: ReturnType<typeof openLambdaParts>;
  readonly stepFunctions: Pick<Service, 'close'>;
}

/**
 * First stops what starts work. Once that work has ended, stops what waits for its results, so that it does not mistake the
 * stop for a failure. Then stops the functions; the services that they call come last.
 */
async function stopWork(
  { cloudWatch, schedules, apiGateway, lambda, stepFunctions }: Working,
  drainMs: number,
): Promise<void> {
  cloudWatch.stop();
  schedules.close();
  apiGateway.stop();
  lambda.asyncInvocations.stop();
  const polling = lambda.mappings.close();
  await lambda.functions.drained(drainMs);
  await stepFunctions.close();
  await lambda.functions.close();
  await polling;
  await lambda.asyncInvocations.close();
}

/** Passes events on, and the metrics in the functions' log lines to CloudWatch. */
function withMetrics(onEvent: OnEvent, cloudWatch: CloudWatchService): OnEvent {
  return (event) => {
    if (event.code === 'lambda.log') cloudWatch.extract(event.line);
    onEvent(event);
  };
}

/** IAM, and the services that call no other. Some of them tell IAM the ARNs of what calls name. */
function openNamed({
  dataDir,
  account,
  region,
  mailDir,
  machineOf,
}: Record<'dataDir' | 'account' | 'region' | 'mailDir', string> & Pick<IamOptions, 'machineOf'>) {
  const secrets = createSecretsManager({ dataDir: join(dataDir, 'secretsmanager'), account, region });
  const ses = createSes({ dataDir: join(dataDir, 'ses'), region, mailDir });
  const secretArn = (name: string): string | undefined => secrets.arnOf(name);
  const emailIdentity = (address: string): string | undefined => ses.identityOf(address);
  const kinesis = createKinesis({ dataDir: join(dataDir, 'kinesis'), account, region });
  const standalone: readonly Service[] = [secrets, ses, kinesis, createSts({ account })];
  return { secrets, kinesis, standalone, iam: new Iam({ account, region, secretArn, emailIdentity, machineOf }) };
}

function opened(gateway: Gateway | undefined): Gateway {
  if (gateway === undefined) throw new Error('The gateway is not open yet.');
  return gateway;
}

/** Creates a function that calls services in-process. Its calls are authorized like those over HTTP. */
function authorizedCall(services: ReadonlyMap<string, Service>, iam: Iam): CallService {
  return async (name, action, input, caller) => {
    const service = services.get(name);
    if (service === undefined) {
      throw new ServiceError('UnknownServiceException', `The local cloud does not have the service ${name}.`, 501);
    }
    iam.authorize(name, action, input, caller);
    return service.invoke(action, input, caller);
  };
}
