import type { OnEvent } from '../../events.ts';
import { handleJson } from '../http.ts';
import type { JsonProtocol } from '../http.ts';
import { ROOT, ServiceError } from '../service.ts';
import type { CallService, Caller, Service, ServiceInput, ServiceOutput } from '../service.ts';
import type { CloudWatchAction, CloudWatchContext } from './actions/action.ts';
import { describeAlarmHistory, describeAlarms, setAlarmState } from './actions/alarms.ts';
import { getMetricData, listMetrics, putMetricData } from './actions/metrics.ts';
import { Alarms } from './alarms/alarms.ts';
import { AlarmRecords } from './alarms/records.ts';
import { embeddedMetrics } from './metrics/embedded.ts';
import { openDatabase } from './metrics/database.ts';
import { minuteOf, MINUTE_MS } from './metrics/metric.ts';
import type { Measure } from './metrics/metric.ts';
import { MetricStore } from './metrics/store.ts';

export interface CloudWatchOptions {
  /** Folder of the database file. Without it, metrics and states are in memory only. */
  readonly dataDir?: string | undefined;
  readonly account: string;
  readonly region: string;
  readonly call: CallService;
  readonly onEvent: OnEvent;
  /** Whether the template gives a topic a policy. */
  readonly hasPolicy: (topicArn: string) => boolean;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

export interface CloudWatchService extends Service {
  readonly alarms: Alarms;
  /** Records a value of a service's own metric. */
  readonly measure: Measure;
  /** Extracts the metrics of a log line in the embedded metric format. */
  extract(line: string): void;
  /** Adds a source of values that are read once a minute, such as the depth of queues. */
  observe(source: Source): void;
  /** Begins to read the sources and to decide the alarms, every ten seconds. */
  start(): void;
  /** Ends that. Values are still recorded. */
  stop(): void;
  /** What happens every ten seconds, for tests. */
  tick(): void;
}

/** Measures what has a value at any time. */
export type Source = (measure: Measure) => void;

const ACTIONS: Readonly<Record<string, CloudWatchAction>> = {
  DescribeAlarmHistory: describeAlarmHistory,
  DescribeAlarms: describeAlarms,
  GetMetricData: getMetricData,
  ListMetrics: listMetrics,
  PutMetricData: putMetricData,
  SetAlarmState: setAlarmState,
};

/** 1 MB, as on AWS for PutMetricData. */
const BODY_LIMIT = 2 ** 20;
const TICK_MS = 10_000;
const PRUNE_MINUTES = 60;
/** No round for longer: the machine slept, or was too busy for anybody to send data. */
const GAP_MS = 2 * MINUTE_MS;

/** The local CloudWatch, without logs. SPECIFICATION.md lists what it supports. */
export function createCloudWatch(options: CloudWatchOptions): CloudWatchService {
  const { account, region, onEvent, now = Date.now } = options;
  const database = openDatabase(options.dataDir);
  const metrics = new MetricStore({ database, now });
  const records = new AlarmRecords(database);
  const read: MetricStore['read'] = (...given) => metrics.read(...given);
  const alarms = new Alarms({ account, region, records, read, publish: publishing(options), onEvent, now });
  const measure: Measure = (sample) => metrics.add(sample);
  const rounds = new Rounds({ metrics, records, alarms, measure, now });
  const context: CloudWatchContext = { metrics, alarms, records, now };
  const run = async (action: string, input: ServiceInput): Promise<ServiceOutput> => {
    const operation = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (operation === undefined) {
      const known = Object.keys(ACTIONS).join(', ');
      throw new ServiceError(
        'InvalidAction',
        `The local CloudWatch does not support the action ${action}. It supports ${known}.`,
      );
    }
    return operation(context, input);
  };
  const protocol: JsonProtocol = { version: '1.0', bodyLimit: BODY_LIMIT, errorType: (code) => code, run };
  return {
    name: 'monitoring',
    alarms,
    measure,
    extract: (line) => {
      for (const sample of embeddedMetrics(line)) metrics.add(sample);
    },
    observe: (source) => rounds.sources.push(source),
    start: () => rounds.start(),
    stop: () => rounds.stop(),
    tick: () => rounds.run(),
    invoke: run,
    handle: (request, response, caller, authorize) => handleJson(protocol, request, response, caller, authorize),
    close: async () => {
      rounds.stop();
      await alarms.settled();
      metrics.flush();
      database.close();
    },
  };
}

/** CloudWatch publishes as itself. A topic without a policy takes what its own account sends. */
function publishing({ call, hasPolicy }: CloudWatchOptions): ConstructorParameters<typeof Alarms>[0]['publish'] {
  return async (TopicArn, Subject, Message, source) => {
    const itself: Caller = { accessKeyId: 'cloudwatch.amazonaws.com', principal: 'cloudwatch.amazonaws.com', source };
    await call('sns', 'Publish', { TopicArn, Subject, Message }, hasPolicy(TopicArn) ? itself : ROOT);
  };
}

interface RoundsOptions extends CloudWatchContext {
  readonly measure: Measure;
}

/** What happens every ten seconds. Sources are read in the last ten seconds of each minute, so that alarms soon see them. */
class Rounds {
  readonly sources: Source[] = [];
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | undefined;
  #observed = 0;
  #evaluated = 0;
  #pruned = 0;
  #last: number | undefined;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  start(): void {
    // Functions begin to run now.
    if (this.#timer === undefined) this.#options.alarms.resume();
    this.#timer ??= setInterval(() => this.run(), TICK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  run(): void {
    const { metrics, records, alarms, measure, now } = this.#options;
    const at = now();
    const minute = minuteOf(at);
    const isLast = minuteOf(at + TICK_MS) > minute;
    if (this.#last !== undefined && at - this.#last > GAP_MS) alarms.resume();
    this.#last = at;
    if (minute > this.#observed && (isLast || minute > this.#observed + 1)) {
      this.#observed = minute;
      for (const observe of this.sources) observe(measure);
    }
    metrics.flush();
    // A log line may have a time of a minute that had ended.
    const late = metrics.takeLate();
    if (late || minute !== this.#evaluated) alarms.evaluate();
    this.#evaluated = minute;
    if (minute < this.#pruned + PRUNE_MINUTES) return;
    this.#pruned = minute;
    metrics.prune();
    records.prune(minute * MINUTE_MS);
  }
}
