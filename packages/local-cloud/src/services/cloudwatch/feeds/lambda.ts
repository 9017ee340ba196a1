import type { Measure } from '../metrics/metric.ts';

/** A function as its metrics name it. */
export interface MeasuredFunction {
  readonly functionName: string;
  /** The version or alias that was invoked; undefined for the function itself. */
  readonly qualifier: string | undefined;
}

/** How an invocation ended. */
export interface InvocationEnd {
  readonly failed: boolean;
  /** Milliseconds. */
  readonly duration: number;
}

const NAMESPACE = 'AWS/Lambda';
/** Each version of a function is the code of the assembly here, and has this number. */
const VERSION = '1';

/** Measures one invocation that was accepted. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function measureInvocation(measure: Measure, fn: MeasuredFunction, { failed, duration }: InvocationEnd): void {
  for (const dimensions of dimensionsOf(fn)) {
    const metric = { namespace: NAMESPACE, dimensions };
    measure({ ...metric, name: 'Invocations', value: 1, unit: 'Count' });
    measure({ ...metric, name: 'Errors', value: failed ? 1 : 0, unit: 'Count' });
    measure({ ...metric, name: 'Throttles', value: 0, unit: 'Count' });
    measure({ ...metric, name: 'Duration', value: duration, unit: 'Milliseconds' });
  }
}

export function measureThrottle(measure: Measure, fn: MeasuredFunction): void {
  for (const dimensions of dimensionsOf(fn))
    measure({ namespace: NAMESPACE, dimensions, name: 'Throttles', value: 1, unit: 'Count' });
}

/** @param running how many invocations of the function run at once */
export function measureConcurrency(measure: Measure, functionName: string, running: number): void {
  measure({
    namespace: NAMESPACE,
    dimensions: { FunctionName: functionName },
    name: 'ConcurrentExecutions',
    value: running,
    unit: 'Count',
  });
}

/** @param age of the last record of a batch, in milliseconds */
export function measureIteratorAge(measure: Measure, fn: MeasuredFunction, age: number): void {
  for (const dimensions of dimensionsOf(fn))
    measure({ namespace: NAMESPACE, dimensions, name: 'IteratorAge', value: age, unit: 'Milliseconds' });
}

/** @param kept whether the records that a mapping gave up reached its destination */
export function measureDiscarded(measure: Measure, mapping: string, records: number, kept: boolean): void {
  const name = kept ? 'OnFailureDestinationDeliveredEventCount' : 'DroppedEventCount';
  measure({
    namespace: NAMESPACE,
    dimensions: { EventSourceMappingUUID: mapping },
    name,
    value: records,
    unit: 'Count',
  });
}

function dimensionsOf({ functionName: FunctionName, qualifier }: MeasuredFunction): Record<string, string>[] {
  if (qualifier === undefined) return [{ FunctionName }];
  const Resource = `${FunctionName}:${qualifier}`;
  return [{ FunctionName }, { FunctionName, Resource }, { FunctionName, Resource, ExecutedVersion: VERSION }];
}
