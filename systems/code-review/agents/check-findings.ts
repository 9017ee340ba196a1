import { shorten } from '#core/text/text.ts';
import { severityRank, severitySchema, type Findings, type Severity } from '../findings/finding.ts';
import { locate } from '../findings/locate.ts';
import type { Unit } from '../change/units.ts';

/** What the answer is checked against. */
export interface CheckContext {
  readonly files: Unit;
  /** The highest severity that the specialist may give. */
  readonly upTo: Severity;
}

/** Returns the findings whose quotes are not in the diff, one sentence each, for the model to repair once. */
export function checkFindings({ findings }: Findings, { files }: CheckContext): string[] {
  return findings.flatMap((finding, at) => {
    if (finding.message.trim() === '') return [`findings[${at}]: the message is empty: say what is wrong and why.`];
    if (locate(files, finding) !== null) return [];
    const quote = `“${shorten(finding.quote, 121)}”`;
    return [
      `findings[${at}] (${finding.rule}): the quote ${quote} is not in the diff of ${shorten(finding.path, 200)}: copy successive lines of one side letter by letter, or leave the finding out.`,
    ];
  });
}

/** Adds to each finding its place, and lowers severities that the specialist may not give. */
export function placeFindings({ findings }: Findings, { files, upTo }: CheckContext) {
  const placed = findings.map((finding) => {
    const place = locate(files, finding);
    return { ...finding, severity: atMost(finding.severity, upTo), ...(place !== null && { place }) };
  });
  return { output: { findings: placed }, warnings: [] };
}

/** Keeps the findings that still cannot be placed after the repair. They go into the summary. */
export function salvageFindings(findings: Findings, context: CheckContext) {
  const { output } = placeFindings(
    { findings: findings.findings.filter(({ message }) => message.trim() !== '') },
    context,
  );
  const unplaced = output.findings.filter((finding) => !('place' in finding)).length;
  const warnings =
    unplaced === 0 ? [] : [`${unplaced} quoted line${unplaced === 1 ? '' : 's'} could not be found in the diff.`];
  return { output, warnings };
}

const atMost = (severity: Severity, most: Severity): Severity =>
  severitySchema.options[Math.min(severityRank(severity), severityRank(most))] ?? most;
