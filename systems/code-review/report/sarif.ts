import type { Severity } from '../findings/finding.ts';
import { ruleSchema } from '../findings/finding.ts';
import type { ReviewedFinding } from '../findings/merge.ts';
import type { Review } from '../findings/review.ts';

const LEVELS: Readonly<Record<Severity, string>> = { low: 'note', medium: 'warning', high: 'error', critical: 'error' };

/**
 * The findings as SARIF 2.1.0. A finding of a removed line stands at the file, since the line is not at head. What was
 * not read is a notification, so that a tool can show it.
 */
export function reviewSarif({ findings, leftOut, verdict }: Review): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'fleet review', rules: ruleSchema.options.map((id) => ({ id })) },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: verdict !== 'not-reviewed',
            toolExecutionNotifications: leftOut.map(({ path, reason, detail }) => ({
              level: 'note',
              message: { text: `Not read: ${detail ?? reason}` },
              locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
            })),
          },
        ],
        results: findings.map(resultOf),
      },
    ],
  };
}

function resultOf(finding: ReviewedFinding): object {
  const { file, side, startLine, line, rule, severity, confidence, agent, message, quote } = finding;
  const region = { startLine, endLine: line, snippet: { text: quote } };
  return {
    ruleId: rule,
    ruleIndex: ruleSchema.options.indexOf(rule),
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: artifact(file), ...(side === 'RIGHT' && { region }) } }],
    ...fixesOf(finding),
    properties: { agent, severity, confidence, ...(side === 'LEFT' && { removedLine: line, quote }) },
  };
}

/** The suggested change. A region without columns ends before the last line's end, which stays. */
function fixesOf({ file, side, startLine, line, suggestion }: ReviewedFinding): object {
  if (suggestion === undefined || side === 'LEFT') return {};
  const replacement = {
    deletedRegion: { startLine, endLine: line },
    insertedContent: { text: suggestion.replace(/\r?\n$/, '') },
  };
  const description = { text: 'Suggested change' };
  return {
    fixes: [{ description, artifactChanges: [{ artifactLocation: artifact(file), replacements: [replacement] }] }],
  };
}

/** A path as a relative URI reference; each part is encoded, so that no part can pass for a scheme or a parent. */
const artifact = (path: string): object => ({
  uri: path.split('/').map(encodeURIComponent).join('/'),
  uriBaseId: '%SRCROOT%',
});
