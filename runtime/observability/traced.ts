import type { Context } from 'aws-lambda';
import { publishMetrics } from './emf.ts';
import { logger, tracer, tracerLoaded } from './telemetry.ts';
import { spans } from './tracing.ts';

/**
 * Wraps a handler with what every function needs: request ids on each log line, a trace segment with its errors, and
 * flushed metrics and spans. With X-Ray's SDK, HTTP calls to AWS and to the model are traced automatically.
 */
export function traced<Event, Result>(
  name: string,
  handler: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  return async (event, context) => {
    await tracerLoaded;
    logger.addContext(context);
    // There is no segment outside Lambda and when tracing is off.
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
      publishMetrics();
      await spans?.flush();
    }
  };
}

/** Runs `work` as a subsegment of X-Ray's SDK, which its annotations and calls belong to. Without the SDK, just runs it. */
export async function inSubsegment<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  if (!tracer?.isTracingEnabled()) return work();
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  tracer.provider.captureAsyncFunc(name, async (subsegment) => {
    try {
      resolve(await work());
    } catch (error) {
      subsegment?.addError(error as Error);
      reject(error);
    } finally {
      subsegment?.close();
    }
  });
  return promise;
}
