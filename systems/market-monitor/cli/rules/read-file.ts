import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { plainIssue } from '#core/parse/plain-message.ts';
import { fileReason } from '#cli/file-error.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { ruleSchema, type Rule } from '../../rules/rule.ts';
import { problemsOf } from '../../rules/save-checks.ts';
import { portfolioFileSchema, type PortfolioFile } from '../../portfolios/portfolio.ts';

/** A portfolio is a page of JSON. */
const MAX_BYTES = 1024 * 1024;

/** Reads a portfolio file. Throws wrong usage that lists all that is wrong with it. */
export function readPortfolioFile(file: string, rules: { readonly privateAddresses: boolean }): PortfolioFile {
  const json = jsonOf(file);
  const parsed = portfolioFileSchema(rules).safeParse(json);
  const ofFile = parsed.success ? [] : parsed.error.issues.map(plainIssue);
  // Also of a file whose other fields are wrong, so that all is said at once.
  const ofRules = problemsOf(parsed.success ? parsed.data.rules : readableRules(json)).map(
    ({ rule, field, column, message }) => `rule ${rule}, ${field}, column ${column}: ${message}`,
  );
  if (parsed.success && ofRules.length === 0) return parsed.data;
  throw wrong(file, [...ofFile, ...ofRules]);
}

const withRulesSchema = z.looseObject({ rules: z.array(z.unknown()) });

/** The rules of a file that can be read by themselves. */
const readableRules = (json: unknown): readonly Rule[] =>
  (withRulesSchema.safeParse(json).data?.rules ?? []).flatMap((each) => ruleSchema.safeParse(each).data ?? []);

function jsonOf(file: string): unknown {
  const text = textOf(file);
  if (text.length > MAX_BYTES) throw wrongUsage(`${file} is larger than 1 MiB.`, 'Give a portfolio file.');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrongUsage(`${file} is not valid JSON: ${error instanceof Error ? error.message : ''}.`, 'Correct it.');
  }
}

/** Reads a text file of the user. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = fileReason(error as NodeJS.ErrnoException) ?? 'it was not found';
    throw wrongUsage(`${file} cannot be read: ${reason}.`, 'Give the path of a file.');
  }
}

const wrong = (file: string, problems: readonly string[]) =>
  wrongUsage(
    `${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((each) => `  ${each}`).join('\n')}`,
    'Correct the file. Nothing was saved.',
  );
