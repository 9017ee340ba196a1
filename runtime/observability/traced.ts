import type { Context } from 'aws-lambda';
import { logger, metrics, tracer } from './telemetry.ts';

/**
 * A handler with what every function owes its operator: request ids on each log line, a trace segment that holds its
 * errors, and its metrics flushed. Calls over HTTP, to AWS and to the model, are in the trace by themselves.
 */
export function traced<Event, Result>(
  name: string,
  handler: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  return async (event, context) => {
    logger.addContext(context);
    // Outside Lambda, and where tracing is off, there is no segment.
    const parent = tracer?.isTracingEnabled() ? tracer.getSegment() : undefined;
    const segment = parent?.addNewSubsegment(`## ${name}`);
    if (segment) tracer?.setSegment(segment);
    tracer?.annotateColdStart();
    tracer?.addServiceNameAnnotation();
    try {
      return await handler(event, context);
    } catch (error) {
      tracer?.addErrorAsMetadata(error as Error);
      throw error;
    } finally {
      segment?.close();
      if (parent) tracer?.setSegment(parent);
      // Without any it would log that there are none: a line a request.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
