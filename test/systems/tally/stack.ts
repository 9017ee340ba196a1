import type { Construct } from 'constructs';
import {
  ArtifactBucket,
  EventStream,
  FleetStack,
  ItemTable,
  StreamRouter,
  type EventStreamProps,
  type StreamRouterProps,
  type SystemProps,
} from '#lib/index.ts';

/** The router of a stream, and nothing else. */
export class TallyStack extends FleetStack {
  readonly stream: EventStream;
  readonly router: StreamRouter;

  constructor(
    scope: Construct,
    { config, region }: SystemProps,
    source?: EventStreamProps['source'],
    batching: Pick<StreamRouterProps<object>, 'maximumAgeHours'> = {},
  ) {
    super(scope, { config, region, system: 'tally', description: 'Adds the amounts of a stream' });
    const table = new ItemTable(this, 'State', { expires: true });
    const bucket = new ArtifactBucket(this, 'Artifacts');
    this.stream = new EventStream(this, 'Stream', source === undefined ? {} : { source });
    this.router = new StreamRouter(this, 'Numbers', {
      stream: this.stream,
      name: 'tally',
      entry: 'test/systems/tally/handler.ts',
      environment: {},
      table,
      bucket,
      ...batching,
    });
    this.tell({ Table: table.table.tableName, Bucket: bucket.bucket.bucketName });
    if (this.stream.kinesis) this.tell({ StreamName: this.stream.kinesis.streamName });
  }
}
