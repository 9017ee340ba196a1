import { Command } from 'commander';
import { outliveReaders } from '#cli/terminal/broken-pipe.ts';
import { UserError } from '#cli/user-error.ts';
import { checkDeploy } from './check.ts';
import { checkRegions } from './check-regions.ts';
import { Findings, table } from './findings.ts';

outliveReaders([process.stdout, process.stderr]);
const program = new Command('check:deploy')
  .description('Deploys the stacks to MiniStack, an independent emulator of AWS, and reports the findings.')
  .option('--regions', 'deploy two regions of a fleet of three instead, with one system')
  .option('--json', 'print one JSON object to stdout instead of the table')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();
const { json = false, regions = false } = program.opts<{ json?: boolean; regions?: boolean }>();

const say = (line: string) => void process.stderr.write(`${line}\n`);
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say('Stopping and cleaning up …');
    interruption.abort();
  });
}

const findings = new Findings(say);
let error: unknown;
try {
  await (regions ? checkRegions : checkDeploy)(findings, interruption.signal);
} catch (caught) {
  error = caught;
}
const failed = error !== undefined || findings.failed.length > 0;
if (!interruption.signal.aborted) {
  const { findings: all, phases } = findings;
  const message = error instanceof Error ? error.message : undefined;
  const result = { ok: !failed, phases, findings: all, ...(message !== undefined && { error: message }) };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${table(findings)}\n`);
  if (error instanceof UserError) say(`${error.message}\n${error.remedy}`);
  else if (message !== undefined) say(`The check failed: ${message}`);
}
process.exitCode = interruption.signal.aborted ? 130 : failed ? 1 : 0;
