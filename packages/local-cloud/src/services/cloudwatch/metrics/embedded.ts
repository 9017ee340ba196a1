import { z } from 'zod';
import type { Sample } from './metric.ts';

/** As AWS specifies: at most 100 metrics in a directive, 30 dimensions in a set, 100 values of a metric. */
const MAX_METRICS = 100;
const MAX_DIMENSIONS = 30;
const MAX_VALUES = 100;

const Directive = z.object({
  Namespace: z.string().min(1).max(1_024),
  Dimensions: z.array(z.array(z.string()).max(MAX_DIMENSIONS)),
  Metrics: z.array(z.object({ Name: z.string().min(1).max(1_024), Unit: z.string().optional() })).max(MAX_METRICS),
});

const Line = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(Directive) }),
});

const Values = z.union([z.number().transform((value) => [value]), z.array(z.number()).max(MAX_VALUES)]);

/**
 * The metrics of a log line in the embedded metric format; none for any other line and for one that breaks the format, as
 * on AWS. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): readonly Sample[] {
  // Parsing every line would cost more than all else that is done with it.
  if (!line.includes('"_aws"')) return [];
  // In the text format of a function's log, console.log writes the time, the request and the level before it.
  const parsed = Line.safeParse(parseJson(line.slice(line.indexOf('{'))));
  if (!parsed.success) return [];
  const { _aws: directives, ...members } = parsed.data;
  const at = directives.Timestamp;
  return directives.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = dimensionsOf(names, members);
      if (dimensions === undefined) return [];
      return Metrics.flatMap(({ Name: name, Unit: unit }) =>
        valuesOf(members[name]).map((value) => ({ namespace, name, dimensions, value, at, unit })),
      );
    }),
  );
}

function dimensionsOf(names: readonly string[], members: Record<string, unknown>): Record<string, string> | undefined {
  const values = names.map((name) => [name, members[name]] as const);
  if (values.some(([, value]) => typeof value !== 'string')) return undefined;
  return Object.fromEntries(values) as Record<string, string>;
}

function valuesOf(member: unknown): readonly number[] {
  const parsed = Values.safeParse(member);
  return parsed.success ? parsed.data : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
