import { z } from 'zod';
import type { CloudEvent } from '@agent-fleet/local-cloud';

const numbersSchema = z.union([z.number().transform((one) => [one]), z.array(z.number())]);

/** Adds up metrics that functions write to their logs. */
export class MetricSums<Name extends string> {
  readonly #names: readonly Name[];
  readonly #sums = new Map<Name, number>();

  constructor(names: readonly Name[]) {
    this.#names = names;
  }

  of(name: Name): number {
    return this.#sums.get(name) ?? 0;
  }

  readonly onEvent = (event: CloudEvent): void => {
    if (event.code !== 'lambda.log') return;
    const { line } = event;
    const found = this.#names.filter((name) => line.includes(`"${name}"`));
    if (found.length === 0) return;
    const fields = fieldsOf(line);
    for (const name of found)
      for (const each of numbersSchema.safeParse(fields[name]).data ?? []) this.#sums.set(name, this.of(name) + each);
  };
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(line)).data ?? {};
  } catch {
    return {};
  }
}
