import { join } from 'node:path';
import type { OnEvent } from '../events.ts';
import type { Measure } from '../services/cloudwatch/metrics/metric.ts';
import type { CallService } from '../services/service.ts';
import type { KinesisService } from '../services/kinesis/service.ts';
import type { SqsService } from '../services/sqs/service.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { Capacity } from './capacity.ts';
import { Functions } from './functions.ts';
import { openLog } from './log-files.ts';
import { Mappings } from './mappings/mappings.ts';
import { Overrides } from './mappings/overrides.ts';
import { Checkpoints } from './mappings/streams/checkpoints.ts';
import { threadEnvironments, type GatewayOfEnvironments } from './thread-environment.ts';

/** The parts of Lambda: functions, asynchronous invocations and event source mappings. */
export interface LambdaParts {
  readonly functions: Functions;
  readonly asyncInvocations: AsyncInvocations;
  readonly mappings: Mappings;
}

export interface LambdaPartsOptions {
  readonly dataDir: string;
  readonly codeCache: string;
  readonly gateway: () => GatewayOfEnvironments;
  readonly region: string;
  /** Local clouds that share this machine's memory: one for each region. */
  readonly clouds: number;
  readonly call: CallService;
  readonly sqs: SqsService;
  readonly kinesis: KinesisService;
  readonly onEvent: OnEvent;
  readonly measure: Measure;
}

export function openLambdaParts(options: LambdaPartsOptions): LambdaParts {
  const { dataDir, codeCache, gateway, region, call, sqs, kinesis, onEvent, measure } = options;
  const functions = new Functions({
    startEnvironment: threadEnvironments({
      directory: join(dataDir, 'lambda'),
      codeCache,
      gateway,
      clouds: options.clouds,
    }),
    capacity: new Capacity({ clouds: options.clouds }),
    isShared: options.clouds > 1,
    onEvent,
    measure,
    openLog: (functionName) => openLog(join(dataDir, 'logs'), functionName),
  });
  return {
    functions,
    asyncInvocations: new AsyncInvocations(join(dataDir, 'lambda', 'events.sqlite'), functions, call, onEvent),
    mappings: new Mappings({
      region,
      functions,
      overrides: new Overrides(join(dataDir, 'lambda', 'mappings.json')),
      call,
      onEvent,
      measure,
      receive: (...request) => sqs.receive(...request),
      releaseHeldBy: (queueArn, receiver) => sqs.releaseHeldBy(queueArn, receiver),
      queueUrl: (arn) => sqs.urlOf(arn),
      streams: kinesis.streams,
      checkpoints: new Checkpoints(join(dataDir, 'lambda', 'checkpoints.sqlite')),
    }),
  };
}
