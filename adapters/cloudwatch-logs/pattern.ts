import type { LogFilter } from '#core/ports/log-reader.ts';

/**
 * The filter pattern of CloudWatch Logs for a filter. It may match more lines, never fewer.
 * @param service of the function that writes the lines. All of them fit a filter that names it, also reports of crashes
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function patternOf(filter: LogFilter, service?: string): string {
  const { taskId, tenant, agents, services = [], errors = false } = filter;
  const conditions = [
    taskId === undefined ? [] : [equal('$.task.id', taskId), equal('$.taskId', taskId)],
    tenant === undefined ? [] : [equal('$.task.tenant', tenant), equal('$.tenant', tenant)],
    agents === undefined
      ? []
      : [...agents.map((agent) => equal('$.task.agent', agent)), ...services.map((name) => equal('$.service', name))],
  ].flatMap(either);
  // Reports of crashes name a function by its log group alone.
  if (errors && (conditions.length === 0 || services.length > 0)) return CRASHES_TOO;
  if (conditions.length === 0 || services.includes(service ?? '')) return RECORDS;
  const all = errors ? [...conditions, ...either(LEVELS.map((level) => equal('$.level', level)))] : conditions;
  const pattern = `{ ${all.map((condition) => `(${condition})`).join(' && ')} }`;
  return pattern.length > MAX_PATTERN ? RECORDS : pattern;
}

const LEVELS = ['WARN', 'ERROR', 'CRITICAL'];
const anyOf = (...terms: readonly string[]): string => terms.map((term) => `?"${term}"`).join(' ');
/** Reports of crashes are text. A pattern of terms finds them and records alike. */
const CRASHES = ['Task timed out', 'Runtime exited', 'INIT_REPORT', 'Invoke Error'];
const CRASHES_TOO = anyOf(...LEVELS, ...CRASHES);
/** All records, but no metrics and none of Lambda's lines about each invocation, which are most lines. */
const RECORDS = anyOf('level', ...CRASHES);

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const MAX_PATTERN = 1_024;

/** Without characters that have a meaning in a pattern. */
const PLAIN = /^[\w.:@/+=, -]+$/;

const equal = (selector: string, value: string): string | null =>
  PLAIN.test(value) ? `${selector} = "${value}"` : null;

/** One condition of several. None when one of them cannot be written: then every line may match. */
function either(conditions: readonly (string | null)[]): string[] {
  const written = conditions.filter((condition) => condition !== null);
  return written.length === 0 || written.length < conditions.length ? [] : [written.join(' || ')];
}
