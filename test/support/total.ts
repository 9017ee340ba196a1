import { readReports } from './report.ts';

/**
 * Prints what failed and `N passed, N failed` over the runs named. A run without a report broke off, and counts as one
 * failure. The failures stand at the end, since a machine that keeps only the end of a log would lose them.
 */
const reports = readReports();
const brokeOff = (name: string) => ({ passed: 0, failed: 1, failures: [`The run of ${name} tests broke off.`] });
const runs = process.argv.slice(2).map((name) => reports.get(name) ?? brokeOff(name));
for (const failure of runs.flatMap(({ failures }) => failures)) console.log(`Failed: ${failure}`);
const sum = (count: 'passed' | 'failed'): number => runs.reduce((total, run) => total + run[count], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
