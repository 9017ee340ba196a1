import { readReports } from './report.ts';

/**
 * Prints what failed and `N passed, N failed` over the runs named. A run without a report broke off, and counts as one
 * failure. The failures stand at the end, since a machine that keeps only the end of a log would lose them.
 */
const reports = readReports();
const brokeOff = (name: string) => ({ passed: 0, failures: [`The run of ${name} tests broke off.`] });
const runs = process.argv.slice(2).map((name) => reports.get(name) ?? brokeOff(name));
const failures = runs.flatMap((run) => run.failures);
for (const failure of failures) console.log(`Failed: ${failure}`);
const passed = runs.reduce((total, run) => total + run.passed, 0);
console.log(`${passed} passed, ${failures.length} failed`);
