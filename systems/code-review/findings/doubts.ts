import { z } from 'zod';
import { ruleSchema, severityRank } from './finding.ts';
import type { ReviewedFinding } from './merge.ts';

/** The answer of the supervisor. */
export const doubtsSchema = z.strictObject({
  summary: z.string().describe('What the review found, in at most three sentences'),
  doubtful: z.array(
    z.strictObject({
      file: z.string().describe('The file of the finding'),
      rule: ruleSchema,
      quote: z.string().describe('The first line of its quote, copied letter by letter'),
      why: z.string().describe('Why it is doubtful, in one sentence'),
    }),
  ),
});
export type Doubts = z.infer<typeof doubtsSchema>;

/** The lowest severity that no doubt takes back, so that nothing a model is made to say can lift a request for changes. */
const FIRM = severityRank('high');

/** Whether the supervisor doubts a finding that it may take back. */
export function isDoubted(finding: ReviewedFinding, { doubtful }: Doubts): boolean {
  if (severityRank(finding.severity) >= FIRM) return false;
  const first = firstLine(finding.quote);
  return doubtful.some(
    ({ file, rule, quote }) => file === finding.file && rule === finding.rule && firstLine(quote) === first,
  );
}

const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').trim();
