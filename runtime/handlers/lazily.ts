import type { Context } from 'aws-lambda';

type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/**
 * A handler that `make` creates on the first invocation. One module can then export several handlers, and each Lambda
 * function needs only the environment variables of the handler it invokes. When `make` throws, the invocation fails and
 * the next one tries again.
 */
export function lazily<Event, Result>(make: () => Handler<Event, Result>): Handler<Event, Result> {
  let made: Handler<Event, Result> | undefined;
  return async (event, context) => {
    made ??= make();
    return made(event, context);
  };
}
