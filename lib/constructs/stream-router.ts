import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { RouteStreamEnv } from '#functions/route-stream/env.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire, Wiring } from '../wiring.ts';
import { alarm } from './alarm.ts';
import type { ArtifactBucket } from './artifact-bucket.ts';
import type { EventStream } from './event-stream.ts';
import { FleetFunction, serviceName } from './fleet-function.ts';
import type { ItemTable } from './item-table.ts';
import { schedule } from './schedule.ts';
import { countsEvents, mapStream, ON_FAILURE, type StreamBatching } from './stream-mapping.ts';

export interface StreamRouterProps<Env> extends StreamBatching {
  readonly stream: EventStream;
  /** Lower case with dashes. Part of the keys of its items and of what it sets aside, so it never changes. */
  readonly name: string;
  /** The module that exports `handler = streamHandler(app)` and `sweep = sweepStreamHandler(app)`. */
  readonly entry: string;
  /** Variables of the app. */
  readonly environment: Wiring<Env>;
  /** Keeps a subject in one item. It needs `expires`, and gets the index `outbox`. */
  readonly table: ItemTable;
  /** Gets what is set aside, below `rejected/` and `aws/lambda/`. */
  readonly bucket: ArtifactBucket;
  /** MiB of memory. @default 1,024 */
  readonly memory?: number;
  /** Minutes after which the alarm of the lag rings. @default 5 */
  readonly lagMinutes?: number;
}

const TIME_LIMIT = 60;
const SWEEP_TIME_LIMIT = 55;
const NAMESPACE = 'agent-fleet';
/** As `OUTBOX_INDEX` of adapters/dynamodb/subject-store.ts. */
const OUTBOX_INDEX = 'outbox';
/** What the memory of events outlives the stream by: the time that a record may be retried. */
const MARGIN_HOURS = 24;

/** Routes the events of a stream to an app (docs/adr/0039-streams.md), and performs each minute what a router left behind. */
export class StreamRouter<Env extends object = object> extends Construct {
  readonly router: FleetFunction<Env & RouteStreamEnv>;
  readonly sweep: FleetFunction<Env & RouteStreamEnv>;
  readonly mappings: readonly EventSourceMapping[];
  readonly #name: string;

  constructor(scope: Construct, id: string, props: StreamRouterProps<Env>) {
    super(scope, id);
    const { stream, name, entry, table, memory = 1_024 } = props;
    this.#name = name;
    addOutboxIndex(table);
    // Only the sweep looks for what waits.
    const environment = (indexes: readonly string[]) =>
      ({ ...props.environment, ...this.#environment(props, indexes) }) as Wiring<Env & RouteStreamEnv>;
    const common = { entry, service: name };
    this.router = new FleetFunction<Env & RouteStreamEnv>(this, 'Router', {
      ...common,
      environment: environment([]),
      description: `Routes the events of the stream ${name}`,
      timeLimit: TIME_LIMIT,
      memory,
    });
    this.sweep = new FleetFunction<Env & RouteStreamEnv>(this, 'Sweep', {
      ...common,
      environment: environment([OUTBOX_INDEX]),
      handler: 'sweep',
      description: `Performs the effects that the router of ${name} left behind`,
      timeLimit: SWEEP_TIME_LIMIT,
    });
    schedule(this, { lambda: this.sweep.live, minutes: 1, description: `Starts the sweep of the stream ${name}` });
    stream.grantConsuming(this.router);
    props.bucket.keeping({ read: [], write: [ON_FAILURE] }).grantTo(this.router);
    this.mappings = mapStream(this, { ...props, target: this.router.live, bucketArn: props.bucket.bucket.bucketArn });
    this.#watch(props);
  }

  #environment(
    { stream, name, table, bucket }: StreamRouterProps<Env>,
    indexes: readonly string[],
  ): Wiring<RouteStreamEnv> {
    const { source } = stream;
    return {
      ROUTER: name,
      ROUTER_TABLE: table.allowing(['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'], indexes),
      ROUTER_BUCKET: keepingRejected(bucket),
      ROUTER_MEMORY_HOURS: String(source.retentionHours + MARGIN_HOURS),
      ROUTER_PARTIAL: String(source.kind === 'kinesis' || source.pollers !== undefined),
    };
  }

  /** A metric of the router, or of its sweep, which has the same service. */
  metric(metricName: string, { statistic = 'Sum', minutes = 5 } = {}): Metric {
    const service = serviceName(FleetStack.of(this).config, this.#name);
    const period = Duration.minutes(minutes);
    return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap: { service }, statistic, period });
  }

  #watch({ name, lagMinutes = 5, stream }: StreamRouterProps<Env>): void {
    const redrive =
      'Correct the cause, then send them again with fleet streams redrive (its --help names the options).';
    const lag =
      stream.kinesis === undefined
        ? this.metric('StreamLag', { statistic: 'Maximum', minutes: 1 })
        : this.router.live.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) });
    alarm(this, 'Lag', {
      metric: lag,
      threshold: lagMinutes * 60_000,
      periods: 3,
      says: `Events of ${name} wait for more than ${lagMinutes} minutes. If the router fails, its log has the reason. If it does not, raise parallelization or the number of shards.`,
      severity: 2,
      runbook: 'streams',
    });
    alarm(this, 'Rejected', {
      metric: this.metric('EventsRejected'),
      threshold: 1,
      says: `Events of ${name} were rejected and set aside. The log of the router has their positions, the bucket their reasons below rejected/. ${redrive}`,
      severity: 3,
      runbook: 'streams',
    });
    alarm(this, 'EffectsOverdue', {
      metric: this.metric('EffectsOverdue', { statistic: 'Maximum', minutes: 1 }),
      threshold: 1,
      periods: 2,
      says: `Effects of ${name} have failed for five minutes and are retried. The log of its router and its sweep has the reason.`,
      severity: 2,
      runbook: 'streams',
    });
    alarm(this, 'EffectsSetAside', {
      metric: this.metric('EffectsSetAside'),
      threshold: 1,
      says: `Effects of ${name} failed for hours, or can never be performed, and were set aside. ${redrive}`,
      severity: 2,
      runbook: 'streams',
    });
    if (countsEvents(stream.source)) this.#watchMappings(name, redrive);
  }

  /** What Lambda gave up on. */
  #watchMappings(name: string, redrive: string): void {
    for (const [index, { eventSourceMappingId }] of this.mappings.entries()) {
      const suffix = index === 0 ? '' : String(index + 1);
      const ofMapping = (metricName: string): Metric =>
        new Metric({
          namespace: 'AWS/Lambda',
          metricName,
          dimensionsMap: { EventSourceMappingUUID: eventSourceMappingId },
          statistic: 'Sum',
          period: Duration.minutes(5),
        });
      alarm(this, `GivenUp${suffix}`, {
        metric: ofMapping('OnFailureDestinationDeliveredEventCount'),
        threshold: 1,
        says: `Lambda gave up on records of ${name} and wrote them to the bucket. The log of the router has the reason. ${redrive}`,
        severity: 2,
        runbook: 'streams',
      });
      alarm(this, `Dropped${suffix}`, {
        metric: ofMapping('DroppedEventCount'),
        threshold: 1,
        says: `Lambda dropped records of ${name} that it could not write to the bucket. They are in the stream until its retention ends: check the bucket’s permissions, then send them again.`,
        severity: 1,
        runbook: 'streams',
      });
    }
  }
}

/** Once for a table, however many routers share it. */
function addOutboxIndex(table: ItemTable): void {
  if (indexed.has(table)) return;
  indexed.add(table);
  table.addIndex({
    indexName: OUTBOX_INDEX,
    partitionKey: { name: 'outboxShard', type: AttributeType.STRING },
    sortKey: { name: 'outboxAt', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  });
}

const indexed = new WeakSet<ItemTable>();

/** Where a router writes what it rejects. */
const keepingRejected = (bucket: ArtifactBucket): Wire => bucket.keeping({ read: [], write: ['rejected/'] });
