import { z } from 'zod';
import type { CloudEvent } from '@agent-fleet/local-cloud';

/** A line of metrics of the router: events that it handled, each as often as it did. */
const lineSchema = z.looseObject({ EventsApplied: z.union([z.number(), z.array(z.number())]) });

/** Adds up how many events the router says that it handled, from the metrics in its log. */
export class Applied {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  readonly onEvent = (event: CloudEvent): void => {
    if (event.code !== 'lambda.log' || !event.line.includes('"EventsApplied"')) return;
    for (const each of [parsed(event.line)?.EventsApplied ?? 0].flat()) this.#count += each;
  };
}

function parsed(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
