import { z } from 'zod';
import type { Artifacts } from '#core/ports/artifacts.ts';

/** What the end of a run says about a report that exists. The execution itself says nothing, and writes its own. */
export const keepReportFields = {
  /** Whether a report that exists stays as it is. */
  keepReport: z.boolean().optional(),
  /** A report stays that was written at this time or later, ISO 8601. */
  keepReportFrom: z.iso.datetime({ offset: true }).optional(),
};

interface KeepReport {
  readonly keepReport?: boolean | undefined;
  readonly keepReportFrom?: string | undefined;
}

/**
 * Whether the report of a run is to stay. The execution has written it over its own results; one that is written after the
 * execution's end says less.
 * @param key of the file that the aggregator writes last
 */
export async function keepsReport(
  { artifacts, bucket }: { readonly artifacts: Pick<Artifacts, 'list'>; readonly bucket: string },
  { keepReport, keepReportFrom }: KeepReport,
  key: string,
): Promise<boolean> {
  if (keepReport !== true && keepReportFrom === undefined) return false;
  const from = keepReport === true ? 0 : wholeSecond(Date.parse(keepReportFrom ?? ''));
  for await (const listed of artifacts.list(bucket, key)) if (listed.key === key) return listed.modifiedAt >= from;
  return false;
}

/** S3 keeps times in seconds. */
const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;
