import { readReports } from './report.ts';

/** Prints `N passed, N failed` over the runs named. A run without a report broke off, and counts as one failure. */
const reports = readReports();
const runs = process.argv.slice(2).map((name) => reports.get(name) ?? { passed: 0, failed: 1 });
const sum = (count: 'passed' | 'failed'): number => runs.reduce((total, run) => total + run[count], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
